/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/variants.h"

#include <string.h>

struct edit {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *post_id, *id;
	int64_t version;
	const struct pv_variant_in *in;
	struct pv_words notice;
	const char *organization_id;
};

static enum pv_status answer(
	struct edit *edit, struct pv_desk_variant **out, struct pv_error *error)
{
	pv_desk_changed(edit->desk, "variant", edit->organization_id, edit->id);
	struct pv_desk_variant *view = talloc_zero(edit->mem, struct pv_desk_variant);
	if (!view)
		return pv_fail_nomem(error);
	enum pv_status status = pv_variant_view(
		edit->desk, edit->mem, edit->actor, edit->id, &edit->notice, view, error);
	if (status == PV_OK)
		*out = view;
	return status;
}

/* ---- one more account -------------------------------------------------------------------------- */

static enum pv_status add_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct edit *edit = state;
	struct pv_post_row post;
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_variant_row *rows = NULL;
	struct pv_variant_row row;
	size_t n = 0;
	const char *person = edit->actor->person_id;
	enum pv_status status = pv_post_find(db, edit->mem, edit->post_id, &post, error);
	if (status == PV_OK && !(person && strcmp(person, post.author_id) == 0))
		return pv_fail(error, PV_NOT_FOUND, "Cette publication n'existe pas.",
			"There is no such post.");
	filter.post_id = edit->post_id;
	if (status == PV_OK)
		status = pv_variant_list(db, edit->mem, &filter, &rows, &n, error);
	if (status == PV_OK && n >= PV_POST_VARIANTS_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Une publication a %d variantes au plus.",
			"A post has %d variants at most.", PV_POST_VARIANTS_MAX);
	if (status == PV_OK)
		status = pv_variant_new(edit->desk, edit->mem, edit->actor, edit->post_id, "",
			edit->in, post.text, NULL, &row, &edit->notice, error);
	if (status != PV_OK)
		return status;
	edit->id = row.id;
	edit->organization_id = row.organization_id;
	return PV_OK;
}

enum pv_status pv_desk_variant_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *post_id, const struct pv_variant_in *in,
	struct pv_desk_variant **out, struct pv_error *error)
{
	struct edit edit = {.desk = desk, .mem = mem, .actor = actor, .post_id = post_id, .in = in};
	enum pv_status status = pv_db_transaction(desk->db, add_work, &edit, error);
	return status == PV_OK ? answer(&edit, out, error) : status;
}

/* ---- edit -------------------------------------------------------------------------------------- */

static enum pv_status may_edit(
	const struct edit *edit, const struct pv_variant_row *row, struct pv_error *error)
{
	const char *person = edit->actor->person_id;
	/* Whoever changes the words would be their author, and could no longer approve them. */
	if (!person || strcmp(person, row->author_id) != 0)
		return pv_fail(error, PV_DENIED,
			"C'est le texte de %s : renvoyez-le avec un mot, ou faites le vôtre.",
			"This is %s's text: send it back with a word, or make your own.",
			row->author_name);
	if (strcmp(row->stage, "done") == 0)
		return pv_fail(error, PV_CONFLICT, "C'est publié : cela ne change plus.",
			"It is published: it does not change any more.");
	if (row->version != edit->version)
		return pv_fail(error, PV_CONFLICT,
			"Cette variante a changé depuis que vous l'avez ouverte (version %lld, "
			"vous "
			"aviez la %lld). Rien n'a été écrit.",
			"This variant has changed since you opened it (version %lld, you had "
			"%lld). "
			"Nothing was written.",
			(long long)row->version, (long long)edit->version);
	return PV_OK;
}

/* What was judged is no longer what is there: reviews end, the plan lets it go. */
static enum pv_status void_all(
	struct edit *edit, const struct pv_variant_row *was, struct pv_error *error)
{
	enum pv_status status = pv_variant_unplan(edit->desk, edit->mem, was, error);
	if (status != PV_OK)
		return status;
	return pv_review_void(edit->desk->db, was->id, was->organization_id, NULL,
		pv_env_now_us(edit->desk->env), "edited", error);
}

/* The late choice alone: what is planned learns it, nothing else changes. */
static enum pv_status tell_late(
	struct edit *edit, const struct pv_variant_row *row, struct pv_error *error)
{
	struct pv_publication_row publication;
	enum pv_status status = pv_publication_find_variant(
		edit->desk->db, edit->mem, row->id, &publication, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	static const char *const waiting[] = {"planned", "held", "deferred"};
	if (status != PV_OK || !pv_word_is(publication.state, waiting, PV_COUNT(waiting)))
		return status;
	publication.late = row->late;
	return pv_publication_move(edit->desk->db, &publication, publication.state, error);
}

static enum pv_status edit_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct edit *edit = state;
	struct pv_variant_row was;
	edit->notice = (struct pv_words){0};
	enum pv_status status = pv_variant_open(
		edit->desk, edit->mem, edit->actor, edit->id, PV_MAY_WRITE, &was, error);
	if (status == PV_OK)
		status = may_edit(edit, &was, error);
	if (status != PV_OK)
		return status;
	struct pv_variant_row row = was;
	status = pv_variant_take(
		edit->desk, edit->mem, edit->actor, "", edit->in, &row, &edit->notice, error);
	if (status != PV_OK)
		return status;
	edit->organization_id = row.organization_id;
	bool same = strcmp(row.digest, was.digest) == 0;
	if (!same) {
		status = void_all(edit, &was, error);
		row.stage = "draft";
		row.verdict = "";
		row.edited_at_us = pv_env_now_us(edit->desk->env);
		row.submitted_at_us = PV_TIME_NONE;
	} else if (strcmp(row.late, was.late) != 0)
		status = tell_late(edit, &row, error);
	else
		return PV_OK;
	if (status == PV_OK)
		status = pv_variant_update(db, &row, error);
	if (status != PV_OK)
		return status;
	const char *before = talloc_asprintf(edit->mem, "{\"digest\":\"%s\"}", was.digest);
	const char *after = talloc_asprintf(edit->mem, "{\"digest\":\"%s\"}", row.digest);
	return pv_desk_audit(edit->desk, edit->actor,
		&(struct pv_audit_note){.organization_id = row.organization_id,
			.verb = "variant.edit",
			.object = row.id,
			.before = before,
			.after = after},
		error);
}

enum pv_status pv_desk_variant_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, int64_t version,
	const struct pv_variant_in *in, struct pv_desk_variant **out, struct pv_error *error)
{
	struct edit edit = {
		.desk = desk, .mem = mem, .actor = actor, .id = id, .version = version, .in = in};
	enum pv_status status = pv_db_transaction(desk->db, edit_work, &edit, error);
	return status == PV_OK ? answer(&edit, out, error) : status;
}
