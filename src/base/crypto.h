/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Secrets of the house, all from libsodium: digests (BLAKE2b-256), passwords (argon2id), sealed
 * tokens (XChaCha20-Poly1305 with a key kept outside the database), random bearer secrets.
 */
#ifndef PV_BASE_CRYPTO_H
#define PV_BASE_CRYPTO_H

#include "base/env.h"
#include "base/error.h"

#include <stdint.h>

enum { PV_KEY_BYTES = 32 };
struct pv_key {
	unsigned char bytes[PV_KEY_BYTES];
};

enum { PV_DIGEST_BYTES = 32, PV_DIGEST_TEXT = 64, PV_DIGEST_SIZE = PV_DIGEST_TEXT + 1 };

/* BLAKE2b-256 (RFC 7693) in lower-case hexadecimal. */
void pv_digest(const void *bytes, size_t size, char out[PV_DIGEST_SIZE]);

/* The same under a key: what a fast digest of a secret may be kept as. */
void pv_digest_keyed(
	const struct pv_key *key, const void *bytes, size_t size, char out[PV_DIGEST_SIZE]);

/*
 * A digest of several fields, each preceded by its length in decimal and ':', so that no two lists
 * of fields share a digest. A NULL field is written "-" and differs from an empty one.
 */
void pv_digest_fields(const char *const *fields, size_t n, char out[PV_DIGEST_SIZE]);

/* argon2id, interactive limits (64 MiB): about 0.1 s, one at a time in a process. */
enum pv_status pv_password_hash(
	TALLOC_CTX *mem, const char *password, char **out, struct pv_error *error);
bool pv_password_matches(const char *hash, const char *password);

/* Reads the key of a data folder, making it (mode 0600) the first time. */
enum pv_status pv_key_load(const char *path, struct pv_key *out, struct pv_error *error);

/* Sealed text is base64url without padding; `context` (an account's id) must be the same to open. */
enum pv_status pv_seal(TALLOC_CTX *mem, const struct pv_key *key, const char *context,
	const char *text, char **out, struct pv_error *error);
enum pv_status pv_unseal(TALLOC_CTX *mem, const struct pv_key *key, const char *context,
	const char *sealed, char **out, struct pv_error *error);

/* 256 random bits in base64url: sessions, CSRF, API tokens, one-time links. NULL: memory is out. */
char *pv_secret_new(TALLOC_CTX *mem, struct pv_env *env);

/* Equal texts, in a time that does not tell where they differ. */
bool pv_secret_equal(const char *a, const char *b);

#endif
