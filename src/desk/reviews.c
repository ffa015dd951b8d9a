/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/reviews.h"

#include "desk/variants.h"
#include "store/person.h"

#include <string.h>

/* ---- who may ----------------------------------------------------------------------------------- */

static const struct pv_words fate_words[PV_APPROVAL_FATES] = {
	[PV_APPROVAL_NO_ROLE] =
		{"La politique demande l'approbation d'une personne d'un autre rôle.",
			"The policy asks for the approval of someone in another role."},
	[PV_APPROVAL_AUTHOR] = {"On n'approuve pas son propre texte.",
		"Nobody approves their own text."},
	[PV_APPROVAL_SAME_INTEREST] =
		{"Vous partagez l'intérêt en cause : une autre personne approuve.",
			"You share the interest at stake: another person approves."},
	[PV_APPROVAL_BEFORE_EDIT] = {"Ce texte vient de changer; relisez-le.",
		"This text has just changed; read it again."},
	[PV_APPROVAL_LATER] = {"Ce texte partirait avant cette approbation.",
		"This text would leave before this approval."},
	[PV_APPROVAL_EXPIRED] = {"D'ici son départ, cette approbation ne vaudrait plus : "
				 "rapprochez la date.",
		"By the time it leaves this approval would have expired: bring the date nearer."},
	[PV_APPROVAL_NOT_YET] = {"Une autre personne approuve avant vous : l'étape d'avant n'est "
				 "pas accomplie.",
		"Someone else approves before you: the step before yours is not complete."},
};

/* Does an approval that this person gave then count? */
static bool counted_at(const struct pv_judgement *judgement, const char *slug, int64_t at_us)
{
	for (size_t i = 0; i < judgement->n_remarks; i++) {
		const struct pv_remark *remark = &judgement->remarks[i];
		for (size_t k = 0; k < remark->n_evidence; k++) {
			const struct pv_evidence *e = &remark->evidence[k];
			if (e->kind == PV_EVIDENCE_APPROVAL && e->fate == PV_APPROVAL_COUNTS &&
				e->until_us == at_us && strcmp(e->person, slug) == 0)
				return true;
		}
	}
	return false;
}

/* What the policy makes of this person's approval: the mildest fate among the rules that ask. */
static enum pv_approval_fate fate_of(const struct pv_judgement *judgement, const char *slug)
{
	enum pv_approval_fate worst = PV_APPROVAL_COUNTS;
	bool counts = false;
	for (size_t i = 0; i < judgement->n_remarks; i++) {
		const struct pv_remark *remark = &judgement->remarks[i];
		for (size_t k = 0; k < remark->n_evidence; k++) {
			const struct pv_evidence *evidence = &remark->evidence[k];
			if (evidence->kind != PV_EVIDENCE_APPROVAL || !evidence->person ||
				strcmp(evidence->person, slug) != 0)
				continue;
			if (evidence->fate == PV_APPROVAL_COUNTS)
				counts = true;
			else
				worst = evidence->fate;
		}
	}
	return counts ? PV_APPROVAL_COUNTS : worst;
}

/*
 * Their approval stands already: giving it again would only take it out of its turn, before what
 * others approved after them.
 */
static enum pv_status check_first_time(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_judgement *judgement,
	const struct pv_person_row *person, struct pv_error *error)
{
	struct pv_review_row *reviews;
	size_t n;
	enum pv_status status = pv_review_list(desk->db, mem, row->id, &reviews, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		if (reviews[i].voided_at_us == PV_TIME_NONE &&
			strcmp(reviews[i].person_id, person->id) == 0 &&
			strcmp(reviews[i].decision, "approve") == 0 &&
			strcmp(reviews[i].digest, row->digest) == 0 &&
			counted_at(judgement, person->slug, reviews[i].made_at_us))
			return pv_fail(error, PV_DENIED, "Vous avez déjà approuvé ce texte.",
				"You have approved this text already.");
	return status;
}

/* Nobody's policy says it: nor one they share the interest of. */
static enum pv_status check_apart(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_person_row *person,
	struct pv_error *error)
{
	bool shares = false;
	enum pv_status status = pv_variant_shares_interest(desk, mem, row, person, &shares, error);
	if (status == PV_OK && shares)
		return pv_fail_words(error, PV_DENIED, fate_words[PV_APPROVAL_SAME_INTEREST]);
	return status;
}

enum pv_status pv_variant_may_approve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, const struct pv_actor *actor, struct pv_error *error)
{
	struct pv_person_row person;
	if (!actor->person_id)
		return pv_fail(error, PV_DENIED, "Une personne approuve, pas le bureau.",
			"A person approves, not the desk.");
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_REVIEW, error);
	if (status != PV_OK)
		return status;
	if (strcmp(actor->person_id, row->author_id) == 0)
		return pv_fail_words(error, PV_DENIED, fate_words[PV_APPROVAL_AUTHOR]);
	status = pv_person_find(desk->db, mem, actor->person_id, &person, error);
	if (status != PV_OK)
		return status;
	struct pv_judging judging = {
		.row = row,
		.at_us = pv_variant_at(row, pv_env_now_us(desk->env)),
		.also_approved = person.slug,
	};
	struct pv_judged judged;
	status = pv_variant_judge(desk, mem, &judging, &judged, error);
	if (status != PV_OK)
		return status;
	if (!judged.judgement)
		return check_apart(desk, mem, row, &person, error);
	enum pv_approval_fate fate = fate_of(judged.judgement, person.slug);
	if (fate != PV_APPROVAL_COUNTS)
		return pv_fail_words(error, PV_DENIED, fate_words[fate]);
	return check_first_time(desk, mem, row, judged.judgement, &person, error);
}

