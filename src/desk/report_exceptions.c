/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A month's exceptions: those of the desk that were asked for, answered, ended or held in it, those
 * of the policy's text that held, and what each let out. A post's judgement names them; who granted
 * them, why and for which days stands in their rows and in the version that the post was judged by.
 */
#include "desk/policies.h"
#include "desk/report_parts.h"
#include "store/person.h"

#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCEPTIONS_MAX = 1000, DAY_SIZE = 16 };

struct reading {
	struct pv_desk *desk;
	struct pv_report *report;
	char first_day[DAY_SIZE], last_day[DAY_SIZE], today[DAY_SIZE];
	int64_t end_us; /* of the month, or now */
	struct pv_error *error;
};

static void day_of(const struct pv_report *report, int64_t at_us, char out[DAY_SIZE])
{
	struct pv_civil c = pv_zone_local(report->zone, at_us);
	snprintf(out, DAY_SIZE, "%04u-%02u-%02u", (unsigned)c.year % 10000, (unsigned)c.month % 100,
		(unsigned)c.day % 100);
}

static bool in_month(const struct reading *r, int64_t at_us)
{
	return at_us != PV_TIME_NONE && at_us >= r->report->from_us && at_us < r->report->until_us;
}

static bool by_then(const struct reading *r, int64_t at_us)
{
	return at_us != PV_TIME_NONE && at_us < r->end_us;
}

/* ---- rules by their labels --------------------------------------------------------------------- */

static const json_t *with_id(const json_t *list, const char *id)
{
	size_t i;
	json_t *thing;
	json_array_foreach((json_t *)(uintptr_t)list, i, thing)
	{
		const char *theirs = pv_json_text(thing, "id");
		if (theirs && strcmp(theirs, id) == 0)
			return thing;
	}
	return NULL;
}

static json_t *same_in_both(const char *text)
{
	return json_pack("{s:s, s:s}", "fr", text, "en", text);
}

/* As it was judged; else as it is now; else its id. A new reference. */
json_t *pv_report_rule_label(const struct pv_report *report, const char *rule)
{
	json_t *label = json_object_get(report->labels, rule);
	if (!label)
		label = json_object_get(
			with_id(json_object_get(report->document, "rules"), rule), "label");
	return label ? json_incref(label) : same_in_both(rule);
}

static json_t *rules_of(const struct pv_report *report, const json_t *lifts)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < json_array_size(lifts); i++) {
		const char *rule = json_string_value(json_array_get(lifts, i));
		if (rule)
			json_array_append_new(rules, json_pack("{s:s, s:o}", "rule", rule, "label",
							     pv_report_rule_label(report, rule)));
	}
	return rules;
}

/* ---- what it says of itself -------------------------------------------------------------------- */

static json_t *parsed(const char *text)
{
	json_t *value = NULL;
	return pv_json_parse(text, strlen(text), &value, NULL) == PV_OK ? value : json_null();
}

static json_t *time_or_null(int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	return at_us == PV_TIME_NONE ? json_null() : json_string(pv_time_format(at_us, text));
}

static const char *or_null(const char *name)
{
	return *name ? name : NULL;
}

static enum pv_status add(struct reading *r, const struct pv_report_lifter *lifter)
{
	struct pv_report *report = r->report;
	struct pv_report_lifter *lifters = talloc_realloc(
		report->mem, report->lifters, struct pv_report_lifter, report->n_lifters + 1);
	if (!lifters || !lifter->json) {
		json_decref(lifter->json);
		return pv_fail_nomem(r->error);
	}
	report->lifters = lifters;
	lifters[report->n_lifters++] = *lifter;
	return PV_OK;
}

static const char *state_then(const struct reading *r, const struct pv_report_exception *row)
{
	bool decided = by_then(r, row->decided_at_us);
	if (by_then(r, row->ended_at_us))
		return "ended";
	if (decided && strcmp(row->state, "refused") == 0)
		return "refused";
	if (strcmp(row->until_day, r->today) < 0 && strcmp(row->until_day, r->last_day) <= 0)
		return "expired";
	return decided ? "granted" : "asked";
}

/* Did its days meet the month, up to now? */
static bool days_met(const struct reading *r, const char *from_day, const char *until_day)
{
	return strcmp(from_day, r->last_day) <= 0 && strcmp(from_day, r->today) <= 0 &&
	       strcmp(until_day, r->first_day) >= 0;
}

