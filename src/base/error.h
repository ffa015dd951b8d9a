/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What went wrong: a status for the few cases a caller acts on, and words for a person in both
 * languages, written once where it happens and passed up untouched.
 *
 *	struct pv_error error = PV_ERROR_IN(scope);
 *	if (pv_account_find(scope, db, id, &account, &error) != PV_OK)
 *		return error.status;
 *
 * Every function that can fail takes `struct pv_error *error` last; it may be NULL when the caller
 * only wants the status. Out parameters are written on PV_OK only. Library code never logs.
 */
#ifndef PV_BASE_ERROR_H
#define PV_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

enum pv_status {
	PV_OK = 0,
	PV_INVALID, /* what was given cannot be taken; `problems` says where      (400/422) */
	PV_UNAUTHENTICATED, /* nobody is signed in, or the secret is wrong                (401) */
	PV_DENIED,          /* signed in, and the role does not allow it                  (403) */
	PV_NOT_FOUND,       /* no such thing, or not one this person may see              (404) */
	PV_CONFLICT,        /* it changed meanwhile, or the state does not allow the move (409) */
	PV_REFUSED,         /* the editorial policy says no                               (422) */
	PV_TOO_LARGE,       /* over a named limit                                         (413) */
	PV_THROTTLED,       /* too often: later                                           (429) */
	PV_UNAVAILABLE,     /* a database, network or file failed: nothing was done       (503) */
	PV_UNCERTAIN,       /* a write was sent and its outcome is not known */
	PV_NOMEM,           /* memory is out                                              (503) */
	PV_INTERNAL,        /* a mistake of ours                                          (500) */
};

/* The same sentence in the two languages of the house; both always set. */
struct pv_words {
	const char *fr;
	const char *en;
};

/* A complaint about one field: a JSON pointer (RFC 6901) and what to do. */
struct pv_problem {
	const char *pointer;
	struct pv_words message;
};

/* An error's problems are cut here: a person mends a few at a time. */
enum { PV_ERROR_PROBLEMS_MAX = 50 };

struct pv_error {
	TALLOC_CTX *mem; /* the words live below it; set by PV_ERROR_IN */
	enum pv_status status;
	struct pv_words words;
	struct pv_problem *problems;
	size_t n_problems;
};

#define PV_ERROR_IN(context) ((struct pv_error){.mem = (context)})

/*
 * Writes the words (printf, the same arguments for both; French may reorder with %1$s) and returns
 * `status`, so that the place of failure is one line:
 *
 *	return pv_fail(error, PV_NOT_FOUND, "Ce compte n'existe pas.", "There is no such account.");
 *
 * Never fails itself: when memory is out the words are a constant.
 */
enum pv_status pv_fail(struct pv_error *error, enum pv_status status, const char *fr,
	const char *en, ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same with words that exist already; they are copied below error->mem. */
enum pv_status pv_fail_words(struct pv_error *error, enum pv_status status, struct pv_words words);

/*
 * Adds a field's problem, sets PV_INVALID when no status stands yet, and returns the status.
 * Beyond PV_ERROR_PROBLEMS_MAX problems are dropped.
 */
enum pv_status pv_fail_field(struct pv_error *error, const char *pointer, const char *fr,
	const char *en, ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* PV_NOMEM with its words. */
enum pv_status pv_fail_nomem(struct pv_error *error);

/* The error's name in logs and problem types: "not_found". */
const char *pv_status_name(enum pv_status status);

#endif
