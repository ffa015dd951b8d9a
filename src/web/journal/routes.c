/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public addresses of the journals. Nobody is asked who they are. */
#include "base/instant.h"
#include "desk/clock.h"
#include "desk/conversations.h"
#include "desk/policies.h"
#include "policy/document.h"
#include "text/language.h"
#include "web/house.h"
#include "web/journal/html.h"
#include "web/journal/pace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const char page_policy[] =
	"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* ---- what a page needs ------------------------------------------------------------------------ */

/* ?lang= first, then what the browser asks, the organisation's own language being the default. */
static const char *page_language(
	const struct pv_web_call *call, const struct pv_desk_journal *journal)
{
	const char *asked = pv_web_query(call->request, "lang");
	if (pv_streq(asked, "fr") || pv_streq(asked, "en"))
		return asked;
	const char *accepts = pv_web_header(call->request, "accept-language");
	if (!accepts)
		return strcmp(journal->language, "en") == 0 ? "en" : "fr";
	return pv_web_wants_french(accepts) ? "fr" : "en";
}

static enum pv_status open_journal(struct pv_web_call *call, struct pv_desk_journal *journal,
	struct pv_journal_view *view, struct pv_error *error)
{
	enum pv_status status =
		pv_desk_journal_open(call->desk, call->mem, call->params[0], journal, error);
	if (status != PV_OK)
		return status;
	*view = (struct pv_journal_view){
		.mem = call->mem,
		.journal = journal,
		.language = page_language(call, journal),
		.base_url = call->desk->base_url,
		.path = call->request->path,
	};
	return pv_clock_zone(journal->timezone, &view->zone, error);
}

static enum pv_status answer_text(struct pv_web_call *call, struct pv_buf *text, const char *type,
	int code, struct pv_error *error)
{
	const char *bytes = pv_buf_end(text);
	if (!bytes)
		return pv_fail(error, PV_TOO_LARGE, "Cette page est trop longue pour être montrée.",
			"This page is too long to be shown.");
	call->response->status = code;
	call->response->type = type;
	call->response->body = bytes;
	call->response->size = text->size;
	call->response->cache = code == 200 ? "public, max-age=30" : "no-store";
	call->response->policy = page_policy;
	pv_web_add_header(call->response, "Vary", "Accept-Language");
	return PV_OK;
}

static enum pv_status answer_page(
	struct pv_web_call *call, struct pv_buf *html, int code, struct pv_error *error)
{
	return answer_text(call, html, "text/html; charset=utf-8", code, error);
}

/* Readers get a page, also when there is nothing to read: the error's own words on it. */
static enum pv_status answer_words(
	struct pv_web_call *call, enum pv_status status, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	if (status != PV_NOT_FOUND || open_journal(call, &journal, &view, NULL) != PV_OK)
		return status;
	struct pv_buf html = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_html_word(&html, &view,
		pv_journal_say(&view, "Rien à cette adresse", "Nothing at this address"),
		pv_journal_say(&view, error->words.fr, error->words.en));
	return answer_page(call, &html, 404, error);
}

/* ---- the list ---------------------------------------------------------------------------------- */

