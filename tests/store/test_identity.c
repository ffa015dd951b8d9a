/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries of the identity half that no verb of the desk tries from every side. */
#include "engines.h"

#include "store/account.h"
#include "store/idempotency.h"
#include "store/membership.h"
#include "store/policy.h"
#include "store/setting.h"
#include "store/throttle.h"
#include "store/token.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_throttle(struct pv_world *w)
{
	struct pv_throttle_row row;
	int64_t failures = 0;
	assert_ok(pv_throttle_find(w->db, "a", &row, &w->error), w);
	assert_int_equal(row.failures, 0);
	for (int i = 1; i <= 3; i++) {
		assert_ok(pv_throttle_add(w->db, "a", 1000 + i, 500, &failures, &w->error), w);
		assert_int_equal(failures, i);
	}
	assert_ok(pv_throttle_until(w->db, "a", 9000, &w->error), w);
	assert_ok(pv_throttle_undo(w->db, "a", 7000, &w->error), w);
	assert_ok(pv_throttle_find(w->db, "a", &row, &w->error), w);
	assert_int_equal(row.failures, 2);
	assert_int_equal(row.last_at_us, 1003);
	assert_int_equal(row.until_at_us, 7000);
	/* Long ago is forgotten. */
	assert_ok(pv_throttle_add(w->db, "a", 99000, 50000, &failures, &w->error), w);
	assert_int_equal(failures, 1);
	assert_ok(pv_throttle_sweep(w->db, 99000, &w->error), w);
	assert_ok(pv_throttle_find(w->db, "a", &row, &w->error), w);
	assert_int_equal(row.failures, 1);
	assert_ok(pv_throttle_sweep(w->db, 99001, &w->error), w);
	assert_ok(pv_throttle_find(w->db, "a", &row, &w->error), w);
	assert_int_equal(row.failures, 0);
}

static void test_idempotency(struct pv_world *w)
{
	struct pv_idempotency_row row;
	assert_ok(pv_idempotency_take(w->db, w->mem, "k", "body", 5, &row, &w->error), w);
	assert_status(pv_idempotency_take(w->db, w->mem, "k", "body", 6, &row, &w->error),
		PV_CONFLICT, w);
	assert_int_equal(row.status, 0);
	assert_string_equal(row.request, "body");
	assert_ok(pv_idempotency_answer(w->db, "k", 201, "{}", &w->error), w);
	assert_status(pv_idempotency_take(w->db, w->mem, "k", "other", 7, &row, &w->error),
		PV_CONFLICT, w);
	assert_int_equal(row.status, 201);
	assert_string_equal(row.response, "{}");
	/* What has been answered is not dropped; what was never done is. */
	assert_ok(pv_idempotency_drop(w->db, "k", &w->error), w);
	assert_status(pv_idempotency_take(w->db, w->mem, "k", "body", 8, &row, &w->error),
		PV_CONFLICT, w);
	assert_ok(pv_idempotency_take(w->db, w->mem, "l", "body", 8, &row, &w->error), w);
	assert_ok(pv_idempotency_drop(w->db, "l", &w->error), w);
	assert_ok(pv_idempotency_take(w->db, w->mem, "l", "body", 9, &row, &w->error), w);
	assert_ok(pv_idempotency_sweep(w->db, 9, &w->error), w);
	assert_ok(pv_idempotency_take(w->db, w->mem, "k", "body", 10, &row, &w->error), w);
}

struct taker {
	struct pv_world *w;
	int taken;
};

static void *take_keys(void *state)
{
	struct taker *t = state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_db *db = NULL;
	struct pv_error error = PV_ERROR_IN(mem);
	if (pv_db_open(mem, t->w->real, t->w->url, &db, &error) == PV_OK)
		for (int i = 0; i < 30; i++) {
			struct pv_idempotency_row row;
			char key[16];
			snprintf(key, sizeof key, "key %d", i);
			t->taken +=
				pv_idempotency_take(db, mem, key, "b", 1, &row, &error) == PV_OK;
		}
	talloc_free(mem);
	return NULL;
}

static void test_a_key_is_taken_once(struct pv_world *w)
{
	struct taker takers[4];
	pthread_t threads[4];
	int taken = 0;
	for (int i = 0; i < 4; i++) {
		takers[i] = (struct taker){.w = w};
		pthread_create(&threads[i], NULL, take_keys, &takers[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		taken += takers[i].taken;
	}
	assert_int_equal(taken, 30);
}

static void test_settings(struct pv_world *w)
{
	const char *value = NULL;
	assert_status(pv_setting_get(w->db, w->mem, "a", &value, &w->error), PV_NOT_FOUND, w);
	assert_ok(pv_setting_set(w->db, "a", "1", &w->error), w);
	assert_ok(pv_setting_set(w->db, "a", "2", &w->error), w);
	assert_ok(pv_setting_get(w->db, w->mem, "a", &value, &w->error), w);
	assert_string_equal(value, "2");
}

static void add_account(struct pv_world *w, const char *id, int64_t listen_at_us, const char *state)
{
	const struct pv_account_row row = {.id = id,
		.organization_id = "o",
		.slug = id,
		.network = "bluesky",
		.stance = "organisation",
		.name = id,
		.handle = "",
		.server = "",
		.remote_id = "",
		.settings = "{}",
		.state = state,
		.state_why = "",
		.checked_at_us = PV_TIME_NONE,
		.cursor = "",
		.listen_at_us = listen_at_us,
		.version = 1};
	assert_ok(pv_account_insert(w->db, &row, &w->error), w);
}

static void test_claim_of_listening(struct pv_world *w)
{
	struct pv_account_row *rows = NULL;
	size_t n = 0;
	add_account(w, "late", 10, "connected");
	add_account(w, "later", 20, "connected");
	add_account(w, "not-yet", 200, "connected");
	add_account(w, "paused", 10, "paused");
	assert_ok(pv_account_claim_listen(w->db, w->mem, 100, 160, 1, &rows, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].id, "late");
	assert_int_equal(rows[0].listen_at_us, 160);
	assert_ok(pv_account_claim_listen(w->db, w->mem, 100, 160, 9, &rows, &n, &w->error), w);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].id, "later");
	assert_ok(pv_account_claim_listen(w->db, w->mem, 100, 160, 9, &rows, &n, &w->error), w);
	assert_int_equal(n, 0);
	/* A node that died gives them back when its lease ends. */
	assert_ok(pv_account_claim_listen(w->db, w->mem, 160, 300, 9, &rows, &n, &w->error), w);
	assert_int_equal(n, 2);
	/* Writes name the organisation: another's does nothing. */
	assert_ok(pv_account_listened(w->db, "late", "other", "c", 5, &w->error), w);
	struct pv_account_row row;
	assert_ok(pv_account_find(w->db, w->mem, "late", &row, &w->error), w);
	assert_string_equal(row.cursor, "");
	row.organization_id = "other";
	assert_status(pv_account_update(w->db, &row, &w->error), PV_CONFLICT, w);
	assert_status(pv_account_secrets(w->db, "late", "other", "s", &w->error), PV_NOT_FOUND, w);
}

