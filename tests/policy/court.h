/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A court for tests: a small house of organisations, a rule or two, a case, and the answer as one
 * line, "refuse:a,b also:c satisfied:d lifted:e overridden:f" (empty lists left out).
 */
#ifndef TESTS_POLICY_COURT_H
#define TESTS_POLICY_COURT_H

#include "base/mem.h"
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The head of every policy of these tests; `rules:` follows. */
extern const char court_head[];

/* Fails the test when the text is no policy. */
struct pv_policy *court_policy(TALLOC_CTX *mem, const char *text);

/* A policy of the head, then `rules` (items of a list, indented by two) and what follows them. */
struct pv_policy *court_rules(TALLOC_CTX *mem, const char *rules);

/*
 * A case of marc on house-fb on 2 March 2026 at noon in Toronto, then `members` of JSON, of which a
 * later one stands for an earlier one. Fails the test when it cannot be judged.
 */
struct pv_judgement *court_judge(
	TALLOC_CTX *mem, const struct pv_policy *policy, const char *members);

char *court_answer(TALLOC_CTX *mem, const struct pv_judgement *judgement);

/* The folder shared with the project, NULL when it is not there (PV_SHARED, else ../shared). */
const char *court_shared(void);
char *court_read(TALLOC_CTX *mem, const char *folder, const char *name, size_t *out_size);

/* One row: rules and members in, the answer out. */
struct court_row {
	const char *what, *rules, *members, *answer;
};

void court_try(const struct court_row *rows, size_t n);

#endif
