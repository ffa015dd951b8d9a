/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Registers of interests: what a person, or an organisation, is tied to. An entry is never edited:
 * changing it ends it and adds another, so that an old judgement can be given again with the
 * register as it then was.
 *
 *	pv_desk_register_at(desk, mem, NULL, author_id, now_us, &rows, &n, error);
 */
#ifndef PV_DESK_REGISTER_H
#define PV_DESK_REGISTER_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/interest.h"

enum {
	PV_INTERESTS_MAX = 200,    /* standing entries of one register */
	PV_INTEREST_LIST_MAX = 50, /* names, domains, handles or feeds of one entry */
	PV_DOMAIN_MAX = 300,       /* bytes of "host/path" */
	PV_HANDLE_MAX = 200,
	PV_FEED_MAX = 2000,
};

/*
 * The register as of an instant, for judging: a person's (`person_id`) or an organisation's own.
 * No role is asked: what is shown of it to others is the caller's care ("shares the interest").
 */
enum pv_status pv_desk_register_at(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *person_id, int64_t at_us,
	struct pv_interest_row **out, size_t *out_n, struct pv_error *error);

/*
 * The ties that count when judging at an instant: those that stand, and those struck out less than
 * PV_INTEREST_GRACE_DAYS before. Striking out one's blog just before promoting it gains nothing. An
 * entry that stood less than PV_INTEREST_SLIP_H was a slip of the pen, and goes at once.
 */
enum { PV_INTEREST_GRACE_DAYS = 30, PV_INTEREST_SLIP_H = 1 };
enum pv_status pv_desk_register_counting(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *person_id, int64_t at_us,
	struct pv_interest_row **out, size_t *out_n, struct pv_error *error);

/*
 * The standing entries: one's own (`organization_id` NULL), or an organisation's (PV_MAY_READ).
 * Another person's register is not for reading: it is personal information.
 */
enum pv_status pv_desk_interest_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_interest_row **out,
	size_t *out_n, struct pv_error *error);

/*
 * {organization?, names:[…], relation, org?, domains?:[…], handles?:[…], feeds?:[…], until?}: one's
 * own entry without `organization` (id or slug), else the organisation's (PV_MAY_GOVERN). Domains
 * are taken as people write them (https://www.Carnet.Example/) and kept as host or host/path in
 * ASCII; handles get their @. At least one name.
 */
enum pv_status pv_desk_interest_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_interest_row *out,
	struct pv_error *error);
/* For the command: the desk enters it for a person. */
enum pv_status pv_desk_interest_add_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *person_id, const json_t *form,
	struct pv_interest_row *out, struct pv_error *error);

/* The same members, absent ones stay: ends the entry and answers the new one. */
enum pv_status pv_desk_interest_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const json_t *form,
	struct pv_interest_row *out, struct pv_error *error);
enum pv_status pv_desk_interest_end(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

#endif
