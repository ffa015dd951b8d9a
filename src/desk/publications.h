/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Publications: what the dispatcher makes of a scheduled variant, and what a person says when it
 * cannot know. Stopping everything of an organisation is identity's pv_desk_organization_pause.
 */
#ifndef PV_DESK_PUBLICATIONS_H
#define PV_DESK_PUBLICATIONS_H

#include "desk/desk.h"
#include "store/publication.h"

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

/* Answers the dispatcher's question (state asking, or held) about a variant's publication. */
enum pv_status pv_desk_publication_resolve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, enum pv_decision decision,
	const char *permalink, struct pv_desk_publication **out, struct pv_error *error);

/*
 * What the dispatcher asks at the moment of sending, in its own transaction: does everything still
 * stand? Keeps a judgement of moment "sending".
 */
enum pv_gate {
	PV_GATE_OPEN,    /* send */
	PV_GATE_PAUSED,  /* the organisation, or the account: wait */
	PV_GATE_ACCOUNT, /* the account must be connected again: wait */
	PV_GATE_POLICY,  /* the policy now says no, or approvals are missing: back to its author */
	PV_GATE_CHANGED, /* what would go out is not what was approved, or it is gone */
};
struct pv_gate_answer {
	enum pv_gate gate;
	struct pv_words words;
};
enum pv_status pv_desk_publication_gate(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_gate_answer *out,
	struct pv_error *error);

#endif
