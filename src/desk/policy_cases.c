/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Example posts with the verdict that is expected: kept beside the policy, run before it is adopted. */
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/policy_parts.h"
#include "desk/turn.h"
#include "desk/variants.h"

#include "base/str.h"

#include <string.h>

enum { NAME_MAX_BYTES = 100, TITLE_MAX = 300 };

static const char *const list_names[] = {"decided_by", "also", "satisfied", "lifted", "overridden"};

/* ---- running --------------------------------------------------------------------------------- */

static json_t *ids_json(const struct pv_rule_ids *ids)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ids->n; i++)
		json_array_append_new(list, json_string(ids->items[i]));
	return list;
}

static json_t *got_json(const struct pv_judgement *judgement)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "verdict",
		pv_verdict_name(judgement->verdict), "decided_by", ids_json(&judgement->decided_by),
		"also", ids_json(&judgement->also), "satisfied", ids_json(&judgement->satisfied),
		"lifted", ids_json(&judgement->lifted), "overridden",
		ids_json(&judgement->overridden));
}

static bool holds_all(const json_t *list, const json_t *other)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		size_t k = 0;
		while (k < json_array_size(other) &&
			!json_equal(json_array_get(list, i), json_array_get(other, k)))
			k++;
		if (k == json_array_size(other))
			return false;
	}
	return true;
}

/* As far as it says something: the verdict, and those lists that are given, in any order. */
static bool as_expected(const json_t *expect, const json_t *got)
{
	if (!json_equal(json_object_get(expect, "verdict"), json_object_get(got, "verdict")))
		return false;
	for (size_t i = 0; i < PV_COUNT(list_names); i++) {
		const json_t *wanted = json_object_get(expect, list_names[i]);
		const json_t *is = json_object_get(got, list_names[i]);
		if (wanted && !(holds_all(wanted, is) && holds_all(is, wanted)))
			return false;
	}
	return true;
}

/* A title may be one text, or one in each language. */
static json_t *title_of(const json_t *whole)
{
	const json_t *title = json_object_get(whole, "title");
	if (json_is_string(title) || json_is_object(title))
		return json_incref((json_t *)(uintptr_t)title);
	return json_null();
}

static enum pv_status run_case(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_policy_case_row *row, json_t *into, size_t *failing, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	PV_JSON json_t *whole = NULL;
	struct pv_error said = PV_ERROR_IN(scope);
	struct pv_case *c = NULL;
	struct pv_judgement *judgement = NULL;
	size_t size = strlen(row->line);
	enum pv_status status = pv_json_parse(row->line, size, &whole, &said);
	if (status == PV_OK)
		status = pv_case_parse(scope, row->line, size, &c, NULL, NULL, &said);
	if (status == PV_OK)
		status = pv_judge(scope, policy, c, &judgement, &said);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	const json_t *expect = json_object_get(whole, "expect");
	PV_JSON json_t *got = status == PV_OK ? got_json(judgement) : json_null();
	bool passes = status == PV_OK && as_expected(expect, got);
	*failing += !passes;
	json_array_append_new(into,
		json_pack("{s:s, s:o, s:O?, s:O, s:b, s:o}", "id", row->name, "title",
			title_of(whole), "expected", expect, "got", got, "passes", passes,
			"explanation",
			pv_words_json(status == PV_OK ? &judgement->explanation : &said.words)));
	return PV_OK;
}

enum pv_status pv_cases_run(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_policy_case_row *rows, size_t n, json_t *into, size_t *out_failing,
	struct pv_error *error)
{
	enum pv_status status = PV_OK;
	*out_failing = 0;
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = run_case(mem, policy, &rows[i], into, out_failing, error);
	return status;
}

/* ---- reading a text of them ------------------------------------------------------------------ */

struct reading {
	TALLOC_CTX *mem;
	const char *organization_id;
	struct pv_policy_case_row *rows;
	size_t n;
	struct pv_case_problems problems;
	bool nomem;
};

static void complain(struct reading *reading, int line, int column, const char *fr, const char *en)
{
	struct pv_case_problems *problems = &reading->problems;
	if (problems->n >= PV_POLICY_PROBLEMS_MAX)
		return;
	struct pv_policy_problem *items = talloc_realloc(
		reading->mem, problems->items, struct pv_policy_problem, problems->n + 1);
	const char *french = talloc_strdup(reading->mem, fr);
	const char *english = talloc_strdup(reading->mem, en);
	reading->nomem |= !items || !french || !english;
	if (reading->nomem)
		return;
	problems->items = items;
	items[problems->n++] = (struct pv_policy_problem){line, column, {french, english}};
}

