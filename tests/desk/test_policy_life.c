/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A version's way: drafted, edited, checked, adopted or not; the cases it is held against. */
#include "press.h"

#include "desk/audit.h"
#include "desk/policy_life.h"

#include <stdio.h>
#include <string.h>

static struct pv_policy_row draft(struct pv_press *p, const char *text)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	assert_ok(pv_desk_policy_draft(p->desk, p->w->mem, &p->h->owner, "coop", text, "essai",
			  &row, &problems, &p->w->error),
		p->w);
	return row;
}

static struct pv_policy_row see(struct pv_press *p, const char *id)
{
	struct pv_policy_row row;
	assert_ok(pv_desk_policy_find(p->desk, p->w->mem, &p->h->reader, id, &row, &p->w->error),
		p->w);
	return row;
}

static const char *stricter(struct pv_world *w)
{
	const char *at = strstr(pv_press_policy, "then: allow");
	return talloc_asprintf(w->mem, "%.*sthen: refuse%s", (int)(at - pv_press_policy),
		pv_press_policy, at + strlen("then: allow"));
}

static size_t audited(struct pv_press *p, const char *verb)
{
	struct pv_audit_row *rows = NULL;
	size_t n = 0, found = 0;
	assert_ok(pv_desk_audit_list(p->desk, p->w->mem, &p->h->owner, p->h->coop, 0, 200, &rows,
			  &n, &p->w->error),
		p->w);
	for (size_t i = 0; i < n; i++)
		found += strcmp(rows[i].verb, verb) == 0;
	return found;
}

/* ---- texts ------------------------------------------------------------------------------------- */

static void test_edits(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_row row, one = draft(p, pv_press_policy);
	struct pv_policy_problems problems;
	struct pv_policy_check check;
	struct pv_policy_edit edit = {.text = "policy: coop\n", .seen = one.digest};
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, one.id, &row, &check, &w->error),
		w);
	assert_string_equal(see(p, one.id).state, "checked");
	pv_press_advance(p, PV_SECOND_US);
	/* a text with problems is kept, and is a draft again */
	assert_ok(pv_desk_policy_edit(
			  p->desk, w->mem, &p->h->owner, one.id, &edit, &row, &problems, &w->error),
		w);
	assert_true(problems.n > 0);
	row = see(p, one.id);
	assert_string_equal(row.state, "draft");
	assert_string_equal(row.text, "policy: coop\n");
	assert_string_equal(row.checked, "");
	assert_string_equal(row.note, "essai");
	assert_int_equal(row.edited_at_us, pv_env_now_us(p->env));
	assert_int_equal(row.version, one.version);
	/* from what someone else had open */
	edit = (struct pv_policy_edit){.text = pv_press_policy, .seen = one.digest};
	assert_status(pv_desk_policy_edit(p->desk, w->mem, &p->h->owner, one.id, &edit, &row,
			      &problems, &w->error),
		PV_CONFLICT, w);
	assert_string_equal(see(p, one.id).text, "policy: coop\n");
	/* a note alone leaves the text and what was checked of it */
	edit = (struct pv_policy_edit){.text = pv_press_policy};
	assert_ok(pv_desk_policy_edit(
			  p->desk, w->mem, &p->h->owner, one.id, &edit, &row, &problems, &w->error),
		w);
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, one.id, &row, &check, &w->error),
		w);
	edit = (struct pv_policy_edit){.note = "Un mot."};
	assert_ok(pv_desk_policy_edit(
			  p->desk, w->mem, &p->h->owner, one.id, &edit, &row, &problems, &w->error),
		w);
	row = see(p, one.id);
	assert_string_equal(row.state, "checked");
	assert_string_equal(row.note, "Un mot.");
	edit = (struct pv_policy_edit){.text = "\xff"};
	assert_status(pv_desk_policy_edit(p->desk, w->mem, &p->h->owner, one.id, &edit, &row,
			      &problems, &w->error),
		PV_INVALID, w);
	assert_int_equal(audited(p, "policy.edit"), 3);
}

