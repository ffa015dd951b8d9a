/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "court.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char court_head[] =
	"policy: court\n"
	"version: 3\n"
	"title: {fr: Une politique, en: A policy}\n"
	"timezone: America/Toronto\n"
	"default: allow\n"
	"fold: {facebook: 40}\n"
	"shorteners: [bit.ly, ow.ly]\n"
	"organisations:\n"
	"  house:\n"
	"    names: [La Maison, The House]\n"
	"    axes: [project, sharing]\n"
	"    domains: [house.example, shared.example/house]\n"
	"    handles: [\"@House\"]\n"
	"    partners: [friend]\n"
	"    interests:\n"
	"      - {names: [Le Client, Client inc.], relation: client, org: client, domains: "
	"[client.example], handles: [\"@Client\"]}\n"
	"  friend:\n"
	"    names: [L'Amie]\n"
	"    domains: [friend.example]\n"
	"    handles: [\"@Friend\"]\n"
	"  other:\n"
	"    names: [L'Autre]\n"
	"    domains: [other.example, xn--caf-dma.example, shared.example]\n"
	"    handles: [\"@Other\", \"@Été\"]\n"
	"  client:\n"
	"    names: [Le Client]\n"
	"    domains: [client.example]\n"
	"accounts:\n"
	"  house-fb: {owner: house, stance: organisation, platform: facebook}\n"
	"  house-x: {owner: house, stance: organisation, platform: x}\n"
	"  other-fb: {owner: other, stance: organisation, platform: facebook}\n"
	"  host-fb: {owner: other, stance: hosted, platform: facebook}\n"
	"  marc-x: {owner: marc, stance: personal, platform: x}\n"
	"approvals:\n"
	"  by: [editor]\n"
	"  count: 1\n"
	"  never: [author, same_interest]\n"
	"  valid: 14 days\n"
	"disclosures:\n"
	"  tie:\n"
	"    position: before_fold\n"
	"    fr: [écrit par nous, \"#pub\", \"fait pour {name}\"]\n"
	"    en: [written by us, \"#ad\", \"made for {name}\"]\n"
	"  opening:\n"
	"    position: start\n"
	"    fr: [\"Lien d'intérêt :\"]\n"
	"    en: [\"Disclosure:\"]\n"
	"topics:\n"
	"  contest: {fr: [concours, à gagner], en: [contest*]}\n"
	"  urgent:\n"
	"rules:\n";

struct pv_policy *court_policy(TALLOC_CTX *mem, const char *text)
{
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_policy *policy = NULL;
	struct pv_policy_problems problems;
	pv_policy_parse(mem, text, strlen(text), "court", &policy, &problems, &error);
	if (!policy)
		fail_msg("%s", error.words.en);
	return policy;
}

struct pv_policy *court_rules(TALLOC_CTX *mem, const char *rules)
{
	return court_policy(mem, talloc_asprintf(mem, "%s%s", court_head, rules));
}

struct pv_judgement *court_judge(
	TALLOC_CTX *mem, const struct pv_policy *policy, const char *members)
{
	char *json = talloc_asprintf(mem,
		"{\"id\":\"t\",\"account\":\"house-fb\",\"author\":\"marc\","
		"\"at\":\"2026-03-02T12:00:00-05:00\",\"post\":{\"text\":\"\",\"lang\":[\"fr\"]}"
		"%s%s}",
		members[0] ? "," : "", members);
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_case *c;
	struct pv_case_place place;
	struct pv_judgement *judgement = NULL;
	if (pv_case_parse(mem, json, strlen(json), &c, &place, NULL, &error) != PV_OK)
		fail_msg("%s at %d: %s", json, place.column, error.words.en);
	if (pv_judge(mem, policy, c, &judgement, &error) != PV_OK)
		fail_msg("%s: %s", json, error.words.en);
	return judgement;
}

static char *add(char *line, const char *name, const struct pv_rule_ids *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		line = talloc_asprintf_append(line, "%s%s", i ? "," : name, ids->items[i]);
	return line;
}

char *court_answer(TALLOC_CTX *mem, const struct pv_judgement *judgement)
{
	char *line = talloc_strdup(mem, pv_verdict_name(judgement->verdict));
	line = add(line, ":", &judgement->decided_by);
	line = add(line, " also:", &judgement->also);
	line = add(line, " satisfied:", &judgement->satisfied);
	line = add(line, " lifted:", &judgement->lifted);
	return add(line, " overridden:", &judgement->overridden);
}

const char *court_shared(void)
{
	static char path[4096];
	const char *given = getenv("PV_SHARED");
	snprintf(path, sizeof path, "%s", given ? given : PV_SOURCE_ROOT "/../shared");
	return access(path, R_OK) == 0 ? path : NULL;
}

char *court_read(TALLOC_CTX *mem, const char *folder, const char *name, size_t *out_size)
{
	char *path = talloc_asprintf(mem, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	char *text = NULL;
	size_t size = 0;
	for (;;) {
		text = talloc_realloc(mem, text, char, size + 65537);
		size_t n = fread(text + size, 1, 65536, file);
		size += n;
		if (n == 0)
			break;
	}
	fclose(file);
	text[size] = '\0';
	*out_size = size;
	return text;
}

void court_try(const struct court_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_policy *policy = court_rules(scope, rows[i].rules);
		struct pv_judgement *judgement = court_judge(scope, policy, rows[i].members);
		char *answer = court_answer(scope, judgement);
		if (strcmp(answer, rows[i].answer) != 0)
			fail_msg("%s: wanted \"%s\", got \"%s\" (%s)", rows[i].what, rows[i].answer,
				answer, judgement->explanation.en);
		assert_true(judgement->explanation.fr[0] && judgement->explanation.en[0]);
	}
}
