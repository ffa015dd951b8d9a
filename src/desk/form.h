/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading what a person typed: the members of a JSON object, each with its limit, every problem
 * told at its place.
 *
 *	static const char *const known[] = {"name", "role", NULL};
 *	struct pv_form form;
 *	pv_form_begin(&form, mem, json, known, error);
 *	const char *name = pv_form_text(&form, "name", PV_NAME_MAX, PV_FORM_NEEDED);
 *	if (form.failed)
 *		return pv_form_status(&form);
 */
#ifndef PV_DESK_FORM_H
#define PV_DESK_FORM_H

#include "base/json.h"
#include "desk/desk.h"

#include <stdint.h>

struct pv_form {
	TALLOC_CTX *mem;
	const json_t *object;
	const char *prefix; /* of pointers: "" or "/journal" */
	struct pv_error *error;
	bool failed;
	bool nomem;
};

enum pv_form_need { PV_FORM_OPTIONAL, PV_FORM_NEEDED };

/* `known` ends with NULL; another member is a problem, and so is what is no object. */
void pv_form_begin(struct pv_form *form, TALLOC_CTX *mem, const json_t *object,
	const char *const *known, struct pv_error *error);
/* PV_OK, PV_INVALID or PV_NOMEM. */
enum pv_status pv_form_status(const struct pv_form *form);

/* Is it there, and not null? */
bool pv_form_has(const struct pv_form *form, const char *name);

/*
 * Text without blanks around it nor control characters (line breaks and tabs stay), at most
 * `most` bytes. NULL when it is absent (a problem if needed) or wrong; "" counts as absent when
 * needed.
 */
const char *pv_form_text(
	struct pv_form *form, const char *name, size_t most, enum pv_form_need need);
/* As typed, not even trimmed: a password. */
const char *pv_form_secret(
	struct pv_form *form, const char *name, size_t most, enum pv_form_need need);
/* One of `choices` (ended by NULL), the table's own pointer. */
const char *pv_form_choice(
	struct pv_form *form, const char *name, const char *const *choices, enum pv_form_need need);
/* Letters, digits and hyphens, lower case, a letter first: an id as policies write it. */
const char *pv_form_slug(struct pv_form *form, const char *name, enum pv_form_need need);
/* A list of texts; each goes through `keep` (may be NULL), which answers what is kept or NULL. */
typedef const char *pv_form_keep(
	struct pv_form *form, const char *pointer, const char *text, void *state);
/* A JSON list as text, below mem, doubles left out; NULL when absent or wrong. */
const char *pv_form_texts(struct pv_form *form, const char *name, size_t most, size_t most_bytes,
	pv_form_keep *keep, void *state);
/* PV_TIME_NONE when absent or wrong. */
int64_t pv_form_time(struct pv_form *form, const char *name);
int64_t pv_form_int(struct pv_form *form, const char *name, int64_t otherwise);

/* A problem of the verb's own at a member. */
void pv_form_problem(struct pv_form *form, const char *name, const char *fr, const char *en);

/* A slug out of a name ("Coop du Faubourg": "coop-du-faubourg"); NULL when memory is out. */
const char *pv_slug_make(TALLOC_CTX *mem, const char *name);
bool pv_slug_valid(const char *slug);

#endif