static void test_closed(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_row row, one = draft(p, pv_press_policy), two = draft(p, pv_press_policy);
	struct pv_policy_problems problems;
	struct pv_policy_check check;
	struct pv_policy_edit edit = {.text = pv_press_policy};
	assert_ok(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, one.id, PV_TIME_NONE, &row,
			  &check, &w->error),
		w);
	assert_ok(pv_desk_policy_drop(p->desk, w->mem, &p->h->owner, two.id, &w->error), w);
	assert_string_equal(see(p, two.id).state, "dropped");
	for (int i = 0; i < 2; i++) {
		const char *id = i ? one.id : two.id;
		assert_status(pv_desk_policy_edit(p->desk, w->mem, &p->h->owner, id, &edit, &row,
				      &problems, &w->error),
			PV_CONFLICT, w);
		assert_status(pv_desk_policy_drop(p->desk, w->mem, &p->h->owner, id, &w->error),
			PV_CONFLICT, w);
		assert_status(pv_desk_policy_run_check(
				      p->desk, w->mem, &p->h->owner, id, &row, &check, &w->error),
			PV_CONFLICT, w);
		assert_status(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, id, PV_TIME_NONE,
				      &row, &check, &w->error),
			PV_CONFLICT, w);
	}
	struct pv_policy_row three = draft(p, "policy: coop\n");
	assert_status(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, three.id, PV_TIME_NONE,
			      &row, &check, &w->error),
		PV_INVALID, w);
	assert_true(check.n_problems > 0 && strstr(check.json, "\"problems\":[{"));
	assert_string_equal(see(p, three.id).state, "draft");
}

static void test_too_many(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	for (int i = 0; i < PV_POLICY_DRAFTS_MAX; i++)
		row = draft(p, "policy: coop\n");
	assert_status(pv_desk_policy_draft(p->desk, w->mem, &p->h->owner, "coop", "policy: coop\n",
			      NULL, &row, &problems, &w->error),
		PV_TOO_LARGE, w);
	row = see(p, row.id);
	assert_ok(pv_desk_policy_drop(p->desk, w->mem, &p->h->owner, row.id, &w->error), w);
	draft(p, "policy: coop\n");
}

static void test_difference(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_row one = draft(p, pv_press_policy), two = draft(p, stricter(w));
	struct pv_policy_row three = draft(p, "policy: coop\n");
	struct pv_policy_changes changes;
	assert_ok(pv_desk_policy_difference(
			  p->desk, w->mem, &p->h->reader, one.id, two.id, &changes, &w->error),
		w);
	assert_int_equal(changes.n, 1);
	assert_string_equal(changes.items[0].words.en, "Verdict: allowed becomes refused.");
	assert_status(pv_desk_policy_difference(p->desk, w->mem, &p->h->reader, one.id, three.id,
			      &changes, &w->error),
		PV_INVALID, w);
	assert_status(pv_desk_policy_difference(p->desk, w->mem, &p->h->obs_owner, one.id, two.id,
			      &changes, &w->error),
		PV_NOT_FOUND, w);
}

/* ---- cases ------------------------------------------------------------------------------------- */

#define CASE(id, interest, verdict)                                                              \
	"{\"id\":\"" id "\",\"title\":\"Un titre\",\"account\":\"coop-fb\",\"author\":\"marc\"," \
	"\"at\":\"2026-03-02T12:00:00-05:00\",\"post\":{\"text\":\"Bonjour.\"},"                 \
	"\"declared\":{\"interest\":\"" interest "\"},\"expect\":{\"verdict\":\"" verdict "\"}}\n"

static enum pv_status replace(
	struct pv_press *p, const char *text, struct pv_case_problems *problems)
{
	return pv_desk_cases_replace(p->desk, p->w->mem, &p->h->owner, "coop", text, strlen(text),
		problems, &p->w->error);
}

static size_t how_many(struct pv_press *p)
{
	struct pv_policy_case_row *rows;
	size_t n;
	assert_ok(pv_desk_cases_list(
			  p->desk, p->w->mem, &p->h->owner, "coop", &rows, &n, &p->w->error),
		p->w);
	return n;
}

