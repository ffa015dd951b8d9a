/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Errors as they leave the house: application/problem+json (RFC 9457), in the language that
 * Accept-Language asks for.
 *
 *	{"type":"/problems/conflict","title":"…","status":409,"detail":"…","errors":[{"pointer","message"}]}
 */
#ifndef PV_WEB_PROBLEM_H
#define PV_WEB_PROBLEM_H

#include "web/request.h"

/* 404 for PV_NOT_FOUND, and so on; 400 for an address or a body that cannot be read at all. */
int pv_web_status_code(enum pv_status status);

/*
 * Makes `error` the answer. `code` 0: the status's own. `more` (may be NULL) is JSON members of
 * the problem's own, beginning with a comma. Never fails: when memory is out the body is a constant.
 */
void pv_web_problem(TALLOC_CTX *mem, struct pv_web_response *response, const struct pv_error *error,
	int code, bool french, const char *more);

/* The same as a page, for who has typed an address: no script, no style, one way back. */
void pv_web_problem_page(TALLOC_CTX *mem, struct pv_web_response *response,
	const struct pv_error *error, int code, bool french);

#endif
