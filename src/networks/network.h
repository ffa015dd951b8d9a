/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The contract of a network: data and a few operations, the same for Bluesky, a Mastodon-compatible
 * server, the desk's own journal, and the fake that misbehaves in tests.
 *
 *	const struct pv_network *network = pv_network_find("bluesky");
 *	struct pv_delivery delivery;
 *	network->publish(context, mem, account, &outgoing, &delivery, error);
 *
 * The promise that everything else stands on: publish() answers YES only with the network's own
 * word, NO only when the network refused it for good, LATER only when it is sure that nothing was
 * accepted, and UNKNOWN for all the rest. An adapter never repeats a write by itself, except with a
 * key that makes the repeat harmless (`idempotent`), and never waits longer than `timeout_ms`.
 */
#ifndef PV_NETWORKS_NETWORK_H
#define PV_NETWORKS_NETWORK_H

#include "base/env.h"
#include "base/error.h"
#include "base/instant.h"

#include <stdint.h>

/* The longest one operation may take in all; a lease is longer (dispatch/runner.h). */
enum { PV_NETWORK_TIMEOUT_MS = 60000 };

enum pv_answer { PV_ANSWER_YES, PV_ANSWER_NO, PV_ANSWER_LATER, PV_ANSWER_UNKNOWN };
const char *pv_answer_name(enum pv_answer answer); /* "yes" "no" "later" "unknown" */

/* One taxonomy for all networks; each has words for a person in network.c. */
enum pv_reason {
	PV_REASON_NONE,
	/* no */
	PV_REASON_PERMANENT,  /* the network will not take this post */
	PV_REASON_SIGN_IN,    /* the token died: the account must be connected again */
	PV_REASON_PERMISSION, /* the token lives and may not do this */
	PV_REASON_DUPLICATE,  /* the network says it has it already */
	PV_REASON_TOO_LARGE,
	PV_REASON_RULES, /* against the network's own rules */
	/* later */
	PV_REASON_RATE_LIMIT, /* `retry_at_us` says when */
	PV_REASON_OUTAGE,     /* could not be reached, nothing was sent */
	/* unknown */
	PV_REASON_NO_ANSWER,  /* sent, and no whole answer came */
	PV_REASON_ODD_ANSWER, /* sent, and the answer cannot be understood */
};
const char *pv_reason_name(enum pv_reason reason);
struct pv_words pv_reason_words(enum pv_reason reason);

/* The account as an adapter sees it; secrets are open here and nowhere else. */
struct pv_network_account {
	const char *id;
	const char *handle;    /* @name@server, name.bsky.social */
	const char *server;    /* base address, no final slash */
	const char *remote_id; /* did:plc:…, numeric id; "" before connecting */
	const char *secrets;   /* JSON object text; the adapter's own shape */
	const char *settings;  /* JSON object text: limits read from the server */
	const char *name;      /* shown name: the organisation's voice */
};

/*
 * The journal's way into the desk's own store, given by whoever may use the store. Publishing under
 * an id that is there already answers the same permalink again, with the text as it is now: that is
 * its idempotence.
 */
struct pv_outgoing;
struct pv_incoming;
struct pv_journal_ops {
	enum pv_status (*publish)(void *state, TALLOC_CTX *mem, const char *account_id,
		const struct pv_outgoing *outgoing, char **out_permalink, struct pv_error *error);
	enum pv_status (*find)(void *state, TALLOC_CTX *mem, const char *account_id,
		const char *write_key, char **out_permalink, struct pv_error *error);
	enum pv_status (*withdraw)(
		void *state, const char *account_id, const char *remote_id, struct pv_error *error);
	enum pv_status (*reads)(void *state, const char *account_id, const char *remote_id,
		int64_t *out_reads, int64_t *out_comments, struct pv_error *error);
};

