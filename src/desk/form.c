/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/form.h"
#include "desk/organizations.h"

#include "base/instant.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

static const char *pointer_of(struct pv_form *form, const char *name)
{
	const char *pointer = talloc_asprintf(form->mem, "%s/%s", form->prefix, name);
	form->nomem |= !pointer;
	return pointer ? pointer : "";
}

#define PROBLEM(form, pointer, fr, en, ...)                                 \
	do {                                                                \
		(form)->failed = true;                                      \
		pv_fail_field((form)->error, pointer, fr, en, __VA_ARGS__); \
	} while (0)

void pv_form_problem(struct pv_form *form, const char *name, const char *fr, const char *en)
{
	PROBLEM(form, pointer_of(form, name), fr, en, "");
}

void pv_form_begin(struct pv_form *form, TALLOC_CTX *mem, const json_t *object,
	const char *const *known, struct pv_error *error)
{
	*form = (struct pv_form){.mem = mem, .object = object, .prefix = "", .error = error};
	if (error)
		*error = PV_ERROR_IN(error->mem);
	if (!json_is_object(object)) {
		form->failed = true;
		form->object = NULL;
		pv_fail(error, PV_INVALID, "Un objet JSON est attendu.",
			"A JSON object is expected.");
		return;
	}
	const char *name;
	json_t *value;
	/* jansson's iterator writes nothing; its signature only lacks the word. */
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		size_t i = 0;
		while (known[i] && strcmp(known[i], name) != 0)
			i++;
		if (!known[i])
			pv_form_problem(form, name, "Ce champ n'existe pas ici.",
				"There is no such field here.");
	}
}

enum pv_status pv_form_status(const struct pv_form *form)
{
	if (form->nomem)
		return pv_fail_nomem(form->error);
	return form->failed ? PV_INVALID : PV_OK;
}

bool pv_form_has(const struct pv_form *form, const char *name)
{
	const json_t *value = json_object_get(form->object, name);
	return value && !json_is_null(value);
}

static const char *text_check(
	struct pv_form *form, const char *pointer, const json_t *value, size_t most)
{
	if (!json_is_string(value)) {
		PROBLEM(form, pointer, "Un texte est attendu%s", "A text is expected%s", ".");
		return NULL;
	}
	if (json_string_length(value) > most) {
		PROBLEM(form, pointer, "C'est trop long : %zu octets au plus.",
			"This is too long: %zu bytes at most.", most);
		return NULL;
	}
	return json_string_value(value);
}

/* Trimmed; blanks of a person's keyboard are ASCII or U+00A0. */
static const char *text_trim(struct pv_form *form, const char *pointer, const char *text)
{
	size_t size = strlen(text);
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F) {
			PROBLEM(form, pointer,
				"Un caractère invisible s'est glissé ici (position %zu).",
				"An invisible character slipped in here (position %zu).", i + 1);
			return NULL;
		}
	}
	while (size > 0 && isspace((unsigned char)text[size - 1]))
		size--;
	while (size > 0 && isspace((unsigned char)*text))
		text++, size--;
	const char *copy = talloc_strndup(form->mem, text, size);
	form->nomem |= !copy;
	form->failed |= !copy;
	return copy;
}

static const json_t *member(struct pv_form *form, const char *name, enum pv_form_need need)
{
	if (pv_form_has(form, name))
		return json_object_get(form->object, name);
	if (need == PV_FORM_NEEDED && form->object)
		pv_form_problem(form, name, "Ce champ est nécessaire.", "This field is needed.");
	return NULL;
}

const char *pv_form_text(
	struct pv_form *form, const char *name, size_t most, enum pv_form_need need)
{
	const json_t *value = member(form, name, need);
	if (!value)
		return NULL;
	const char *pointer = pointer_of(form, name),
		   *text = text_check(form, pointer, value, most);
	text = text ? text_trim(form, pointer, text) : NULL;
	if (text && !*text && need == PV_FORM_NEEDED) {
		pv_form_problem(form, name, "Ce champ est nécessaire.", "This field is needed.");
		return NULL;
	}
	return text;
}

const char *pv_form_secret(
	struct pv_form *form, const char *name, size_t most, enum pv_form_need need)
{
	const json_t *value = member(form, name, need);
	return value ? text_check(form, pointer_of(form, name), value, most) : NULL;
}

const char *pv_form_choice(
	struct pv_form *form, const char *name, const char *const *choices, enum pv_form_need need)
{
	const char *text = pv_form_text(form, name, PV_NAME_MAX, need);
	if (!text)
		return NULL;
	struct pv_buf list = PV_BUF(form->mem, 1000);
	for (size_t i = 0; choices[i]; i++) {
		if (strcmp(choices[i], text) == 0)
			return choices[i];
		pv_buf_printf(&list, "%s%s", i ? ", " : "", choices[i]);
	}
	const char *words = pv_buf_end(&list);
	PROBLEM(form, pointer_of(form, name), "Choisissez parmi : %s.", "Choose among: %s.",
		words ? words : "");
	return NULL;
}

