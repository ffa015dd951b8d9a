/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands where: the calendar's posts with and without a time, and what waits for a person. */
#include "press.h"

#include "base/id.h"
#include "desk/calendar.h"
#include "desk/cursor.h"
#include "desk/conversations.h"
#include "desk/today.h"

#include <string.h>

#define PROJECT "{'origin':'organisation','interest':'project','axis':'project'}"

static size_t in_calendar(
	struct pv_press *p, int64_t from_us, int64_t before_us, struct pv_variant_row **rows)
{
	size_t n;
	assert_ok(pv_desk_calendar(p->desk, p->w->mem, &p->manager, p->h->coop, from_us, before_us,
			  NULL, rows, &n, &p->w->error),
		p->w);
	size_t n_mine;
	struct pv_variant_row *mine;
	assert_ok(pv_desk_calendar(p->desk, p->w->mem, &p->manager, NULL, from_us, before_us, NULL,
			  &mine, &n_mine, &p->w->error),
		p->w);
	assert_int_equal(n, n_mine);
	return n;
}

static const char *sent_now(struct pv_press *p, const char *text, int64_t after_us)
{
	struct pv_desk_variant *v;
	const char *id = pv_press_write(p, text, PROJECT);
	assert_ok(
		pv_desk_variant_publish_now(p->desk, p->w->mem, &p->manager, id, &v, &p->w->error),
		p->w);
	assert_int_equal(v->row.due_at_us, PV_TIME_NONE);
	pv_press_advance(p, after_us);
	struct pv_publication_row row = *pv_press_see(p, id)->publication;
	row.state = "published";
	row.remote_id = id;
	row.published_at_us = pv_env_now_us(p->env);
	assert_ok(pv_publication_move(p->w->db, &row, "planned", &p->w->error), p->w);
	assert_ok(pv_desk_variant_sent(p->desk, p->w->mem, &row, &p->w->error), p->w);
	pv_press_stage(p, id, "done");
	return id;
}

/* Sent without a time, and three days late: it stands where readers saw it, between the others. */
static void test_published_now_stays(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_variant *v;
	struct pv_variant_row *rows;
	int64_t start_us = pv_env_now_us(p->env);
	const char *late = sent_now(p, "Parti sans heure.", 3 * PV_DAY_US);
	int64_t published_us = pv_env_now_us(p->env);
	struct pv_due due = {.kind = PV_DUE_AT, .at_us = published_us + PV_DAY_US};
	const char *planned = pv_press_write(p, "Prévu demain.", PROJECT);
	assert_ok(pv_desk_variant_submit(p->desk, w->mem, &p->manager, planned, &v, &w->error), w);
	assert_ok(pv_desk_variant_schedule(
			  p->desk, w->mem, &p->manager, planned, &due, &v, &w->error),
		w);
	pv_press_write(p, "Jamais prévu.", PROJECT);
	assert_int_equal(in_calendar(p, start_us, start_us + 30 * PV_DAY_US, &rows), 2);
	assert_string_equal(rows[0].id, late);
	assert_int_equal(rows[0].at_us, published_us);
	assert_string_equal(rows[1].id, planned);
	assert_int_equal(rows[1].at_us, due.at_us);
	/* asked for on one day, published on another: the day of its publication alone */
	assert_int_equal(in_calendar(p, start_us - PV_DAY_US, start_us + PV_DAY_US, &rows), 0);
	assert_int_equal(in_calendar(p, published_us, published_us + 1, &rows), 1);
	assert_int_equal(in_calendar(p, published_us + 1, published_us + PV_HOUR_US, &rows), 0);
	/* on its way: where it is about to leave */
	const char *leaving = pv_press_write(p, "Part à l'instant.", PROJECT);
	int64_t now_us = pv_env_now_us(p->env);
	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, leaving, &v, &w->error),
		w);
	assert_int_equal(in_calendar(p, published_us, now_us + PV_HOUR_US, &rows), 2);
	assert_string_equal(rows[1].id, leaving);
	assert_int_equal(rows[1].at_us, now_us);
}

