/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/api/variant_parts.h"

#include "desk/judging.h"
#include "desk/seen.h"

#include <stdio.h>

/* ---- told -------------------------------------------------------------------------------------- */

static void write_account_ref(struct pv_out *out, const struct pv_variant_row *row)
{
	pv_out_open(out, "account", '{');
	pv_out_text(out, "id", row->account_id);
	pv_out_text(out, "slug", row->account_slug);
	pv_out_text(out, "network", row->account_network);
	pv_out_text(out, "stance", row->account_stance);
	pv_out_text(out, "name", row->account_name);
	pv_out_text(out, "handle", row->account_handle);
	pv_out_close(out, '}');
}

static void write_organization_ref(struct pv_out *out, const struct pv_variant_row *row)
{
	const struct pv_organization_row house = {
		.id = row->organization_id,
		.slug = row->organization_slug,
		.name = row->organization_name,
		.colour = row->organization_colour,
		.kind = row->organization_kind,
	};
	pv_api_organization_ref(out, "organization", &house);
}

/* From `organization` to `text`, in both shapes. */
static void write_common(struct pv_out *out, const struct pv_variant_row *row)
{
	write_organization_ref(out, row);
	pv_api_person_ref(out, "author", row->author_id, row->author_slug, row->author_name);
	pv_out_text(out, "kind", row->kind);
	pv_out_text(out, "text", row->text);
	pv_out_raw(out, "languages", row->languages, "[]");
	pv_out_time(out, "due_at", row->due_at_us);
	pv_api_local_time(out, "due_local", row->due_at_us, row->organization_timezone);
	pv_out_text(out, "late", row->late);
	pv_out_text(out, "stage", row->stage);
	pv_out_text_or_null(out, "verdict", row->verdict);
	pv_out_int(out, "version", row->version);
	pv_out_time(out, "edited_at", row->edited_at_us);
}

void pv_api_variant_row(struct pv_out *out, const struct pv_variant_row *row)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "post_id", row->post_id);
	pv_out_text(out, "title", row->post_title);
	write_account_ref(out, row);
	write_common(out, row);
	pv_out_time(out, "at", row->at_us);
	if (row->publication_id) {
		pv_out_open(out, "publication", '{');
		pv_out_text(out, "id", row->publication_id);
		pv_out_text(out, "state", row->publication_state);
		pv_out_raw(out, "reason", row->publication_reason, "null");
		pv_out_text_or_null(out, "permalink", row->permalink);
		pv_out_time(out, "published_at", row->published_at_us);
		pv_out_close(out, '}');
	} else {
		pv_out_null(out, "publication");
	}
	pv_out_close(out, '}');
}

/* Digests stay inside: a picture is its id, its type and what it shows. */
static void write_media(struct pv_web_call *call, const char *json)
{
	PV_JSON json_t *list = NULL;
	size_t i;
	json_t *item;
	struct pv_error error = PV_ERROR_IN(call->mem);
	pv_out_open(&call->out, "media", '[');
	if (json && pv_json_parse(json, strlen(json), &list, &error) == PV_OK)
		json_array_foreach(list, i, item)
		{
			const char *alt = pv_json_text(item, "alt");
			pv_out_open(&call->out, NULL, '{');
			pv_out_text(&call->out, "id", pv_json_text(item, "id"));
			pv_out_text(&call->out, "type", pv_json_text(item, "type"));
			pv_out_text(&call->out, "alt", alt ? alt : "");
			pv_out_close(&call->out, '}');
		}
	pv_out_close(&call->out, ']');
}

static void write_list(struct pv_web_call *call, const json_t *object, const char *name)
{
	const json_t *list = json_object_get(object, name);
	char *text = json_is_array(list) ? pv_json_dump(call->mem, list) : NULL;
	pv_out_raw(&call->out, name, text, "[]");
}

/* Every member, whichever the author has filled in. */
static void write_declared(struct pv_web_call *call, const char *json)
{
	PV_JSON json_t *declared = NULL;
	struct pv_out *out = &call->out;
	struct pv_error error = PV_ERROR_IN(call->mem);
	if (json && *json)
		pv_json_parse(json, strlen(json), &declared, &error);
	const char *origin = pv_json_text(declared, "origin");
	const char *interest = pv_json_text(declared, "interest");
	const char *relevance = pv_json_text(declared, "relevance");
	const char *axis = pv_json_text(declared, "axis");
	pv_out_open(out, "declared", '{');
	pv_out_text(out, "origin", origin && *origin ? origin : "unknown");
	pv_out_text(out, "interest", interest && *interest ? interest : "unknown");
	write_list(call, declared, "relation");
	write_list(call, declared, "human");
	pv_out_text(out, "axis", axis ? axis : "");
	write_list(call, declared, "topic");
	pv_out_bool(out, "sponsored", pv_json_bool(declared, "sponsored", false));
	pv_out_bool(out, "consent", pv_json_bool(declared, "consent", false));
	pv_out_text(out, "relevance", relevance && *relevance ? relevance : "unknown");
	pv_out_close(out, '}');
}

