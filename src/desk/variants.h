/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Inside the desk: what the verbs on variants share. Nothing here opens a transaction or asks a
 * role unless it says so; the verbs do.
 */
#ifndef PV_DESK_VARIANTS_H
#define PV_DESK_VARIANTS_H

#include "base/id.h"
#include "desk/audit.h"
#include "desk/judging.h"
#include "desk/posts.h"
#include "desk/roles.h"
#include "policy/policy.h"
#include "store/account.h"
#include "store/organization.h"
#include "store/person.h"

/* ---- variant_in.c: what a person gave ---------------------------------------------------------- */

/*
 * Takes `in` into *row (whose organisation, account and zone are known), checking all of it;
 * pointers begin with `prefix`. PV_INVALID with every problem.
 */
enum pv_status pv_variant_take(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *prefix, const struct pv_variant_in *in, struct pv_variant_row *row,
	struct pv_words *notice, struct pv_error *error);

/* What an approval is bound to: text, media, account, time, kind, languages, declarations. */
enum pv_status pv_variant_digest(TALLOC_CTX *mem, const struct pv_variant_row *row,
	const char **out, struct pv_error *error);

/* Is `text` one of the words? */
bool pv_word_is(const char *text, const char *const *words, size_t n);

/* ---- posts.c ----------------------------------------------------------------------------------- */

/*
 * Takes `in` into a new variant of a post and writes it, inside a transaction; `text` and `language`
 * (may be NULL) are for what `in` leaves out. PV_INVALID after its problems were told.
 */
enum pv_status pv_variant_new(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *post_id, const char *prefix, const struct pv_variant_in *in, const char *text,
	const char *language, struct pv_variant_row *out, struct pv_words *notice,
	struct pv_error *error);

/* ---- variant_view.c ---------------------------------------------------------------------------- */

/* The variant, if the actor has that power in its organisation. */
enum pv_status pv_variant_open(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, enum pv_power power, struct pv_variant_row *out, struct pv_error *error);
/* Everything a page shows of it. */
enum pv_status pv_variant_view(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const struct pv_words *notice, struct pv_desk_variant *out,
	struct pv_error *error);

/* ---- drafts.c ----------------------------------------------------------------------------------- */

/* A variant of that account as it is before anything is said; asks PV_MAY_WRITE there. */
enum pv_status pv_variant_blank(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *account_name, struct pv_variant_row *out, struct pv_error *error);

/* ---- casework.c, judging.c --------------------------------------------------------------------- */

/*
 * What the cases of one house have in common, read once: its switches, accounts, and people. For as
 * long as nothing can change it: within a transaction. Zeroed to begin with; end it, too.
 */
enum {
	PV_HOUSE_KNOWN_D = 400,          /* how far back its delegations go, days */
	PV_HOUSE_DELEGATIONS_MAX = 2000, /* those that begin last */
};
struct pv_house_known {
	int64_t since_us;
	char organization_id[PV_ID_SIZE], author_id[PV_ID_SIZE];
	json_t *switches, *accounts, *people;
};
void pv_house_forget(struct pv_house_known *known);

struct pv_judging {
	const struct pv_variant_row *row;
	int64_t at_us;             /* the time of publication */
	const char *also_approved; /* slug of someone who would approve now; NULL: nobody */
	bool sending;              /* it leaves now: a twin that is not planned is none */
	/* The article it is begun from, before there is a post; NULL: the post's. */
	const char *item_id;
	/* Its author asks: what their register only hints at is for them alone. */
	bool clues;
	const char *also_person; /* id of someone the case is to speak of too; NULL: nobody */
	struct pv_house_known
		*known; /* of several judgements in one transaction; NULL: one alone */
};

/* The case as JSON (policies' format, "A case"), a new reference. */
enum pv_status pv_case_build(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t **out, struct pv_error *error);

/*
 * links.c: the links of a text, each once, in their order; at most PV_JUDGE_LINKS_MAX, and whether
 * there are more.
 */
enum pv_status pv_variant_links(TALLOC_CTX *mem, const char *text, const char ***out, size_t *out_n,
	bool *out_more, struct pv_error *error);