static int64_t counted(const struct pv_today *today, const char *kind)
{
	for (size_t i = 0; i < today->n_counts; i++)
		if (strcmp(today->counts[i].kind, kind) == 0)
			return today->counts[i].n;
	return -1;
}

static const struct pv_today_item *listed(const struct pv_today *today, const char *kind)
{
	for (size_t i = 0; i < today->n_items; i++)
		if (strcmp(today->items[i].kind, kind) == 0)
			return &today->items[i];
	return NULL;
}

/* Today holds so many of each, and the list as many as it says. */
static struct pv_today expect(struct pv_press *p, int64_t held, int64_t conversations, int64_t open)
{
	struct pv_world *w = p->w;
	struct pv_today today;
	struct pv_conversation_row *rows;
	size_t n;
	assert_ok(pv_desk_today(p->desk, w->mem, &p->manager, &today, &w->error), w);
	assert_int_equal(counted(&today, "held_comment"), held);
	assert_int_equal(counted(&today, "conversation"), conversations);
	assert_int_equal(counted(&today, "open_conversation"), open);
	assert_int_equal(listed(&today, "held_comment") != NULL, held > 0);
	assert_int_equal(listed(&today, "conversation") != NULL, conversations > 0);
	assert_null(listed(&today, "open_conversation"));
	const struct pv_conversation_filter filter = {
		.state = "open", .before_us = PV_TIME_NONE, .limit = 50};
	assert_ok(pv_desk_conversation_list(
			  p->desk, w->mem, &p->manager, &filter, &rows, &n, &w->error),
		w);
	assert_int_equal(n, open);
	return today;
}

static void say_in(struct pv_press *p, const char *remote_id, const char *text)
{
	size_t n;
	pv_press_advance(p, PV_SECOND_US);
	const struct pv_message_in in = {.remote_id = remote_id,
		.root_id = "root",
		.author_name = "Ana",
		.text = text,
		.said_at_us = pv_env_now_us(p->env)};
	assert_ok(pv_desk_messages_keep(p->desk, p->account, &in, 1, "",
			  pv_env_now_us(p->env) + PV_HOUR_US, &n, &p->w->error),
		p->w);
	assert_int_equal(n, 1);
}

static const char *newest(struct pv_press *p, const char *conversation_id)
{
	struct pv_desk_conversation *talk;
	assert_ok(pv_desk_conversation_get(
			  p->desk, p->w->mem, &p->manager, conversation_id, &talk, &p->w->error),
		p->w);
	return talk->messages[talk->n_messages - 1].id;
}

static void moderate(struct pv_press *p, const char *message_id, const char *state)
{
	struct pv_message_row row;
	if (strcmp(state, "held") == 0)
		assert_ok(
			pv_message_set_state(p->w->db, message_id, p->h->coop, state, &p->w->error),
			p->w);
	else
		assert_ok(pv_desk_message_moderate(p->desk, p->w->mem, &p->manager, message_id,
				  state, &row, &p->w->error),
			p->w);
}

/* A held comment waits as a comment to read, and not a second time as a conversation. */
static void test_held_counts_once(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_desk_conversation *talk;
	expect(p, 0, 0, 0);
	say_in(p, "r1", "Première question.");
	struct pv_today today = expect(p, 0, 1, 1);
	const char *id = listed(&today, "conversation")->id;
	/* the only word is held */
	moderate(p, newest(p, id), "held");
	expect(p, 1, 0, 1);
	moderate(p, newest(p, id), "shown");
	expect(p, 0, 1, 1);
	/* one unread word shown, a newer one held: both wait, and the shown one is quoted */
	say_in(p, "r2", "Mot à retenir.");
	moderate(p, newest(p, id), "held");
	today = expect(p, 1, 1, 1);
	assert_non_null(strstr(listed(&today, "conversation")->title.fr, "Première question."));
	assert_non_null(strstr(listed(&today, "held_comment")->title.fr, "Mot à retenir."));
	/* all read, then a held one comes: what was read does not wait again */
	moderate(p, newest(p, id), "spam");
	assert_ok(pv_desk_conversation_edit(
			  p->desk, w->mem, &p->manager, id, NULL, NULL, 0, &talk, &w->error),
		w);
	expect(p, 0, 0, 1);
	say_in(p, "r3", "Encore un mot à retenir.");
	moderate(p, newest(p, id), "held");
	expect(p, 1, 0, 1);
	moderate(p, newest(p, id), "hidden");
	expect(p, 0, 0, 1);
	assert_ok(pv_desk_conversation_edit(
			  p->desk, w->mem, &p->manager, id, "closed", NULL, -1, &talk, &w->error),
		w);
	expect(p, 0, 0, 0);
}

