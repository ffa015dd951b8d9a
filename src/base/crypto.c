/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/crypto.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

void pv_digest(const void *bytes, size_t size, char out[PV_DIGEST_SIZE])
{
	unsigned char hash[PV_DIGEST_BYTES];
	crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
	sodium_bin2hex(out, PV_DIGEST_SIZE, hash, sizeof hash);
}

void pv_digest_keyed(
	const struct pv_key *key, const void *bytes, size_t size, char out[PV_DIGEST_SIZE])
{
	unsigned char hash[PV_DIGEST_BYTES];
	crypto_generichash(hash, sizeof hash, bytes, size, key->bytes, sizeof key->bytes);
	sodium_bin2hex(out, PV_DIGEST_SIZE, hash, sizeof hash);
}

void pv_digest_fields(const char *const *fields, size_t n, char out[PV_DIGEST_SIZE])
{
	crypto_generichash_state state;
	unsigned char hash[PV_DIGEST_BYTES];
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	for (size_t i = 0; i < n; i++) {
		char head[32] = "-";
		size_t size = fields[i] ? strlen(fields[i]) : 0;
		if (fields[i])
			snprintf(head, sizeof head, "%zu:", size);
		crypto_generichash_update(&state, (const unsigned char *)head, strlen(head));
		crypto_generichash_update(&state, (const unsigned char *)fields[i], size);
	}
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2hex(out, PV_DIGEST_SIZE, hash, sizeof hash);
}

/* Each hash holds 64 MiB: a burst of sign-ins must not take them all at once. */
static pthread_mutex_t password_turn = PTHREAD_MUTEX_INITIALIZER;

enum pv_status pv_password_hash(
	TALLOC_CTX *mem, const char *password, char **out, struct pv_error *error)
{
	char hash[crypto_pwhash_STRBYTES];
	pthread_mutex_lock(&password_turn);
	int failed = crypto_pwhash_str_alg(hash, password, strlen(password),
		crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
		crypto_pwhash_ALG_ARGON2ID13);
	pthread_mutex_unlock(&password_turn);
	char *copy = failed ? NULL : talloc_strdup(mem, hash);
	if (!copy)
		return pv_fail_nomem(error);
	*out = copy;
	return PV_OK;
}

bool pv_password_matches(const char *hash, const char *password)
{
	pthread_mutex_lock(&password_turn);
	bool matches = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	pthread_mutex_unlock(&password_turn);
	return matches;
}

static enum pv_status key_fail(const char *path, struct pv_error *error)
{
	return pv_fail(error, PV_UNAVAILABLE, "La clé %s ne peut être lue ni créée (%s).",
		"The key %s can be neither read nor made (%s).", path, strerror(errno));
}

static enum pv_status key_create(const char *path, struct pv_key *out, struct pv_error *error)
{
	struct pv_key key;
	randombytes_buf(key.bytes, sizeof key.bytes);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return key_fail(path, error);
	bool written = write(file, key.bytes, sizeof key.bytes) == (ssize_t)sizeof key.bytes &&
		       fsync(file) == 0;
	if (close(file) != 0 || !written) {
		unlink(path);
		return key_fail(path, error);
	}
	*out = key;
	return PV_OK;
}

enum pv_status pv_key_load(const char *path, struct pv_key *out, struct pv_error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return errno == ENOENT ? key_create(path, out, error) : key_fail(path, error);
	struct pv_key key;
	ssize_t size = read(file, key.bytes, sizeof key.bytes);
	close(file);
	if (size != (ssize_t)sizeof key.bytes) {
		errno = EINVAL;
		return key_fail(path, error);
	}
	*out = key;
	return PV_OK;
}

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

enum pv_status pv_seal(TALLOC_CTX *mem, const struct pv_key *key, const char *context,
	const char *text, char **out, struct pv_error *error)
{
	size_t size = strlen(text), sealed_size = NONCE + size + TAG;
	unsigned char *sealed = talloc_size(mem, sealed_size);
	size_t room = sodium_base64_encoded_len(sealed_size, BASE64);
	char *encoded = talloc_size(mem, room);
	if (!sealed || !encoded) {
		talloc_free(sealed);
		talloc_free(encoded);
		return pv_fail_nomem(error);
	}
	randombytes_buf(sealed, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL,
		(const unsigned char *)text, size, (const unsigned char *)context, strlen(context),
		NULL, sealed, key->bytes);
	sodium_bin2base64(encoded, room, sealed, sealed_size, BASE64);
	talloc_free(sealed);
	*out = encoded;
	return PV_OK;
}

enum pv_status pv_unseal(TALLOC_CTX *mem, const struct pv_key *key, const char *context,
	const char *sealed, char **out, struct pv_error *error)
{
	size_t room = strlen(sealed), size = 0;
	unsigned char *bytes = talloc_size(mem, room + 1);
	char *text = talloc_size(mem, room + 1);
	if (!bytes || !text) {
		talloc_free(bytes);
		talloc_free(text);
		return pv_fail_nomem(error);
	}
	bool opened =
		sodium_base642bin(bytes, room, sealed, room, NULL, &size, NULL, BASE64) == 0 &&
		size >= NONCE + TAG &&
		crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)text, NULL, NULL,
			bytes + NONCE, size - NONCE, (const unsigned char *)context,
			strlen(context), bytes, key->bytes) == 0;
	if (opened)
		text[size - NONCE - TAG] = '\0';
	talloc_free(bytes);
	if (!opened) {
		talloc_free(text);
		return pv_fail(error, PV_UNAVAILABLE,
			"Un secret scellé ne s'ouvre pas : la clé du dossier de données n'est pas "
			"celle qui l'a scellé.",
			"A sealed secret does not open: the data folder's key is not the one that "
			"sealed it.");
	}
	*out = text;
	return PV_OK;
}

char *pv_secret_new(TALLOC_CTX *mem, struct pv_env *env)
{
	unsigned char random[32];
	pv_env_random(env, random, sizeof random);
	size_t room = sodium_base64_encoded_len(sizeof random, BASE64);
	char *text = talloc_size(mem, room);
	if (text)
		sodium_bin2base64(text, room, random, sizeof random, BASE64);
	return text;
}

bool pv_secret_equal(const char *a, const char *b)
{
	size_t size = strlen(a);
	return size == strlen(b) && sodium_memcmp(a, b, size) == 0;
}
