/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "collect/fetch.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "collect/collector.h"
#include "collect/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CLAIM_S = 5 * 60, /* longer than a feed's time-out, so that no other node asks too */
	REDIRECTS_MAX = 5,
	FAILURES_TO_TELL = 3, /* in a row, before a person is told */
	RETRY_AFTER_MAX_S = 7 * 24 * 3600,
};

/* What came of asking one feed. */
struct fetched {
	struct pv_source_fetch fetch;
	struct pv_feed feed;
	bool has_feed;
	int64_t retry_after_s; /* 0: the server did not say */
	struct pv_words why;   /* fr NULL: all went well */
};

static const char *words_json(TALLOC_CTX *mem, struct pv_words words)
{
	if (!words.fr)
		return "";
	PV_JSON json_t *pair = json_pack("{s:s,s:s}", "fr", words.fr, "en", words.en);
	return pair ? pv_json_dump(mem, pair) : "";
}

static struct pv_words words_of(struct pv_error *error)
{
	return error->words;
}

static int64_t retry_after_s(const struct pv_http_response *response)
{
	const char *value = pv_http_header(response, "retry-after");
	long seconds =
		value ? strtol(value, NULL, 10) : 0; /* the date form reads as 0: not heeded */
	if (seconds < 0)
		return 0;
	return seconds > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : seconds;
}

static struct pv_words status_words(TALLOC_CTX *mem, int status)
{
	struct pv_error error = PV_ERROR_IN(mem);
	if (status == 404 || status == 410)
		pv_fail(&error, PV_INVALID, "Ce flux n'est plus à cette adresse (réponse %d).",
			"This feed is no longer at this address (answer %d).", status);
	else if (status == 401 || status == 403)
		pv_fail(&error, PV_INVALID, "Ce flux n'est pas ouvert à tous (réponse %d).",
			"This feed is not open to all (answer %d).", status);
	else
		pv_fail(&error, PV_UNAVAILABLE, "Le site du flux répond par une erreur (%d).",
			"The feed's site answers with an error (%d).", status);
	return words_of(&error);
}

static struct pv_words silence_words(TALLOC_CTX *mem, const struct pv_http_response *response)
{
	struct pv_error error = PV_ERROR_IN(mem);
	const char *reason = response->reason ? response->reason : "";
	pv_fail(&error, PV_UNAVAILABLE, "Le site du flux ne répond pas, ou pas jusqu'au bout (%s).",
		"The feed's site does not answer, or not to the end (%s).", reason);
	return words_of(&error);
}

/* Asks; every failure becomes words, only memory is an error. */
static void fetch(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_source_row *source,
	struct fetched *out)
{
	struct pv_http_header headers[3] = {{"Accept",
		"application/atom+xml, application/rss+xml, application/feed+json, "
		"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"}};
	struct pv_http_request request = {
		.method = "GET",
		.url = source->url,
		.headers = headers,
		.n_headers = 1,
		.timeout_ms = PV_COLLECT_FEED_TIMEOUT_MS,
		.response_limit = PV_FEED_BYTES_MAX,
		.max_redirects = REDIRECTS_MAX,
		.guarded = true,
	};
	if (*source->etag)
		headers[request.n_headers++] =
			(struct pv_http_header){"If-None-Match", source->etag};
	if (*source->modified)
		headers[request.n_headers++] =
			(struct pv_http_header){"If-Modified-Since", source->modified};
	struct pv_http_response response = {0};
	struct pv_error error = PV_ERROR_IN(mem);
	if (pv_env_http(desk->env, mem, &request, &response, &error) != PV_OK) {
		out->why = words_of(&error);
		return;
	}
	if (response.outcome != PV_HTTP_ANSWERED) {
		out->why = silence_words(mem, &response);
		return;
	}
	out->retry_after_s = retry_after_s(&response);
	if (response.status == 304)
		return;
	if (response.status != 200) {
		out->why = status_words(mem, response.status);
		return;
	}
	const char *url = response.final_url ? response.final_url : source->url;
	if (pv_feed_parse(mem, response.body, response.body_size, url, pv_env_now_us(desk->env),
		    &out->feed, &error) != PV_OK) {
		out->why = words_of(&error);
		return;
	}
	out->has_feed = true;
	const char *etag = pv_http_header(&response, "etag");
	const char *modified = pv_http_header(&response, "last-modified");
	out->fetch.etag = etag ? etag : "";
	out->fetch.modified = modified ? modified : "";
	out->fetch.site = out->feed.site;
}

static int64_t bounded_s(int64_t interval_s)
{
	if (interval_s < PV_COLLECT_FEED_MIN_S)
		return PV_COLLECT_FEED_MIN_S;
	return interval_s > PV_COLLECT_FEED_MAX_S ? PV_COLLECT_FEED_MAX_S : interval_s;
}

