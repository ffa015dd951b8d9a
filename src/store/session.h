/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sessions of the browser; the key is the digest of the cookie's secret. */
#ifndef PV_STORE_SESSION_H
#define PV_STORE_SESSION_H

#include "store/person.h"

struct pv_session_row {
	const char *digest;
	const char *person_id;
	const char *csrf;
	const char *agent;
	const char *address;
	int64_t created_at_us;
	int64_t seen_at_us;
	int64_t expires_at_us;
};

enum pv_status pv_session_insert(
	struct pv_db *db, const struct pv_session_row *row, struct pv_error *error);
/*
 * The session and its person in one reading, when neither has expired nor been disabled.
 * PV_NOT_FOUND, without words, otherwise.
 */
enum pv_status pv_session_find(struct pv_db *db, TALLOC_CTX *mem, const char *digest,
	int64_t now_us, struct pv_session_row *out, struct pv_person_row *out_person,
	struct pv_error *error);
enum pv_status pv_session_touch(struct pv_db *db, const char *digest, int64_t seen_at_us,
	int64_t expires_at_us, struct pv_error *error);
/* The latest seen first. */
enum pv_status pv_session_list(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	int64_t now_us, struct pv_session_row **out, size_t *out_n, struct pv_error *error);
/* `out_deleted` may be NULL. */
enum pv_status pv_session_delete(struct pv_db *db, const char *person_id, const char *digest,
	int64_t *out_deleted, struct pv_error *error);
/* All of a person's but one (which may be NULL). */
enum pv_status pv_session_delete_others(
	struct pv_db *db, const char *person_id, const char *kept_digest, struct pv_error *error);
enum pv_status pv_session_sweep(struct pv_db *db, int64_t now_us, struct pv_error *error);

#endif
