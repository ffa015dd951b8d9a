/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "desk/clock.h"
#include "desk/variants.h"
#include "store/media.h"

#include <ctype.h>
#include <string.h>

/* What is being taken, with the place of its problems. */
struct intake {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *prefix;
	struct pv_error *error;
	bool bad; /* a field's problem was told; go on and tell the others */
};

bool pv_word_is(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; text && i < n; i++)
		if (words[i] && strcmp(text, words[i]) == 0)
			return true;
	return false;
}

#define FIELD(intake, name, fr, ...)                                                             \
	do {                                                                                     \
		const char *pv_pointer =                                                         \
			talloc_asprintf((intake)->mem, "%s%s", (intake)->prefix, name);          \
		pv_fail_field((intake)->error, pv_pointer ? pv_pointer : name, fr, __VA_ARGS__); \
		(intake)->bad = true;                                                            \
	} while (0)

static const char *take_text(struct intake *intake, const char *name, const char *text, size_t most)
{
	size_t size = strlen(text);
	if (!pv_utf8_valid(text, size))
		FIELD(intake, name, "Ce texte n'est pas de l'UTF-8 bien formé.",
			"This text is not well-formed UTF-8.");
	else if (size > most)
		FIELD(intake, name, "Ce texte dépasse %zu octets.",
			"This text is longer than %zu bytes.", most);
	return talloc_strdup(intake->mem, text);
}

static bool language_ok(const char *tag)
{
	size_t n = strlen(tag);
	if (n < 2 || n > 35 || tag[0] == '-' || tag[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = tag[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '-')
			return false;
		if (i < 2 && !letter)
			return false;
	}
	return true;
}

static const char *take_languages(struct intake *intake, const json_t *languages)
{
	size_t n = json_array_size(languages);
	if (!json_is_array(languages) || n < 1 || n > PV_VARIANT_LANGUAGES_MAX) {
		FIELD(intake, "/languages", "Donnez de une à %d langues, comme [\"fr\"].",
			"Give one to %d languages, like [\"fr\"].", PV_VARIANT_LANGUAGES_MAX);
		return "[]";
	}
	PV_JSON json_t *kept = json_array();
	for (size_t i = 0; i < n; i++) {
		const char *tag = json_string_value(json_array_get(languages, i));
		if (!tag || !language_ok(tag)) {
			FIELD(intake, "/languages", "Une langue s'écrit fr, en, fr-CA (BCP 47).",
				"A language is written fr, en, fr-CA (BCP 47).");
			return "[]";
		}
		/* "FR" is French: the policy's words for it must be heard. */
		char *written = talloc_strdup(intake->mem, tag);
		for (char *c = written; c && *c && *c != '-'; c++)
			*c = (char)tolower((unsigned char)*c);
		json_array_append_new(kept, json_string(written));
	}
	return pv_json_dump(intake->mem, kept);
}

/* ---- declared ---------------------------------------------------------------------------------- */

static const char *take_word(struct intake *intake, const json_t *declared, json_t *into,
	const char *name, const char *const *words, int n)
{
	const json_t *value = json_object_get(declared, name);
	if (!value || json_is_null(value))
		return "";
	const char *text = json_string_value(value);
	const char *pointer = talloc_asprintf(intake->mem, "/declared/%s", name);
	/* "unknown" is how a person takes a declaration back. */
	if (text && (!*text || strcmp(text, "unknown") == 0))
		return "";
	if (!text || pv_name_index(words, n, pv_str(text)) < 0) {
		FIELD(intake, pointer ? pointer : name, "« %s » n'est pas un choix.",
			"\"%s\" is not a choice.", text ? text : "?");
		return "";
	}
	json_object_set_new(into, name, json_string(text));
	return talloc_strdup(intake->mem, text);
}

static void take_list(struct intake *intake, const json_t *declared, json_t *into, const char *name,
	const char *const *words, int n)
{
	const json_t *list = json_object_get(declared, name);
	if (!list || json_is_null(list))
		return;
	const char *pointer = talloc_asprintf(intake->mem, "/declared/%s", name);
	pointer = pointer ? pointer : name;
	if (!json_is_array(list) || json_array_size(list) > PV_VARIANT_LIST_MAX) {
		FIELD(intake, pointer, "Donnez une liste de %d entrées au plus.",
			"Give a list of %d entries at most.", PV_VARIANT_LIST_MAX);
		return;
	}
	json_t *kept = json_array();
	size_t i;
	json_t *entry;
	json_array_foreach((json_t *)(uintptr_t)list, i, entry)
	{
		const char *text = json_string_value(entry);
		bool known = text && (words ? pv_name_index(words, n, pv_str(text)) >= 0
					    : *text && strlen(text) <= 100);
		if (!known) {
			FIELD(intake, pointer, "« %s » n'est pas un choix.",
				"\"%s\" is not a choice.", text ? text : "?");
			break;
		}
		json_array_append(kept, entry);
	}
	if (json_array_size(kept))
		json_object_set(into, name, kept);
	json_decref(kept);
}

static void take_flag(struct intake *intake, const json_t *declared, json_t *into, const char *name)
{
	const json_t *value = json_object_get(declared, name);
	if (!value || json_is_null(value))
		return;
	const char *pointer = talloc_asprintf(intake->mem, "/declared/%s", name);
	if (!json_is_boolean(value))
		FIELD(intake, pointer ? pointer : name, "C'est vrai ou faux.",
			"It is true or false.");
	else if (json_is_true(value))
		json_object_set_new(into, name, json_true());
}

static void take_axis(struct intake *intake, const json_t *declared, json_t *into, const char **out)
{
	const json_t *value = json_object_get(declared, "axis");
	const char *text = json_string_value(value);
	*out = "";
	if (!value || json_is_null(value) || (text && !*text))
		return;
	if (!text || strlen(text) > 100) {
		FIELD(intake, "/declared/axis", "Un axe est un mot de la politique.",
			"An axis is a word of the policy.");
		return;
	}
	json_object_set_new(into, "axis", json_string(text));
	*out = talloc_strdup(intake->mem, text);
}

static void refuse_strangers(struct intake *intake, const json_t *declared)
{
	static const char *const known[] = {"origin", "interest", "relation", "human", "axis",
		"topic", "sponsored", "consent", "relevance"};
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)declared, name,
		value) if (!pv_word_is(name, known, PV_COUNT(known))) FIELD(intake, "/declared",
		"« %s » ne se déclare pas.", "\"%s\" is not something to declare.", name);
}

