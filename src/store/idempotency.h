/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers already given to an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). */
#ifndef PV_STORE_IDEMPOTENCY_H
#define PV_STORE_IDEMPOTENCY_H

#include "store/db.h"

struct pv_idempotency_row {
	const char *digest;  /* of person, method, address and key */
	const char *request; /* digest of the body */
	int64_t status;      /* 0 while at work */
	const char *response;
	int64_t created_at_us;
};

/*
 * Takes the key for this request. PV_OK: it is ours, do the work. PV_CONFLICT, without words: it
 * was taken, `out` says by what.
 */
enum pv_status pv_idempotency_take(struct pv_db *db, TALLOC_CTX *mem, const char *digest,
	const char *request, int64_t now_us, struct pv_idempotency_row *out,
	struct pv_error *error);
enum pv_status pv_idempotency_answer(struct pv_db *db, const char *digest, int64_t status,
	const char *response, struct pv_error *error);
/* The work was not done: the key may be used again. */
enum pv_status pv_idempotency_drop(struct pv_db *db, const char *digest, struct pv_error *error);
enum pv_status pv_idempotency_sweep(struct pv_db *db, int64_t before_us, struct pv_error *error);

#endif
