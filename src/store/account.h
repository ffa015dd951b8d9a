/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts: the places to publish. */
#ifndef PV_STORE_ACCOUNT_H
#define PV_STORE_ACCOUNT_H

#include "store/db.h"

struct pv_account_row {
	const char *id;
	const char *organization_id;
	const char *slug; /* the policy's id of the account */
	const char *network;
	const char *stance; /* organisation | personal | hosted */
	const char *name;
	const char *handle;
	const char *server;    /* base address, "" for the journal */
	const char *remote_id; /* did, account id; "" before connecting */
	const char *secrets;   /* sealed JSON; NULL when there are none */
	const char *settings;  /* JSON object: limits read from the server… */
	const char *state;     /* connected | sign_in | paused | removed */
	const char *state_why; /* "" or JSON {"fr","en"} */
	int64_t checked_at_us; /* PV_TIME_NONE: never */
	const char *cursor;    /* where listening stopped */
	int64_t listen_at_us;  /* when to listen next */
	int64_t version;
	int64_t created_at_us;
};

enum pv_status pv_account_insert(
	struct pv_db *db, const struct pv_account_row *row, struct pv_error *error);
/* PV_NOT_FOUND with words; a removed one is found, its posts still speak of it. */
enum pv_status pv_account_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_account_row *out, struct pv_error *error);
enum pv_status pv_account_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *slug, struct pv_account_row *out, struct pv_error *error);
/*
 * Another row than `row` that is the same account of the network, whoever has it: a DID is one on
 * all servers, any other remote_id one of its server's, and where there is none (the journal) one an
 * organisation. Its own organisation's comes first. PV_NOT_FOUND, without words: there is none.
 */
enum pv_status pv_account_find_twin(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_account_row *row, struct pv_account_row *out, struct pv_error *error);
/* An organisation's, or (NULL) those of every organisation of `person_id` (NULL: everybody's). */
enum pv_status pv_account_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, struct pv_account_row **out, size_t *out_n, struct pv_error *error);
/*
 * Writes slug, stance, name, handle, server, remote_id, secrets, settings, state, state_why and
 * checked_at where id, organization and version match, and makes the version one more;
 * PV_CONFLICT otherwise.
 */
enum pv_status pv_account_update(
	struct pv_db *db, const struct pv_account_row *row, struct pv_error *error);
/* A refreshed token: the secrets alone, whatever the version. */
enum pv_status pv_account_secrets(struct pv_db *db, const char *id, const char *organization_id,
	const char *sealed, struct pv_error *error);
/* What the collector remembers: where it stopped, when to come back. No version. */
enum pv_status pv_account_listened(struct pv_db *db, const char *id, const char *organization_id,
	const char *cursor, int64_t listen_at_us, struct pv_error *error);
/*
 * Connected accounts whose time to listen has come, at most `most`, taken by moving listen_at to
 * `lease_until_us` in the same statement: two nodes never take the same one.
 */
enum pv_status pv_account_claim_listen(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us,
	int64_t lease_until_us, int most, struct pv_account_row **out, size_t *out_n,
	struct pv_error *error);

#endif
