/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Identifiers: ULID (github.com/ulid/spec) in lower case, 26 characters of Crockford's base 32:
 * 48 bits of milliseconds and 80 bits of random. They sort by time of birth, so a list's cursor is
 * the last id seen.
 */
#ifndef PV_BASE_ID_H
#define PV_BASE_ID_H

#include "base/env.h"

enum { PV_ID_LENGTH = 26, PV_ID_SIZE = PV_ID_LENGTH + 1 };

const char *pv_id_new(struct pv_env *env, char out[PV_ID_SIZE]);
char *pv_id_make(TALLOC_CTX *mem, struct pv_env *env); /* NULL when memory is out */
bool pv_id_valid(const char *text);

/*
 * The same 128 bits as a UUID's text (RFC 9562 form, no version of its own), for urn:uuid names:
 * "0198c0de-…". All zeros when `id` is not one of ours.
 */
enum { PV_UUID_SIZE = 37 };
const char *pv_id_uuid(const char *id, char out[PV_UUID_SIZE]);

#endif
