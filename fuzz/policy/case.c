/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a case, judged by a policy that has a rule of every kind, and replayed. */
#include "base/json.h"
#include "base/mem.h"
#include "policy/policy.h"
#include "policy/replay.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RULE(id, kind, rest) "  - {id: " id ", kind: " kind ", label: {fr: a, en: b}, " rest "}\n"

static const char text[] =
	"policy: p\nversion: 1\ntitle: {fr: a, en: b}\ntimezone: America/Toronto\ndefault: "
	"approve\n"
	"fold: {x: 20}\nshorteners: [bit.ly]\norganisations:\n  o: {names: [O], axes: [k], "
	"domains: "
	"[o.example], handles: [\"@o\"]}\n  q: {names: [Q], domains: [q.example], handles: "
	"[\"@q\"]}\n"
	"accounts:\n  x: {owner: o, stance: organisation, platform: x}\n"
	"approvals: {by: [e], count: 1, never: [author, same_interest], valid: 3 days}\n"
	"disclosures:\n  d: {position: before_fold, fr: [par nous, \"#pub\", \"pour {name}\"], en: "
	"[by us]}\n"
	"topics:\n  t: {fr: [concours], en: [contest*]}\nrules:\n" RULE("a", "category",
		"when: {origin: own_creation}, unless: {interest: project}, then: refuse") RULE("b",
		"disclosure", "when: {relation: any}, say: d, then: disclose") RULE("c", "mention",
		"say: {fr: [mot]}, link: [o.example/r], then: warn") RULE("d", "voice",
		"allow: [we], spokespersons: [Julie Roy], then: warn") RULE("e", "invite",
		"words: {fr: [et vous]}, then: warn") RULE("f", "neighbours",
		"then: refuse") RULE("g", "links", "forbid: unresolved, then: refuse") RULE("h",
		"links", "forbid: [bad.example], then: refuse") RULE("i", "languages",
		"require: pair, within: 1 days, then: warn") RULE("j", "access",
		"alt_text: yes, max_hashtags: 1, camel_hashtags: 5, then: warn") RULE("k", "quota",
		"count: {origin: client}, at_most: 1/3, window: 30 days, min_posts: 2, then: "
		"approve") RULE("l", "mix",
		"by: axis, target: {k: 40}, tolerance: 5, window: 9 days, then: warn") RULE("m",
		"quiet", "switch: s, hours: \"22:00-06:00\", then: refuse") RULE("n", "embargo",
		"until: 2026-05-04 06:00, words: [secret], links: [o.example/s], then: refuse")
		RULE("o", "category", "when: {topic: t}, overrides: [d, e], then: allow");

/* The same verdict without its words; and, as the first of a sequence, an answer. */
static void replay(TALLOC_CTX *mem, const struct pv_policy *policy, struct pv_str json,
	const struct pv_judgement *judgement)
{
	for (int sequence = 0; sequence < 2; sequence++) {
		struct pv_replay_plan plan = {.to = policy, .sequence = sequence};
		struct pv_replay *whole;
		struct pv_replay_post *post;
		struct pv_replay_outcome outcome;
		struct pv_case *c;
		struct pv_case_past past;
		if (pv_case_parse_past(mem, json.bytes, json.size, &c, &past, NULL, NULL, NULL) !=
			PV_OK)
			return; /* "verdict" or "figures" are not what belongs there */
		if (pv_replay_open(mem, &plan, &whole, NULL) != PV_OK ||
			pv_replay_hear(mem, mem, whole, NULL, c, &past, &post, NULL) != PV_OK ||
			pv_replay_settle(whole, post, &outcome, NULL) != PV_OK ||
			(!sequence && outcome.is != judgement->verdict))
			abort();
		PV_JSON json_t *summary = pv_replay_summary(whole);
		if (!summary)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pv_policy *policy;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_policy_problems problems;
	if (!policy && pv_policy_parse(pv_scope(NULL), text, sizeof text - 1, "fuzz", &policy,
			       &problems, &error) != PV_OK)
		abort();
	struct pv_case *c;
	struct pv_case_place place = {0};
	struct pv_str id;
	enum pv_status status =
		pv_case_parse(scope, (const char *)data, size, &c, &place, &id, &error);
	if (status == PV_INVALID && (place.line < 1 || place.column < 1 || !error.words.fr))
		abort();
	if (status != PV_OK)
		return 0;
	struct pv_judgement *judgement;
	status = pv_judge(scope, policy, c, &judgement, &error);
	if (status != PV_OK)
		return 0;
	if (judgement->verdict != PV_VERDICT_ALLOW && judgement->decided_by.n == 0)
		abort();
	for (size_t i = 0; i < judgement->n_remarks; i++)
		for (size_t k = 0; k < judgement->remarks[i].n_evidence; k++) {
			const struct pv_evidence *e = &judgement->remarks[i].evidence[k];
			if (e->has_span && (e->span.end_byte > c->post.text.size ||
						   e->span.start_byte > e->span.end_byte))
				abort();
		}
	PV_JSON json_t *whole = pv_judgement_to_json(judgement);
	if (!whole)
		abort();
	replay(scope, policy, (struct pv_str){.bytes = (const char *)data, .size = size},
		judgement);
	return 0;
}
