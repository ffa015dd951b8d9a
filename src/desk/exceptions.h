/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Exceptions to the policy, asked for at the desk and granted by someone else, beside those that
 * stand in its text. A granted one comes with every case it may concern (casework.c), runs out with
 * its last day, and is told in the judgement as what lifted a rule.
 *
 *	pv_desk_exception_ask(desk, mem, marc, "coop", form, &asked, error);
 *	pv_desk_exception_grant(desk, mem, lea, asked.row.id, &granted, error);
 *
 * Granting and ending have what is planned judged again. Each verb tells "exception".
 */
#ifndef PV_DESK_EXCEPTIONS_H
#define PV_DESK_EXCEPTIONS_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/policy_exception.h"

enum {
	PV_EXCEPTIONS_MAX = 100,     /* asked for or granted and not over, of one organisation */
	PV_EXCEPTION_DAYS_MAX = 366, /* longer than that, the policy itself is to change */
	PV_EXCEPTION_LIFTS_MAX = 50,
	PV_EXCEPTION_BYTES_MAX = 8 << 10, /* of its condition */
	PV_EXCEPTION_REASON_MAX = 1000,   /* bytes, in each language */
};

struct pv_desk_exception {
	struct pv_policy_exception_row row;
	const char *state; /* asked granted refused ended, or expired: its last day is past */
	bool in_force;     /* granted, and today is one of its days */
};

/* The newest first; `before_id` NULL begins. PV_MAY_READ. */
enum pv_status pv_desk_exception_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *before_id, int limit,
	struct pv_desk_exception **out, size_t *out_n, struct pv_error *error);
enum pv_status pv_desk_exception_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_exception *out,
	struct pv_error *error);

/*
 * {lifts:[rule ids], when:{fact: value or values}, from, until ("YYYY-MM-DD", both included, in the
 * policy's time zone), reason: text or {fr, en}, variant?: the post it is asked for}. PV_INVALID
 * with problems when it would set nothing aside: a rule that is not in the policy in force, or that
 * is firm. PV_MAY_WRITE.
 */
enum pv_status pv_desk_exception_ask(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_desk_exception *out, struct pv_error *error);

/*
 * PV_MAY_GOVERN, or PV_MAY_REVIEW with one of the roles that the policy asks approvals of; never who
 * asked, never the author of the post it was asked for, nor who shares the interest at stake in it.
 */
enum pv_status pv_desk_exception_grant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_exception *out,
	struct pv_error *error);
/* The same people; a word is asked for. */
enum pv_status pv_desk_exception_refuse(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *word,
	struct pv_desk_exception *out, struct pv_error *error);
/*
 * Before its last day: what was granted, by who granted it or who governs; what was asked, by who
 * asked or who governs.
 */
enum pv_status pv_desk_exception_end(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *word,
	struct pv_desk_exception *out, struct pv_error *error);

#endif
