/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/mastodon/mastodon.h"

#include "networks/markup.h"
#include "networks/rate.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool pv_mastodon_take(TALLOC_CTX *mem, const json_t *status, struct pv_delivery *out)
{
	const char *id = pv_json_text(status, "id");
	const char *url = pv_json_text(status, "url");
	if (!url)
		url = pv_json_text(status, "uri");
	const char *remote_id = id && *id ? talloc_strdup(mem, id) : NULL;
	const char *permalink = talloc_strdup(mem, url ? url : "");
	if (!remote_id || !permalink)
		return false;
	out->answer = PV_ANSWER_YES;
	out->reason = PV_REASON_NONE;
	out->remote_id = remote_id;
	out->permalink = permalink;
	return true;
}

/* Is that very person named? "@bob" is not in "@bobby", nor in "@bob@elsewhere". */
static bool is_named(const char *text, const char *handle)
{
	size_t size = strlen(handle);
	for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@')) {
		if (at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
			continue;
		if (strncasecmp(at + 1, handle, size) != 0)
			continue;
		char after = at[1 + size];
		if (!isalnum((unsigned char)after) && after != '_' && after != '@')
			return true;
	}
	return false;
}

const char *pv_mastodon_text(
	TALLOC_CTX *mem, const struct pv_outgoing *outgoing, const char *handle)
{
	if (handle && *handle == '@')
		handle++;
	if (!handle || !*handle || is_named(outgoing->text, handle))
		return outgoing->text;
	return talloc_asprintf(mem, "@%s %s", handle, outgoing->text);
}

/* ---- publishing -------------------------------------------------------------------------------- */

/* What is answered decides who may read the answer. */
struct parent {
	const char *handle, *visibility;
};

static enum pv_status read_parent(struct pv_mastodon *m, const struct pv_outgoing *outgoing,
	struct parent *out, struct pv_delivery *no, struct pv_error *error)
{
	char *id = pv_wire_escape(m->wire.mem, outgoing->reply_to);
	char *path = id ? talloc_asprintf(m->wire.mem, "/api/v1/statuses/%s", id) : NULL;
	struct pv_wire_answer answer;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = pv_mastodon_ask(m, "GET", path, NULL, NULL, &answer, error);
	if (status != PV_OK)
		return status;
	if (!pv_wire_answered(&answer, 200) || !json_is_object(answer.json)) {
		pv_wire_judge_before(&m->wire, &answer, no);
		return PV_OK;
	}
	const json_t *account = json_object_get(answer.json, "account");
	out->handle = pv_wire_text(m->wire.mem, account, "acct");
	out->visibility = pv_wire_text(m->wire.mem, answer.json, "visibility");
	return PV_OK;
}

static enum pv_status upload_all(struct pv_mastodon *m, const struct pv_outgoing *outgoing,
	json_t *ids, struct pv_delivery *no, struct pv_error *error)
{
	for (size_t i = 0; i < outgoing->n_media; i++) {
		const char *id = NULL;
		enum pv_status status = pv_mastodon_upload(m, &outgoing->media[i], &id, no, error);
		if (status != PV_OK || !id)
			return status;
		if (json_array_append_new(ids, json_string(id)) != 0)
			return pv_fail_nomem(error);
	}
	return PV_OK;
}

/* ISO 639: Mastodon knows regions of Chinese and Portuguese only. */
static char *language_of(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	const char *tag = outgoing->n_languages ? outgoing->languages[0] : NULL;
	if (!tag)
		return NULL;
	bool regions = strncasecmp(tag, "zh", 2) == 0 || strncasecmp(tag, "pt", 2) == 0;
	return talloc_strndup(mem, tag, regions ? strlen(tag) : strcspn(tag, "-"));
}

static json_t *build(struct pv_mastodon *m, const struct pv_outgoing *outgoing,
	const struct parent *parent, json_t *media_ids)
{
	const char *text = pv_mastodon_text(m->wire.mem, outgoing, parent->handle);
	const char *visibility = parent->visibility && *parent->visibility
					 ? parent->visibility
					 : pv_json_text(m->settings, "visibility");
	bool answers = outgoing->reply_to && *outgoing->reply_to;
	if (!text)
		return NULL;
	return json_pack("{s:s, s:s, s:s*, s:s*, s:O*}", "status", text, "visibility",
		visibility ? visibility : "public", "language", language_of(m->wire.mem, outgoing),
		"in_reply_to_id", answers ? outgoing->reply_to : NULL, "media_ids",
		json_array_size(media_ids) ? media_ids : NULL);
}

