/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/windows.h"

#include "base/mem.h"

enum {
	STREAM_FIRST = 4, /* posts */
	TABLE_FIRST = 16, /* keys */
	/*
	 * A clock moves by less than this in all: what left the longest calendar window by so much
	 * cannot come back into it.
	 */
	CLOCKS_APART_DAYS = 2,
};

/* One rule that counts, among those of the same `per`. */
struct lane {
	size_t counter, n_counters; /* of the policy */
	size_t first;               /* among the counters of its scope */
};

/* A rule's window over one stream. */
struct window {
	size_t head; /* the first post inside, by its number in the stream */
	int64_t total;
};

/* The posts of one account, person or organisation, numbered from 0 in order of time. */
struct stream {
	uint64_t hash;
	struct pv_str key;
	size_t base, n, room;   /* the first one kept, how many, and for how many there is room */
	uint64_t *posts;        /* `stride` words each: the instant, then the counters' bits */
	uint64_t *kept;         /* where the first one kept stands */
	struct window *windows; /* one for each lane */
	int64_t *counted;       /* one for each counter of the scope */
};

/* Everything counted per account, per person or per organisation. */
struct scope {
	struct lane *lanes;
	size_t n_lanes, n_counters;
	int64_t keep_us;       /* how long a post may still matter */
	struct stream **table; /* open addressing; room is a power of two */
	size_t n, room;
	size_t since_sweep;
};

struct pv_windows {
	size_t stride;
	struct scope scopes[PV_PER_ORGANISATION + 1];
	size_t *lane_of; /* counter → its lane in its scope */
	struct pv_history_source source;
	size_t held;
};

size_t pv_windows_words(const struct pv_policy *policy)
{
	return policy->n_counters / 64 + 1;
}

/* ---- streams by key -------------------------------------------------------------------------- */