struct claimer {
	struct pv_world *w;
	size_t claimed;
	int failures;
};

static void *claim(void *state)
{
	struct claimer *c = state;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pv_db *db = NULL;
	struct pv_error error = PV_ERROR_IN(mem);
	c->failures += pv_db_open(mem, c->w->real, c->w->url, &db, &error) != PV_OK;
	for (int i = 0; db && i < 20; i++) {
		struct pv_account_row *rows = NULL;
		size_t n = 0;
		c->failures += pv_account_claim_listen(
				       db, mem, 100, 100000, 3, &rows, &n, &error) != PV_OK;
		c->claimed += n;
	}
	talloc_free(mem);
	return NULL;
}

/* Two nodes, or four, never take the same one. */
static void test_claims_that_cross(struct pv_world *w)
{
	struct claimer claimers[4];
	pthread_t threads[4];
	size_t claimed = 0;
	for (int i = 0; i < 50; i++)
		add_account(w, talloc_asprintf(w->mem, "account-%02d", i), i, "connected");
	for (int i = 0; i < 4; i++) {
		claimers[i] = (struct claimer){.w = w};
		pthread_create(&threads[i], NULL, claim, &claimers[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(claimers[i].failures, 0);
		claimed += claimers[i].claimed;
	}
	assert_int_equal(claimed, 50);
}

static void test_tokens(struct pv_world *w)
{
	struct pv_token_row row = {.id = "t1",
		.digest = "d1",
		.kind = "setup",
		.name = "",
		.scopes = "[]",
		.created_at_us = 1,
		.used_at_us = PV_TIME_NONE,
		.expires_at_us = 100,
		.revoked_at_us = PV_TIME_NONE};
	struct pv_token_row found;
	assert_ok(pv_token_insert(w->db, &row, &w->error), w);
	assert_ok(pv_token_find(w->db, w->mem, "setup", "d1", 99, &found, NULL, &w->error), w);
	assert_null(found.person_id);
	assert_status(pv_token_find(w->db, w->mem, "setup", "d1", 100, &found, NULL, &w->error),
		PV_NOT_FOUND, w);
	/* One kind does not open another's door. */
	assert_status(pv_token_find(w->db, w->mem, "api", "d1", 9, &found, NULL, &w->error),
		PV_NOT_FOUND, w);
	assert_ok(pv_token_used(w->db, "t1", 50, &w->error), w);
	assert_status(pv_token_find(w->db, w->mem, "setup", "d1", 60, &found, NULL, &w->error),
		PV_NOT_FOUND, w);
	row.id = "t2";
	assert_status(pv_token_insert(w->db, &row, &w->error), PV_CONFLICT, w);
	row.digest = "d2";
	assert_ok(pv_token_insert(w->db, &row, &w->error), w);
	assert_ok(pv_token_revoke_kind(w->db, "setup", NULL, 60, &w->error), w);
	assert_status(pv_token_find(w->db, w->mem, "setup", "d2", 60, &found, NULL, &w->error),
		PV_NOT_FOUND, w);
}

static void test_policy_numbers(struct pv_world *w)
{
	struct pv_policy_row row = {.text = "t",
		.digest = "d",
		.state = "draft",
		.note = "",
		.created_by = "p",
		.created_at_us = 1,
		.adopted_at_us = PV_TIME_NONE,
		.effective_at_us = PV_TIME_NONE};
	static const struct {
		const char *id, *organization;
		int version;
	} cases[] = {{"a", "o", 1}, {"b", "o", 2}, {"c", "other", 1}, {"d", "o", 3}};
	for (size_t i = 0; i < PV_COUNT(cases); i++) {
		int64_t version = 0;
		row.id = cases[i].id;
		row.organization_id = cases[i].organization;
		assert_ok(pv_policy_row_insert(w->db, &row, &version, &w->error), w);
		assert_int_equal(version, cases[i].version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PV_BOTH(test_throttle),
		PV_BOTH(test_idempotency),
		PV_BOTH(test_a_key_is_taken_once),
		PV_BOTH(test_settings),
		PV_BOTH(test_claim_of_listening),
		PV_BOTH(test_claims_that_cross),
		PV_BOTH(test_tokens),
		PV_BOTH(test_policy_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