/* What is wrong with "expect"; NULL words: nothing. */
static struct pv_words expect_wrong(const json_t *expect)
{
	const char *name;
	json_t *value;
	enum pv_verdict verdict;
	const char *said = pv_json_text(expect, "verdict");
	if (!said || !pv_verdict_parse(said, &verdict))
		return (struct pv_words){"Il manque « expect » avec un verdict : {\"verdict\": "
					 "\"allow\"}.",
			"\"expect\" is missing, with a verdict: {\"verdict\": \"allow\"}."};
	json_object_foreach((json_t *)(uintptr_t)expect, name, value)
	{
		bool known = strcmp(name, "verdict") == 0;
		for (size_t i = 0; i < PV_COUNT(list_names); i++)
			known |= strcmp(name, list_names[i]) == 0 && json_is_array(value);
		if (!known)
			return (struct pv_words){
				"« expect » a un verdict et les listes decided_by, also, "
				"satisfied, lifted, overridden.",
				"\"expect\" has a verdict and the lists decided_by, also, "
				"satisfied, lifted, overridden."};
	}
	return (struct pv_words){NULL, NULL};
}

static bool name_taken(const struct reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->n; i++)
		if (strcmp(reading->rows[i].name, name) == 0)
			return true;
	return false;
}

/* The name a row is kept by: the id, a text or a number. NULL: none that will do. */
static const char *name_of(TALLOC_CTX *mem, const json_t *whole)
{
	const json_t *id = json_object_get(whole, "id");
	const char *text = json_string_value(id);
	if (json_is_integer(id))
		return talloc_asprintf(mem, "%lld", (long long)json_integer_value(id));
	return text && *text && strlen(text) <= NAME_MAX_BYTES ? talloc_strdup(mem, text) : NULL;
}

static void keep_line(struct reading *reading, int line, const json_t *whole, const char *text)
{
	const char *name = name_of(reading->mem, whole);
	struct pv_words wrong = expect_wrong(json_object_get(whole, "expect"));
	if (!name)
		complain(reading, line, 1, "Chaque exemple a un « id » : un texte court.",
			"Each case has an \"id\": a short text.");
	else if (name_taken(reading, name))
		complain(reading, line, 1, "Cet « id » est déjà celui d'un exemple plus haut.",
			"This \"id\" is already that of a case above.");
	else if (wrong.fr)
		complain(reading, line, 1, wrong.fr, wrong.en);
	else if (reading->n >= PV_CASES_MAX)
		complain(reading, line, 1, "Il y a trop d'exemples.", "There are too many cases.");
	else
		reading->rows[reading->n++] = (struct pv_policy_case_row){
			.organization_id = reading->organization_id,
			.position = (int64_t)reading->n + 1,
			.name = name,
			.line = text,
		};
}

static void read_line(struct reading *reading, int line, const char *bytes, size_t size)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(reading->mem);
	struct pv_error said = PV_ERROR_IN(scope);
	struct pv_case_place place = {1, 1};
	struct pv_case *c = NULL;
	PV_JSON json_t *whole = NULL;
	char *text = talloc_strndup(reading->mem, bytes, size);
	if (!scope || !text) {
		reading->nomem = true;
		return;
	}
	enum pv_status status = pv_case_parse(scope, text, size, &c, &place, NULL, &said);
	if (status == PV_OK)
		status = pv_json_parse(text, size, &whole, &said);
	if (status == PV_OK)
		keep_line(reading, line, whole, text);
	else if (status == PV_NOMEM)
		reading->nomem = true;
	else
		complain(reading, line, place.column, said.words.fr, said.words.en);
}