static void take_declared(struct intake *intake, const json_t *declared, struct pv_variant_row *row)
{
	if (!json_is_object(declared)) {
		FIELD(intake, "/declared", "Ce qui est déclaré est un objet.",
			"What is declared is an object.");
		return;
	}
	refuse_strangers(intake, declared);
	PV_JSON json_t *kept = json_object();
	row->origin = take_word(intake, declared, kept, "origin", pv_origin_names, PV_ORIGINS);
	row->interest =
		take_word(intake, declared, kept, "interest", pv_interest_names, PV_INTERESTS);
	take_list(intake, declared, kept, "relation", pv_relation_names, PV_RELATIONS);
	take_list(intake, declared, kept, "human", pv_human_names, PV_HUMANS);
	take_axis(intake, declared, kept, &row->axis);
	take_list(intake, declared, kept, "topic", NULL, 0);
	take_flag(intake, declared, kept, "sponsored");
	take_flag(intake, declared, kept, "consent");
	take_word(intake, declared, kept, "relevance", pv_relevance_names, PV_RELEVANCES);
	row->declared = pv_json_dump(intake->mem, kept);
}

/* ---- media ------------------------------------------------------------------------------------- */

/* One entry as it is stored: {"id","type","alt","digest"}; the actor must belong where it lives. */
static enum pv_status take_one_media(struct intake *intake, const json_t *entry, json_t *kept)
{
	const char *id = pv_json_text(entry, "id");
	struct pv_media_row media;
	struct pv_error lost = PV_ERROR_IN(intake->mem);
	enum pv_status status =
		id ? pv_media_find(intake->desk->db, intake->mem, id, &media, &lost) : PV_NOT_FOUND;
	if (status == PV_OK)
		status = pv_desk_may(
			intake->desk, intake->actor, media.organization_id, PV_MAY_READ, &lost);
	if (status == PV_NOT_FOUND || status == PV_DENIED) {
		FIELD(intake, "/media", "Cette image n'existe pas.", "There is no such picture.");
		return PV_OK;
	}
	if (status != PV_OK) {
		if (intake->error)
			*intake->error = lost;
		return status;
	}
	const char *alt = pv_json_text(entry, "alt");
	alt = take_text(intake, "/media", alt ? alt : media.alt, PV_VARIANT_ALT_MAX);
	json_array_append_new(
		kept, json_pack("{s:s, s:s, s:s, s:s}", "id", media.id, "type", media.type, "alt",
			      alt ? alt : "", "digest", media.digest));
	return PV_OK;
}

