/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/report.h"
#include "desk/report_parts.h"

#include "base/instant.h"
#include "text/unicode.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 90 };

static json_t *time_json(int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	return json_string(pv_time_format(at_us, text));
}

static json_t *words_json(const struct pv_words *words)
{
	return json_pack("{s:s, s:s}", "fr", words->fr, "en", words->en);
}

static json_t *texts_json(const char **items, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(items[i]));
	return list;
}

/* A column's JSON list. */
static json_t *column(const char *text)
{
	json_t *value = NULL;
	if (pv_json_parse(text, strlen(text), &value, NULL) == PV_OK && json_is_array(value))
		return value;
	json_decref(value);
	return json_array();
}

/* ---- counts -------------------------------------------------------------------------------------- */

static void add_one(json_t *counts, const char *value)
{
	size_t i;
	json_t *entry;
	json_array_foreach(counts, i, entry)
	{
		if (strcmp(pv_json_text(entry, "value"), value) != 0)
			continue;
		json_object_set_new(
			entry, "count", json_integer(pv_json_int(entry, "count", 0) + 1));
		return;
	}
	json_array_append_new(counts, json_pack("{s:s, s:i}", "value", value, "count", 1));
}

static bool has_relation(const struct pv_report_post *post)
{
	return strcmp(post->relations, "[]") != 0;
}

static json_t *percent(int count, int of)
{
	return of ? json_real(100.0 * count / of) : json_null();
}

static json_t *self_promotion(int posts, int own, int house, int tied)
{
	return json_pack("{s:i, s:i, s:o, s:i, s:o, s:i, s:o, s:i, s:o}", "posts", posts, "count",
		own + house, "share", percent(own + house, posts), "own_creation", own,
		"own_creation_share", percent(own, posts), "own_work", house, "own_work_share",
		percent(house, posts), "with_tie", tied, "with_tie_share", percent(tied, posts));
}

/* How the posts divide; replies that are not pinned stay out, as they do for the policy. */
static void add_counts(const struct pv_report *report, json_t *out)
{
	json_t *axes = json_array(), *origins = json_array(), *interests = json_array();
	int posts = 0, replies = 0, human = 0, own = 0, house = 0, tied = 0;
	for (size_t i = 0; i < report->n_posts; i++) {
		const struct pv_report_post *post = &report->posts[i];
		if (!pv_report_is_static(post)) {
			replies++;
			continue;
		}
		posts++;
		add_one(axes, post->axis);
		add_one(origins, post->origin);
		add_one(interests, post->interest);
		human += strcmp(post->humans, "[]") != 0;
		own += strcmp(post->origin, "own_creation") == 0;
		house += strcmp(post->origin, "organisation") == 0;
		tied += has_relation(post);
	}
	json_object_set_new(out, "posts", json_integer(posts));
	json_object_set_new(out, "replies", json_integer(replies));
	json_object_set_new(out, "cut", json_boolean(report->n_posts >= PV_REPORT_POSTS_MAX));
	json_object_set_new(out, "human", json_integer(human));
	json_object_set_new(out, "by_axis", axes);
	json_object_set_new(out, "by_origin", origins);
	json_object_set_new(out, "by_interest", interests);
	json_object_set_new(out, "self_promotion", self_promotion(posts, own, house, tied));
}

static json_t *fraction(int64_t top, int64_t bottom)
{
	return json_real(bottom ? (double)top / (double)bottom : 0);
}

static json_t *quota_json(const struct pv_tally *tally)
{
	bool few = tally->share && tally->total < tally->min_posts;
	bool over = few            ? false
		    : tally->share ? tally->count * tally->at_most_bottom >
					     tally->at_most_top * tally->total
				   : tally->count > tally->at_most_top;
	return json_pack("{s:I, s:s, s:b, s:b, s:b}", "count", (json_int_t)tally->count, "at_most",
		tally->at_most, "share", tally->share, "beyond", over, "few", few);
}

static json_t *mix_json(const struct pv_tally *tally)
{
	json_t *parts = json_array();
	for (size_t i = 0; i < tally->n_parts; i++) {
		const struct pv_tally_part *part = &tally->parts[i];
		json_array_append_new(
			parts, json_pack("{s:s, s:I, s:o}", "value", part->value, "count",
				       (json_int_t)part->count, "target",
				       fraction(part->target_top, part->target_bottom)));
	}
	return json_pack("{s:s, s:o, s:o}", "by", tally->by, "tolerance",
		fraction(tally->tolerance_top, tally->tolerance_bottom), "parts", parts);
}

static json_t *rules_json(const struct pv_report *report)
{
	json_t *list = json_array();
	for (size_t i = 0; i < report->n_tallies; i++) {
		const struct pv_tally *tally = &report->tallies[i];
		bool mix = strcmp(tally->kind, "mix") == 0;
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:I, s:o, s:o}", "rule", tally->rule, "label",
				      words_json(&tally->label), "total", (json_int_t)tally->total,
				      "quota", mix ? json_null() : quota_json(tally), "mix",
				      mix ? mix_json(tally) : json_null()));
	}
	return list;
}

/* ---- what was decided -------------------------------------------------------------------------- */

