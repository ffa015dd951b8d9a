/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Secrets given once: API tokens, invitations, the first owner's link. Only digests are kept. */
#ifndef PV_STORE_TOKEN_H
#define PV_STORE_TOKEN_H

#include "store/person.h"

struct pv_token_row {
	const char *id;
	const char *digest;
	const char *kind;      /* api | invitation | setup */
	const char *person_id; /* NULL for setup */
	const char *name;
	const char *scopes; /* JSON list: read | write */
	int64_t created_at_us;
	int64_t used_at_us; /* PV_TIME_NONE: never; an API token's is its last use, to the minute */
	int64_t expires_at_us; /* PV_TIME_NONE: never */
	int64_t revoked_at_us;
};

enum pv_status pv_token_insert(
	struct pv_db *db, const struct pv_token_row *row, struct pv_error *error);
/*
 * A live token of that kind: not revoked, not expired, and not used when it is for one use.
 * `out_person` (may be NULL) is its person, who may sign in. PV_NOT_FOUND without words.
 */
enum pv_status pv_token_find(struct pv_db *db, TALLOC_CTX *mem, const char *kind,
	const char *digest, int64_t now_us, struct pv_token_row *out,
	struct pv_person_row *out_person, struct pv_error *error);
/* A person's API tokens that were not revoked, the newest first. */
enum pv_status pv_token_list(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	struct pv_token_row **out, size_t *out_n, struct pv_error *error);
enum pv_status pv_token_used(
	struct pv_db *db, const char *id, int64_t at_us, struct pv_error *error);
/* PV_NOT_FOUND with words when the person has no such token. */
enum pv_status pv_token_revoke(struct pv_db *db, const char *person_id, const char *id,
	int64_t at_us, struct pv_error *error);
/* Revokes all of a kind, of a person or (NULL) of nobody. */
enum pv_status pv_token_revoke_kind(struct pv_db *db, const char *kind, const char *person_id,
	int64_t at_us, struct pv_error *error);

#endif