/* ---- the two verbs ----------------------------------------------------------------------------- */

struct review {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *id, *digest, *word;
	struct pv_variant_row row;
};

static enum pv_status answer(
	struct review *review, struct pv_desk_variant **out, struct pv_error *error)
{
	pv_desk_changed(review->desk, "variant", review->row.organization_id, review->id);
	struct pv_desk_variant *view = talloc_zero(review->mem, struct pv_desk_variant);
	if (!view)
		return pv_fail_nomem(error);
	enum pv_status status = pv_variant_view(
		review->desk, review->mem, review->actor, review->id, NULL, view, error);
	if (status == PV_OK)
		*out = view;
	return status;
}

/* In review, and exactly what was seen. */
static enum pv_status open_review(struct review *review, struct pv_error *error)
{
	enum pv_status status = pv_variant_open(review->desk, review->mem, review->actor,
		review->id, PV_MAY_REVIEW, &review->row, error);
	if (status != PV_OK)
		return status;
	if (!review->digest || strcmp(review->digest, review->row.digest) != 0)
		return pv_fail(error, PV_CONFLICT,
			"Ce texte a changé depuis que vous l'avez lu; relisez-le.",
			"This text has changed since you read it; read it again.");
	if (strcmp(review->row.stage, "review") != 0)
		return pv_fail(error, PV_CONFLICT, "Cette variante n'attend pas de relecture.",
			"This variant is not waiting for a review.");
	if (review->row.due_at_us != PV_TIME_NONE &&
		review->row.due_at_us <= pv_env_now_us(review->desk->env))
		return pv_fail(error, PV_CONFLICT,
			"L'heure prévue est passée sans cette approbation : ce texte ne part pas. "
			"Un autre moment lui sera donné.",
			"The time planned has passed without this approval: this text does not go "
			"out. It will be given another moment.");
	if (review->word && (strlen(review->word) > PV_REVIEW_WORD_MAX ||
				    !pv_utf8_valid(review->word, strlen(review->word))))
		return pv_fail_field(error, "/word", "Ce mot dépasse %d octets.",
			"This word is longer than %d bytes.", PV_REVIEW_WORD_MAX);
	return PV_OK;
}

static enum pv_status keep_review(
	struct review *review, const char *decision, struct pv_error *error)
{
	char id[PV_ID_SIZE];
	struct pv_review_row row = {
		.id = pv_id_new(review->desk->env, id),
		.organization_id = review->row.organization_id,
		.variant_id = review->id,
		.person_id = review->actor->person_id,
		.decision = decision,
		.word = review->word ? review->word : "",
		.digest = review->row.digest,
		.made_at_us = pv_env_now_us(review->desk->env),
	};
	/* A person's later word replaces their earlier one. */
	enum pv_status status =
		pv_review_void(review->desk->db, review->id, review->row.organization_id,
			review->actor->person_id, row.made_at_us, "again", error);
	if (status == PV_OK)
		status = pv_review_insert(review->desk->db, &row, error);
	if (status != PV_OK)
		return status;
	const char *after = talloc_asprintf(review->mem, "{\"digest\":\"%s\"}", review->row.digest);
	return pv_desk_audit(review->desk, review->actor,
		&(struct pv_audit_note){
			.organization_id = review->row.organization_id,
			.verb = strcmp(decision, "approve") == 0 ? "variant.approve"
								 : "variant.send_back",
			.object = review->id,
			.after = after,
		},
		error);
}