/* Rails' words for what it does not take; the class is all we need of them. */
static void refine(const struct pv_wire_answer *answer, struct pv_delivery *out)
{
	const char *said = pv_json_text(answer->json, "error");
	if (out->answer != PV_ANSWER_NO || !said)
		return;
	if (answer->http.status == 422 &&
		(strcasestr(said, "limit") || strcasestr(said, "too long")))
		out->reason = PV_REASON_TOO_LARGE;
	else if (answer->http.status == 422 && strcasestr(said, "duplicate"))
		out->reason = PV_REASON_DUPLICATE;
	else if (answer->http.status == 403 && strcasestr(said, "suspended"))
		out->reason = PV_REASON_RULES;
}

enum pv_status pv_mastodon_publish(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_delivery *out, struct pv_error *error)
{
	struct pv_mastodon m;
	struct parent parent = {0};
	struct pv_delivery no = {0};
	PV_JSON json_t *ids = json_array();
	enum pv_status status =
		pv_mastodon_open(context, mem, account, outgoing->timeout_ms, &m, error);
	if (status == PV_OK && !pv_utf8_valid(outgoing->text, strlen(outgoing->text)))
		status = pv_fail(error, PV_INVALID, "Le texte n'est pas en UTF-8.",
			"The text is not UTF-8.");
	if (status == PV_OK && outgoing->reply_to && *outgoing->reply_to)
		status = read_parent(&m, outgoing, &parent, &no, error);
	if (status == PV_OK && !no.evidence)
		status = ids ? upload_all(&m, outgoing, ids, &no, error) : pv_fail_nomem(error);
	if (status != PV_OK)
		return status;
	if (no.evidence) {
		*out = no;
		return PV_OK;
	}
	PV_JSON json_t *body = build(&m, outgoing, &parent, ids);
	if (!body)
		return pv_fail_nomem(error);
	struct pv_wire_answer answer;
	status = pv_mastodon_ask(
		&m, "POST", "/api/v1/statuses", body, outgoing->write_key, &answer, error);
	if (status != PV_OK)
		return status;
	pv_wire_judge(&m.wire, &answer, out);
	refine(&answer, out);
	if (pv_wire_answered(&answer, 200))
		pv_mastodon_take(mem, answer.json, out);
	return PV_OK;
}

/* ---- reading back ------------------------------------------------------------------------------ */

struct search {
	struct pv_mastodon *m;
	const struct pv_outgoing *outgoing;
	const char *text;    /* as it was sent */
	int64_t since_us;    /* by the server's clock: it may stand from here on */
	int64_t doubt_us;    /* and from here on one cannot tell; since_us when the age is known */
	const char *last_id; /* oldest status seen; NULL: none yet */
	bool near, covered, found;
	bool answered; /* the last page came whole */
};

/* Another post of ours: published with the same words, perhaps, and not this one. */
static bool is_other(const struct pv_outgoing *outgoing, const char *id)
{
	for (size_t i = 0; i < outgoing->n_others; i++)
		if (strcmp(outgoing->others[i], id) == 0)
			return true;
	return false;
}

static enum pv_status look_at(
	struct search *s, const json_t *status, struct pv_delivery *out, struct pv_error *error)
{
	TALLOC_CTX *mem = s->m->wire.mem;
	int64_t at_us = pv_wire_time(status, "created_at", PV_TIME_NONE);
	s->last_id = pv_wire_text(mem, status, "id");
	if (at_us != PV_TIME_NONE && at_us < s->doubt_us) {
		s->covered = true;
		return PV_OK;
	}
	if (is_other(s->outgoing, s->last_id))
		return PV_OK;
	const char *to = s->outgoing->reply_to;
	const char *parent = pv_json_text(status, "in_reply_to_id");
	if (to && *to && parent && strcmp(to, parent) != 0)
		return PV_OK;
	const char *html = pv_json_text(status, "content");
	char *shown = pv_markup_text(mem, html ? html : "");
	enum pv_likeness likeness;
	if (!shown)
		return pv_fail_nomem(error);
	enum pv_status result = pv_markup_likeness(mem, s->text, shown, &likeness, error);
	if (result != PV_OK)
		return result;
	bool doubtful = at_us != PV_TIME_NONE && at_us < s->since_us;
	if (likeness == PV_LIKENESS_NEAR || (likeness == PV_LIKENESS_SAME && doubtful))
		s->near = true;
	else if (likeness == PV_LIKENESS_SAME)
		s->found = pv_mastodon_take(mem, status, out);
	return PV_OK;
}