/* ---- pages ----------------------------------------------------------------------------------- */

enum { TOGETHER = 7 };

static int place_of(const char *const *ids, const char *id)
{
	int i = 0;
	while (i < TOGETHER && strcmp(ids[i], id) != 0)
		i++;
	return i;
}

/* Several of one instant, three at a time: each is seen once, at the edges of pages too. */
static void test_pages_of_conversations(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	const char *ids[TOGETHER];
	struct pv_conversation_filter filter = {.before_us = PV_TIME_NONE, .limit = 3};
	struct pv_conversation_row *rows, row;
	size_t n, seen = 0;
	for (size_t i = 0; i < TOGETHER; i++) {
		const char *root = talloc_asprintf(w->mem, "root-%zu", i);
		row = (struct pv_conversation_row){
			.id = ids[i] = pv_id_make(w->mem, p->env),
			.organization_id = p->h->coop,
			.account_id = p->account,
			.remote_root = root,
			.root_digest = root,
			.last_at_us = PV_WORLD_START,
			.created_at_us = PV_WORLD_START,
		};
		assert_ok(pv_conversation_ensure(w->db, w->mem, &row, &row, &w->error), w);
	}
	do {
		assert_ok(pv_desk_conversation_list(
				  p->desk, w->mem, &p->manager, &filter, &rows, &n, &w->error),
			w);
		for (size_t i = 0; i < n; i++) {
			int place = place_of(ids, rows[i].id);
			assert_in_range(place, 0, TOGETHER - 1);
			ids[place] = "";
		}
		seen += n;
		if (n) {
			const char *cursor =
				pv_desk_cursor(w->mem, rows[n - 1].last_at_us, rows[n - 1].id);
			assert_ok(pv_desk_cursor_read(
					  cursor, &filter.before_us, &filter.before_id, &w->error),
				w);
		}
	} while (n);
	assert_int_equal(seen, TOGETHER);
}

/* The calendar goes on where its page ended, among variants of one instant. */
static void test_pages_of_the_calendar(struct pv_world *w)
{
	struct pv_press *p = pv_press_build(w);
	struct pv_variant_row *rows, *rest;
	int64_t due_us = PV_WORLD_START + PV_DAY_US;
	for (size_t i = 0; i < TOGETHER; i++) {
		struct pv_variant_in in = {.account = p->account,
			.text = "Demain.",
			.due = {.kind = PV_DUE_AT, .at_us = due_us + (i == TOGETHER - 1)}};
		pv_press_write_in(p, &in);
	}
	size_t n = in_calendar(p, due_us, due_us + PV_DAY_US, &rows), left;
	assert_int_equal(n, TOGETHER);
	for (size_t i = 0; i < n; i++) {
		const char *cursor = pv_desk_cursor(w->mem, rows[i].at_us, rows[i].id);
		assert_ok(pv_desk_calendar(p->desk, w->mem, &p->manager, NULL, due_us,
				  due_us + PV_DAY_US, cursor, &rest, &left, &w->error),
			w);
		assert_int_equal(left, n - i - 1);
		if (left)
			assert_string_equal(rest[0].id, rows[i + 1].id);
	}
	static const char *const bad[] = {"x", "5", "5:", "5:x", ":", "99999999999999999999:x"};
	for (size_t i = 0; i < PV_COUNT(bad); i++)
		assert_status(pv_desk_calendar(p->desk, w->mem, &p->manager, NULL, due_us,
				      due_us + PV_DAY_US, bad[i], &rest, &left, &w->error),
			PV_INVALID, w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_published_now_stays),
		PV_BOTH(test_held_counts_once),
		PV_BOTH(test_pages_of_conversations),
		PV_BOTH(test_pages_of_the_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
