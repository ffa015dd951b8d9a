/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What has happened on the example desk: posts, comments, answers, reads, each at its time. */
#include "cli/demo.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "desk/conversations.h"
#include "desk/journal.h"
#include "desk/reviews.h"
#include "text/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 200, MODERATED_AFTER_MIN = 40, APPROVED_AFTER_MIN = 25, READ_DAYS = 7 };

static const char zone_name[] = "America/Toronto";

/* Something that happened, in the order of time. */
struct event {
	int64_t at_us;
	enum { HAPPENS_POST, HAPPENS_COMMENT, HAPPENS_ANSWER, HAPPENS_READS } what;
	const json_t *post, *comment;
	size_t post_number, comment_number;
};

/* What later events need of earlier ones. */
struct memory {
	struct pv_variant_row row; /* of each post; id NULL: it did not go out */
	const char *publication_id, *entry_slug;
	const char *message_ids[16];
};

struct past {
	struct demo *demo;
	struct event events[EVENTS_MAX];
	size_t n;
	struct memory *memories;
};

/* ---- times ------------------------------------------------------------------------------------- */

/* "09:30", `days` days from the present's day, on the organisations' clock. */
static enum pv_status clock_time(
	struct demo *demo, const char *time, int days, int64_t *out_us, struct pv_error *error)
{
	struct pv_zone *zone = NULL;
	enum pv_status status = pv_zone_open(demo->mem, zone_name, &zone, error);
	if (status != PV_OK)
		return status;
	struct pv_civil civil = {0};
	pv_civil_from_days((int64_t)pv_zone_day(zone, demo->present_us) + days, &civil.year,
		&civil.month, &civil.day);
	civil.hour = (int)strtol(time, NULL, 10);
	civil.minute = time[2] == ':' ? (int)strtol(time + 3, NULL, 10) : 0;
	pv_zone_instant(zone, &civil, PV_ZONE_EARLIER, out_us);
	talloc_free(zone);
	return PV_OK;
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

static void add_event(struct past *past, const struct event *event)
{
	if (past->n < EVENTS_MAX && event->at_us < past->demo->present_us)
		past->events[past->n++] = *event;
}

static enum pv_status list_events(struct past *past, struct pv_error *error)
{
	size_t i, k;
	json_t *post, *comment;
	json_array_foreach(json_object_get(past->demo->text, "posts"), i, post)
	{
		struct event event = {.what = HAPPENS_POST, .post = post, .post_number = i};
		enum pv_status status = clock_time(past->demo, pv_json_text(post, "time"),
			(int)-pv_json_int(post, "days_ago", 1), &event.at_us, error);
		if (status != PV_OK)
			return status;
		int64_t posted_us = event.at_us;
		add_event(past, &event);
		event.what = HAPPENS_READS;
		event.at_us = posted_us + PV_HOUR_US;
		add_event(past, &event);
		json_array_foreach(json_object_get(post, "comments"), k, comment)
		{
			const json_t *answer = json_object_get(comment, "answer");
			event.what = HAPPENS_COMMENT;
			event.comment = comment;
			event.comment_number = k;
			event.at_us =
				posted_us + pv_json_int(comment, "hours_after", 1) * PV_HOUR_US;
			add_event(past, &event);
			event.what = HAPPENS_ANSWER;
			event.at_us =
				posted_us + pv_json_int(answer, "hours_after", 1) * PV_HOUR_US;
			if (answer)
				add_event(past, &event);
		}
	}
	qsort(past->events, past->n, sizeof(past->events[0]), by_time);
	return PV_OK;
}

/* ---- posts ------------------------------------------------------------------------------------- */

static enum pv_status actor_of(
	struct demo *demo, const char *slug, struct pv_actor *out, struct pv_error *error)
{
	*out = (struct pv_actor){.may_write = true};
	return demo_person(demo, slug, &out->person_id, error);
}

/* Whoever the policy lets approve it: the organisations' owners. */
static enum pv_status approve(
	struct demo *demo, struct pv_desk_variant **variant, struct pv_error *error)
{
	static const char *const reviewers[] = {"lea", "samira"};
	struct pv_actor actor;
	enum pv_status status = PV_OK;
	demo->clock.now_us += APPROVED_AFTER_MIN * PV_MINUTE_US;
	for (size_t i = 0; i < PV_COUNT(reviewers); i++) {
		if (strcmp((*variant)->row.stage, "review") != 0)
			return PV_OK;
		status = actor_of(demo, reviewers[i], &actor, error);
		if (status == PV_OK)
			status = pv_desk_review_approve(demo->desk, demo->mem, &actor,
				(*variant)->row.id, (*variant)->row.digest, "", variant, error);
	}
	return strcmp((*variant)->row.stage, "review") == 0 ? status : PV_OK;
}

static enum pv_status create(struct demo *demo, const json_t *entry, const struct pv_due *due,
	const struct pv_actor *actor, struct pv_desk_variant **out, struct pv_error *error)
{
	struct pv_desk_post *post = NULL;
	const struct pv_variant_in in = {
		.account = pv_json_text(entry, "account"),
		.text = pv_json_text(entry, "text"),
		.languages = json_object_get(entry, "languages"),
		.declared = json_object_get(entry, "declared"),
		.due = *due,
	};
	enum pv_status status = pv_desk_post_create(demo->desk, demo->mem, actor,
		&(struct pv_post_in){.variants = &in, .n_variants = 1}, &post, error);
	if (status == PV_OK)
		*out = &post->variants[0];
	return status;
}

/* The entry's slug is the end of its permalink. */
static enum pv_status remember(struct demo *demo, const struct pv_actor *actor,
	const char *variant_id, struct memory *memory, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	enum pv_status status =
		pv_desk_variant_get(demo->desk, demo->mem, actor, variant_id, &variant, error);
	if (status != PV_OK)
		return status;
	const char *permalink = variant->publication ? variant->publication->permalink : "";
	const char *slash = permalink ? strrchr(permalink, '/') : NULL;
	if (!slash)
		return pv_fail(error, PV_INTERNAL,
			"La publication d'exemple n'est pas partie (%s).",
			"The example's post did not go out (%s).", variant->row.stage);
	memory->row = variant->row;
	memory->publication_id = variant->publication->id;
	memory->entry_slug = slash + 1;
	return PV_OK;
}

static enum pv_status publish(struct past *past, const struct event *event, struct pv_error *error)
{
	struct demo *demo = past->demo;
	struct pv_actor actor;
	struct pv_desk_variant *variant = NULL;
	int64_t next_us = 0;
	const struct pv_due none = {.kind = PV_DUE_NONE};
	demo->clock.now_us = event->at_us - PV_HOUR_US;
	enum pv_status status = actor_of(demo, pv_json_text(event->post, "author"), &actor, error);
	if (status == PV_OK)
		status = create(demo, event->post, &none, &actor, &variant, error);
	if (status == PV_OK)
		status = pv_desk_variant_submit(
			demo->desk, demo->mem, &actor, variant->row.id, &variant, error);
	if (status == PV_OK)
		status = approve(demo, &variant, error);
	demo->clock.now_us = event->at_us;
	if (status == PV_OK)
		status = pv_desk_variant_publish_now(
			demo->desk, demo->mem, &actor, variant->row.id, &variant, error);
	if (status == PV_OK)
		status = pv_runner_turn(demo->runner, &next_us, error);
	if (status == PV_OK)
		status = remember(
			demo, &actor, variant->row.id, &past->memories[event->post_number], error);
	return status;
}

/* ---- readers ----------------------------------------------------------------------------------- */

static enum pv_status comment(struct past *past, const struct event *event, struct pv_error *error)
{
	struct demo *demo = past->demo;
	struct memory *memory = &past->memories[event->post_number];
	struct pv_message_row message;
	struct pv_actor actor;
	const char *state = pv_json_text(event->comment, "state");
	const struct pv_comment_in in = {
		.organization = memory->row.organization_slug,
		.entry = memory->entry_slug,
		.author_name = pv_json_text(event->comment, "name"),
		.text = pv_json_text(event->comment, "text"),
		.language = pv_json_text(event->comment, "language"),
	};
	demo->clock.now_us = event->at_us;
	enum pv_status status =
		pv_desk_journal_comment(demo->desk, demo->mem, &in, &message, error);
	if (status != PV_OK)
		return status;
	if (event->comment_number < PV_COUNT(memory->message_ids))
		memory->message_ids[event->comment_number] = message.id;
	if (pv_streq(state, "held"))
		return PV_OK;
	demo->clock.now_us += MODERATED_AFTER_MIN * PV_MINUTE_US;
	status = actor_of(demo, pv_json_text(event->post, "author"), &actor, error);
	return status == PV_OK ? pv_desk_message_moderate(demo->desk, demo->mem, &actor, message.id,
					 state, &message, error)
			       : status;
}

static enum pv_status answer(struct past *past, const struct event *event, struct pv_error *error)
{
	struct demo *demo = past->demo;
	struct memory *memory = &past->memories[event->post_number];
	const json_t *said = json_object_get(event->comment, "answer");
	struct pv_desk_variant *variant = NULL;
	struct pv_actor actor;
	int64_t next_us = 0;
	const struct pv_answer_in in = {
		.message_id = memory->message_ids[event->comment_number],
		.text = pv_json_text(said, "text"),
		.declared = json_object_get(event->post, "declared"),
	};
	demo->clock.now_us = event->at_us;
	enum pv_status status = actor_of(demo, pv_json_text(said, "author"), &actor, error);
	if (status == PV_OK)
		status = pv_desk_conversation_answer(
			demo->desk, demo->mem, &actor, &in, &variant, error);
	if (status == PV_OK)
		status = approve(demo, &variant, error);
	demo->clock.now_us += PV_MINUTE_US;
	return status == PV_OK ? pv_runner_turn(demo->runner, &next_us, error) : status;
}

/* One day's readers, in one transaction: thousands of commits would take long for nothing. */
static enum pv_status read_day(struct demo *demo, const struct pv_desk_journal *journal,
	const char *entry_id, int64_t times, struct pv_error *error)
{
	enum pv_status status = pv_db_begin_write(demo->desk->db, error);
	for (int64_t i = 0; status == PV_OK && i < times; i++)
		status = pv_desk_journal_read(demo->desk, journal, entry_id, error);
	if (status == PV_OK)
		return pv_db_commit(demo->desk->db, error);
	pv_db_rollback(demo->desk->db);
	return status;
}

/* Half on the first day, half of the rest on the next… */
static enum pv_status reads(struct past *past, const struct event *event, struct pv_error *error)
{
	struct demo *demo = past->demo;
	struct memory *memory = &past->memories[event->post_number];
	struct pv_desk_journal journal;
	int64_t left = pv_json_int(event->post, "reads", 0);
	demo->clock.now_us = event->at_us;
	enum pv_status status = pv_desk_journal_open(
		demo->desk, demo->mem, memory->row.organization_slug, &journal, error);
	for (int day = 0; status == PV_OK && left > 0; day++) {
		int64_t at_us = event->at_us + day * PV_DAY_US;
		bool last = day == READ_DAYS || at_us + PV_DAY_US > demo->present_us;
		int64_t now = last ? left : (left + 1) / 2;
		demo->clock.now_us = at_us;
		status = read_day(demo, &journal, memory->publication_id, now, error);
		left -= now;
	}
	return status;
}

/* ---- all of it --------------------------------------------------------------------------------- */

static enum pv_status happen(struct past *past, const struct event *event, struct pv_error *error)
{
	if (event->what != HAPPENS_POST && !past->memories[event->post_number].row.id)
		return PV_OK; /* about a post that the policy did not let out */
	switch (event->what) {
	case HAPPENS_POST: return publish(past, event, error);
	case HAPPENS_COMMENT: return comment(past, event, error);
	case HAPPENS_ANSWER: return answer(past, event, error);
	case HAPPENS_READS: return reads(past, event, error);
	}
	return PV_OK;
}

enum pv_status demo_past(struct demo *demo, struct pv_error *error)
{
	size_t n = json_array_size(json_object_get(demo->text, "posts"));
	struct past *past = talloc_zero(demo->mem, struct past);
	if (!past)
		return pv_fail_nomem(error);
	past->demo = demo;
	past->memories = talloc_zero_array(past, struct memory, n ? n : 1);
	if (!past->memories)
		return pv_fail_nomem(error);
	enum pv_status status = list_events(past, error);
	for (size_t i = 0; status == PV_OK && i < past->n; i++) {
		struct pv_error refusal = PV_ERROR_IN(demo->mem);
		status = happen(past, &past->events[i], &refusal);
		if (status == PV_REFUSED) {
			/* The example's own policy applies to the example. */
			pv_log(PV_LOG_WARNING, "example post refused", "why", refusal.words.en,
				"text", pv_json_text(past->events[i].post, "text"), NULL);
			status = PV_OK;
		} else if (status != PV_OK && error) {
			*error = refusal;
		}
	}
	return status;
}

enum pv_status demo_waiting(struct demo *demo, struct pv_error *error)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(demo->text, "waiting"), i, entry)
	{
		struct pv_actor actor;
		struct pv_desk_variant *variant = NULL;
		struct pv_due due = {.kind = PV_DUE_AT};
		enum pv_status status =
			actor_of(demo, pv_json_text(entry, "author"), &actor, error);
		if (status == PV_OK)
			status = clock_time(demo, pv_json_text(entry, "time"),
				(int)pv_json_int(entry, "days_ahead", 1), &due.at_us, error);
		if (status == PV_OK)
			status = create(demo, entry, &due, &actor, &variant, error);
		if (status == PV_OK && pv_json_bool(entry, "submit", false))
			status = pv_desk_variant_submit(
				demo->desk, demo->mem, &actor, variant->row.id, &variant, error);
		if (status != PV_OK && status != PV_REFUSED)
			return status;
	}
	return PV_OK;
}
