/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Publications: what the dispatcher makes of a scheduled variant, and what a person says when it
 * cannot know. Stopping everything of an organisation is identity's pv_desk_organization_pause.
 */
#ifndef PV_DESK_PUBLICATIONS_H
#define PV_DESK_PUBLICATIONS_H

#include "desk/desk.h"
#include "store/publication.h"
#include "store/variant.h"

struct pv_publication_filter {
	const char *organization_id; /* NULL: all of the actor's */
	const char *account_id;
	const char *state;
	const char *before_id; /* cursor */
	int limit;
};

struct pv_desk_publication {
	struct pv_publication_row row;
	const struct pv_attempt_row *attempts; /* oldest first */
	size_t n_attempts;
};

enum pv_status pv_desk_publication_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_publication_filter *filter,
	struct pv_publication_row **out, size_t *out_n, struct pv_error *error);

enum pv_status pv_desk_publication_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_publication **out,
	struct pv_error *error);

enum pv_decision {
	PV_DECISION_PUBLISHED, /* it is there; permalink may be NULL */
	PV_DECISION_RETRY,     /* it is not there: send it (a late one: send it anyway) */
	PV_DECISION_DROP,      /* leave it */
};

/*
 * Answers the dispatcher's question (state asking) about a variant's publication, or takes up one
 * that was refused (RETRY, DROP).
 */
enum pv_status pv_desk_publication_resolve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, enum pv_decision decision,
	const char *permalink, struct pv_desk_publication **out, struct pv_error *error);

/* ---- for the dispatcher (the desk itself acts, inside the dispatcher's transaction) ------------ */

enum pv_gate {
	PV_GATE_OPEN,    /* send */
	PV_GATE_PAUSED,  /* the organisation, or the account: wait */
	PV_GATE_ACCOUNT, /* the account must be connected again: wait */
	PV_GATE_SWITCH,  /* a switch of the policy is on, and nothing else says no: wait */
	PV_GATE_POLICY,  /* the policy now says no, or approvals are missing */
	PV_GATE_CHANGED, /* what would go out is not what was approved, or it is gone */
};
struct pv_gate_answer {
	enum pv_gate gate;
	bool review; /* POLICY: an approval would do */
	struct pv_words words;
	struct pv_variant_row variant; /* not CHANGED by removal */
};

/* Does everything still stand, now? Keeps a judgement of moment "sending". */
enum pv_status pv_desk_publication_gate(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_gate_answer *out,
	struct pv_error *error);

/* It went out: the variant is done and counted; an answer joins its conversation. */
enum pv_status pv_desk_variant_sent(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_error *error);
/* It will not go out (refused, dropped): stopped, no longer counted. */
enum pv_status pv_desk_variant_stopped(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_error *error);
/* Back to its author (or to review), no longer counted. */
enum pv_status pv_desk_variant_returned(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, bool review, struct pv_error *error);

/* The reason column: {"class","fr","en","evidence"}; NULL when memory is out. */
char *pv_publication_reason(TALLOC_CTX *mem, const char *reason_class, const struct pv_words *words,
	const char *evidence);

#endif