/* What an operation may use of the world. */
struct pv_network_context {
	struct pv_env *env;
	/*
	 * Called with new secrets before they are used (refresh tokens rotate: what is not stored
	 * is lost). The operation stops when it fails.
	 */
	enum pv_status (*save_secrets)(
		void *state, const char *account_id, const char *secrets, struct pv_error *error);
	void *save_state;
	const struct pv_journal_ops *journal;
	void *journal_state;
};

struct pv_outgoing_media {
	const char *type; /* image/jpeg, image/png, image/gif, image/webp */
	const char *alt;
	const void *bytes;
	size_t size;
	int width, height;
};

struct pv_link_card {
	const char *url, *title, *description; /* NULL url: no card */
};

/* Exactly what goes out; the same bytes at every repeat of one attempt. */
struct pv_outgoing {
	const char *publication_id;
	int attempt;
	const char *write_key; /* from make_key, stored with the attempt */
	int64_t written_at_us; /* stored with the attempt; the record's createdAt */
	/* names what a reader would see: other bytes, another name */
	const char *content;
	/*
	 * For find(): since the write left, by a clock that does not jump. PV_AGE_UNKNOWN: another
	 * process wrote it, and written_at_us may be a clock's that was wrong.
	 */
	int64_t age_us;
	/* For find(): what the desk knows to be other posts of this account, by remote id. */
	const char *const *others;
	size_t n_others;
	const char *text;
	const char *const *languages; /* BCP 47 */
	size_t n_languages;
	const struct pv_outgoing_media *media;
	size_t n_media;
	struct pv_link_card card;
	/* an answer: the message it answers, and the thread's first one; NULL otherwise */
	const char *reply_to, *reply_root; /* remote ids, as conversation() gave them */
	const char *reply_handle;          /* whose message it was */
	int64_t timeout_ms;                /* 0: PV_NETWORK_TIMEOUT_MS */
};

#define PV_AGE_UNKNOWN INT64_C(-1)

struct pv_delivery {
	enum pv_answer answer;
	enum pv_reason reason;
	const char *remote_id; /* YES */
	const char *permalink; /* YES; "" where the network has none */
	int64_t retry_at_us;   /* LATER: not before; PV_TIME_NONE: the dispatcher chooses */
	int http_status;       /* 0 when none came */
	const char *evidence; /* what was answered, cut to PV_EVIDENCE_MAX bytes, without secrets */
};
enum { PV_EVIDENCE_MAX = 2000 };

/* Whether an uncertain write arrived. */
enum pv_finding { PV_FOUND, PV_ABSENT, PV_UNSURE };

/* A comment, reply or mention brought back. */
struct pv_incoming {
	const char *remote_id;
	const char *root_id;   /* thread's first message or post */
	const char *parent_id; /* what it answers; "" for a mention out of the blue */
	const char *author_name, *author_handle;
	const char *url;
	const char *text; /* plain */
	const char *language;
	int64_t said_at_us;
};

struct pv_figure {
	const char *metric; /* the network's own meaning: likes, reposts, replies, reads… */
	int64_t value;
};

struct pv_network_limits {
	int text_max;  /* in the network's own count */
	int media_max; /* pictures in one post */
	size_t media_bytes_max;
	bool alt_required;
	bool answers; /* comments can be answered through its API */
	bool counts_views;
};

struct pv_network {
	const char *name; /* "bluesky" */
	struct pv_words label;
	const char *measure; /* name for text/measure.h */
	struct pv_network_limits limits;
	/* A repeat with the same write_key and bytes is harmless for this long; 0: never. */
	int64_t idempotent_us;
	/* The same for one account, where servers differ. NULL: idempotent_us for all. */
	int64_t (*idempotent_for)(const struct pv_network_account *account);
	/*
	 * How many read-backs, and how far apart, before ABSENT is believed; together longer than a
	 * server may work on a write whose line was cut (PV_NETWORK_TIMEOUT_MS), unless every
	 * attempt of a publication has the same key.
	 */
	int find_tries;
	int64_t find_pause_us;