static enum pv_status read_lines(
	struct reading *reading, const char *text, size_t size, struct pv_error *error)
{
	int line = 1;
	if (size > PV_CASES_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "%d octets au plus.", "At most %d bytes.",
			PV_CASES_BYTES_MAX);
	reading->rows = talloc_zero_array(reading->mem, struct pv_policy_case_row, PV_CASES_MAX);
	if (!reading->rows)
		return pv_fail_nomem(error);
	for (const char *at = text, *end = text + size; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((stop ? stop : end) - at);
		if (length && at[length - 1] == '\r')
			length--;
		size_t blank = 0;
		while (blank < length && (at[blank] == ' ' || at[blank] == '\t'))
			blank++;
		if (blank < length)
			read_line(reading, line, at, length);
		at = stop ? stop + 1 : end;
	}
	if (reading->nomem)
		return pv_fail_nomem(error);
	if (reading->problems.n)
		return pv_fail(error, PV_INVALID,
			"Ces exemples sont à revoir, d'abord à la ligne %1$d : %2$s%3$.0s",
			"These cases need another look, first at line %1$d: %2$.0s%3$s",
			reading->problems.items[0].line, reading->problems.items[0].message.fr,
			reading->problems.items[0].message.en);
	return PV_OK;
}

/* ---- the verbs ------------------------------------------------------------------------------- */

static enum pv_status may(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *organization_id, enum pv_power power, const char **out, struct pv_error *error)
{
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, out, error);
	return status == PV_OK ? pv_desk_may(desk, actor, *out, power, error) : status;
}

enum pv_status pv_desk_cases_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_case_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = may(desk, mem, actor, organization_id, PV_MAY_GOVERN, &id, error);
	return status == PV_OK ? pv_policy_case_list(desk->db, mem, id, out, out_n, error) : status;
}

static const char *digest_of(
	TALLOC_CTX *mem, const struct pv_policy_case_row *rows, size_t n, char out[PV_DIGEST_SIZE])
{
	struct pv_buf all = PV_BUF(mem, PV_CASES_BYTES_MAX * 2);
	for (size_t i = 0; i < n; i++) {
		pv_buf_text(&all, rows[i].line);
		pv_buf_char(&all, '\n');
	}
	pv_digest(all.bytes ? all.bytes : "", all.size, out);
	return out;
}