static enum pv_status run(struct review *review, pv_db_work *work, struct pv_desk_variant **out,
	struct pv_error *error)
{
	enum pv_status status = pv_db_transaction(review->desk->db, work, review, error);
	return status == PV_OK ? answer(review, out, error) : status;
}

/* Where it goes once enough have approved: an answer at once, the rest at its time. */
static int64_t plan_time(const struct review *review)
{
	if (review->row.due_at_us == PV_TIME_NONE && strcmp(review->row.kind, "reply") == 0)
		return pv_env_now_us(review->desk->env);
	return review->row.due_at_us;
}

static enum pv_status approve_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct review *review = state;
	struct pv_judged judged;
	bool refused;
	enum pv_status status = open_review(review, error);
	if (status == PV_OK)
		status = pv_desk_links_check(
			review->mem, pv_variant_said(review->mem, &review->row), error);
	if (status == PV_OK)
		status = pv_variant_may_approve(
			review->desk, review->mem, &review->row, review->actor, error);
	if (status == PV_OK)
		status = keep_review(review, "approve", error);
	if (status == PV_OK)
		status = pv_variant_judge_keep(
			review->desk, review->mem, &review->row, "approval", &judged, error);
	if (status == PV_OK)
		status = pv_variant_settle(review->desk, review->mem, &review->row, "review",
			&judged, plan_time(review), &refused, error);
	return status;
}

enum pv_status pv_desk_review_approve(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, const char *digest, const char *word,
	struct pv_desk_variant **out, struct pv_error *error)
{
	struct review review = {.desk = desk,
		.mem = mem,
		.actor = actor,
		.id = variant_id,
		.digest = digest,
		.word = word};
	return run(&review, approve_work, out, error);
}

static enum pv_status send_back_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct review *review = state;
	enum pv_status status = open_review(review, error);
	if (status != PV_OK)
		return status;
	if (!review->actor->person_id ||
		strcmp(review->actor->person_id, review->row.author_id) == 0)
		return pv_fail(error, PV_DENIED,
			"C'est votre texte : retirez-le de la relecture plutôt.",
			"This is your text: withdraw it from review instead.");
	if (!review->word || strspn(review->word, " \t\r\n") == strlen(review->word))
		return pv_fail_field(error, "/word", "Dites en un mot ce qui est à revoir.",
			"Say in a word what needs another look.");
	/* Who approved it approved what now needs another look. */
	status = pv_review_void(db, review->id, review->row.organization_id, NULL,
		pv_env_now_us(review->desk->env), "sent_back", error);
	/* One that was held for this review is still in the plan. */
	if (status == PV_OK)
		status = pv_variant_unplan(review->desk, review->mem, &review->row, error);
	if (status == PV_OK)
		status = keep_review(review, "send_back", error);
	if (status == PV_OK)
		status = pv_variant_move(
			db, &review->row, "review", "sent_back", PV_TIME_NONE, error);
	return status;
}

enum pv_status pv_desk_review_send_back(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, const char *digest, const char *word,
	struct pv_desk_variant **out, struct pv_error *error)
{
	struct review review = {.desk = desk,
		.mem = mem,
		.actor = actor,
		.id = variant_id,
		.digest = digest,
		.word = word};
	return run(&review, send_back_work, out, error);
}

/* ---- what waits -------------------------------------------------------------------------------- */

enum pv_status pv_desk_review_waiting(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_desk_variant **out, size_t *out_n,
	struct pv_error *error)
{
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_variant_row *rows = NULL;
	size_t n = 0;
	filter.member_id = actor->is_desk ? NULL : actor->person_id;
	filter.stage = "review";
	filter.limit = PV_REVIEW_WAITING_MAX;
	enum pv_status status = pv_variant_list(desk->db, mem, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_desk_variant *views = talloc_zero_array(mem, struct pv_desk_variant, n ? n : 1);
	if (!views)
		return pv_fail_nomem(error);
	size_t kept = 0;
	for (size_t i = n; i-- > 0;) { /* the list is newest first */
		enum pv_role role = PV_ROLE_OWNER;
		if (!actor->is_desk)
			status = pv_desk_role(desk, actor, rows[i].organization_id, &role, error);
		if (status == PV_OK && !pv_role_has(role, PV_MAY_REVIEW))
			continue;
		if (status == PV_OK)
			status = pv_variant_view(
				desk, mem, actor, rows[i].id, NULL, &views[kept], error);
		if (status != PV_OK)
			return status;
		kept++;
	}
	*out = views;
	*out_n = kept;
	return PV_OK;
}
