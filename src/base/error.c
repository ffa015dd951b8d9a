/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>

static const struct pv_words words_nomem = {
	.fr = "La mémoire manque; rien n'a été fait. Réessayez dans un moment.",
	.en = "Memory is out; nothing was done. Try again in a moment.",
};

static const char *const status_names[] = {
	[PV_OK] = "ok",
	[PV_INVALID] = "invalid",
	[PV_UNAUTHENTICATED] = "unauthenticated",
	[PV_DENIED] = "denied",
	[PV_NOT_FOUND] = "not_found",
	[PV_CONFLICT] = "conflict",
	[PV_REFUSED] = "refused",
	[PV_TOO_LARGE] = "too_large",
	[PV_THROTTLED] = "throttled",
	[PV_UNAVAILABLE] = "unavailable",
	[PV_UNCERTAIN] = "uncertain",
	[PV_NOMEM] = "no_memory",
	[PV_INTERNAL] = "internal",
};

const char *pv_status_name(enum pv_status status)
{
	return status_names[status];
}

static struct pv_words words_format(
	TALLOC_CTX *mem, const char *fr, const char *en, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	struct pv_words words = {
		.fr = talloc_vasprintf(mem, fr, arguments),
		.en = talloc_vasprintf(mem, en, again),
	};
	va_end(again);
	return words.fr && words.en ? words : words_nomem;
}

enum pv_status pv_fail(
	struct pv_error *error, enum pv_status status, const char *fr, const char *en, ...)
{
	if (!error)
		return status;
	va_list arguments;
	va_start(arguments, en);
	error->status = status;
	error->words = words_format(error->mem, fr, en, arguments);
	va_end(arguments);
	return status;
}

enum pv_status pv_fail_words(struct pv_error *error, enum pv_status status, struct pv_words words)
{
	return pv_fail(error, status, "%1$s%2$.0s", "%1$.0s%2$s", words.fr ? words.fr : "",
		words.en ? words.en : "");
}

enum pv_status pv_fail_field(
	struct pv_error *error, const char *pointer, const char *fr, const char *en, ...)
{
	if (!error)
		return PV_INVALID;
	if (error->status == PV_OK) {
		error->status = PV_INVALID;
		error->words = (struct pv_words){
			.fr = "Certaines réponses sont à revoir.",
			.en = "Some answers need another look.",
		};
	}
	if (error->n_problems >= PV_ERROR_PROBLEMS_MAX)
		return error->status;
	struct pv_problem *grown = talloc_realloc(
		error->mem, error->problems, struct pv_problem, error->n_problems + 1);
	if (!grown)
		return error->status;
	error->problems = grown;
	va_list arguments;
	va_start(arguments, en);
	const char *copy = talloc_strdup(error->mem, pointer);
	grown[error->n_problems++] = (struct pv_problem){
		.pointer = copy ? copy : "",
		.message = words_format(error->mem, fr, en, arguments),
	};
	va_end(arguments);
	return error->status;
}

enum pv_status pv_fail_nomem(struct pv_error *error)
{
	if (error) {
		error->status = PV_NOMEM;
		error->words = words_nomem;
	}
	return PV_NOMEM;
}
