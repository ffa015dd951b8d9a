/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/past.h"

#include "base/json.h"
#include "desk/judging.h"
#include "policy/policy.h"
#include "store/counted.h"

#include <string.h>

/* A window that was asked for, with what it held. */
struct window {
	struct pv_history_window asked;
	struct pv_history_entry *entries;
	size_t n;
	bool whole; /* `entries` are all of them */
};

enum { WINDOWS_MAX = 16 };

struct pv_past {
	struct pv_desk *desk;
	const struct pv_variant_row *row;
	struct pv_history_source source;
	json_t *windows;
	struct window known[WINDOWS_MAX];
	size_t n_known;
};

static int past_free(struct pv_past *past)
{
	json_decref(past->windows);
	return 0;
}

/* ---- a kind of past posts ---------------------------------------------------------------------- */

static json_t *list_of(const char *text)
{
	json_t *list = NULL;
	if (pv_json_parse(text, strlen(text), &list, NULL) == PV_OK && json_is_array(list))
		return list;
	json_decref(list);
	return json_array();
}

static unsigned bits_of(const json_t *list, const char *const *names, int n)
{
	unsigned bits = 0;
	size_t i;
	json_t *entry;
	json_array_foreach((json_t *)(uintptr_t)list, i, entry)
	{
		const char *word = json_string_value(entry);
		int index = word ? pv_name_index(names, n, pv_str(word)) : -1;
		if (index >= 0)
			bits |= 1u << index;
	}
	return bits;
}

static int word_index(const char *const *names, int n, const char *word)
{
	int index = pv_name_index(names, n, pv_str(word));
	return index < 0 ? 0 : index;
}

/* In memory of the past's own: the group is the query's. */
static struct pv_str keep(struct window *window, const char *text)
{
	const char *copy = talloc_strdup(window->entries, text);
	return pv_str(copy ? copy : "");
}

static bool keep_topics(struct window *window, const json_t *list, struct pv_history_entry *entry)
{
	size_t n = json_array_size(list);
	struct pv_str *topics = talloc_array(window->entries, struct pv_str, n ? n : 1);
	for (size_t i = 0; topics && i < n; i++) {
		const char *topic = json_string_value(json_array_get(list, i));
		topics[i] = keep(window, topic ? topic : "");
	}
	entry->topic = topics;
	entry->n_topic = topics ? n : 0;
	return topics != NULL;
}

/*
 * As an entry of a case's history. A static reply is a pinned one; what was sponsored is "paid"
 * among its relations as well.
 */
static json_t *entry_json(
	const struct pv_counted_group *group, json_t *relation, json_t *topic, json_t *human)
{
	char at[PV_TIME_TEXT_SIZE];
	bool pinned = strcmp(group->form, "static") == 0 && strcmp(group->kind, "reply") == 0;
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O, s:O, s:I}", "at",
		pv_time_format(group->at_us, at), "account", group->account_slug, "author",
		group->author_slug, "kind", group->kind, "origin", group->origin, "interest",
		group->interest, "relation", relation, "topic", topic, "human", human, "times",
		(json_int_t)group->times);
	if (*group->axis)
		json_object_set_new(json, "axis", json_string(group->axis));
	if (pinned)
		json_object_set_new(json, "pinned", json_true());
	if (group->sponsored)
		json_object_set_new(json, "sponsored", json_true());
	return json;
}

static bool take_entry(struct window *window, const struct pv_counted_group *group,
	const json_t *relation, const json_t *topic, const json_t *human,
	struct pv_history_entry *out)
{
	*out = (struct pv_history_entry){
		.at_us = group->at_us,
		.account = keep(window, group->account_slug),
		.author = keep(window, group->author_slug),
		.kind = (enum pv_post_kind)word_index(
			pv_post_kind_names, PV_POST_KINDS, group->kind),
		.pinned = strcmp(group->form, "static") == 0,
		.origin = (enum pv_origin)word_index(pv_origin_names, PV_ORIGINS, group->origin),
		.interest = (enum pv_interest)word_index(
			pv_interest_names, PV_INTERESTS, group->interest),
		.axis = keep(window, group->axis),
		.relation = bits_of(relation, pv_relation_names, PV_RELATIONS),
		.human = bits_of(human, pv_human_names, PV_HUMANS),
		.sponsored = group->sponsored,
		.times = (uint32_t)group->times,
	};
	return keep_topics(window, topic, out);
}

/* ---- a window ---------------------------------------------------------------------------------- */

struct reading {
	struct window *window;
	pv_history_visit visit;
	void *visitor;
	json_t *entries;
	json_int_t left_out; /* of the record alone */
};

