/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a version of a policy would have said of what the organisation published, or of a history
 * brought from elsewhere (policy/replay.h).
 *
 *	struct pv_desk_replay *replay;
 *	pv_desk_policy_replay(desk, mem, actor, draft_id, &(struct pv_replay_in){.months = 6},
 *		&replay, error);
 *	puts(replay->summary);
 *
 * Of an open version what it came to is kept (row.replayed) when who asks may govern, and holds as
 * long as the text does not change; adopting the version asks for it. No transaction is held
 * meanwhile: posts are read a batch at a time, and a few threads hear them.
 */
#ifndef PV_DESK_REPLAY_H
#define PV_DESK_REPLAY_H

#include "desk/policies.h"

enum {
	PV_REPLAY_MONTHS = 12, /* where nothing is asked */
	PV_REPLAY_MONTHS_MAX = 120,
	PV_REPLAY_POSTS_MAX = 1000000, /* of the desk's own, the latest of the period */
	PV_REPLAY_CASES_MAX = 8 << 20, /* bytes of a history brought along */
	PV_REPLAY_CHANGED_MAX = 500,   /* told one by one, the latest */
	PV_REPLAY_PROBLEMS_MAX = 100,  /* told one by one, the first */
	PV_REPLAY_WORDS = 80,          /* graphemes of a post's first words */
};

struct pv_replay_in {
	/* Whose verdict was: NULL or "in_force", the present policy; "kept", what was answered
	 * then; or the id of a version of the same organisation. */
	const char *against;
	int months;         /* of the desk's own posts; 0: PV_REPLAY_MONTHS */
	const char *cases;  /* JSON Lines of cases instead of the desk's own; NULL: none */
	bool own_histories; /* of those: each case has its own history, they are no sequence */
	/* Called now and then with how far it is, from any thread but one at a time; returns at
	 * once, false to leave off (PV_UNAVAILABLE). NULL: nobody asks. What is over within a
	 * moment is not told. */
	bool (*progress)(
		void *state, const struct pv_policy_row *version, int64_t done, int64_t total);
	void *progress_state;
};

/* A post whose verdict changes. */
struct pv_replay_post_row {
	const char *id; /* the publication's, or what the case says */
	const char *variant_id, *account_name, *network, *permalink; /* NULL where not the desk's */
	const char *account;                                         /* slug */
	const char *text;                                            /* its first words */
	int64_t at_us;
	enum pv_verdict was, is;
	const char *const *decided_by;
	size_t n_decided_by;
	bool human;              /* has a human subject, as declared */
	int64_t reads, comments; /* -1: not known */
};

/* A case that could not be replayed. */
struct pv_replay_problem {
	const char *id;        /* as above; NULL: not known */
	uint64_t line, column; /* of the cases brought along; 0: a post of the desk */
	struct pv_words message;
};

struct pv_desk_replay {
	struct pv_policy_row to, from; /* from.id NULL: beside the verdicts that were kept */
	bool imported;
	int months;                /* 0 where imported, and the ends of the period none */
	int64_t from_us, until_us; /* published after the one, not after the other */
	bool kept;                 /* with the version */
	bool older;                /* the period holds older posts, over PV_REPLAY_POSTS_MAX */
	const char *summary;       /* JSON: pv_replay_summary */
	struct pv_replay_post_row *changed; /* newest first */
	size_t n_changed, changed_left_out;
	struct pv_replay_problem *problems;
	size_t n_problems, problems_left_out;
};

/*
 * PV_MAY_READ; kept for PV_MAY_GOVERN, with an audit entry, and tells "policy". PV_INVALID: a member of `in` is out of bounds (/months, /against, /cases), or the
 * version's text has problems.
 */
enum pv_status pv_desk_policy_replay(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_replay_in *in,
	struct pv_desk_replay **out, struct pv_error *error);

/* Does the replay that is kept (row.replayed) speak of the text as it stands? */
bool pv_desk_policy_replay_is_current(const struct pv_policy_row *row);

/*
 * Does adopting it wait for a replay: the version is open, none that saw a post is kept of its text
 * as it stands, and something was published in the last PV_REPLAY_MONTHS months.
 */
enum pv_status pv_desk_policy_replay_due(
	struct pv_desk *desk, const struct pv_policy_row *row, bool *out, struct pv_error *error);

#endif
