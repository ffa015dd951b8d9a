/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct pv_env *real_env(TALLOC_CTX *mem)
{
	struct pv_env *env;
	assert_int_equal(pv_env_real(mem, &env, NULL), PV_OK);
	return env;
}

static void digests_tell_fields_apart(void **state)
{
	(void)state;
	char a[PV_DIGEST_SIZE], b[PV_DIGEST_SIZE];
	pv_digest("abc", 3, a);
	/* BLAKE2b-256 of "abc", as `b2sum -l 256` gives it */
	assert_string_equal(a, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	const char *const one[] = {"ab", "c"}, *const other[] = {"a", "bc"};
	const struct pv_key key = {{1}}, other_key = {{2}};
	pv_digest_keyed(&key, "abc", 3, b);
	assert_string_not_equal(a, b);
	pv_digest_keyed(&other_key, "abc", 3, a);
	assert_string_not_equal(a, b);
	pv_digest_fields(one, 2, a);
	pv_digest_fields(other, 2, b);
	assert_string_not_equal(a, b);
	const char *const none[] = {NULL}, *const empty[] = {""};
	pv_digest_fields(none, 1, a);
	pv_digest_fields(empty, 1, b);
	assert_string_not_equal(a, b);
}

static void passwords_match_only_themselves(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	real_env(scope);
	char *hash;
	assert_int_equal(pv_password_hash(scope, "une phrase assez longue", &hash, NULL), PV_OK);
	assert_memory_equal(hash, "$argon2id$", 10);
	assert_true(pv_password_matches(hash, "une phrase assez longue"));
	assert_false(pv_password_matches(hash, "une phrase assez longue "));
	assert_false(pv_password_matches("", "x"));
}

static void sealed_texts_open_with_their_key_and_context_only(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	real_env(scope);
	struct pv_key key = {{1}}, other = {{2}};
	char *sealed, *open;
	assert_int_equal(pv_seal(scope, &key, "compte-1", "jeton é", &sealed, NULL), PV_OK);
	assert_null(strstr(sealed, "jeton"));
	assert_int_equal(pv_unseal(scope, &key, "compte-1", sealed, &open, NULL), PV_OK);
	assert_string_equal(open, "jeton é");
	assert_int_equal(pv_unseal(scope, &key, "compte-2", sealed, &open, NULL), PV_UNAVAILABLE);
	assert_int_equal(pv_unseal(scope, &other, "compte-1", sealed, &open, NULL), PV_UNAVAILABLE);
	sealed[10] = sealed[10] == 'A' ? 'B' : 'A';
	assert_int_equal(pv_unseal(scope, &key, "compte-1", sealed, &open, NULL), PV_UNAVAILABLE);
	assert_int_equal(pv_unseal(scope, &key, "compte-1", "", &open, NULL), PV_UNAVAILABLE);
}

static void a_key_is_made_once_and_kept_private(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	real_env(scope);
	char folder[] = "/tmp/pv-key-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char *path = talloc_asprintf(scope, "%s/key", folder);
	struct pv_key first, again;
	assert_int_equal(pv_key_load(path, &first, NULL), PV_OK);
	assert_int_equal(pv_key_load(path, &again, NULL), PV_OK);
	assert_memory_equal(&first, &again, sizeof first);
	struct stat about;
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(truncate(path, 10), 0);
	assert_int_equal(pv_key_load(path, &again, NULL), PV_UNAVAILABLE); /* never remade */
	unlink(path);
	rmdir(folder);
	assert_int_equal(pv_key_load(path, &again, NULL), PV_UNAVAILABLE);
}

static void secrets_are_long_and_differ(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_env *env = real_env(scope);
	char *a = pv_secret_new(scope, env), *b = pv_secret_new(scope, env);
	assert_int_equal(strlen(a), 43);
	assert_false(pv_secret_equal(a, b));
	assert_true(pv_secret_equal(a, a));
	assert_false(pv_secret_equal(a, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_tell_fields_apart),
		cmocka_unit_test(passwords_match_only_themselves),
		cmocka_unit_test(sealed_texts_open_with_their_key_and_context_only),
		cmocka_unit_test(a_key_is_made_once_and_kept_private),
		cmocka_unit_test(secrets_are_long_and_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
