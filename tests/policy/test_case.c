/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cases as JSON: what is read, what is refused and where. */
#include "court.h"

#define MIN "\"account\":\"a\",\"author\":\"b\",\"at\":\"2026-03-02T12:00:00-05:00\",\"post\":{}"

static void whole(void **state)
{
	(void)state;
	static const char json[] =
		"{ \"id\" : \"D\\u00e91\", \"title\": {\"any\": [1, 2]}, " MIN
		",\"people\":{\"b\":{\"name\":\"Bé\","
		"\"roles\":[\"x\",\"y\"],\"interests\":[{\"names\":[\"N\"],\"relation\":\"gifted\","
		"\"org\":\"o\","
		"\"domains\":[\"d.example\"],\"handles\":[\"@h\"],\"feeds\":[\"https://d.example/"
		"f\"],\"until\":\"2026-03-31\"}]}},"
		"\"post\":{\"kind\":\"reply\",\"pinned\":true,\"lang\":[\"fr\",\"en\"],\"text\":"
		"\"a\\nb\","
		"\"item\":\"https://i.example\",\"media\":[{\"type\":\"image\",\"alt\":\"x\"}],"
		"\"edited_at\":\"2026-03-01T00:00:"
		"00Z\","
		"\"pair\":{\"lang\":\"en\",\"at\":\"2026-03-02T00:00:00Z\"}},"
		"\"declared\":{\"origin\":\"client\",\"interest\":\"commercial\",\"relation\":["
		"\"paid\"],"
		"\"human\":\"faces\",\"axis\":\"z\",\"topic\":[\"t\"],\"sponsored\":true,"
		"\"consent\":\"yes\","
		"\"relevance\":\"members\"},\"resolves\":{\"s\":\"l\",\"u\":null},"
		"\"pages\":{\"s\":{\"leads_to\":\"l\",\"canonical\":\"c\",\"authors\":[{\"name\":"
		"\"n\","
		"\"urls\":[\"a\",\"b\"],\"via\":\"x\"},{\"urls\":\"a\"}],\"me\":[\"m\"],\"feeds\":"
		"\"f\","
		"\"more\":[[1]]},\"t\":null},"
		"\"approvals\":[{\"by\":\"c\",\"at\":\"2026-03-02T00:00:00Z\"}],\"switches\":["
		"\"m\"],"
		"\"history\":[{\"at\":\"2026-02-02T00:00:00Z\",\"account\":\"q\",\"author\":\"r\","
		"\"kind\":\"share\","
		"\"origin\":\"partner\",\"interest\":\"project\",\"axis\":\"z\",\"relation\":["
		"\"owner\"],"
		"\"topic\":\"t\",\"times\":3}],\"expect\":null}";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct pv_case *c;
	struct pv_str id;
	assert_int_equal(pv_case_parse(scope, json, sizeof json - 1, &c, NULL, &id, &error), PV_OK);
	assert_true(pv_str_equal(id, pv_str("\"D\\u00e91\"")));
	assert_int_equal(c->n_people, 1);
	assert_true(pv_str_equal(c->people[0].name, pv_str("Bé")));
	assert_int_equal(c->people[0].n_roles, 2);
	assert_int_equal(c->people[0].interests[0].relation, PV_RELATION_GIFTED);
	assert_int_equal(c->people[0].interests[0].until_day, pv_days_from_civil(2026, 3, 31));
	assert_true(c->post.pinned && c->post.kind == PV_REPLY);
	assert_true(pv_str_equal(c->post.text, pv_str("a\nb")));
	assert_int_equal(c->post.n_lang, 2);
	assert_int_equal(c->declared.relation, 1u << PV_RELATION_PAID);
	assert_int_equal(c->declared.human, 1u << PV_HUMAN_FACES);
	assert_true(c->declared.sponsored && c->declared.consent);
	assert_int_equal(c->n_resolves, 1);
	assert_int_equal(c->people[0].interests[0].n_feeds, 1);
	assert_true(pv_str_equal(c->post.item, pv_str("https://i.example")));
	assert_int_equal(c->n_pages, 2);
	assert_true(pv_str_equal(c->pages[0].url, pv_str("s")));
	assert_true(pv_str_equal(c->pages[0].leads_to, pv_str("l")));
	assert_true(pv_str_equal(c->pages[0].canonical, pv_str("c")));
	assert_int_equal(c->pages[0].n_authors, 2);
	assert_int_equal(c->pages[0].authors[0].n_urls, 2);
	assert_int_equal(c->pages[0].authors[1].n_urls, 1);
	assert_int_equal(c->pages[0].n_me + c->pages[0].n_feeds, 2);
	assert_int_equal(c->history[0].times, 3);
	assert_int_equal(c->history[0].n_topic, 1);
	assert_int_equal(c->at_us, INT64_C(1772470800000000));
}

