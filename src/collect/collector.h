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
	/* Links of what is about to leave are looked at once more. */
	PV_COLLECT_SOON_S = 10 * 60,     /* before its time */
	PV_COLLECT_SOON_AGE_S = 5 * 60,  /* where the last look is older than this */
	PV_COLLECT_HELD_AGE_S = 60 * 60, /* the same of what is held past its time */
	PV_COLLECT_SOON_MAX = 200,       /* publications of a state in one turn */
	PV_COLLECT_SOON_MS = 60000,      /* one turn, in all */
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
 * again. They are followed for PV_COLLECT_LINKS_TIMEOUT_MS in all; the others stay as they are known.
 */
enum pv_status pv_collect_links(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error);
/*
 * The same before a text may go out: what nobody looked at for PV_COLLECT_LINKS_AGAIN_S is looked at,
 * for PV_COLLECT_LINKS_AGAIN_MS in all. Where a site does not answer, what was known within a day
 * stands, and the policy says what an unknown end means. PV_UNAVAILABLE, with words: links were left
 * that nobody looked at; PV_INVALID: there are more than PV_JUDGE_LINKS_MAX. The text does not go out
 * like that.
 */
enum pv_status pv_collect_links_again(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *text, struct pv_error *error);

/*
 * Of a variant, before each verb that may let it go out: submit, approve, schedule, publish now, a
 * retry. The verb then judges by what was found. Errors are pv_desk_variant_get's and those above.
 */
enum pv_status pv_collect_variant_links(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, struct pv_error *error);

/* The loop in a thread of its own, with its own desk (one connection); stop waits for the turn. */
struct pv_collector_thread;
enum pv_status pv_collector_start(TALLOC_CTX *mem, struct pv_desk *desk,
	struct pv_collector_thread **out, struct pv_error *error);
void pv_collector_wake(struct pv_collector_thread *thread);
void pv_collector_stop(struct pv_collector_thread *thread);

#endif
