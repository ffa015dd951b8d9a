/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/instant.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINE_MAX = 16384 };

static atomic_int log_level = PV_LOG_INFO;
static atomic_bool log_json;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void pv_log_setup(enum pv_log_level level, bool json)
{
	atomic_store(&log_level, level);
	atomic_store(&log_json, json);
}

/* RFC 8259 string, control characters escaped; also used for quoted values of the text form, so
 * that a hostile value cannot write a line of its own. */
static void add_quoted(struct pv_buf *line, const char *text)
{
	pv_buf_char(line, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			pv_buf_printf(line, "\\%c", c);
		else if (c < 0x20 || c == 0x7F)
			pv_buf_printf(line, "\\u%04x", c);
		else
			pv_buf_char(line, (char)c);
	}
	pv_buf_char(line, '"');
}

void pv_log(enum pv_log_level level, const char *event, ...)
{
	if ((int)level < atomic_load(&log_level))
		return;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_buf line = PV_BUF(scope, LOG_LINE_MAX);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	char at[PV_TIME_TEXT_SIZE];
	pv_time_format((int64_t)now.tv_sec * PV_SECOND_US + now.tv_nsec / 1000, at);
	bool json = atomic_load(&log_json);
	if (json)
		pv_buf_printf(&line, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":", at,
			level_names[level]);
	else
		pv_buf_printf(&line, "%s %-7s ", at, level_names[level]);
	if (json)
		add_quoted(&line, event);
	else
		pv_buf_text(&line, event);
	va_list pairs;
	va_start(pairs, event);
	for (const char *name; (name = va_arg(pairs, const char *));) {
		const char *value = va_arg(pairs, const char *);
		pv_buf_printf(&line, json ? ",\"%s\":" : " %s=", name);
		add_quoted(&line, value ? value : "");
	}
	va_end(pairs);
	pv_buf_text(&line, json ? "}\n" : "\n");
	/* one write: lines of several threads never mix */
	const char *text = pv_buf_end(&line);
	if (text && write(STDERR_FILENO, text, line.size) < 0)
		return; /* nowhere left to complain */
}