static enum pv_status write_all(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct reading *reading, struct pv_error *error)
{
	struct pv_policy_case_row *was = NULL;
	size_t n_was = 0;
	char before[PV_DIGEST_SIZE], after[PV_DIGEST_SIZE];
	const char *id = reading->organization_id;
	enum pv_status status = pv_desk_may(desk, actor, id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_policy_case_list(desk->db, mem, id, &was, &n_was, error);
	if (status == PV_OK)
		status = pv_policy_case_clear(desk->db, id, error);
	for (size_t i = 0; status == PV_OK && i < reading->n; i++)
		status = pv_policy_case_insert(desk->db, &reading->rows[i], error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = id,
		.verb = "cases.replace",
		.object = id,
		.before = pv_audit_pack(mem, "{s:I,s:s}", "cases", (json_int_t)n_was, "digest",
			digest_of(mem, was, n_was, before)),
		.after = pv_audit_pack(mem, "{s:I,s:s}", "cases", (json_int_t)reading->n, "digest",
			digest_of(mem, reading->rows, reading->n, after))};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_cases_replace(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text, size_t size,
	struct pv_case_problems *out_problems, struct pv_error *error)
{
	struct reading reading = {.mem = mem};
	struct pv_turn turn;
	*out_problems = (struct pv_case_problems){0};
	enum pv_status status = may(
		desk, mem, actor, organization_id, PV_MAY_GOVERN, &reading.organization_id, error);
	if (status == PV_OK)
		status = read_lines(&reading, text, size, error);
	*out_problems = reading.problems;
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, write_all(desk, mem, actor, &reading, error), error);
	if (status == PV_OK)
		pv_desk_changed(desk, "policy", reading.organization_id, "");
	return status;
}

/* ---- one more, from a post ------------------------------------------------------------------- */

/* Nobody's register is told but the entries that this post meets. */
static enum pv_status slim_registers(TALLOC_CTX *mem, struct pv_desk *desk,
	const struct pv_variant_row *row, json_t *whole, struct pv_error *error)
{
	struct pv_policy_row version;
	const struct pv_policy *policy = NULL;
	struct pv_case *c = NULL;
	bool *met = NULL;
	size_t at = 0;
	const char *slug;
	json_t *person;
	char *text = pv_json_dump(mem, whole);
	if (!text)
		return pv_fail_nomem(error);
	enum pv_status status = pv_desk_policy_in_force(desk, mem, row->organization_id,
		pv_env_now_us(desk->env), &version, &policy, error);
	if (status == PV_OK)
		status = pv_case_parse(mem, text, strlen(text), &c, NULL, NULL, error);
	if (status == PV_OK)
		status = pv_case_ties_met(mem, policy, c, &met, error);
	if (status != PV_OK)
		return status;
	json_object_foreach(json_object_get(whole, "people"), slug, person)
	{
		json_t *ties = json_object_get(person, "interests"), *kept = json_array();
		for (size_t i = 0; i < json_array_size(ties); i++)
			if (met[at++])
				json_array_append(kept, json_array_get(ties, i));
		json_object_set_new(person, "interests", kept);
	}
	return PV_OK;
}

static enum pv_status read_form(TALLOC_CTX *mem, const json_t *form, const char **out_variant,
	const char **out_title, struct pv_error *error)
{
	static const char *const known[] = {"variant", "title", "expect", NULL};
	struct pv_form reading;
	pv_form_begin(&reading, mem, form, known, error);
	*out_variant = pv_form_text(&reading, "variant", PV_ID_LENGTH, PV_FORM_NEEDED);
	*out_title = pv_form_text(&reading, "title", TITLE_MAX, PV_FORM_OPTIONAL);
	struct pv_words wrong = expect_wrong(json_object_get(form, "expect"));
	if (wrong.fr)
		pv_form_problem(&reading, "expect", wrong.fr, wrong.en);
	return pv_form_status(&reading);
}

/* The post's case under a name that is free, with what is expected of it. */
static enum pv_status make_case(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *form,
	const struct pv_variant_row *variant, const char *title, json_t **out,
	struct pv_error *error)
{
	struct pv_judging judging = {
		.row = variant, .at_us = pv_variant_at(variant, pv_env_now_us(desk->env))};
	struct pv_judged judged;
	json_t *whole = NULL;
	enum pv_status status = pv_variant_judge(desk, mem, &judging, &judged, error);
	if (status == PV_OK)
		status = pv_json_parse(
			judged.answer.input, strlen(judged.answer.input), &whole, error);
	if (status == PV_OK)
		status = slim_registers(mem, desk, variant, whole, error);
	if (status != PV_OK) {
		json_decref(whole);
		return status;
	}
	if (title)
		json_object_set_new(whole, "title", json_string(title));
	json_object_set(whole, "expect", json_object_get(form, "expect"));
	*out = whole;
	return PV_OK;
}

static enum pv_status add_one(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	json_t *whole, const char *variant_id, struct pv_policy_case_row *row,
	struct pv_error *error)
{
	struct pv_policy_case_row *rows = NULL;
	size_t n = 0, bytes = 0;
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_policy_case_list(desk->db, mem, row->organization_id, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct reading there = {.rows = rows, .n = n};
	row->name = variant_id;
	for (int number = 2; row->name && name_taken(&there, row->name); number++)
		row->name = talloc_asprintf(mem, "%s-%d", variant_id, number);
	json_object_set_new(whole, "id", json_string(row->name ? row->name : ""));
	row->position = n ? rows[n - 1].position + 1 : 1;
	row->line = pv_json_dump(mem, whole);
	if (!row->name || !row->line)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++)
		bytes += strlen(rows[i].line) + 1;
	if (n >= PV_CASES_MAX || bytes + strlen(row->line) > PV_CASES_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Il y a trop d'exemples : retirez-en.",
			"There are too many cases: take some away.");
	status = pv_policy_case_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "cases.add",
		.object = variant_id,
		.after = pv_audit_pack(mem, "{s:s,s:O}", "name", row->name, "expect",
			json_object_get(whole, "expect"))};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_cases_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_policy_case_row *out, struct pv_error *error)
{
	struct pv_policy_case_row row = {0};
	struct pv_variant_row variant;
	PV_JSON json_t *whole = NULL;
	const char *variant_id = NULL, *title = NULL;
	struct pv_turn turn;
	enum pv_status status =
		may(desk, mem, actor, organization_id, PV_MAY_GOVERN, &row.organization_id, error);
	if (status == PV_OK)
		status = read_form(mem, form, &variant_id, &title, error);
	if (status == PV_OK)
		status =
			pv_variant_open(desk, mem, actor, variant_id, PV_MAY_READ, &variant, error);
	if (status == PV_OK && strcmp(variant.organization_id, row.organization_id) != 0)
		status = pv_fail(error, PV_NOT_FOUND, "Cette variante n'existe pas ici.",
			"There is no such variant here.");
	if (status == PV_OK)
		status = make_case(desk, mem, form, &variant, title, &whole, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(
		&turn, add_one(desk, mem, actor, whole, variant.id, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", row.organization_id, "");
	return PV_OK;
}