static void refused(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		int line, column;
		const char *words, *id;
	} rows[] = {
		{"", 1, 1, "A case is an object", ""},
		{"null", 1, 1, "A case is an object", ""},
		{"[]", 1, 1, "A case is an object", ""},
		{"{\"id\":\"x\",", 1, 11, "", "\"x\""},
		{"{\"id\":7}", 1, 1, "\"account\" is missing", "7"},
		{"{\"id\":{}," MIN "}", 1, 7, "An id is a text", ""},
		{"{" MIN "} x", 1, 0, "", ""},
		{"{\"author\":\"é\",\"at\":\"noon\"}", 1, 20, "Here goes an instant", ""},
		{"{" MIN ",\"declared\":{\"origin\":\"mine\"}}", 1, 0,
			"not one the policy format knows", ""},
		{"{" MIN ",\"declared\":{\"human\":[\"faces\",\"hands\"]}}", 1, 0,
			"A word of this list", ""},
		{"{" MIN ",\"post\":[]}", 1, 0, "Here goes an object", ""},
		{"{" MIN ",\"switches\":{}}", 1, 0, "Here goes a list", ""},
		{"{" MIN ",\"post\":{\"text\":7}}", 1, 0, "Here goes a quoted text", ""},
		{"{" MIN ",\"post\":{\"text\":\"a\\u0000b\"}}", 1, 0, "no null character", ""},
		{"{" MIN ",\"declared\":{\"consent\":\"maybe\"}}", 1, 0, "true or false", ""},
		{"{" MIN ",\"history\":[{}]}", 1, 0, "lacks its \"at\"", ""},
		{"{" MIN ",\"approvals\":[{\"by\":\"x\"}]}", 1, 0, "lacks its \"at\"", ""},
		{"{" MIN ",\"people\":{\"b\":{\"interests\":[{\"names\":[]}]}}}", 1, 0,
			"lacks its \"relation\"", ""},
		{"{" MIN ",\n \"at\": \"x\"}", 2, 8, "Here goes an instant", ""},
		{"{\"at\":null,\"account\":\"a\",\"author\":\"b\",\"post\":{}}", 1, 1,
			"\"at\" is missing", ""},
		{"{\"id\":\"\xff\"}", 1, 0, "", ""},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_case *c;
		struct pv_case_place place = {0};
		struct pv_str id;
		if (pv_case_parse(scope, rows[i].json, strlen(rows[i].json), &c, &place, &id,
			    &error) != PV_INVALID)
			fail_msg("%s is taken", rows[i].json);
		if (!strstr(error.words.en, rows[i].words) || !pv_str_equal(id, pv_str(rows[i].id)))
			fail_msg("%s: %s (id %.*s)", rows[i].json, error.words.en, (int)id.size,
				id.bytes);
		if (place.line != rows[i].line ||
			(rows[i].column && place.column != rows[i].column))
			fail_msg("%s: at %d:%d", rows[i].json, place.line, place.column);
		assert_true(error.words.fr[0] != '\0');
	}
}

static void memory_runs_out(void **state)
{
	(void)state;
	/* a talloc limit in place of a failing malloc: every limit must end in PV_NOMEM or in success */
	static const char json[] =
		"{" MIN ",\"post\":{\"text\":\"Lu: https://bit.ly/a #x @y\",\"lang\":[\"fr\"]},"
		"\"people\":{\"b\":{\"interests\":[{\"names\":[\"N\"],\"relation\":\"owner\","
		"\"domains\":[\"É.example/x\"],\"feeds\":[\"https://f.example\"]}]}},"
		"\"pages\":{\"https://bit.ly/a\":{\"leads_to\":\"https://l.example/"
		"Été\",\"canonical\":"
		"\"https://c.example\",\"authors\":[{\"name\":\"N\",\"urls\":[\"@y\",\"https://"
		"x.com/y\"]}],"
		"\"feeds\":[\"https://f.example/?a\"]}}}";
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_policy *policy = court_rules(scope,
		"  - {id: a, kind: voice, label: {fr: a, en: b}, allow: [we], then: warn}\n"
		"  - {id: b, kind: disclosure, label: {fr: a, en: b}, say: tie, then: disclose}\n");
	bool done = false;
	for (size_t limit = 256; !done; limit += 256) {
		TALLOC_CTX *small = talloc_new(scope);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
		talloc_set_memlimit(small, limit);
#pragma GCC diagnostic pop
		struct pv_case *c;
		struct pv_judgement *judgement;
		enum pv_status status =
			pv_case_parse(small, json, sizeof json - 1, &c, NULL, NULL, NULL);
		if (status == PV_OK) {
			c->account = pv_str("house-fb");
			status = pv_judge(small, policy, c, &judgement, NULL);
		}
		assert_true(status == PV_OK || status == PV_NOMEM);
		done = status == PV_OK;
		if (done)
			assert_string_equal(court_answer(scope, judgement), "disclose:b also:a");
		talloc_free(small);
		assert_true(limit < 1 << 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(refused),
		cmocka_unit_test(memory_runs_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