bool pv_slug_valid(const char *slug)
{
	size_t size = strlen(slug);
	if (size == 0 || size > PV_SLUG_MAX || !(slug[0] >= 'a' && slug[0] <= 'z') ||
		slug[size - 1] == '-')
		return false;
	for (size_t i = 0; i < size; i++)
		if (!(slug[i] >= 'a' && slug[i] <= 'z') && !(slug[i] >= '0' && slug[i] <= '9') &&
			!(slug[i] == '-' && slug[i - 1] != '-'))
			return false;
	return true;
}

const char *pv_form_slug(struct pv_form *form, const char *name, enum pv_form_need need)
{
	const char *text = pv_form_text(form, name, PV_SLUG_MAX, need);
	if (text && *text && !pv_slug_valid(text)) {
		pv_form_problem(form, name,
			"Des lettres minuscules sans accent, des chiffres, des traits d'union; une "
			"lettre "
			"d'abord.",
			"Small letters without accents, digits, hyphens; a letter first.");
		return NULL;
	}
	return text && *text ? text : NULL;
}

static bool list_holds(const json_t *list, const char *text)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item)
	{
		if (strcmp(json_string_value(item), text) == 0)
			return true;
	}
	return false;
}

const char *pv_form_texts(struct pv_form *form, const char *name, size_t most, size_t most_bytes,
	pv_form_keep *keep, void *state)
{
	const json_t *value = member(form, name, PV_FORM_OPTIONAL);
	if (!value)
		return NULL;
	if (!json_is_array(value) || json_array_size(value) > most) {
		PROBLEM(form, pointer_of(form, name),
			"Une liste de %zu textes au plus est attendue.",
			"A list of at most %zu texts is expected.", most);
		return NULL;
	}
	PV_JSON json_t *kept = json_array();
	for (size_t i = 0; kept && i < json_array_size(value); i++) {
		const char *pointer =
			talloc_asprintf(form->mem, "%s/%s/%zu", form->prefix, name, i);
		const char *text =
			pointer ? text_check(form, pointer, json_array_get(value, i), most_bytes)
				: NULL;
		text = text ? text_trim(form, pointer, text) : NULL;
		if (text && *text && keep)
			text = keep(form, pointer, text, state);
		if (text && *text && !list_holds(kept, text) &&
			json_array_append_new(kept, json_string(text)) != 0)
			form->nomem = form->failed = true;
	}
	const char *list = kept ? pv_json_dump(form->mem, kept) : NULL;
	form->nomem |= !list;
	form->failed |= !list;
	return list;
}

int64_t pv_form_time(struct pv_form *form, const char *name)
{
	const char *text = pv_form_text(form, name, PV_NAME_MAX, PV_FORM_OPTIONAL);
	int64_t at_us = PV_TIME_NONE;
	if (text && !pv_time_parse(text, strlen(text), &at_us)) {
		pv_form_problem(form, name, "Une date comme 2026-03-02T12:00:00Z est attendue.",
			"A date like 2026-03-02T12:00:00Z is expected.");
		return PV_TIME_NONE;
	}
	return at_us;
}

int64_t pv_form_int(struct pv_form *form, const char *name, int64_t otherwise)
{
	const json_t *value = member(form, name, PV_FORM_OPTIONAL);
	if (!value)
		return otherwise;
	if (!json_is_integer(value)) {
		pv_form_problem(
			form, name, "Un nombre entier est attendu.", "A whole number is expected.");
		return otherwise;
	}
	return (int64_t)json_integer_value(value);
}

/* ---- slugs ----------------------------------------------------------------------------------- */

/* Letters of Latin-1 (U+00C0 to U+00FF) without their accents; ' ' has none. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
			     "aaaaaaaceeeeiiiidnooooo ouuuuyty";

static const char *slug_letter(uint32_t c, char single[2])
{
	single[0] = single[1] = '\0';
	if (c == 0xC6 || c == 0xE6)
		return "ae";
	if (c == 0x152 || c == 0x153)
		return "oe";
	if (c == 0xDF)
		return "ss";
	if (c < 0x80 && isalnum((int)c))
		single[0] = (char)tolower((int)c);
	else if (c >= 0xC0 && c <= 0xFF && latin1[c - 0xC0] != ' ')
		single[0] = latin1[c - 0xC0];
	return single;
}

const char *pv_slug_make(TALLOC_CTX *mem, const char *name)
{
	struct pv_buf slug = PV_BUF(mem, PV_SLUG_MAX);
	size_t left = strlen(name);
	bool gap = false;
	while (left > 0) {
		uint32_t c;
		char single[2];
		size_t step = pv_utf8_decode(name, left, &c);
		if (step == 0)
			break;
		const char *letters = slug_letter(c, single);
		/* Room is kept for "-2" and for the letter that must come first. */
		if (*letters && slug.size < PV_SLUG_MAX - 8) {
			if (gap && slug.size > 0)
				pv_buf_char(&slug, '-');
			else if (slug.size == 0 && isdigit((unsigned char)*letters))
				pv_buf_text(&slug, "o-");
			pv_buf_text(&slug, letters);
			gap = false;
		} else {
			gap = true;
		}
		name += step;
		left -= step;
	}
	if (slug.size == 0)
		pv_buf_text(&slug, "o");
	return pv_buf_end(&slug);
}