static uint64_t hash_of(struct pv_str key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (size_t i = 0; i < key.size; i++)
		hash = (hash ^ (unsigned char)key.bytes[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

/* Where the key stands, or would. The table has room. */
static struct stream **slot_of(const struct scope *scope, uint64_t hash, struct pv_str key)
{
	size_t at = hash & (scope->room - 1);
	while (scope->table[at] &&
		(scope->table[at]->hash != hash || !pv_str_equal(scope->table[at]->key, key)))
		at = (at + 1) & (scope->room - 1);
	return &scope->table[at];
}

/* A table of `room` with the streams that are still there. */
static bool lay_table(struct pv_windows *windows, struct scope *scope, size_t room)
{
	struct scope next = *scope;
	next.table = talloc_zero_array(windows, struct stream *, room);
	next.room = room;
	if (!next.table)
		return false;
	for (size_t i = 0; i < scope->room; i++)
		if (scope->table[i])
			*slot_of(&next, scope->table[i]->hash, scope->table[i]->key) =
				scope->table[i];
	talloc_free(scope->table);
	*scope = next;
	return true;
}

static struct stream *make_stream(
	struct pv_windows *windows, const struct scope *scope, uint64_t hash, struct pv_str key)
{
	struct stream *stream = talloc_zero(windows, struct stream);
	if (!stream)
		return NULL;
	stream->hash = hash;
	stream->key = (struct pv_str){.bytes = pv_str_dup(stream, key), .size = key.size};
	stream->windows = talloc_zero_array(stream, struct window, scope->n_lanes);
	stream->counted = talloc_zero_array(stream, int64_t, scope->n_counters + 1);
	if (stream->key.bytes && stream->windows && stream->counted)
		return stream;
	talloc_free(stream);
	return NULL;
}

static struct stream *find_stream(const struct scope *scope, struct pv_str key)
{
	return scope->room ? *slot_of(scope, hash_of(key), key) : NULL;
}

/* Found or made; NULL when memory is out. The table has room. */
static struct stream *need_stream(
	struct pv_windows *windows, struct scope *scope, struct pv_str key)
{
	uint64_t hash = hash_of(key);
	struct stream **slot = slot_of(scope, hash, key);
	if (!*slot) {
		*slot = make_stream(windows, scope, hash, key);
		scope->n += *slot != NULL;
	}
	return *slot;
}

/* ---- posts in and out ------------------------------------------------------------------------ */

static uint64_t *post_at(const struct pv_windows *windows, const struct stream *stream, size_t i)
{
	return stream->kept + (i - stream->base) * windows->stride;
}

static int64_t at_us_of(const uint64_t *post)
{
	return (int64_t)post[0];
}

/* The post enters (by = 1) or leaves (by = -1) the window of one lane. */
static void count_post(struct stream *stream, const struct lane *lane, struct window *window,
	const uint64_t *post, int by)
{
	window->total += by;
	for (size_t k = 0; k < lane->n_counters; k++)
		if (pv_bit(post + 1, lane->counter + k))
			stream->counted[lane->first + k] += by;
}

/* Moves the window's beginning to what is later than `after_us`, in either direction. */
static void slide(const struct pv_windows *windows, struct stream *stream, const struct lane *lane,
	struct window *window, int64_t after_us)
{
	while (window->head < stream->base + stream->n) {
		const uint64_t *post = post_at(windows, stream, window->head);
		if (at_us_of(post) > after_us)
			break;
		count_post(stream, lane, window, post, -1);
		window->head++;
	}
	while (window->head > stream->base) {
		const uint64_t *post = post_at(windows, stream, window->head - 1);
		if (at_us_of(post) <= after_us)
			break;
		count_post(stream, lane, window, post, 1);
		window->head--;
	}
}

/* Gives up what no window can hold any more. */
static void forget(struct pv_windows *windows, const struct scope *scope, struct stream *stream,
	int64_t until_us)
{
	while (stream->n > 0 && at_us_of(stream->kept) <= until_us) {
		for (size_t l = 0; l < scope->n_lanes; l++)
			if (stream->windows[l].head == stream->base) {
				count_post(stream, &scope->lanes[l], &stream->windows[l],
					stream->kept, -1);
				stream->windows[l].head++;
			}
		stream->kept += windows->stride;
		stream->base++;
		stream->n--;
		windows->held--;
	}
}

/* Room for one more: what is kept moves to the front, into twice the room when it fills half. */
static bool make_room(struct pv_windows *windows, struct stream *stream)
{
	size_t used = stream->posts ? (size_t)(stream->kept - stream->posts) / windows->stride : 0;
	if (used + stream->n < stream->room)
		return true;
	size_t words = stream->n * windows->stride;
	if (stream->n * 2 <= stream->room && stream->room) {
		memmove(stream->posts, stream->kept, words * sizeof *stream->posts);
		stream->kept = stream->posts;
		return true;
	}
	size_t room = stream->room ? stream->room * 2 : STREAM_FIRST;
	uint64_t *posts = talloc_array(stream, uint64_t, room * windows->stride);
	if (!posts)
		return false;
	if (words)
		memcpy(posts, stream->kept, words * sizeof *posts);
	talloc_free(stream->posts);
	stream->posts = stream->kept = posts;
	stream->room = room;
	return true;
}

/*
 * When the table is half full, and else once for so many posts as it has places: the streams whose
 * last post is forgotten go, and the table is as large as those that stay ask.
 */
static bool sweep(struct pv_windows *windows, struct scope *scope, int64_t until_us)
{
	if ((scope->n + 1) * 2 <= scope->room && scope->since_sweep++ < scope->room)
		return true;
	size_t left = 0, room = TABLE_FIRST;
	for (size_t i = 0; i < scope->room; i++) {
		struct stream *stream = scope->table[i];
		if (!stream)
			continue;
		forget(windows, scope, stream, until_us);
		if (stream->n > 0) {
			left++;
			continue;
		}
		talloc_free(stream);
		scope->table[i] = NULL;
	}
	while (room < left * 4)
		room *= 2;
	scope->n = left;
	scope->since_sweep = 0;
	return lay_table(windows, scope, room);
}

static bool add_to(struct pv_windows *windows, struct scope *scope, struct pv_str key,
	const struct pv_windows_post *post)
{
	int64_t until_us = post->at_us - scope->keep_us;
	struct stream *stream =
		sweep(windows, scope, until_us) ? need_stream(windows, scope, key) : NULL;
	if (!stream)
		return false;
	forget(windows, scope, stream, until_us);
	if (!make_room(windows, stream))
		return false;
	uint64_t *kept = stream->kept + stream->n * windows->stride;
	kept[0] = (uint64_t)post->at_us;
	memcpy(kept + 1, post->counters, (windows->stride - 1) * sizeof *kept);
	stream->n++;
	windows->held++;
	for (size_t l = 0; l < scope->n_lanes; l++)
		count_post(stream, &scope->lanes[l], &stream->windows[l], kept, 1);
	return true;
}

enum pv_status pv_windows_add(
	struct pv_windows *windows, const struct pv_windows_post *post, struct pv_error *error)
{
	const struct pv_str keys[] = {
		[PV_PER_ACCOUNT] = post->account,
		[PV_PER_PERSON] = post->author,
		[PV_PER_ORGANISATION] = post->owner,
	};
	for (size_t per = 0; per < PV_COUNT(windows->scopes); per++)
		if (windows->scopes[per].n_lanes > 0 &&
			!add_to(windows, &windows->scopes[per], keys[per], post))
			return pv_fail_nomem(error);
	return PV_OK;
}

size_t pv_windows_held(const struct pv_windows *windows)
{
	return windows->held;
}

/* ---- asked while judging --------------------------------------------------------------------- */

static enum pv_status count_window(void *state, const struct pv_history_window *asked,
	int64_t *out_counted, int64_t *out_total, struct pv_error *error)
{
	struct pv_windows *windows = state;
	const struct scope *scope = &windows->scopes[asked->per];
	struct stream *stream = find_stream(scope, asked->key);
	(void)error;
	*out_counted = *out_total = 0;
	if (!stream)
		return PV_OK;
	size_t l = windows->lane_of[asked->counter];
	const struct lane *lane = &scope->lanes[l];
	slide(windows, stream, lane, &stream->windows[l], asked->after_us);
	*out_counted = stream->counted[lane->first + asked->counter - lane->counter];
	*out_total = stream->windows[l].total;
	return PV_OK;
}

const struct pv_history_source *pv_windows_source(const struct pv_windows *windows)
{
	return &windows->source;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int64_t keep_us_of(const struct pv_duration *window)
{
	switch (window->unit) {
	case PV_UNIT_DAYS: return (window->n + CLOCKS_APART_DAYS) * PV_DAY_US;
	case PV_UNIT_HOURS: return window->n * PV_HOUR_US;
	default: return window->n * PV_MINUTE_US;
	}
}

static bool add_lane(struct pv_windows *windows, const struct pv_rule *rule)
{
	struct scope *scope = &windows->scopes[rule->per];
	struct lane *grown = talloc_realloc(windows, scope->lanes, struct lane, scope->n_lanes + 1);
	if (!grown)
		return false;
	scope->lanes = grown;
	size_t n = rule->kind == PV_RULE_QUOTA ? 1 : rule->n_targets;
	grown[scope->n_lanes] = (struct lane){
		.counter = rule->counter, .n_counters = n, .first = scope->n_counters};
	for (size_t k = 0; k < n; k++)
		windows->lane_of[rule->counter + k] = scope->n_lanes;
	scope->n_lanes++;
	scope->n_counters += n;
	int64_t keep_us = keep_us_of(&rule->window);
	scope->keep_us = keep_us > scope->keep_us ? keep_us : scope->keep_us;
	return true;
}

enum pv_status pv_windows_open(TALLOC_CTX *mem, const struct pv_policy *policy,
	struct pv_windows **out, struct pv_error *error)
{
	struct pv_windows *windows = talloc_zero(mem, struct pv_windows);
	if (!windows)
		return pv_fail_nomem(error);
	windows->stride = 1 + pv_windows_words(policy);
	windows->source = (struct pv_history_source){.state = windows, .count = count_window};
	windows->lane_of = talloc_zero_array(windows, size_t, policy->n_counters + 1);
	bool good = windows->lane_of != NULL;
	for (size_t i = 0; good && i < policy->n_rules; i++)
		if (pv_bit(policy->counting, i))
			good = add_lane(windows, &policy->rules[i]);
	if (!good) {
		talloc_free(windows);
		return pv_fail_nomem(error);
	}
	*out = windows;
	return PV_OK;
}