static bool ran_out(const struct reading *r, const char *until_day)
{
	return strcmp(until_day, r->first_day) >= 0 && strcmp(until_day, r->last_day) <= 0 &&
	       strcmp(until_day, r->today) < 0;
}

static json_t *events_of(const struct reading *r, const struct pv_report_exception *row)
{
	bool refused = strcmp(row->state, "refused") == 0;
	const struct {
		const char *name;
		bool is;
	} events[] = {
		{"asked", in_month(r, row->asked_at_us)},
		{"granted", in_month(r, row->decided_at_us) && !refused},
		{"refused", in_month(r, row->decided_at_us) && refused},
		{"ended", in_month(r, row->ended_at_us)},
		{"expired",
			!refused && row->ended_at_us == PV_TIME_NONE && ran_out(r, row->until_day)},
	};
	json_t *list = json_array();
	for (size_t i = 0; i < PV_COUNT(events); i++)
		if (events[i].is)
			json_array_append_new(list, json_string(events[i].name));
	return list;
}

static enum pv_status add_row(struct reading *r, const struct pv_report_exception *row)
{
	bool refused = strcmp(row->state, "refused") == 0;
	bool granted = row->decided_at_us != PV_TIME_NONE && !refused;
	PV_JSON json_t *lifts = parsed(row->lifts);
	struct pv_report_lifter lifter = {.id = row->id, .row = row};
	lifter.held = granted && by_then(r, row->decided_at_us) &&
		      days_met(r, row->from_day, row->until_day) &&
		      (row->ended_at_us == PV_TIME_NONE || row->ended_at_us >= r->report->from_us);
	lifter.json = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:s?, s:o, s:s?, s:s?, "
				"s:o, s:s?, s:o, s:s}",
		"id", row->id, "source", "desk", "reason", parsed(row->reason), "rules",
		rules_of(r->report, lifts), "from", row->from_day, "until", row->until_day, "state",
		state_then(r, row), "happened", events_of(r, row), "asked_by",
		or_null(row->asked_by), "asked_at", time_or_null(row->asked_at_us), "granted_by",
		granted ? or_null(row->decided_by) : NULL, "refused_by",
		refused ? or_null(row->decided_by) : NULL, "decided_at",
		time_or_null(row->decided_at_us), "ended_by", or_null(row->ended_by), "ended_at",
		time_or_null(row->ended_at_us), "word", row->word);
	return add(r, &lifter);
}

