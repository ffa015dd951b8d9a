/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A line a post or an exception, for a spreadsheet: RFC 4180, UTF-8 with its mark, so that accents open right. */
#include "desk/report.h"
#include "desk/report_parts.h"

#include "base/instant.h"
#include "base/str.h"

#include <string.h>

enum { CSV_BYTES_MAX = 64 << 20 };

/*
 * A cell. What begins like a formula gets an apostrophe before it: a spreadsheet would run it
 * (OWASP, CSV Injection).
 */
static void cell(struct pv_buf *out, const char *text, bool last)
{
	if (!text) { /* memory was out */
		out->failed = true;
		return;
	}
	bool formula = *text && strchr("=+-@\t\r", *text);
	bool quoted = formula || strpbrk(text, "\",\r\n;");
	if (quoted)
		pv_buf_char(out, '"');
	if (formula)
		pv_buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			pv_buf_char(out, '"');
		pv_buf_char(out, *text);
	}
	if (quoted)
		pv_buf_char(out, '"');
	pv_buf_text(out, last ? "\r\n" : ",");
}

/* ["a","b"] as "a b". */
static const char *words_of(TALLOC_CTX *mem, const char *list)
{
	char *words = talloc_strdup(mem, list);
	char *to = words;
	for (const char *from = words; from && *from; from++)
		if (!strchr("[]\"", *from))
			*to++ = *from == ',' ? ' ' : *from;
	if (to)
		*to = '\0';
	return words ? words : "";
}

static const char *in(const json_t *words, bool french)
{
	const char *text = pv_json_text(words, french ? "fr" : "en");
	return text ? text : "";
}

/* One more of a list in a cell. */
static char *joined(char *text, const char *more)
{
	return text ? talloc_asprintf_append(text, "%s%s", *text ? "; " : "", more) : NULL;
}

static void texts(struct pv_buf *out, const char *text)
{
	out->failed |= !text;
	cell(out, text ? text : "", false);
}

static void rules(struct pv_buf *out, TALLOC_CTX *mem, const char **items, size_t n)
{
	char *text = talloc_strdup(mem, "");
	for (size_t i = 0; text && i < n; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", items[i]);
	out->failed |= !text;
	cell(out, text ? text : "", false);
}

static bool lets_out(const struct pv_report_lifter *lifter, const struct pv_report_verdict *verdict)
{
	for (size_t i = 0; i < verdict->n_lifters; i++)
		if (strcmp(verdict->lifters[i], lifter->id) == 0)
			return true;
	return false;
}

static void line(
	const struct pv_report *report, size_t i, bool french, TALLOC_CTX *mem, struct pv_buf *out)
{
	const struct pv_report_post *post = &report->posts[i];
	const struct pv_report_verdict *verdict = &report->verdicts[i];
	struct pv_civil c = pv_zone_local(report->zone, post->published_at_us);
	cell(out, talloc_asprintf(mem, "%04d-%02d-%02d", c.year, c.month, c.day), false);
	cell(out, talloc_asprintf(mem, "%02d:%02d", c.hour, c.minute), false);
	cell(out, post->account_name, false);
	cell(out, post->account_network, false);
	cell(out, post->author_name, false);
	cell(out, post->kind, false);
	cell(out, post->axis, false);
	cell(out, post->origin, false);
	cell(out, post->interest, false);
	cell(out, words_of(mem, post->humans), false);
	cell(out, words_of(mem, post->relations), false);
	cell(out, verdict->verdict, false);
	rules(out, mem, verdict->disclosed, verdict->n_disclosed);
	rules(out, mem, verdict->approved, verdict->n_approved);
	char *labels = talloc_strdup(mem, ""), *reasons = talloc_strdup(mem, "");
	for (size_t k = 0; k < verdict->n_lifted; k++) {
		PV_JSON json_t *label = pv_report_rule_label(report, verdict->lifted[k]);
		labels = joined(labels, in(label, french));
	}
	for (size_t k = 0; k < report->n_lifters; k++)
		if (lets_out(&report->lifters[k], verdict))
			reasons = joined(reasons,
				in(json_object_get(report->lifters[k].json, "reason"), french));
	texts(out, labels);
	texts(out, reasons);
	cell(out, post->permalink, false);
	cell(out, post->text, true);
}

const char *pv_report_csv(const struct pv_report *report, bool french)
{
	struct pv_buf out = PV_BUF(report->mem, CSV_BYTES_MAX);
	pv_buf_text(&out,
		"\xEF\xBB\xBF"
		"date,time,account,network,author,kind,axis,origin,interest,human,relation,"
		"verdict,disclosed,approved,lifted,exceptions,permalink,text\r\n");
	for (size_t i = 0; i < report->n_posts && !out.failed; i++) {
		TALLOC_CTX *mem = talloc_new(report->mem);
		line(report, i, french, mem, &out);
		talloc_free(mem);
	}
	return pv_buf_end(&out);
}

/* ---- exceptions -------------------------------------------------------------------------------- */

static const char *day(const struct pv_report *report, TALLOC_CTX *mem, int64_t at_us)
{
	if (at_us == PV_TIME_NONE)
		return "";
	struct pv_civil c = pv_zone_local(report->zone, at_us);
	return talloc_asprintf(mem, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void member(struct pv_buf *out, const json_t *exception, const char *name)
{
	const char *text = pv_json_text(exception, name);
	cell(out, text ? text : "", false);
}

static void exception_line(const struct pv_report *report, const struct pv_report_lifter *lifter,
	bool french, TALLOC_CTX *mem, struct pv_buf *out)
{
	const json_t *e = lifter->json;
	const json_t *rules = json_object_get(e, "rules"), *events = json_object_get(e, "happened");
	const struct pv_report_exception *row = lifter->row;
	char *labels = talloc_strdup(mem, ""), *happened = talloc_strdup(mem, "");
	for (size_t i = 0; i < json_array_size(rules); i++)
		labels = joined(
			labels, in(json_object_get(json_array_get(rules, i), "label"), french));
	for (size_t i = 0; i < json_array_size(events); i++)
		happened = joined(happened, json_string_value(json_array_get(events, i)));
	cell(out, in(json_object_get(e, "reason"), french), false);
	texts(out, labels);
	member(out, e, "from");
	member(out, e, "until");
	cell(out, talloc_asprintf(mem, "%lld", (long long)lifter->posts), false);
	member(out, e, "state");
	texts(out, happened);
	member(out, e, "source");
	member(out, e, "asked_by");
	cell(out, row ? day(report, mem, row->asked_at_us) : "", false);
	member(out, e, "granted_by");
	member(out, e, "refused_by");
	cell(out, row ? day(report, mem, row->decided_at_us) : "", false);
	member(out, e, "ended_by");
	cell(out, row ? day(report, mem, row->ended_at_us) : "", false);
	member(out, e, "word");
	cell(out, lifter->id, true);
}

const char *pv_report_exceptions_csv(const struct pv_report *report, bool french)
{
	struct pv_buf out = PV_BUF(report->mem, CSV_BYTES_MAX);
	pv_buf_text(&out,
		"\xEF\xBB\xBF"
		"reason,rules,from,until,posts,state,happened,source,asked_by,asked,granted_by,"
		"refused_by,decided,ended_by,ended,word,id\r\n");
	for (size_t i = 0; i < report->n_lifters && !out.failed; i++) {
		TALLOC_CTX *mem = talloc_new(report->mem);
		exception_line(report, &report->lifters[i], french, mem, &out);
		talloc_free(mem);
	}
	return pv_buf_end(&out);
}
