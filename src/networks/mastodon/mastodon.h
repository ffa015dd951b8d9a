/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The inside of the adapter for Mastodon and the servers that speak its API (docs.joinmastodon.org,
 * methods and entities). They differ: limits are read from the server, and only those that are
 * known to honour Idempotency-Key are trusted with a repeat.
 *
 * An account's fields: server is the base address, remote_id the account's id there, secrets
 * {"token"}, settings {"software","version","text_max","link_length","media_max","media_bytes_max",
 * "media_types","description_max","idempotent"}. A post's remote id is the status's id.
 */
#ifndef PV_NETWORKS_MASTODON_H
#define PV_NETWORKS_MASTODON_H

#include "networks/wire.h"

enum {
	PV_MASTODON_POLL_MS = 1000, /* between two looks at a picture being processed */
	PV_MASTODON_PAGES_MAX = 3,  /* of the account's own posts, when reading back */
	PV_MASTODON_PAGE = 40,
};

/* The server keeps a key for an hour; what is left of it is for clocks and queues. */
#define PV_MASTODON_IDEMPOTENT_US (50 * PV_MINUTE_US)
/* Read-back begins this long before the write: two clocks are compared. */
#define PV_MASTODON_SKEW_US (2 * PV_MINUTE_US)
/*
 * When nobody knows for sure how long ago the write left (written_at_us is a wall clock's, which may
 * have been wrong): what looks like it this long before proves nothing, neither way.
 */
#define PV_MASTODON_DOUBT_US PV_DAY_US

extern const struct pv_words pv_mastodon_label;

struct pv_mastodon {
	struct pv_wire wire;
	const char *server, *id, *token;
	const json_t *settings; /* never NULL */
};

enum pv_status pv_mastodon_open(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, int64_t timeout_ms, struct pv_mastodon *out,
	struct pv_error *error);

/* One call; path begins with '/'. GET without a body. */
enum pv_status pv_mastodon_ask(struct pv_mastodon *m, const char *method, const char *path,
	json_t *body, const char *idempotency_key, struct pv_wire_answer *out,
	struct pv_error *error);
/* A read: PV_OK only for 200 with JSON. */
enum pv_status pv_mastodon_read(struct pv_mastodon *m, const char *path, struct pv_wire_answer *out,
	struct pv_error *error);

/* A picture on the server, ready to be used. Not possible: `no` is filled and *out_id stays. */
enum pv_status pv_mastodon_upload(struct pv_mastodon *m, const struct pv_outgoing_media *media,
	const char **out_id, struct pv_delivery *no, struct pv_error *error);

/* The text as it is sent: an answer begins with the handle of whom it answers. NULL: no memory. */
const char *pv_mastodon_text(
	TALLOC_CTX *mem, const struct pv_outgoing *outgoing, const char *handle);

/* id and permalink of a status; false when it is none. */
bool pv_mastodon_take(TALLOC_CTX *mem, const json_t *status, struct pv_delivery *out);

/* The slots of the table. */
enum pv_status pv_mastodon_connect(const struct pv_network_context *context, TALLOC_CTX *mem,
	const char *typed, struct pv_network_account *out, struct pv_error *error);
enum pv_status pv_mastodon_check_account(const struct pv_network_context *context, TALLOC_CTX *mem,
	struct pv_network_account *account, struct pv_error *error);
enum pv_status pv_mastodon_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error);
enum pv_status pv_mastodon_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error);
enum pv_status pv_mastodon_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error);
enum pv_status pv_mastodon_metrics(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_figure **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_mastodon_conversation(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *cursor, const char *const *recent,
	size_t n_recent, struct pv_incoming **out, size_t *out_n, const char **out_cursor,
	struct pv_error *error);

#endif
