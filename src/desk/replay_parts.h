/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Inside the desk: a replay at work. A few threads (base/relay.h) take posts, hear them, and settle
 * them in order; what one of these steps touches is touched by one thread at a time.
 */
#ifndef PV_DESK_REPLAY_PARTS_H
#define PV_DESK_REPLAY_PARTS_H

#include "desk/replay.h"
#include "policy/replay.h"
#include "store/past.h"

struct pv_replaying {
	struct pv_desk *desk;
	const struct pv_replay_in *in;
	struct pv_replay *replay;
	struct pv_replay_bench *was; /* NULL: the verdict that was kept */
	int64_t total;

	/* taking: the desk's own posts, or lines */
	struct pv_past_span span;
	struct pv_past_mark mark;
	int64_t skip;
	const char *at, *end;
	uint64_t line;

	/* settling */
	struct pv_desk_replay *out;
	struct pv_replay_post_row *latest[PV_REPLAY_CHANGED_MAX]; /* a ring, below `out` */
	size_t n_changed;
	int64_t done, told_us;
};

/* Everything from the first post to the last; progress is told. */
enum pv_status pv_replaying_run(struct pv_replaying *work, struct pv_error *error);

/* The same day of the month so many months ago, or the month's last one. */
int64_t pv_replay_months_before(int64_t at_us, int months);

/*
 * Keeps what a replay came to with the version, where the actor may govern, the version is open and
 * its text is still the one that was replayed; `replay->kept` says whether. One that saw no post
 * does not take the place of one that did.
 */
enum pv_status pv_replay_keep(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_desk_replay *replay, struct pv_error *error);

/* Is a replay of this very text kept that saw at least one post? */
bool pv_replay_kept_counts(const struct pv_policy_row *row);

/* PV_CONFLICT, with what to do, when a replay is due (*out_due) before the version is adopted. */
enum pv_status pv_replay_first(struct pv_desk *desk, const struct pv_policy_row *row, bool *out_due,
	struct pv_error *error);

#endif
