/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A request asked twice is done once: answers kept under the caller's own key
 * (draft-ietf-httpapi-idempotency-key-header), sealed, for a day.
 *
 *	struct pv_once_key key = {.person_id = id, .method = "POST", .address = path, .key = header,
 *		.body = bytes, .body_size = size};
 *	struct pv_once once;
 *	if (pv_desk_once_take(desk, mem, &key, &once, error) != PV_OK) …
 *	if (once.answer)
 *		… give it again …
 *	… do it, then pv_desk_once_keep(), or pv_desk_once_drop() when nothing was done …
 *
 * Whether something was done is not for the answer's status to say: a verb may be committed and its
 * outcome not be read back. pv_desk_deeds() before and after says it.
 */
#ifndef PV_DESK_ONCE_H
#define PV_DESK_ONCE_H

#include "desk/desk.h"

struct pv_once_key {
	const char *person_id;              /* NULL: nobody is signed in */
	const char *method, *address, *key; /* the address with its query */
	const void *body;
	size_t body_size;
};

struct pv_once {
	const char *digest; /* names the taken key */
	int64_t status;     /* of the kept answer */
	const char *answer; /* NULL: the key is ours now, do the work */
};

/*
 * PV_INVALID: the key was used for another request; PV_CONFLICT: the first one is still at work, or
 * the desk stopped in the middle of it and its outcome must be looked up.
 */
enum pv_status pv_desk_once_take(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_once_key *key, struct pv_once *out, struct pv_error *error);

/* Keeps the answer; when that fails the request is done all the same. */
enum pv_status pv_desk_once_keep(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_once *once,
	int64_t status, const char *answer, struct pv_error *error);

/* The work was not done: the key may be used again. */
enum pv_status pv_desk_once_drop(
	struct pv_desk *desk, const struct pv_once *once, struct pv_error *error);

/* What this desk has done so far: verbs committed with their audit entry. To compare with itself. */
int64_t pv_desk_deeds(const struct pv_desk *desk);

#endif