static enum pv_status read_group(
	void *state, const struct pv_counted_group *group, struct pv_error *error)
{
	struct reading *reading = state;
	struct window *window = reading->window;
	struct pv_history_entry spare, *entry = &spare;
	PV_JSON json_t *relation = list_of(group->relations);
	PV_JSON json_t *topic = list_of(group->topics);
	PV_JSON json_t *human = list_of(group->humans);
	if (window->n < PV_JUDGE_WINDOW_KEPT) {
		entry = &window->entries[window->n++];
		json_array_append_new(reading->entries, entry_json(group, relation, topic, human));
	} else {
		window->whole = false;
		reading->left_out++;
	}
	if (!take_entry(window, group, relation, topic, human, entry))
		return pv_fail_nomem(error);
	return reading->visit(reading->visitor, entry, error);
}

static void note_window(const struct pv_past *past, const struct reading *reading)
{
	static const char *const pers[] = {"account", "person", "organisation"};
	char after[PV_TIME_TEXT_SIZE];
	char until[PV_TIME_TEXT_SIZE];
	const struct pv_history_window *asked = &reading->window->asked;
	json_t *json = json_pack("{s:s, s:s, s:s, s:O}", "per", pers[asked->per], "after",
		pv_time_format(asked->after_us, after), "until",
		pv_time_format(asked->until_us, until), "entries", reading->entries);
	if (reading->left_out)
		json_object_set_new(json, "left_out", json_integer(reading->left_out));
	json_array_append_new(past->windows, json);
}

static enum pv_status read_window(struct pv_past *past, const struct pv_history_window *asked,
	pv_history_visit visit, void *visitor, struct pv_error *error)
{
	static const enum pv_counted_per pers[] = {
		[PV_PER_ACCOUNT] = PV_COUNTED_ACCOUNT,
		[PV_PER_PERSON] = PV_COUNTED_AUTHOR,
		[PV_PER_ORGANISATION] = PV_COUNTED_ORGANIZATION,
	};
	const char *ids[] = {
		[PV_PER_ACCOUNT] = past->row->account_id,
		[PV_PER_PERSON] = past->row->author_id,
		[PV_PER_ORGANISATION] = past->row->organization_id,
	};
	const struct pv_counted_window counted = {
		.per = pers[asked->per],
		.id = ids[asked->per],
		.except_variant = past->row->id,
		.after_us = asked->after_us,
		.until_us = asked->until_us,
	};
	struct window window = {.asked = *asked, .whole = true};
	window.entries = talloc_array(past, struct pv_history_entry, PV_JUDGE_WINDOW_KEPT);
	PV_JSON json_t *entries = json_array();
	struct reading reading = {&window, visit, visitor, entries, 0};
	if (!window.entries || !entries)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_counted_each(past->desk->db, &counted, read_group, &reading, error);
	note_window(past, &reading);
	if (status == PV_OK && window.whole && past->n_known < WINDOWS_MAX)
		past->known[past->n_known++] = window;
	return status;
}

/* The account, author and owner are the case's own: what differs is whose, and the ends. */
static const struct window *known_window(
	const struct pv_past *past, const struct pv_history_window *asked)
{
	for (size_t i = 0; i < past->n_known; i++) {
		const struct pv_history_window *known = &past->known[i].asked;
		if (known->per == asked->per && known->after_us == asked->after_us &&
			known->until_us == asked->until_us)
			return &past->known[i];
	}
	return NULL;
}

static enum pv_status each(void *state, const struct pv_history_window *asked,
	pv_history_visit visit, void *visitor, struct pv_error *error)
{
	struct pv_past *past = state;
	const struct window *known = known_window(past, asked);
	enum pv_status status = PV_OK;
	if (!known)
		return read_window(past, asked, visit, visitor, error);
	for (size_t i = 0; status == PV_OK && i < known->n; i++)
		status = visit(visitor, &known->entries[i], error);
	return status;
}

/* ---- from outside ------------------------------------------------------------------------------ */

struct pv_past *pv_past_open(
	TALLOC_CTX *mem, struct pv_desk *desk, const struct pv_variant_row *row)
{
	struct pv_past *past = talloc_zero(mem, struct pv_past);
	if (!past)
		return NULL;
	past->desk = desk;
	past->row = row;
	past->source = (struct pv_history_source){.state = past, .each = each};
	past->windows = json_array();
	talloc_set_destructor(past, past_free);
	if (!past->windows)
		TALLOC_FREE(past);
	return past;
}

const struct pv_history_source *pv_past_source(struct pv_past *past)
{
	return &past->source;
}

json_t *pv_past_windows(const struct pv_past *past)
{
	return json_incref(past->windows);
}
