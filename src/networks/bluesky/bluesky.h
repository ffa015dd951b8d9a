/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The inside of the Bluesky adapter (AT Protocol). Sources: bluesky-social/atproto lexicons/,
 * atproto.com/specs/{tid,record-key,xrpc}, docs.bsky.app advanced guides.
 *
 * An account's fields: server is the base address of its PDS, remote_id its DID, secrets
 * {"access","refresh"} (never the password), settings {"appview":true|false}: whether the PDS
 * passes app.bsky.* calls on to an AppView. A PDS alone serves only com.atproto.*: it has no
 * figures, and its answers are found by looking into the repositories it keeps.
 *
 * A post's remote id is its URI, at://DID/app.bsky.feed.post/RKEY.
 */
#ifndef PV_NETWORKS_BLUESKY_H
#define PV_NETWORKS_BLUESKY_H

#include "networks/wire.h"

#define PV_BLUESKY_POST "app.bsky.feed.post"

enum {
	PV_BLUESKY_TID_LENGTH = 13,
	PV_BLUESKY_LANGS_MAX = 3,
	PV_BLUESKY_MENTIONS_MAX = 10, /* handles resolved for one post; the rest stay text */
	PV_BLUESKY_RESOLVE_MS = 5000,
	PV_BLUESKY_TAG_BYTES_MAX = 640,
	PV_BLUESKY_PAGES_MAX = 4,
	PV_BLUESKY_REPOS_MAX = 100,   /* looked into on a PDS without AppView, the latest first */
	PV_BLUESKY_REPOS_PAGE = 1000, /* listed there, PV_BLUESKY_PAGES_MAX pages at most */
};

/* One operation's way to the account's PDS. */
struct pv_bluesky {
	struct pv_wire wire;
	const char *account_id, *server, *did;
	const char *access, *refresh; /* replaced together */
	bool appview;
	/* The tokens could not be renewed: the last answer is that of the renewal, not of the call. */
	bool renewal_failed;
};

struct pv_bluesky_call {
	const char *nsid;  /* com.atproto.repo.putRecord */
	const char *query; /* without '?'; NULL: none */
	json_t *input;     /* procedures: JSON; or the three below */
	const char *type;
	const void *body;
	size_t body_size;
	int64_t most_ms;
};

enum pv_status pv_bluesky_open(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, int64_t timeout_ms, struct pv_bluesky *out,
	struct pv_error *error);

/*
 * One call with the account's token. A token that expired is renewed once (the new ones are saved
 * before they are used) and the call made again: the PDS refused the first one unread. Queries are
 * GET, calls with a body POST.
 */
enum pv_status pv_bluesky_ask(struct pv_bluesky *b, const struct pv_bluesky_call *call,
	struct pv_wire_answer *out, struct pv_error *error);

/* What an answer means to whoever only wants it done: PV_OK for 200 with JSON, else words. */
enum pv_status pv_bluesky_settle(
	const struct pv_bluesky *b, const struct pv_wire_answer *answer, struct pv_error *error);

/* Both for reads: PV_OK only for 200 with JSON. */
enum pv_status pv_bluesky_read(struct pv_bluesky *b, const char *nsid, const char *query,
	json_t **out, struct pv_error *error);

/* The error's name ("ExpiredToken") or "". */
const char *pv_bluesky_error(const struct pv_wire_answer *answer);

/* A TID (atproto.com/specs/tid): 0, 53 bits of microseconds, 10 of clock id, in sortable base 32. */
void pv_bluesky_tid(int64_t at_us, unsigned clock_id, char out[PV_BLUESKY_TID_LENGTH + 1]);

/* {"access","refresh"} */
char *pv_bluesky_secrets(TALLOC_CTX *mem, const char *access, const char *refresh);

/* at://DID/COLLECTION/RKEY; false for anything else. The parts live below `mem`. */
struct pv_bluesky_uri {
	const char *did, *collection, *rkey;
};
bool pv_bluesky_uri_parse(TALLOC_CTX *mem, const char *text, struct pv_bluesky_uri *out);
char *pv_bluesky_permalink(TALLOC_CTX *mem, const char *did, const char *rkey);

/* The record of a post, and where a step before it failed: `out_no` set and the record NULL. */
enum pv_status pv_bluesky_record(struct pv_bluesky *b, const struct pv_outgoing *outgoing,
	json_t **out, struct pv_delivery *out_no, struct pv_error *error);

/* The slots of the table. */
char *pv_bluesky_make_key(TALLOC_CTX *mem, const struct pv_outgoing *outgoing);
enum pv_status pv_bluesky_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error);
enum pv_status pv_bluesky_check_account(const struct pv_network_context *context, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error);
enum pv_status pv_bluesky_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error);
enum pv_status pv_bluesky_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error);
enum pv_status pv_bluesky_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error);
enum pv_status pv_bluesky_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_bluesky_conversation(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *cursor, const char *const *recent,
	size_t n_recent, struct pv_incoming **out, size_t *out_n, const char **out_cursor,
	struct pv_error *error);

/* What conversation() gathers, oldest first; used by its two ways of looking. */
struct pv_bluesky_heard {
	TALLOC_CTX *mem;
	struct pv_incoming *items;
	size_t n;
};
enum pv_status pv_bluesky_hear(struct pv_bluesky_heard *heard, const char *uri,
	const json_t *author, const json_t *record, int64_t at_us, struct pv_error *error);
/* Without an AppView: into the repositories of the same PDS. */
enum pv_status pv_bluesky_look_around(struct pv_bluesky *b, int64_t since_us,
	struct pv_bluesky_heard *heard, struct pv_error *error);

#endif
