/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A line a post, for a spreadsheet: RFC 4180, UTF-8 with its mark, so that accents open right. */
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

static void rules(struct pv_buf *out, TALLOC_CTX *mem, const char **items, size_t n)
{
	char *text = talloc_strdup(mem, "");
	for (size_t i = 0; text && i < n; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", items[i]);
	out->failed |= !text;
	cell(out, text ? text : "", false);
}

static void line(const struct pv_report *report, size_t i, TALLOC_CTX *mem, struct pv_buf *out)
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
	rules(out, mem, verdict->lifted, verdict->n_lifted);
	rules(out, mem, verdict->lifted_by, verdict->n_lifted);
	cell(out, post->permalink, false);
	cell(out, post->text, true);
}

const char *pv_report_csv(const struct pv_report *report)
{
	struct pv_buf out = PV_BUF(report->mem, CSV_BYTES_MAX);
	pv_buf_text(&out,
		"\xEF\xBB\xBF"
		"date,time,account,network,author,kind,axis,origin,interest,human,relation,"
		"verdict,disclosed,approved,lifted,exceptions,permalink,text\r\n");
	for (size_t i = 0; i < report->n_posts && !out.failed; i++) {
		TALLOC_CTX *mem = talloc_new(report->mem);
		line(report, i, mem, &out);
		talloc_free(mem);
	}
	return pv_buf_end(&out);
}