static const struct {
	const char *what, *text;
	int line, column; /* of the first complaint; 0: none */
	const char *en;
} texts[] = {
	{"nothing at all", "", 0, 0, NULL},
	{"two, blank lines and a last one without its end",
		"\n" CASE("a", "project", "allow") "\r\n   \n" CASE("b", "project", "warn"), 0, 0,
		NULL},
	{"an id that is a number",
		"{\"id\":7,\"account\":\"a\",\"author\":\"b\",\"at\":\"2026-03-02T12:00:00Z\","
		"\"post\":{},\"expect\":{\"verdict\":\"allow\",\"also\":[\"x\"]}}",
		0, 0, NULL},
	{"not JSON", CASE("a", "project", "allow") "{\"id\": oops}", 2, 8, NULL},
	{"an unknown word", CASE("a", "pleasure", "allow"), 1, 149, "not one the policy"},
	{"no id",
		"{\"account\":\"a\",\"author\":\"b\",\"at\":\"2026-03-02T12:00:00Z\",\"post\":{},"
		"\"expect\":{\"verdict\":\"allow\"}}",
		1, 1, "has an \"id\""},
	{"an id twice", CASE("a", "project", "allow") CASE("a", "project", "warn"), 2, 1,
		"already that of a case"},
	{"nothing expected",
		"{\"id\":\"a\",\"account\":\"a\",\"author\":\"b\",\"at\":"
		"\"2026-03-02T12:00:00Z\",\"post\":{}}",
		1, 1, "\"expect\" is missing"},
	{"no such verdict", CASE("a", "project", "perhaps"), 1, 1, "\"expect\" is missing"},
	{"an unknown list",
		"{\"id\":\"a\",\"account\":\"a\",\"author\":\"b\",\"at\":"
		"\"2026-03-02T12:00:00Z\",\"post\":{},\"expect\":{\"verdict\":"
		"\"allow\",\"because\":[]}}",
		1, 1, "has a verdict and the lists"},
	{"a name twice in an object",
		"{\"id\":\"a\",\"id\":\"b\",\"account\":\"a\",\"author\":"
		"\"b\",\"at\":\"2026-03-02T12:00:00Z\",\"post\":{},"
		"\"expect\":{\"verdict\":\"allow\"}}",
		1, 1, NULL},
};

static void test_case_texts(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_case_problems problems;
	for (size_t i = 0; i < PV_COUNT(texts); i++) {
		assert_ok(replace(p, CASE("stays", "project", "allow"), &problems), w);
		enum pv_status status = replace(p, texts[i].text, &problems);
		if (!texts[i].line) {
			assert_status(status, PV_OK, w);
			continue;
		}
		assert_status(status, PV_INVALID, w);
		assert_int_equal(how_many(p), 1); /* nothing was replaced */
		if (problems.items[0].line != texts[i].line ||
			problems.items[0].column != texts[i].column)
			fail_msg("%s: %d:%d %s", texts[i].what, problems.items[0].line,
				problems.items[0].column, problems.items[0].message.en);
		if (texts[i].en && !strstr(problems.items[0].message.en, texts[i].en))
			fail_msg("%s: %s", texts[i].what, problems.items[0].message.en);
		assert_true(strlen(problems.items[0].message.fr) > 10);
	}
	char *much = talloc_zero_size(w->mem, PV_CASES_BYTES_MAX + 2);
	memset(much, ' ', PV_CASES_BYTES_MAX + 1);
	assert_status(replace(p, much, &problems), PV_TOO_LARGE, w);
}