static enum pv_status open_list(struct pv_web_call *call, struct pv_desk_journal *journal,
	struct pv_journal_view *view, struct pv_journal_row **rows, size_t *n,
	struct pv_error *error)
{
	const char *before = pv_web_query(call->request, "before");
	char *end = NULL;
	long long before_us = before ? strtoll(before, &end, 10) : 0;
	int64_t from_us = before && *before && !*end ? (int64_t)before_us : PV_TIME_NONE;
	enum pv_status status = open_journal(call, journal, view, error);
	return status == PV_OK ? pv_desk_journal_page(
					 call->desk, call->mem, journal, from_us, rows, n, error)
			       : status;
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	struct pv_journal_row *rows;
	size_t n;
	enum pv_status status = open_list(call, &journal, &view, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_buf html = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	int64_t older_us = n == PV_JOURNAL_PAGE ? rows[n - 1].published_at_us : PV_TIME_NONE;
	pv_journal_html_list(&html, &view, rows, n, older_us);
	return answer_page(call, &html, 200, error);
}

static enum pv_status get_feed(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	struct pv_journal_row *rows;
	size_t n;
	enum pv_status status = open_list(call, &journal, &view, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_buf xml = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_atom(&xml, &view, rows, n);
	return answer_text(call, &xml, "application/atom+xml; charset=utf-8", 200, error);
}

/* ---- an entry ---------------------------------------------------------------------------------- */

/* Robots and pages fetched ahead are not readers; who says nothing is one. */
static bool is_reader(const struct pv_web_request *request)
{
	static const char *const robots[] = {"bot", "crawl", "spider", "slurp", "preview", "fetch",
		"curl/", "wget/", "python", "feed", "monitor"};
	const char *agent = pv_web_header(request, "user-agent");
	const char *purpose = pv_web_header(request, "sec-purpose");
	if (request->is_head || !agent || (purpose && strstr(purpose, "prefetch")))
		return false;
	for (size_t i = 0; i < PV_COUNT(robots); i++)
		if (strcasestr(agent, robots[i]))
			return false;
	return true;
}

static enum pv_status get_entry(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	struct pv_desk_journal_entry *entry;
	enum pv_status status = open_journal(call, &journal, &view, error);
	if (status == PV_OK)
		status = pv_desk_journal_entry(
			call->desk, call->mem, &journal, call->params[1], &entry, error);
	if (status != PV_OK)
		return answer_words(call, status, error);
	/* a count that cannot be kept does not keep the reader from the page */
	if (is_reader(call->request))
		pv_desk_journal_read(call->desk, &journal, entry->row.id, NULL);
	bool held = pv_streq(pv_web_query(call->request, "comment"), "held");
	struct pv_journal_form form = {
		.notice = held ? PV_NOTICE_COMMENT_HELD : PV_NOTICE_NONE,
	};
	struct pv_buf html = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_html_entry(&html, &view, entry, &form);
	status = answer_page(call, &html, 200, error);
	call->response->cache = "no-cache"; /* a read that a cache answers is not counted */
	return status;
}

static enum pv_status get_policy(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	struct pv_policy_row row;
	const struct pv_policy *policy;
	enum pv_status status = open_journal(call, &journal, &view, error);
	if (status == PV_OK && !journal.policy_public)
		status = pv_fail(
			error, PV_NOT_FOUND, "Cette page n'existe pas.", "There is no such page.");
	if (status == PV_OK)
		status = pv_desk_policy_in_force(call->desk, call->mem, journal.organization_id,
			pv_env_now_us(call->desk->env), &row, &policy, error);
	if (status != PV_OK)
		return answer_words(call, status, error);
	PV_JSON json_t *document = pv_policy_to_json(policy);
	if (!document)
		return pv_fail_nomem(error);
	struct pv_buf html = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_html_policy(&html, &view, document, row.version, row.effective_at_us);
	return answer_page(call, &html, 200, error);
}

static enum pv_status get_media(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	char *path, *type;
	enum pv_status status =
		pv_desk_journal_open(call->desk, call->mem, call->params[0], &journal, error);
	if (status == PV_OK)
		status = pv_desk_journal_media(call->desk, call->mem, &journal, call->params[1],
			call->params[2], &path, &type, error);
	if (status != PV_OK)
		return status;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	if (file < 0 || fstat(file, &about) != 0) {
		if (file >= 0)
			close(file);
		return pv_fail(error, PV_NOT_FOUND, "Cette image n'est plus là.",
			"This picture is no longer there.");
	}
	call->response->status = 200;
	call->response->type = type;
	call->response->file = file;
	call->response->size = (size_t)about.st_size;
	call->response->cache = "public, max-age=31536000, immutable";
	return PV_OK;
}

/* ---- comments ---------------------------------------------------------------------------------- */

static const char *field(const struct pv_web_pair *fields, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].value;
	return "";
}

/*
 * Back to the entry, which thanks; a reload then sends nothing again. `entry` is a slug of ours, not
 * what the request says it is: it becomes a header.
 */
static enum pv_status thank(struct pv_web_call *call, const struct pv_journal_view *view,
	const char *entry, struct pv_error *error)
{
	char *to = talloc_asprintf(call->mem, "/j/%s/%s?comment=held&lang=%s#comments",
		view->journal->slug, entry, view->language);
	if (!to)
		return pv_fail_nomem(error);
	call->response->status = 303;
	pv_web_add_header(call->response, "Location", to);
	return PV_OK;
}

/* The page again, with what was typed and why it was not taken. */
static enum pv_status give_back(struct pv_web_call *call, const struct pv_journal_view *view,
	const struct pv_desk_journal_entry *entry, const char *name, const char *text,
	const struct pv_error *why, struct pv_error *error)
{
	const struct pv_words *words = why->n_problems ? &why->problems[0].message : &why->words;
	struct pv_journal_form form = {
		.notice = PV_NOTICE_COMMENT_REFUSED,
		.words = pv_journal_say(view, words->fr, words->en),
		.name = name,
		.text = text,
	};
	struct pv_buf html = PV_BUF(call->mem, PV_JOURNAL_HTML_MAX);
	pv_journal_html_entry(&html, view, entry, &form);
	int code = why->status == PV_THROTTLED ? 429 : why->status == PV_DENIED ? 403 : 422;
	return answer_page(call, &html, code, error);
}

static enum pv_status post_comment(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_journal journal;
	struct pv_journal_view view;
	struct pv_web_pair fields[PV_WEB_PAIRS_MAX];
	size_t n = 0;
	enum pv_status status = open_journal(call, &journal, &view, error);
	if (status == PV_OK)
		status = pv_web_form_read(call->mem, call->request->body, call->request->body_size,
			fields, PV_WEB_PAIRS_MAX, &n, error);
	if (status != PV_OK)
		return status;
	const char *name = field(fields, n, "name"), *text = field(fields, n, "text");
	struct pv_desk_journal_entry *entry;
	status = pv_desk_journal_entry(
		call->desk, call->mem, &journal, call->params[1], &entry, error);
	if (status != PV_OK)
		return status;
	if (*field(fields, n, "website"))
		return thank(call, &view, entry->row.slug, error); /* a robot; it need not know */
	struct pv_error why = PV_ERROR_IN(call->mem);
	struct pv_message_row message;
	struct pv_comment_in in = {
		.organization = call->params[0],
		.entry = call->params[1],
		.author_name = name,
		.text = text,
		.language = pv_language_guess(text, strlen(text)),
	};
	if (!pv_pace_allow(pv_env_monotonic_us(call->desk->env), call->request->address))
		status = pv_fail(&why, PV_THROTTLED,
			"Plusieurs commentaires sont déjà partis d'ici. Attendez quelques minutes, "
			"puis envoyez celui-ci de nouveau.",
			"Several comments have left from here already. Wait a few minutes, then "
			"send this one again.");
	else
		status = pv_desk_journal_comment(call->desk, call->mem, &in, &message, &why);
	if (status == PV_OK)
		return thank(call, &view, entry->row.slug, error);
	if (status == PV_INVALID || status == PV_THROTTLED || status == PV_DENIED)
		return give_back(call, &view, entry, name, text, &why, error);
	*error = why;
	return status;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/j/{}", get_list, .who = PV_WEB_ANYONE, .etag = true},
	{PV_WEB_GET, "/j/{}/feed.atom", get_feed, .who = PV_WEB_ANYONE, .etag = true},
	{PV_WEB_GET, "/j/{}/policy", get_policy, .who = PV_WEB_ANYONE, .etag = true},
	{PV_WEB_GET, "/j/{}/{}/media/{}", get_media, .who = PV_WEB_ANYONE},
	{PV_WEB_GET, "/j/{}/{}", get_entry, .who = PV_WEB_ANYONE},
	{PV_WEB_POST, "/j/{}/{}/comments", post_comment, .who = PV_WEB_ANYONE,
		.takes = PV_TAKES_FORM},
};

const struct pv_web_routes pv_web_journal_routes = PV_WEB_ROUTES(routes);
