/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "stage.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the kinds --------------------------------------------------------------------------------- */

const struct stage stage_fake = {
	.name = "fake",
	.network = &pv_network_fake,
	.typed = "{\"server\":\"%s\",\"token\":\"fake-token\"}",
	.wrong = "{\"server\":\"%s\",\"token\":\"other-token\"}",
	.write_method = "POST",
	.write_path = "/posts",
	.secret = "fake-token",
	.start = fake_api_start,
	.posts = fake_api_posts,
	.answer = fake_api_answer,
};

const struct stage stage_journal = {
	.name = "journal",
	.network = &pv_network_journal,
	.typed = "{\"handle\":\"vitrine\",\"name\":\"Vitrine\"}",
};

const struct stage stage_bluesky = {
	.name = "bluesky",
	.network = &pv_network_bluesky,
	.typed = "{\"server\":\"%s\",\"handle\":\"@alice.test\",\"password\":\"app-pass-word\"}",
	.wrong = "{\"server\":\"%s\",\"handle\":\"alice.test\",\"password\":\"nope\"}",
	.write_method = "POST",
	.write_path = "/xrpc/com.atproto.repo.putRecord",
	.secret = "eyJ.",
	.media_posts = 1,
	.picture = "image/png",
	.start = bluesky_api_start,
	.posts = bluesky_api_posts,
	.answer = bluesky_api_answer,
};

const struct stage stage_mastodon = {
	.name = "mastodon",
	.network = &pv_network_mastodon,
	.typed = "{\"server\":\"%s\",\"token\":\"masto-token\"}",
	.wrong = "{\"server\":\"%s\",\"token\":\"nope-token\"}",
	.write_method = "POST",
	.write_path = "/api/v1/statuses",
	.secret = "masto-token",
	.media_posts = 3,
	.picture = "image/png",
	.start = mastodon_api_start,
	.posts = mastodon_api_posts,
	.answer = mastodon_api_answer,
};

/* ---- the journal's store in memory ------------------------------------------------------------- */

static int page_of(const struct memory_journal *journal, const char *key)
{
	for (unsigned i = 0; i < journal->n; i++)
		if (strcmp(journal->pages[i].key, key) == 0)
			return (int)i;
	return -1;
}

static enum pv_status trouble(const struct memory_journal *journal, struct pv_error *error)
{
	return pv_fail(error, journal->fails, "Le magasin ne veut pas.", "The store will not.");
}

static enum pv_status memory_publish(void *state, TALLOC_CTX *mem, const char *account_id,
	const struct pv_outgoing *outgoing, char **out_permalink, struct pv_error *error)
{
	struct memory_journal *journal = state;
	(void)account_id;
	if (journal->fails && !journal->after)
		return trouble(journal, error);
	if (page_of(journal, outgoing->write_key) < 0)
		snprintf(journal->pages[journal->n++].key, sizeof journal->pages[0].key, "%s",
			outgoing->write_key);
	journal->writes++;
	if (journal->fails)
		return trouble(journal, error);
	*out_permalink = talloc_asprintf(mem, "https://desk.example/j/%s", outgoing->write_key);
	return PV_OK;
}

static enum pv_status memory_find(void *state, TALLOC_CTX *mem, const char *account_id,
	const char *write_key, char **out_permalink, struct pv_error *error)
{
	struct memory_journal *journal = state;
	(void)account_id;
	if (journal->fails && !journal->after)
		return trouble(journal, error);
	int i = page_of(journal, write_key);
	if (i < 0 || journal->pages[i].gone)
		return pv_fail(error, PV_NOT_FOUND, "Aucune page.", "No page.");
	*out_permalink = talloc_asprintf(mem, "https://desk.example/j/%s", write_key);
	return PV_OK;
}

static enum pv_status memory_withdraw(
	void *state, const char *account_id, const char *remote_id, struct pv_error *error)
{
	struct memory_journal *journal = state;
	(void)account_id;
	int i = page_of(journal, remote_id);
	if (i < 0 || journal->pages[i].gone)
		return pv_fail(error, PV_NOT_FOUND, "Aucune page.", "No page.");
	journal->pages[i].gone = true;
	return PV_OK;
}