/* A feed that speaks is asked again soon; one that is silent or fails, less and less often. */
static void plan_next(struct pv_desk *desk, const struct pv_source_row *source, bool news,
	struct fetched *fetched)
{
	struct pv_source_fetch *fetch = &fetched->fetch;
	bool failed = fetched->why.fr != NULL;
	int64_t now_us = pv_env_now_us(desk->env);
	if (failed)
		fetch->interval_s = bounded_s(source->interval_s * 2);
	else
		fetch->interval_s =
			news ? PV_COLLECT_FEED_MIN_S : bounded_s(source->interval_s * 3 / 2);
	int64_t wait_s = fetched->retry_after_s > fetch->interval_s ? fetched->retry_after_s
								    : fetch->interval_s;
	fetch->failures = failed ? source->failures + 1 : 0;
	fetch->state = failed && fetch->failures >= FAILURES_TO_TELL ? "failing" : "active";
	fetch->fetched_at_us = now_us;
	fetch->fetch_at_us = now_us + wait_s * PV_SECOND_US;
}

static enum pv_status items_of(TALLOC_CTX *mem, const struct pv_feed *feed,
	struct pv_item_row **out, struct pv_error *error)
{
	struct pv_item_row *rows = talloc_zero_array(mem, struct pv_item_row, feed->n_items + 1);
	if (!rows)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < feed->n_items; i++) {
		const struct pv_feed_item *item = &feed->items[i];
		PV_JSON json_t *labels = json_array();
		for (size_t l = 0; l < item->n_labels; l++)
			json_array_append_new(labels, json_string(item->labels[l]));
		rows[i] = (struct pv_item_row){
			.guid = item->guid,
			.url = item->url,
			.title = item->title,
			.summary = item->summary,
			.content = item->content,
			.author = item->author,
			.language = item->language,
			.image = item->image,
			.labels = pv_json_dump(mem, labels),
			.published_at_us = item->published_at_us,
		};
		if (!rows[i].labels)
			return pv_fail_nomem(error);
	}
	*out = rows;
	return PV_OK;
}

static enum pv_status keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_source_row *source, struct fetched *fetched, size_t *out_new,
	struct pv_error *error)
{
	struct pv_item_row *items = NULL;
	enum pv_status status =
		fetched->has_feed ? items_of(mem, &fetched->feed, &items, error) : PV_OK;
	if (status != PV_OK)
		return status;
	plan_next(desk, source, fetched->has_feed, fetched);
	fetched->fetch.source_id = source->id;
	fetched->fetch.title = fetched->has_feed && !*source->title ? fetched->feed.title : NULL;
	fetched->fetch.state_why = words_json(mem, fetched->why);
	return pv_desk_source_fetched(
		desk, &fetched->fetch, items, fetched->feed.n_items, out_new, error);
}

/* Fetches and keeps. *out_why.fr is NULL when the feed could be read. */
static enum pv_status fetch_and_keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_source_row *source, size_t *out_new, struct pv_words *out_why,
	struct pv_error *error)
{
	struct fetched fetched = {0};
	fetch(desk, mem, source, &fetched);
	enum pv_status status = keep(desk, mem, source, &fetched, out_new, error);
	*out_why = fetched.why;
	return status;
}

enum pv_status pv_collect_source_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_source_row *out, struct pv_error *error)
{
	struct pv_source_row row = {.url = url, .title = "", .etag = "", .modified = ""};
	struct fetched fetched = {0};
	size_t n_new;
	enum pv_status status =
		pv_desk_source_may_add(desk, mem, actor, organization_id, url, error);
	if (status != PV_OK)
		return status;
	fetch(desk, mem, &row, &fetched);
	if (fetched.why.fr)
		return pv_fail_words(error, PV_UNAVAILABLE, fetched.why);
	status = pv_desk_source_add(desk, mem, actor, organization_id, url, &row, error);
	if (status == PV_OK)
		status = keep(desk, mem, &row, &fetched, &n_new, error);
	return status == PV_OK ? pv_desk_source_get(desk, mem, actor, row.id, out, error) : status;
}

enum pv_status pv_collect_source(struct pv_desk *desk, TALLOC_CTX *mem, const char *source_id,
	size_t *out_new, struct pv_error *error)
{
	struct pv_source_row source;
	enum pv_status status = pv_desk_source_find(desk, mem, source_id, &source, error);
	if (status != PV_OK)
		return status;
	struct pv_words why = {0};
	status = fetch_and_keep(desk, mem, &source, out_new, &why, error);
	if (status == PV_OK && why.fr)
		return pv_fail_words(error, PV_UNAVAILABLE, why);
	return status;
}

enum pv_status pv_fetch_due(
	struct pv_desk *desk, TALLOC_CTX *mem, bool *out_more, struct pv_error *error)
{
	struct pv_source_row *sources;
	size_t n;
	int64_t until_us = pv_env_now_us(desk->env) + CLAIM_S * PV_SECOND_US;
	enum pv_status status = pv_desk_sources_claim(
		desk, mem, PV_COLLECT_TURN_MAX, until_us, &sources, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		size_t new_items = 0;
		struct pv_words why = {0};
		status = fetch_and_keep(desk, scope, &sources[i], &new_items, &why, error);
		if (why.fr)
			pv_log(PV_LOG_WARNING, "feed not read", "source", sources[i].id, "url",
				sources[i].url, "why", why.en, NULL);
	}
	*out_more = status == PV_OK && n == PV_COLLECT_TURN_MAX;
	return status;
}