static enum pv_status read_rows(struct reading *r)
{
	struct pv_report *report = r->report;
	struct pv_report_exception *rows = NULL;
	size_t n = 0;
	const struct pv_report_span span = {.from_us = report->from_us,
		.until_us = report->until_us,
		.first_day = r->first_day,
		.last_day = r->last_day};
	enum pv_status status = pv_report_exceptions(r->desk->db, report->mem, report->house.id,
		&span, EXCEPTIONS_MAX, &rows, &n, r->error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = add_row(r, &rows[i]);
	return status;
}

/* ---- those of the policy's text ---------------------------------------------------------------- */

/* The text names a person by the desk's short name, or however it likes. */
static enum pv_status name_of(struct reading *r, const char *written, const char **out)
{
	struct pv_person_row person;
	enum pv_status status =
		pv_person_find_slug(r->desk->db, r->report->mem, written, &person, r->error);
	*out = status == PV_OK ? person.name : written;
	return status == PV_NOT_FOUND ? PV_OK : status;
}

static enum pv_status add_written(struct reading *r, const json_t *exception)
{
	const char *from = pv_json_text(exception, "from"), *by = NULL;
	const char *until = pv_json_text(exception, "until");
	const char *id = talloc_strdup(r->report->mem, pv_json_text(exception, "id"));
	bool expired = ran_out(r, until);
	enum pv_status status = name_of(r, pv_json_text(exception, "granted_by"), &by);
	if (status != PV_OK || !id)
		return status == PV_OK ? pv_fail_nomem(r->error) : status;
	struct pv_report_lifter lifter = {.id = id, .held = days_met(r, from, until)};
	lifter.json = json_pack("{s:s, s:s, s:O, s:o, s:s, s:s, s:s, s:o, s:n, s:n, s:s, s:n, s:n, "
				"s:n, s:n, s:s}",
		"id", id, "source", "document", "reason", json_object_get(exception, "reason"),
		"rules", rules_of(r->report, json_object_get(exception, "lifts")), "from", from,
		"until", until, "state", expired ? "expired" : "granted", "happened",
		expired ? json_pack("[s]", "expired") : json_array(), "asked_by", "asked_at",
		"granted_by", by, "refused_by", "decided_at", "ended_by", "ended_at", "word", "");
	return add(r, &lifter);
}

static enum pv_status read_written(struct reading *r)
{
	enum pv_status status = PV_OK;
	size_t i;
	json_t *exception;
	json_array_foreach(json_object_get(r->report->document, "exceptions"), i, exception)
	{
		if (status == PV_OK && days_met(r, pv_json_text(exception, "from"),
					       pv_json_text(exception, "until")))
			status = add_written(r, exception);
	}
	return status;
}

/* ---- what they let out ------------------------------------------------------------------------- */

static struct pv_report_lifter *find(struct pv_report *report, const char *id)
{
	for (size_t i = 0; i < report->n_lifters; i++)
		if (strcmp(report->lifters[i].id, id) == 0)
			return &report->lifters[i];
	return NULL;
}

/* One that only the version knows by which the post was judged. */
static enum pv_status read_earlier(struct reading *r, const char *policy_id, const char *id)
{
	struct pv_policy_row version;
	const struct pv_policy *policy = NULL;
	enum pv_status status =
		pv_policy_row_find(r->desk->db, r->report->mem, policy_id, &version, r->error);
	if (status == PV_OK)
		status = pv_desk_policy_document(r->report->mem, &version, &policy, r->error);
	PV_JSON json_t *document = status == PV_OK ? pv_policy_to_json(policy) : NULL;
	const json_t *written = with_id(json_object_get(document, "exceptions"), id);
	if (written)
		return add_written(r, written);
	if (status != PV_OK && status != PV_NOT_FOUND && status != PV_INVALID)
		return status;
	struct pv_report_lifter lifter = {.id = id};
	lifter.json = json_pack("{s:s, s:s, s:o, s:[], s:s, s:s, s:s, s:[], s:n, s:n, s:n, s:n, "
				"s:n, s:n, s:n, s:s}",
		"id", id, "source", "document", "reason", same_in_both(id), "rules", "from", "",
		"until", "", "state", "granted", "happened", "asked_by", "asked_at", "granted_by",
		"refused_by", "decided_at", "ended_by", "ended_at", "word", "");
	return add(r, &lifter);
}

static enum pv_status count_posts(struct reading *r)
{
	struct pv_report *report = r->report;
	for (size_t i = 0; i < report->n_posts; i++) {
		const struct pv_report_verdict *verdict = &report->verdicts[i];
		for (size_t k = 0; k < verdict->n_lifters; k++) {
			const char *id = verdict->lifters[k];
			enum pv_status status =
				find(report, id) ? PV_OK
						 : read_earlier(r, report->posts[i].policy_id, id);
			if (status != PV_OK)
				return status;
			find(report, id)->posts++;
		}
	}
	return PV_OK;
}

static int most_used_first(const void *a, const void *b)
{
	const struct pv_report_lifter *one = a, *two = b;
	if (one->posts != two->posts)
		return one->posts > two->posts ? -1 : 1;
	return strcmp(one->id, two->id);
}

/* What is left is what was used, or of which something else is to be told. */
static void finish(struct pv_report *report)
{
	size_t n = 0;
	for (size_t i = 0; i < report->n_lifters; i++) {
		struct pv_report_lifter *lifter = &report->lifters[i];
		json_t *happened = json_object_get(lifter->json, "happened");
		json_object_set_new(lifter->json, "posts", json_integer((json_int_t)lifter->posts));
		if (lifter->posts || lifter->held)
			json_array_append_new(
				happened, json_string(lifter->posts ? "used" : "unused"));
		if (json_array_size(happened))
			report->lifters[n++] = *lifter;
		else
			json_decref(lifter->json);
	}
	report->n_lifters = n;
	if (n)
		qsort(report->lifters, n, sizeof *report->lifters, most_used_first);
}

enum pv_status pv_report_read_exceptions(
	struct pv_desk *desk, struct pv_report *report, int64_t now_us, struct pv_error *error)
{
	struct reading r = {.desk = desk, .report = report, .error = error};
	r.end_us = report->until_us < now_us ? report->until_us : now_us + 1;
	day_of(report, report->from_us, r.first_day);
	day_of(report, report->until_us - 1, r.last_day);
	day_of(report, now_us, r.today);
	enum pv_status status = read_rows(&r);
	if (status == PV_OK)
		status = read_written(&r);
	if (status == PV_OK)
		status = count_posts(&r);
	finish(report);
	return status;
}
