/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What comes in: feeds' articles, comments and replies, figures, and where links end. One turn does
 * all that is due and says when to look again; the loop is a thread of `portevoix serve`.
 *
 *	struct pv_collector *collector;
 *	pv_collector_create(mem, &desk, &collector, error);        desk: this thread's own
 *	pv_collector_turn(collector, &next_at_us, error);
 *
 * Intervals are polite: a feed is asked at most every PV_COLLECT_FEED_MIN_S, conditionally (ETag,
 * Last-Modified), and less often the longer it says nothing new or fails; Retry-After is obeyed.
 */
#ifndef PV_COLLECT_COLLECTOR_H
#define PV_COLLECT_COLLECTOR_H

#include "desk/sources.h"

enum {
	PV_COLLECT_FEED_MIN_S = 15 * 60,
	PV_COLLECT_FEED_MAX_S = 24 * 3600,
	PV_COLLECT_FEED_TIMEOUT_MS = 20000,
	PV_COLLECT_LISTEN_MIN_S = 60, /* an account with fresh conversations */
	PV_COLLECT_LISTEN_MAX_S = 15 * 60,
	PV_COLLECT_TURN_MAX = 20, /* things of a kind in one turn */
	PV_COLLECT_LINKS_FRESH_S = 24 * 3600,
	PV_COLLECT_LINKS_TIMEOUT_MS = 60000,
	PV_COLLECT_LINKS_AGAIN_S = 3600,
	PV_COLLECT_LINKS_AGAIN_MS = 20000,
};

struct pv_collector;

enum pv_status pv_collector_create(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_collector **out, struct pv_error *error);

/*
 * Feeds, conversations and figures that are due now. *out_next_us: when something is due again.
 * A source that fails is marked and does not stop the others.
 */
enum pv_status pv_collector_turn(
	struct pv_collector *collector, int64_t *out_next_us, struct pv_error *error);

/*
 * One more feed, asked before it is followed: an address that gives nothing is not kept, and the
 * error says why. Its articles are there when this answers.
 */
enum pv_status pv_collect_source_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_source_row *out, struct pv_error *error);

/* One feed now, whatever its interval: somebody is waiting. */
enum pv_status pv_collect_source(struct pv_desk *desk, TALLOC_CTX *mem, const char *source_id,
	size_t *out_new, struct pv_error *error);

/*
 * Finds where the links of a text lead and what the pages there say of themselves (net/link.h), and
 * keeps it for judgements. While somebody types: links known for less than a day are not asked
 * again. At most PV_COLLECT_TURN_MAX are followed, for PV_COLLECT_LINKS_TIMEOUT_MS in all; the
 * others stay as they are known.
 */
enum pv_status pv_collect_links(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error);
/*
 * The same before a submission, whose judgement is kept: what is known for longer than
 * PV_COLLECT_LINKS_AGAIN_S is asked again, for PV_COLLECT_LINKS_AGAIN_MS in all. Where nobody
 * answers, what was known within a day stands.
 */
enum pv_status pv_collect_links_again(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error);

/* The loop in a thread of its own, with its own desk (one connection); stop waits for the turn. */
struct pv_collector_thread;
enum pv_status pv_collector_start(TALLOC_CTX *mem, struct pv_desk *desk,
	struct pv_collector_thread **out, struct pv_error *error);
void pv_collector_wake(struct pv_collector_thread *thread);
void pv_collector_stop(struct pv_collector_thread *thread);

#endif