static enum pv_status take_media(
	struct intake *intake, const json_t *media, struct pv_variant_row *row)
{
	if (!json_is_array(media) || json_array_size(media) > PV_VARIANT_MEDIA_MAX) {
		FIELD(intake, "/media", "Donnez une liste de %d images au plus.",
			"Give a list of %d pictures at most.", PV_VARIANT_MEDIA_MAX);
		return PV_OK;
	}
	PV_JSON json_t *kept = json_array();
	size_t i;
	json_t *entry;
	json_array_foreach((json_t *)(uintptr_t)media, i, entry)
	{
		enum pv_status status = take_one_media(intake, entry, kept);
		if (status != PV_OK)
			return status;
	}
	row->media = pv_json_dump(intake->mem, kept);
	return PV_OK;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static enum pv_status take_due(struct intake *intake, const struct pv_due *due,
	struct pv_variant_row *row, struct pv_words *notice)
{
	if (due->kind == PV_DUE_NONE)
		row->due_at_us = PV_TIME_NONE;
	if (due->kind != PV_DUE_AT && due->kind != PV_DUE_LOCAL)
		return PV_OK;
	const char *pointer = talloc_asprintf(intake->mem, "%s%s", intake->prefix,
		due->kind == PV_DUE_AT ? "/due_at" : "/due_local");
	enum pv_status status = pv_clock_due(intake->mem, row->organization_timezone, due,
		pv_env_now_us(intake->desk->env), pointer ? pointer : "/due_at", &row->due_at_us,
		notice, intake->error);
	if (status != PV_INVALID)
		return status;
	intake->bad = true;
	return PV_OK;
}

static void take_choices(
	struct intake *intake, const struct pv_variant_in *in, struct pv_variant_row *row)
{
	static const char *const kinds[] = {"post", "share", "reply"};
	static const char *const lates[] = {"publish", "ask", "drop"};
	if (in->kind && !pv_word_is(in->kind, kinds, PV_COUNT(kinds)))
		FIELD(intake, "/kind", "C'est post, share ou reply.",
			"It is post, share or reply.");
	else if (in->kind)
		row->kind = talloc_strdup(intake->mem, in->kind);
	if (in->late && !pv_word_is(in->late, lates, PV_COUNT(lates)))
		FIELD(intake, "/late", "C'est publish, ask ou drop.",
			"It is publish, ask or drop.");
	else if (in->late)
		row->late = talloc_strdup(intake->mem, in->late);
}

enum pv_status pv_variant_take(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *prefix, const struct pv_variant_in *in, struct pv_variant_row *row,
	struct pv_words *notice, struct pv_error *error)
{
	struct intake intake = {desk, mem, actor, prefix, error, false};
	enum pv_status status = PV_OK;
	take_choices(&intake, in, row);
	/* A reply is judged as one: it must answer somebody, and an answer is nothing else. */
	if (row->kind && (strcmp(row->kind, "reply") == 0) != (row->reply_to != NULL))
		FIELD(&intake, "/kind", "Une réponse répond à un message, le reste non.",
			"A reply answers a message, nothing else does.");
	if (in->text)
		row->text = take_text(&intake, "/text", in->text, PV_POST_TEXT_MAX);
	if (in->languages)
		row->languages = take_languages(&intake, in->languages);
	if (in->declared)
		take_declared(&intake, in->declared, row);
	if (in->media)
		status = take_media(&intake, in->media, row);
	if (status == PV_OK)
		status = take_due(&intake, &in->due, row, notice);
	if (status != PV_OK)
		return status;
	if (intake.bad)
		return pv_fail(error, PV_INVALID, "Certains champs sont à revoir.",
			"Some fields need another look.");
	if (!row->kind || !row->late || !row->text || !row->languages || !row->declared ||
		!row->media)
		return pv_fail_nomem(error);
	return pv_variant_digest(mem, row, &row->digest, error);
}

enum pv_status pv_variant_digest(
	TALLOC_CTX *mem, const struct pv_variant_row *row, const char **out, struct pv_error *error)
{
	char due[24] = "-";
	if (row->due_at_us != PV_TIME_NONE)
		snprintf(due, sizeof due, "%lld", (long long)row->due_at_us);
	const char *fields[] = {"variant 1", row->organization_id, row->account_id, row->kind,
		row->reply_to, row->text, row->languages, row->media, row->declared, due};
	char digest[PV_DIGEST_SIZE];
	pv_digest_fields(fields, PV_COUNT(fields), digest);
	const char *copy = talloc_strdup(mem, digest);
	if (!copy)
		return pv_fail_nomem(error);
	*out = copy;
	return PV_OK;
}