static enum pv_status memory_reads(void *state, const char *account_id, const char *remote_id,
	int64_t *out_reads, int64_t *out_comments, struct pv_error *error)
{
	(void)account_id, (void)error;
	if (page_of(state, remote_id) < 0)
		return pv_fail(error, PV_NOT_FOUND, "Aucune page.", "No page.");
	*out_reads = 12;
	*out_comments = 2;
	return PV_OK;
}

const struct pv_journal_ops memory_journal_ops = {
	.publish = memory_publish,
	.find = memory_find,
	.withdraw = memory_withdraw,
	.reads = memory_reads,
};

unsigned memory_journal_pages(const struct memory_journal *journal)
{
	unsigned n = 0;
	for (unsigned i = 0; i < journal->n; i++)
		n += !journal->pages[i].gone;
	return n;
}

/* ---- opening ----------------------------------------------------------------------------------- */

static enum pv_status save(
	void *state, const char *account_id, const char *secrets, struct pv_error *error)
{
	struct stage *stage = state;
	(void)account_id;
	if (stage->save_fails)
		return pv_fail(error, PV_UNAVAILABLE, "Le disque est plein.", "The disk is full.");
	free(stage->saved);
	stage->saved = strdup(secrets);
	stage->saves++;
	return PV_OK;
}

enum pv_status stage_connect(struct stage *stage, const char *typed, struct pv_network_account *out,
	struct pv_error *error)
{
	char *text = talloc_strdup(stage->mem, typed);
	if (stage->api)
		text = talloc_asprintf(stage->mem, typed, loop_server_url(stage->api->server));
	return stage->network->connect(&stage->context, stage->mem, text, out, error);
}

void stage_open(struct stage *stage, const struct stage *kind)
{
	*stage = *kind;
	stage->mem = talloc_new(NULL);
	assert_int_equal(pv_env_real(stage->mem, &stage->env, NULL), PV_OK);
	const char *allow = "127.0.0.1:1";
	if (stage->start) {
		stage->api = stage->start();
		allow = talloc_asprintf(
			stage->mem, "127.0.0.1:%u", loop_server_port(stage->api->server));
	} else {
		stage->journal = talloc_zero(stage->mem, struct memory_journal);
	}
	struct pv_net_options options = {.allow = &allow, .n_allow = 1};
	assert_int_equal(pv_net_client_create(stage->mem, &options, &stage->client, NULL), PV_OK);
	assert_int_equal(pv_net_client_attach(stage->client, stage->env, NULL), PV_OK);
	stage->context = (struct pv_network_context){
		.env = stage->env,
		.save_secrets = save,
		.save_state = stage,
		.journal = stage->journal ? &memory_journal_ops : NULL,
		.journal_state = stage->journal,
	};
	stage->account = (struct pv_network_account){.id = "account-1"};
	struct pv_error error = PV_ERROR_IN(stage->mem);
	enum pv_status status = stage_connect(stage, stage->typed, &stage->account, &error);
	if (status != PV_OK)
		print_message("# %s\n", error.words.en);
	assert_int_equal(status, PV_OK);
}

void stage_close(struct stage *stage)
{
	struct api *api = stage->api;
	talloc_free(stage->client);
	api_stop(api);
	free(stage->saved);
	talloc_free(stage->mem);
}

unsigned stage_posts(const struct stage *stage)
{
	return stage->api ? stage->posts(stage->api) : memory_journal_pages(stage->journal);
}

char *stage_key(struct stage *stage, const char *publication, int attempt, int64_t written_at_us)
{
	const struct pv_outgoing post = {
		.publication_id = publication,
		.attempt = attempt,
		.written_at_us = written_at_us,
		.content = "",
	};
	return stage->network->make_key(stage->mem, &post);
}

struct pv_outgoing stage_post(struct stage *stage, const char *publication, const char *text)
{
	static const char *const languages[] = {"fr-CA"};
	struct pv_outgoing post = {
		.publication_id = publication,
		.attempt = 1,
		.written_at_us = pv_env_now_us(stage->env),
		.content = text,
		.text = text,
		.languages = languages,
		.n_languages = 1,
		.timeout_ms = 5000,
	};
	post.write_key = stage->network->make_key(stage->mem, &post);
	return post;
}