/*
 * When the write left, by the server's clock: its date less the age, where both are known; no clock
 * of ours is asked. Otherwise two wall clocks are compared, and either may have been set since: a
 * server behind dates our post before we wrote it, and so does a clock of ours that was ahead then.
 */
static void mind_clock(struct search *s, const struct pv_http_response *response)
{
	const struct pv_outgoing *outgoing = s->outgoing;
	const char *date = pv_http_header(response, "date");
	int64_t now_us = pv_env_now_us(s->m->wire.context->env);
	int64_t theirs_us = now_us;
	bool dated = date && pv_rate_http_date(date, &theirs_us);
	if (dated && outgoing->age_us != PV_AGE_UNKNOWN) {
		s->since_us = theirs_us - outgoing->age_us - PV_MASTODON_SKEW_US;
		s->doubt_us = s->since_us;
		return;
	}
	int64_t written_us = outgoing->written_at_us;
	if (theirs_us < now_us)
		written_us -= now_us - theirs_us;
	if (written_us > theirs_us)
		written_us = theirs_us;
	s->since_us = written_us - PV_MASTODON_SKEW_US;
	s->doubt_us = s->since_us - PV_MASTODON_DOUBT_US;
}

static enum pv_status look_at_page(
	struct search *s, struct pv_delivery *out, bool *out_more, struct pv_error *error)
{
	TALLOC_CTX *mem = s->m->wire.mem;
	char *id = pv_wire_escape(mem, s->m->id);
	char *before = s->last_id ? pv_wire_escape(mem, s->last_id) : NULL;
	char *path =
		id ? talloc_asprintf(mem,
			     "/api/v1/accounts/%s/statuses?exclude_reblogs=true&limit=%d%s%s", id,
			     PV_MASTODON_PAGE, before ? "&max_id=" : "", before ? before : "")
		   : NULL;
	struct pv_wire_answer answer;
	if (!path)
		return pv_fail_nomem(error);
	enum pv_status status = pv_mastodon_ask(s->m, "GET", path, NULL, NULL, &answer, error);
	if (status != PV_OK)
		return status;
	pv_wire_judge(&s->m->wire, &answer, out);
	*out_more = false;
	s->answered = pv_wire_answered(&answer, 200) && json_is_array(answer.json);
	if (!s->answered)
		return PV_OK;
	mind_clock(s, &answer.http);
	size_t n = json_array_size(answer.json);
	for (size_t i = 0; i < n && !s->found && !s->covered && status == PV_OK; i++)
		status = look_at(s, json_array_get(answer.json, i), out, error);
	/* a server may give fewer than asked: only an empty page is the end */
	if (n == 0)
		s->covered = true;
	*out_more = !s->found && !s->covered;
	return status;
}

enum pv_status pv_mastodon_find(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	enum pv_finding *out, struct pv_delivery *delivery, struct pv_error *error)
{
	struct pv_mastodon m;
	enum pv_status status =
		pv_mastodon_open(context, mem, account, outgoing->timeout_ms, &m, error);
	if (status != PV_OK)
		return status;
	const char *handle =
		outgoing->reply_to && *outgoing->reply_to ? outgoing->reply_handle : NULL;
	struct search search = {
		.m = &m,
		.outgoing = outgoing,
		.text = pv_mastodon_text(mem, outgoing, handle),
	};
	if (!search.text)
		return pv_fail_nomem(error);
	bool more = true;
	for (int i = 0; i < PV_MASTODON_PAGES_MAX && more && status == PV_OK; i++)
		status = look_at_page(&search, delivery, &more, error);
	if (status != PV_OK)
		return status;
	*out = search.found ? PV_FOUND : search.covered && !search.near ? PV_ABSENT : PV_UNSURE;
	if (*out == PV_UNSURE && search.answered)
		delivery->answer = PV_ANSWER_NO; /* looking again tells no more */
	return PV_OK;
}

enum pv_status pv_mastodon_withdraw(const struct pv_network_context *context, TALLOC_CTX *mem,
	const struct pv_network_account *account, const char *remote_id, struct pv_error *error)
{
	struct pv_mastodon m;
	struct pv_wire_answer answer;
	char *id = pv_wire_escape(mem, remote_id);
	char *path = id ? talloc_asprintf(mem, "/api/v1/statuses/%s", id) : NULL;
	enum pv_status status =
		path ? pv_mastodon_open(context, mem, account, 0, &m, error) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_mastodon_ask(&m, "DELETE", path, NULL, NULL, &answer, error);
	if (status == PV_OK)
		status = pv_wire_read(&answer, pv_mastodon_label, error);
	return status == PV_NOT_FOUND ? PV_OK : status;
}
