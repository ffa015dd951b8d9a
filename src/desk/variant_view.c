/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/clock.h"
#include "desk/variants.h"

#include <string.h>

enum pv_status pv_variant_open(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, enum pv_power power, struct pv_variant_row *out, struct pv_error *error)
{
	struct pv_variant_row row;
	enum pv_status status = pv_variant_find(desk->db, mem, id, &row, error);
	if (status != PV_OK)
		return status;
	status = pv_desk_may(desk, actor, row.organization_id, power, error);
	/* The same words as for what does not exist. */
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND, "Cette variante n'existe pas.",
			"There is no such variant.");
	if (status == PV_OK)
		*out = row;
	return status;
}

#define AMONG(text, ...)                                     \
	pv_word_is(text, (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Can the plan still be changed: nothing is on its way and nobody is asked? */
static bool movable(const struct pv_variant_row *row)
{
	return !AMONG(row->publication_state, "claimed", "sending", "unknown", "verifying",
		"asking", "published");
}

static enum pv_status tell_review(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_variant_row *row, struct pv_desk_acts *acts,
	struct pv_error *error)
{
	struct pv_error why = PV_ERROR_IN(mem);
	enum pv_status status = pv_variant_may_approve(desk, mem, row, actor, &why);
	if (status != PV_OK && status != PV_DENIED) {
		if (error)
			*error = why;
		return status;
	}
	acts->review = status == PV_OK;
	if (status == PV_DENIED)
		acts->review_why_not = why.words;
	return PV_OK;
}

static enum pv_status tell_acts(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_variant_row *row, struct pv_desk_acts *acts, struct pv_error *error)
{
	enum pv_role role = PV_ROLE_OWNER;
	if (!actor->is_desk) {
		enum pv_status status =
			pv_desk_role(desk, actor, row->organization_id, &role, error);
		if (status != PV_OK)
			return status;
	}
	bool writes = pv_role_has(role, PV_MAY_WRITE) && actor->may_write;
	bool is_author = actor->person_id && strcmp(actor->person_id, row->author_id) == 0;
	bool draft = AMONG(row->stage, "draft", "sent_back");
	bool free = movable(row) && strcmp(row->stage, "done") != 0;
	*acts = (struct pv_desk_acts){
		.edit = writes && is_author && free,
		.submit = writes && is_author && draft,
		.withdraw = writes && free && AMONG(row->stage, "review", "ready", "scheduled"),
		.schedule = writes && free && AMONG(row->stage, "ready", "scheduled"),
		.unschedule = writes && free && strcmp(row->stage, "scheduled") == 0,
		.publish_now = writes && free &&
			       (AMONG(row->stage, "ready", "scheduled") || (draft && is_author)),
		.resolve = writes && AMONG(row->publication_state, "asking", "refused"),
		.remove = writes && free && (is_author || role == PV_ROLE_OWNER),
	};
	if (strcmp(row->stage, "review") != 0 || !actor->person_id)
		return PV_OK;
	return tell_review(desk, mem, actor, row, acts, error);
}

static enum pv_status fetch_judgement(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_variant *view, struct pv_error *error)
{
	struct pv_judgement_row *judgement = talloc(mem, struct pv_judgement_row);
	if (!judgement)
		return pv_fail_nomem(error);
	enum pv_status status = pv_judgement_last(desk->db, mem, view->row.id, judgement, error);
	if (status == PV_OK)
		view->judgement = judgement;
	return status == PV_NOT_FOUND ? PV_OK : status;
}

static enum pv_status fetch_publication(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_desk_variant *view, struct pv_error *error)
{
	if (!view->row.publication_id)
		return PV_OK;
	struct pv_publication_row *publication = talloc(mem, struct pv_publication_row);
	if (!publication)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_publication_find_variant(desk->db, mem, view->row.id, publication, error);
	if (status == PV_OK)
		view->publication = publication;
	return status == PV_NOT_FOUND ? PV_OK : status;
}

static const struct pv_words words_lapsed = {
	"L'approbation n'est pas venue avant l'heure prévue : ce texte n'est pas parti. Choisissez "
	"un "
	"autre moment et soumettez-le de nouveau.",
	"The approval did not come before the time planned: this text did not go out. Choose "
	"another "
	"moment and submit it again.",
};

static const struct pv_words words_unapproved = {
	"À l'heure prévue, la politique demandait une approbation que ce texte n'avait pas, ou "
	"n'avait "
	"plus : il n'est pas parti. Choisissez un autre moment et soumettez-le de nouveau.",
	"At the time planned, the policy asked for an approval that this text did not have, or had "
	"no "
	"longer: it did not go out. Choose another moment and submit it again.",
};

/* One that was in the plan had been approved, or had needed no approval, until then. */
static const struct pv_words *words_of_lapse(const struct pv_desk_variant *view)
{
	bool was_planned = view->publication && view->publication->due_at_us == view->row.due_at_us;
	return was_planned ? &words_unapproved : &words_lapsed;
}

enum pv_status pv_variant_view(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const struct pv_words *notice, struct pv_desk_variant *out,
	struct pv_error *error)
{
	struct pv_desk_variant view = {.due_date = "", .due_time = ""};
	struct pv_review_row *reviews = NULL;
	enum pv_status status = pv_variant_find(desk->db, mem, id, &view.row, error);
	if (status == PV_OK && view.row.due_at_us != PV_TIME_NONE)
		status = pv_clock_local(mem, view.row.organization_timezone, view.row.due_at_us,
			&view.due_date, &view.due_time, error);
	if (status == PV_OK)
		status = pv_review_list(desk->db, mem, id, &reviews, &view.n_reviews, error);
	if (status == PV_OK)
		status = fetch_judgement(desk, mem, &view, error);
	if (status == PV_OK)
		status = fetch_publication(desk, mem, &view, error);
	if (status == PV_OK)
		status = tell_acts(desk, mem, actor, &view.row, &view.acts, error);
	if (status != PV_OK)
		return status;
	view.reviews = reviews;
	if (view.row.lapsed_at_us != PV_TIME_NONE)
		view.notice = *words_of_lapse(&view);
	if (notice)
		view.notice = *notice;
	*out = view;
	return PV_OK;
}