static void write_reviews(struct pv_out *out, const struct pv_desk_variant *variant)
{
	pv_out_open(out, "reviews", '[');
	for (size_t i = 0; i < variant->n_reviews; i++) {
		const struct pv_review_row *row = &variant->reviews[i];
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "id", row->id);
		pv_api_person_ref(
			out, "person", row->person_id, row->person_slug, row->person_name);
		pv_out_text(out, "decision", row->decision);
		pv_out_text(out, "word", row->word);
		pv_out_text(out, "digest", row->digest);
		pv_out_time(out, "made_at", row->made_at_us);
		pv_out_time(out, "voided_at", row->voided_at_us);
		pv_out_text_or_null(out, "voided_why", row->voided_why);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
}

static void write_acts(struct pv_out *out, const struct pv_desk_acts *acts)
{
	pv_out_open(out, "acts", '{');
	pv_out_bool(out, "edit", acts->edit);
	pv_out_bool(out, "submit", acts->submit);
	pv_out_bool(out, "withdraw", acts->withdraw);
	pv_out_bool(out, "review", acts->review);
	pv_out_bool(out, "schedule", acts->schedule);
	pv_out_bool(out, "unschedule", acts->unschedule);
	pv_out_bool(out, "publish_now", acts->publish_now);
	pv_out_bool(out, "resolve", acts->resolve);
	pv_out_bool(out, "remove", acts->remove);
	pv_out_words(out, "review_why_not", &acts->review_why_not);
	pv_out_close(out, '}');
}

/* What went out is shown with the answer it went out with; the rest as the policy answers today. */
static void write_judgement(struct pv_web_call *call, const struct pv_desk_variant *variant)
{
	struct pv_desk_judgement now;
	struct pv_error error = PV_ERROR_IN(call->mem);
	const char *stage = variant->row.stage;
	bool over = strcmp(stage, "done") == 0 || strcmp(stage, "stopped") == 0;
	const char *kept = variant->judgement ? variant->judgement->result : NULL;
	if (!(over && kept) && pv_desk_judge_variant(call->desk, call->mem, call->actor,
				       variant->row.id, &now, &error) == PV_OK)
		kept = now.result;
	pv_out_raw(&call->out, "judgement", kept, "null");
}

static void write_publication(struct pv_web_call *call, const struct pv_desk_variant *variant)
{
	struct pv_desk_publication *whole = NULL;
	struct pv_error error = PV_ERROR_IN(call->mem);
	if (!variant->publication) {
		pv_out_null(&call->out, "publication");
		return;
	}
	if (pv_desk_publication_get(call->desk, call->mem, call->actor, variant->publication->id,
		    &whole, &error) == PV_OK)
		pv_api_publication(
			call, "publication", &whole->row, whole->attempts, whole->n_attempts, true);
	else
		pv_api_publication(call, "publication", variant->publication, NULL, 0, true);
}

/* What changed since this person reviewed it; nothing when they have not. */
static void write_differences(struct pv_web_call *call, const struct pv_desk_variant *variant)
{
	struct pv_difference differences[PV_DIFFERENCES_MAX];
	struct pv_error error = PV_ERROR_IN(call->mem);
	struct pv_out *out = &call->out;
	size_t n = 0;
	bool seen = false;
	if (pv_desk_variant_differences(call->desk, call->mem, call->actor, variant, differences,
		    &n, &seen, &error) != PV_OK ||
		!seen)
		return;
	pv_out_open(out, "differences", '[');
	for (size_t i = 0; i < n; i++) {
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "field", differences[i].field);
		pv_out_text(out, "was", differences[i].was);
		pv_out_text(out, "is", differences[i].is);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
}

enum pv_status pv_api_variant(struct pv_web_call *call, const char *name,
	const struct pv_desk_variant *variant, struct pv_error *error)
{
	const struct pv_variant_row *row = &variant->row;
	struct pv_out *out = &call->out;
	struct pv_account_row account;
	struct pv_api_seats seats;
	enum pv_status status = pv_desk_account_find(
		call->desk, call->mem, call->actor, row->account_id, &account, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "post_id", row->post_id);
	pv_out_text(out, "title", row->post_title);
	pv_api_account(call, "account", &account, &seats);
	write_common(out, row);
	pv_out_text_or_null(out, "reply_to", row->reply_to);
	write_media(call, row->media);
	write_declared(call, row->declared);
	pv_out_text(out, "digest", row->digest);
	pv_out_time(out, "submitted_at", row->submitted_at_us);
	write_judgement(call, variant);
	write_reviews(out, variant);
	write_publication(call, variant);
	status = pv_api_measure(
		call, "measure", account.network, account.settings, row->text, error);
	write_acts(out, &variant->acts);
	pv_out_words(out, "notice", &variant->notice);
	write_differences(call, variant);
	pv_out_close(out, '}');
	return status;
}

