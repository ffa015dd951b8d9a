/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/rate.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Smaller numbers are waits, larger ones seconds since 1970 (this is 1973). */
enum { SECONDS_ARE_INSTANT = 100000000 };

/* A whole number of seconds, an optional fraction left out; false when it is anything else. */
static bool parse_seconds(const char *text, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (digits == 0 || digits > 12 || *rest)
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

/* RFC 9110, 5.6.7: IMF-fixdate, the only form a sender may write today. */
bool pv_rate_http_date(const char *text, int64_t *out_us)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = "", zone[4] = "";
	struct pv_civil c = {0};
	int end = 0;
	if (strlen(text) != 29 ||
		sscanf(text, "%*3c, %2d %3c %4d %2d:%2d:%2d %3c%n", &c.day, month, &c.year, &c.hour,
			&c.minute, &c.second, zone, &end) != 7 ||
		end != 29 || strcmp(zone, "GMT") != 0)
		return false;
	const char *at = strstr(months, month);
	if (!at || (at - months) % 3 != 0 || c.day < 1 || c.day > 31 || c.hour > 23 ||
		c.minute > 59 || c.second > 60 || c.year < 1970 || c.hour < 0 || c.minute < 0 ||
		c.second < 0)
		return false;
	c.month = (int)((at - months) / 3) + 1;
	*out_us = pv_civil_as_utc(&c);
	return true;
}

static bool parse(const char *text, int64_t now_us, int64_t *out_us)
{
	int64_t seconds;
	if (!text)
		return false;
	if (parse_seconds(text, &seconds)) {
		*out_us = seconds * PV_SECOND_US + (seconds < SECONDS_ARE_INSTANT ? now_us : 0);
		return true;
	}
	return pv_time_parse(text, strlen(text), out_us) || pv_rate_http_date(text, out_us);
}

static bool remains(const struct pv_http_response *response, const char *name)
{
	const char *text = pv_http_header(response, name);
	int64_t left;
	return text && parse_seconds(text, &left) && left > 0;
}

int64_t pv_rate_retry_at(const struct pv_http_response *response, int64_t now_us)
{
	static const struct {
		const char *reset, *remaining;
	} names[] = {
		{"retry-after", NULL},
		{"ratelimit-reset", "ratelimit-remaining"},
		{"x-ratelimit-reset", "x-ratelimit-remaining"},
	};
	for (size_t i = 0; i < PV_COUNT(names); i++) {
		int64_t at_us;
		if (names[i].remaining && remains(response, names[i].remaining))
			continue;
		if (!parse(pv_http_header(response, names[i].reset), now_us, &at_us))
			continue;
		if (at_us < now_us + PV_SECOND_US)
			at_us = now_us + PV_SECOND_US;
		if (at_us > now_us + PV_RATE_WAIT_MAX_US)
			at_us = now_us + PV_RATE_WAIT_MAX_US;
		return at_us;
	}
	return PV_TIME_NONE;
}