/* Has a variant no more links than a judgement knows of? A case would leave the others out. */
enum pv_status pv_variant_links_fit(
	TALLOC_CTX *mem, const struct pv_variant_row *row, bool *out, struct pv_error *error);
extern const struct pv_words pv_words_too_many_links;

/* caselinks.c: where its links lead, what the pages there show, the article it was begun from. */
enum pv_status pv_case_links(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t *c, struct pv_error *error);

struct pv_judged {
	enum pv_verdict verdict;
	const struct pv_judgement *judgement; /* NULL: no policy is adopted */
	struct pv_desk_judgement answer;
};
enum pv_status pv_variant_judge(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, struct pv_error *error);
/* The same, and: does nothing but switches that are on stand in its way? */
enum pv_status pv_variant_judge_waits(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, struct pv_judged *out, bool *out_waits,
	struct pv_error *error);

/* Keeps what was judged, and the verdict with the variant. */
enum pv_status pv_variant_keep_judged(struct pv_desk *desk, const struct pv_variant_row *row,
	const char *moment, const struct pv_judged *judged, struct pv_error *error);
/* Judges for the time it is due (now, when that is past or none) and keeps it. */
enum pv_status pv_variant_judge_keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *moment, struct pv_judged *out,
	struct pv_error *error);

/* ---- unruled.c --------------------------------------------------------------------------------- */

/*
 * Does a link or handle of the post stand in this member's own register? As a policy in force reads
 * it, or without one.
 */
enum pv_status pv_variant_shares_interest(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_person_row *person, bool *out,
	struct pv_error *error);
/* What holds where no policy is adopted; `c` is the case. */
enum pv_status pv_unruled_verdict(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const json_t *c, enum pv_verdict *out,
	struct pv_error *error);
/* policy/judge.h's JSON of it, a new reference. */
json_t *pv_unruled_result(const struct pv_variant_row *row, enum pv_verdict verdict);

/* When it would go out, asked now. */
int64_t pv_variant_at(const struct pv_variant_row *row, int64_t now_us);

/* May this person approve it? PV_OK, or PV_DENIED with words. */
enum pv_status pv_variant_may_approve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_actor *actor, struct pv_error *error);

/* ---- plan.c: publication and counted rows, in step with the variant's stage -------------------- */

/* Its publication becomes planned for `due_us`, and is counted. */
enum pv_status pv_variant_plan(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, int64_t due_us, const struct pv_judged *judged,
	struct pv_error *error);
/* Out of the plan, if it was in; PV_CONFLICT once it may have left. */
enum pv_status pv_variant_unplan(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, struct pv_error *error);
/* Counted at `at_us`, with the facts declared and those the judgement found (NULL: none). */
enum pv_status pv_variant_count(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, int64_t at_us, const struct pv_judgement *judgement,
	struct pv_error *error);

/* The moves of publications that the desk makes; a test holds them against the machine's table. */
struct pv_desk_move {
	const char *event;       /* the machine's name */
	const char *const *from; /* ends with NULL */
	const char *to;
};
extern const struct pv_desk_move pv_desk_move_plan, pv_desk_move_unplan, pv_desk_move_send,
	pv_desk_move_published, pv_desk_move_drop, pv_desk_move_hold, pv_desk_move_let_go;
/* Writes row with move->to where the state it has is one of move->from; PV_CONFLICT otherwise. */
enum pv_status pv_publication_make_move(struct pv_db *db, struct pv_publication_row *row,
	const struct pv_desk_move *move, struct pv_error *error);

/* Besides an approval, is there something that only the author can mend? Then it is mended first. */
bool pv_judged_needs_repair(const struct pv_judged *judged);

/* ---- stages.c ---------------------------------------------------------------------------------- */

/*
 * After a judgement: ready or scheduled, review, or draft. `row` stands at `from`. On draft the
 * error is not written: *out_refused is true and the caller fails after its commit.
 */
enum pv_status pv_variant_settle(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const char *from, const struct pv_judged *judged,
	int64_t plan_at_us, bool *out_refused, struct pv_error *error);

#endif