enum pv_status pv_api_answer_variant(struct pv_web_call *call,
	const struct pv_desk_variant *variant, int code, struct pv_error *error)
{
	enum pv_status status = pv_api_variant(call, NULL, variant, error);
	return status == PV_OK ? pv_web_answer(call, code, error) : status;
}

/* ---- read -------------------------------------------------------------------------------------- */

static enum pv_status wrong(const char *prefix, const char *name, const char *fr, const char *en,
	struct pv_error *error)
{
	char pointer[128];
	snprintf(pointer, sizeof(pointer), "%s/%s", prefix, name);
	return pv_fail_field(error, pointer, "%1$s%2$.0s", "%1$.0s%2$s", fr, en);
}

enum pv_status pv_api_due(
	const json_t *body, const char *prefix, struct pv_due *out, struct pv_error *error)
{
	const json_t *at = json_object_get(body, "due_at");
	const json_t *local = json_object_get(body, "due_local");
	struct pv_due due = {.kind = PV_DUE_KEEP};
	if (at && local && !json_is_null(at) && !json_is_null(local))
		return wrong(prefix, "due_at", "Donnez due_at ou due_local, non les deux.",
			"Give due_at or due_local, not both.", error);
	if (local && !json_is_null(local)) {
		due = (struct pv_due){
			.kind = PV_DUE_LOCAL,
			.date = pv_json_text(local, "date"),
			.time = pv_json_text(local, "time"),
			.second_of_two = pv_json_bool(local, "second_of_two", false),
		};
		if (!due.date || !due.time)
			return wrong(prefix, "due_local",
				"Donnez la date (2026-03-02) et l'heure (09:00).",
				"Give the date (2026-03-02) and the time (09:00).", error);
	} else if (at && json_is_string(at)) {
		due.kind = PV_DUE_AT;
		if (!pv_time_parse(json_string_value(at), json_string_length(at), &due.at_us))
			return wrong(prefix, "due_at",
				"Écrivez l'instant avec son décalage : 2026-03-02T17:00:00Z.",
				"Write the instant with its offset: 2026-03-02T17:00:00Z.", error);
	} else if (at && !json_is_null(at)) {
		return wrong(prefix, "due_at", "Un instant s'écrit comme un texte.",
			"An instant is written as a text.", error);
	} else if (at || local) {
		due.kind = PV_DUE_NONE;
	}
	*out = due;
	return PV_OK;
}

/* A text or null; anything else is a problem. */
static enum pv_status maybe_text(const json_t *body, const char *prefix, const char *name,
	const char **out, struct pv_error *error)
{
	const json_t *value = json_object_get(body, name);
	if (value && !json_is_null(value) && !json_is_string(value))
		return wrong(prefix, name, "Un texte est attendu ici.", "A text is expected here.",
			error);
	*out = json_string_value(value);
	return PV_OK;
}

static bool known_member(const char *name)
{
	static const char *const names[] = {"account", "kind", "reply_to", "text", "languages",
		"media", "declared", "due_at", "due_local", "late", "version"};
	for (size_t i = 0; i < PV_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

enum pv_status pv_api_variant_in(
	const json_t *body, const char *prefix, struct pv_variant_in *out, struct pv_error *error)
{
	struct pv_variant_in in = {0};
	const char *name;
	json_t *value;
	enum pv_status status = PV_OK;
	if (!json_is_object(body))
		return pv_fail_field(
			error, prefix, "Un objet est attendu ici.", "An object is expected here.");
	json_object_foreach((json_t *)(uintptr_t)body, name, value) if (!known_member(name))
		status = wrong(prefix, "", "Un membre n'est pas connu ici.",
			"A member is not known here.", error);
	const struct {
		const char *name;
		const char **out;
	} texts[] = {
		{"account", &in.account},
		{"kind", &in.kind},
		{"reply_to", &in.reply_to},
		{"text", &in.text},
		{"late", &in.late},
	};
	for (size_t i = 0; i < PV_COUNT(texts); i++)
		if (maybe_text(body, prefix, texts[i].name, texts[i].out, error) != PV_OK)
			status = PV_INVALID;
	in.languages = json_object_get(body, "languages");
	in.media = json_object_get(body, "media");
	in.declared = json_object_get(body, "declared");
	if (pv_api_due(body, prefix, &in.due, error) != PV_OK)
		status = PV_INVALID;
	if (status == PV_OK)
		*out = in;
	return status;
}