static int by_delay(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Half of the approvals came within the median: the smaller of the two middle ones. */
static json_t *delays_json(int64_t *delays, size_t n)
{
	if (n == 0)
		return json_null();
	qsort(delays, n, sizeof *delays, by_delay);
	return json_pack("{s:I, s:I, s:I}", "median_s", (json_int_t)delays[(n - 1) / 2], "p90_s",
		(json_int_t)delays[(n * 9 - 1) / 10], "longest_s", (json_int_t)delays[n - 1]);
}

static json_t *approvals_json(const struct pv_report *report)
{
	int64_t *delays = talloc_zero_array(report->mem, int64_t, report->n_reviews + 1);
	size_t n = 0, given = 0, asked = 0;
	for (size_t i = 0; delays && i < report->n_reviews; i++) {
		const struct pv_report_review *review = &report->reviews[i];
		if (strcmp(review->decision, "approve") != 0)
			continue;
		given++;
		if (review->submitted_at_us != PV_TIME_NONE)
			delays[n++] = (review->made_at_us - review->submitted_at_us) / PV_SECOND_US;
	}
	for (size_t i = 0; i < report->n_posts; i++)
		asked += report->verdicts[i].n_approved > 0;
	return json_pack("{s:I, s:I, s:I, s:o}", "posts", (json_int_t)asked, "given",
		(json_int_t)given, "sent_back", (json_int_t)(report->n_reviews - given), "delay",
		delays ? delays_json(delays, n) : json_null());
}

static void add_decisions(const struct pv_report *report, json_t *out)
{
	json_t *verdicts = json_array(), *exceptions = json_array();
	size_t said = 0, posts = 0, lifted = 0;
	for (size_t i = 0; i < report->n_posts; i++) {
		const struct pv_report_verdict *verdict = &report->verdicts[i];
		add_one(verdicts, verdict->verdict);
		said += verdict->n_disclosed;
		posts += verdict->n_disclosed > 0;
		lifted += verdict->refusal_lifted;
	}
	for (size_t i = 0; i < report->n_lifters; i++)
		json_array_append(exceptions, report->lifters[i].json);
	json_object_set_new(out, "verdicts", verdicts);
	json_object_set_new(out, "disclosures",
		json_pack("{s:I, s:I}", "made", (json_int_t)said, "posts", (json_int_t)posts));
	json_object_set_new(out, "approvals", approvals_json(report));
	json_object_set_new(out, "exceptions", exceptions);
	json_object_set_new(out, "refusals_lifted", json_integer((json_int_t)lifted));
	json_object_set_new(out, "refused", json_integer(report->refused));
}

/* ---- the posts ----------------------------------------------------------------------------------- */

static json_t *item_json(const struct pv_report *report, size_t i)
{
	const struct pv_report_post *post = &report->posts[i];
	const struct pv_report_verdict *verdict = &report->verdicts[i];
	char *words = NULL;
	if (pv_text_excerpt(report->mem, pv_str(post->text), WORDS_MAX, &words, NULL) != PV_OK)
		return NULL;
	json_t *item = json_pack("{s:s, s:o, s:{s:s, s:s, s:s}, s:s, s:s, s:b, s:s, s:s, s:s, s:o, "
				 "s:o, s:s, s:o, s:o, "
				 "s:o, s:s, s:s}",
		"id", post->variant_id, "published_at", time_json(post->published_at_us), "account",
		"slug", post->account_slug, "name", post->account_name, "network",
		post->account_network, "author", post->author_name, "kind", post->kind, "static",
		pv_report_is_static(post), "axis", post->axis, "origin", post->origin, "interest",
		post->interest, "human", column(post->humans), "relation", column(post->relations),
		"verdict", verdict->verdict, "disclosed",
		texts_json(verdict->disclosed, verdict->n_disclosed), "approved",
		texts_json(verdict->approved, verdict->n_approved), "lifted",
		texts_json(verdict->lifted, verdict->n_lifted), "permalink", post->permalink,
		"text", words);
	talloc_free(words);
	return item;
}

static void add_head(const struct pv_report *report, json_t *out)
{
	const struct pv_organization_row *house = &report->house;
	json_object_set_new(out, "organization",
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", house->id, "slug", house->slug, "name",
			house->name, "colour", house->colour, "kind", house->kind));
	json_object_set_new(out, "month", json_string(report->month));
	json_object_set_new(out, "timezone", json_string(house->timezone));
	json_object_set_new(out, "from", time_json(report->from_us));
	json_object_set_new(out, "until", time_json(report->until_us));
	json_object_set_new(out, "policy",
		report->has_policy ? json_pack("{s:s, s:I}", "id", report->policy.id, "version",
					     (json_int_t)report->policy.version)
				   : json_null());
}

const char *pv_report_json(const struct pv_report *report)
{
	PV_JSON json_t *out = json_object();
	json_t *items = json_array();
	if (!out || !items)
		return NULL;
	add_head(report, out);
	add_counts(report, out);
	json_object_set_new(out, "rules", rules_json(report));
	add_decisions(report, out);
	bool whole = true;
	for (size_t i = 0; whole && i < report->n_posts; i++)
		whole = json_array_append_new(items, item_json(report, i)) == 0;
	whole = json_object_set_new(out, "items", items) == 0 && whole;
	return whole ? pv_json_dump(report->mem, out) : NULL;
}