	/*
	 * Signs in with what a person typed (JSON: {server, handle, password | token}) and fills
	 * account's remote_id, handle, name, secrets and settings, all below mem. PV_UNAUTHENTICATED
	 * when the network says no; PV_INVALID with fields' problems.
	 */
	enum pv_status (*connect)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const char *typed, struct pv_network_account *out, struct pv_error *error);

	/* Does the token still live? DENIED/UNAUTHENTICATED tells; settings may be read again. */
	enum pv_status (*check_account)(const struct pv_network_context *context, TALLOC_CTX *mem,
		struct pv_network_account *account, struct pv_error *error);

	/* Can this be published as it stands? Pure: limits and shapes, problems by field. */
	enum pv_status (*check)(const struct pv_network_account *account,
		const struct pv_outgoing *outgoing, struct pv_error *error);

	/*
	 * The key of an attempt, from publication_id, attempt, written_at_us and content alone;
	 * below mem. A network that answers a known key with what it already has must be given
	 * another key for another content.
	 */
	char *(*make_key)(TALLOC_CTX *mem, const struct pv_outgoing *outgoing);

	/*
	 * One write. Returns PV_OK with the delivery filled whenever an answer of any kind can be
	 * given; another status (memory, a bad setting, secrets not saved) means nothing was sent.
	 */
	enum pv_status (*publish)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const struct pv_network_account *account, const struct pv_outgoing *outgoing,
		struct pv_delivery *out, struct pv_error *error);

	/*
	 * Reads back: was this attempt accepted? FOUND fills remote_id and permalink. UNSURE: the
	 * delivery's answer is NO when the network answered and one cannot tell, LATER or UNKNOWN
	 * when it did not answer whole: asked again, it may.
	 */
	enum pv_status (*find)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const struct pv_network_account *account, const struct pv_outgoing *outgoing,
		enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error);

	/* Takes a post back. Taking back what is gone is PV_OK. NULL: cannot. */
	enum pv_status (*withdraw)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const struct pv_network_account *account, const char *remote_id,
		struct pv_error *error);

	/* Figures of one post now. Missing is not zero: only what the network said. NULL: none. */
	enum pv_status (*metrics)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const struct pv_network_account *account, const char *remote_id,
		struct pv_figure **out, size_t *out_n, struct pv_error *error);

	/*
	 * Replies and mentions since `cursor` ("" at first), oldest first, at most
	 * PV_CONVERSATION_PAGE; the new cursor is stored with them. `recent` are remote ids of our
	 * latest posts, for networks that must be asked post by post. NULL: has none, or (journal)
	 * brings them itself.
	 */
	enum pv_status (*conversation)(const struct pv_network_context *context, TALLOC_CTX *mem,
		const struct pv_network_account *account, const char *cursor,
		const char *const *recent, size_t n_recent, struct pv_incoming **out, size_t *out_n,
		const char **out_cursor, struct pv_error *error);
};
enum { PV_CONVERSATION_PAGE = 50 };

/*
 * By name, NULL when there is none; and all that a person may connect, for lists (the fake is found
 * by its name only).
 */
const struct pv_network *pv_network_find(const char *name);
const struct pv_network *const *pv_network_all(size_t *out_n);

/* How long a repeat of this account's write is harmless: idempotent_for, else idempotent_us. */
int64_t pv_network_idempotent_us(
	const struct pv_network *network, const struct pv_network_account *account);

/*
 * The limits of one account: the network's, with what its server said (settings: text_max,
 * media_max, media_bytes_max, alt_required, as connect() and check_account() wrote them).
 */
struct pv_network_limits pv_network_limits_of(
	const struct pv_network *network, const char *settings);

extern const struct pv_network pv_network_journal;
extern const struct pv_network pv_network_bluesky;
extern const struct pv_network pv_network_mastodon;
/* Publishes to a loopback server of the tests that refuses, delays, lies and dies as told. */
extern const struct pv_network pv_network_fake;

#endif
