/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An editorial policy, read from its YAML text into one immutable value.
 *
 *	struct pv_policy *policy;
 *	struct pv_policy_problems problems;
 *	if (pv_policy_parse(mem, text, size, "seed.yaml", &policy, &problems, error) != PV_OK)
 *		for (size_t i = 0; i < problems.n; i++)
 *			… problems.items[i].line, .column, .message.fr, .message.en …
 *
 * The format is docs/policy-format.md. Only its small part of YAML is read: anchors, tags, multi-line
 * values and several documents are complaints, like unknown keys. Every problem of the text is
 * reported, not the first alone.
 *
 * A policy never changes after it was parsed and may be read by several threads at once.
 */
#ifndef PV_POLICY_DOCUMENT_H
#define PV_POLICY_DOCUMENT_H

#include "base/error.h"
#include "policy/verdict.h"

#include <jansson.h>
#include <stdint.h>

enum {
	PV_POLICY_BYTES_MAX = 1 << 20, /* of the YAML text */
	PV_POLICY_DEPTH_MAX = 8,       /* of its nesting */
	PV_POLICY_NODES_MAX = 50000,   /* of its keys and values */
	PV_POLICY_RULES_MAX = 512,
	PV_POLICY_PROBLEMS_MAX = 200,
};

struct pv_policy;
struct pv_zone;

/* One complaint; line and column count from 1, columns in code points. */
struct pv_policy_problem {
	int line, column;
	struct pv_words message;
};

/* In the order of the text. */
struct pv_policy_problems {
	struct pv_policy_problem *items;
	size_t n;
};

/*
 * Reads `size` bytes of UTF-8; `name` (a file's, or the editor's) stands in the error's words.
 *
 * PV_OK: no problem at all, `*out_policy` below `mem`.
 * PV_INVALID: `*out_problems` below `mem` has at least one; `*out_policy` is the policy when what
 * remains is certain (an override or exception aimed at a firm rule, which judging ignores anyway),
 * else NULL. Adopt a policy on PV_OK only.
 * PV_TOO_LARGE, PV_NOMEM: nothing is written but `*out_policy` = NULL and no problems.
 */
enum pv_status pv_policy_parse(TALLOC_CTX *mem, const char *text, size_t size, const char *name,
	struct pv_policy **out_policy, struct pv_policy_problems *out_problems,
	struct pv_error *error);

/* The top of the document. */
const char *pv_policy_name(const struct pv_policy *policy);
int64_t pv_policy_version(const struct pv_policy *policy);
const struct pv_words *pv_policy_title(const struct pv_policy *policy);
const struct pv_zone *pv_policy_zone(const struct pv_policy *policy);
enum pv_verdict pv_policy_default(const struct pv_policy *policy);

/* Is this one of the roles whose approval the document asks for where a rule names no others? */
bool pv_policy_approves(const struct pv_policy *policy, const char *role);

/*
 * The document as a page shows it, a new reference, NULL when memory is out:
 * {"policy","version","title":{fr,en},"timezone","default","fold":{platform:N},"shorteners":[…],
 *  "organisations":[{"id","names","axes","domains","handles","partners","interests":[…]}],
 *  "accounts":[{"id","owner","stance","platform"}],
 *  "approvals":{"by","count","never","valid","then":[{"by","count"}]},
 *  "disclosures":[{"id","position","wordings":{"fr":[…],"en":[…]}}],
 *  "topics":[{"id","words":{fr,en}|null}],
 *  "rules":[{"id","kind","label":{fr,en},"then","firm","line","when":{fact:[…]},"unless":[{…}],
 *            "overrides":[…],"approval":{…},"options":{…own keys of the kind…}}],
 *  "exceptions":[{"id","lifts","when","from","until","granted_by","reason":{fr,en},"line"}]}
 */
json_t *pv_policy_to_json(const struct pv_policy *policy);

#endif