/* Adopting runs them; a check that is kept is believed until something changes. */
static void test_cases_are_run(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_case_problems problems;
	struct pv_policy_check check;
	struct pv_policy_row row, lax = draft(p, pv_press_policy), strict = draft(p, stricter(w));
	bool current = false;
	assert_ok(replace(p, CASE("project", "project", "allow"), &problems), w);
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, lax.id, &row, &check, &w->error),
		w);
	assert_true(check.passes);
	assert_string_equal(row.state, "checked");
	assert_non_null(strstr(check.json, "\"id\":\"project\",\"title\":\"Un titre\""));
	row = see(p, lax.id);
	assert_ok(pv_desk_policy_check_is_current(p->desk, w->mem, &row, &current, &w->error), w);
	assert_true(current);
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, strict.id, &row, &check, &w->error),
		w);
	assert_int_equal(check.n_failing, 1);
	assert_string_equal(row.state, "draft");
	assert_non_null(strstr(check.json, "\"got\":{\"verdict\":\"refuse\""));
	assert_status(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, strict.id, PV_TIME_NONE,
			      &row, &check, &w->error),
		PV_REFUSED, w);
	assert_int_equal(check.n_failing, 1);
	assert_string_equal(see(p, strict.id).state, "draft");
	assert_int_equal(audited(p, "policy.adopt"), 1); /* the house's own */
	/* what was checked before this case came is checked again */
	assert_ok(replace(p, CASE("project", "project", "refuse"), &problems), w);
	row = see(p, lax.id);
	assert_ok(pv_desk_policy_check_is_current(p->desk, w->mem, &row, &current, &w->error), w);
	assert_false(current);
	assert_status(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, lax.id, PV_TIME_NONE,
			      &row, &check, &w->error),
		PV_REFUSED, w);
	assert_ok(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, strict.id, PV_TIME_NONE, &row,
			  &check, &w->error),
		w);
	assert_string_equal(row.state, "adopted");
	assert_true(check.passes && strstr(row.checked, "\"passes\":true"));
}

/* Lists in any order; what cannot be judged does not pass, and says why. */
static void test_what_is_compared(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_case_problems problems;
	struct pv_policy_check check;
	struct pv_policy_row row, one = draft(p, pv_press_policy);
	const char *text =
		"{\"id\":\"order\",\"account\":\"coop-fb\",\"author\":\"marc\",\"at\":"
		"\"2026-03-02T12:00:00Z\",\"post\":{\"text\":\"x\"},\"declared\":{\"origin\":"
		"\"own_creation\",\"interest\":\"project\"},\"expect\":{\"verdict\":\"approve\","
		"\"decided_by\":[\"own-project\"],\"also\":[]}}\n"
		"{\"id\":\"wrong list\",\"account\":\"coop-fb\",\"author\":\"marc\",\"at\":"
		"\"2026-03-02T12:00:00Z\",\"post\":{\"text\":\"x\"},\"declared\":{\"origin\":"
		"\"own_creation\",\"interest\":\"project\"},\"expect\":{\"verdict\":\"approve\","
		"\"decided_by\":[\"own-project\",\"project\"]}}\n"
		"{\"id\":\"nowhere\",\"account\":\"nobody-knows\",\"author\":\"marc\",\"at\":"
		"\"2026-03-02T12:00:00Z\",\"post\":{\"text\":\"x\"},\"expect\":{\"verdict\":"
		"\"allow\"}}\n";
	assert_ok(replace(p, text, &problems), w);
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, one.id, &row, &check, &w->error),
		w);
	assert_int_equal(check.n_failing, 2);
	assert_non_null(strstr(check.json, "\"got\":null,\"passes\":false"));
	assert_non_null(strstr(check.json, "does not know the account"));
}

/* A post as it stands, with what it is judged by; of registers only what it meets. */
static void test_case_from_a_post(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_policy_case_row row;
	struct pv_policy_row version;
	struct pv_policy_check check;
	const char *id = pv_press_write(p, "Le pain : https://pain.example/", NULL);
	json_t *form = json_pack("{s:s,s:s,s:{s:s}}", "variant", id, "title", "Du pain", "expect",
		"verdict", "disclose");
	assert_ok(
		pv_desk_cases_add(p->desk, w->mem, &p->h->owner, "coop", form, &row, &w->error), w);
	assert_string_equal(row.name, id);
	assert_non_null(strstr(row.line, "pain.example"));
	assert_null(strstr(row.line, "carnet.example"));
	assert_ok(
		pv_desk_cases_add(p->desk, w->mem, &p->h->owner, "coop", form, &row, &w->error), w);
	assert_string_equal(row.name, talloc_asprintf(w->mem, "%s-2", id));
	json_decref(form);
	assert_int_equal(how_many(p), 2);
	version = draft(p, pv_press_policy);
	assert_ok(pv_desk_policy_run_check(
			  p->desk, w->mem, &p->h->owner, version.id, &version, &check, &w->error),
		w);
	assert_true(check.passes);
	form = json_pack("{s:s,s:{s:s}}", "variant", "01jnb3g0000000000000000030", "expect",
		"verdict", "allow");
	assert_status(
		pv_desk_cases_add(p->desk, w->mem, &p->h->owner, "coop", form, &row, &w->error),
		PV_NOT_FOUND, w);
	json_decref(form);
	form = json_pack("{s:s}", "variant", id);
	assert_status(
		pv_desk_cases_add(p->desk, w->mem, &p->h->owner, "coop", form, &row, &w->error),
		PV_INVALID, w);
	json_decref(form);
}

/* What was adopted before a guarantee was asked for does not come into force against it. */
static void test_guarantee_of_a_coming_version(struct pv_world *w)
{
	static const char own[] =
		"never: stance organisation, origin own_creation, interest unknown, "
		"verdict below approve";
	static const char nothing[] = "never: stance organisation, verdict below refuse";
	struct pv_press *p = pv_press_build(w);
	const char *then = strstr(pv_press_policy, "then: refuse");
	struct pv_policy_row row =
		draft(p, talloc_asprintf(w->mem, "%.*sthen: allow%s", (int)(then - pv_press_policy),
				 pv_press_policy, then + strlen("then: refuse")));
	struct pv_policy_check check;
	struct pv_guarantee_row kept;
	const char *in_force = NULL;
	pv_press_replay(p, row.id);
	assert_ok(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, row.id,
			  pv_env_now_us(p->env) + PV_DAY_US, &row, &check, &w->error),
		w);
	struct pv_error error = PV_ERROR_IN(w->mem);
	assert_int_equal(pv_desk_guarantee_add(p->desk, w->mem, &p->h->owner, "coop", own, "",
				 &kept, &in_force, &error),
		PV_CONFLICT);
	assert_non_null(strstr(error.words.en, "adopted for later"));
	/* set aside before its day, and it never was in force */
	assert_ok(pv_desk_policy_drop(p->desk, w->mem, &p->h->owner, row.id, &w->error), w);
	assert_string_equal(see(p, row.id).state, "dropped");
	assert_ok(pv_desk_guarantee_add(p->desk, w->mem, &p->h->owner, "coop", own, "", &kept,
			  &in_force, &w->error),
		w);
	assert_string_equal(in_force, "holds");
	assert_ok(pv_desk_guarantee_add(p->desk, w->mem, &p->h->owner, "coop", nothing, "", &kept,
			  &in_force, &w->error),
		w);
	assert_string_equal(in_force, "broken");
	pv_press_advance(p, 2 * PV_DAY_US);
	const struct pv_policy *policy;
	assert_ok(pv_desk_policy_in_force(p->desk, w->mem, p->h->coop, pv_env_now_us(p->env), &row,
			  &policy, &w->error),
		w);
	assert_int_equal(row.version, 1);
	assert_status(pv_desk_policy_drop(p->desk, w->mem, &p->h->owner, row.id, &w->error),
		PV_CONFLICT, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_edits),
		PV_BOTH(test_closed),
		PV_BOTH(test_too_many),
		PV_BOTH(test_difference),
		PV_BOTH(test_case_texts),
		PV_BOTH(test_cases_are_run),
		PV_BOTH(test_what_is_compared),
		PV_BOTH(test_case_from_a_post),
		PV_BOTH(test_guarantee_of_a_coming_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
