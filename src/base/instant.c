/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/instant.h"

#include <stdio.h>
#include <string.h>

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil, civil_from_days. */
int64_t pv_days_from_civil(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void pv_civil_from_days(int64_t days, int *year, int *month, int *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp + (mp < 10 ? 3 : -9));
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

struct pv_civil pv_civil_of_utc(int64_t at_us)
{
	int64_t days = at_us / PV_DAY_US, rest = at_us % PV_DAY_US;
	if (rest < 0) {
		rest += PV_DAY_US;
		days--;
	}
	struct pv_civil civil;
	pv_civil_from_days(days, &civil.year, &civil.month, &civil.day);
	civil.hour = (int)(rest / PV_HOUR_US);
	civil.minute = (int)(rest / PV_MINUTE_US % 60);
	civil.second = (int)(rest / PV_SECOND_US % 60);
	civil.microsecond = (int)(rest % PV_SECOND_US);
	return civil;
}

int64_t pv_civil_as_utc(const struct pv_civil *civil)
{
	return pv_days_from_civil(civil->year, civil->month, civil->day) * PV_DAY_US +
	       civil->hour * PV_HOUR_US + civil->minute * PV_MINUTE_US +
	       civil->second * PV_SECOND_US + civil->microsecond;
}

static bool digits(const char **at, const char *end, int count, int *out)
{
	int value = 0;
	for (int i = 0; i < count; i++, (*at)++) {
		if (*at == end || **at < '0' || **at > '9')
			return false;
		value = value * 10 + (**at - '0');
	}
	*out = value;
	return true;
}

static bool literal(const char **at, const char *end, char c)
{
	if (*at == end || **at != c)
		return false;
	(*at)++;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

static bool parse_fraction(const char **at, const char *end, int *out_us)
{
	*out_us = 0;
	if (!literal(at, end, '.'))
		return true;
	int scale = 100000;
	const char *first = *at;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
		*out_us += (**at - '0') * scale;
	return *at > first;
}

static bool parse_offset(const char **at, const char *end, int64_t *out_us)
{
	*out_us = 0;
	if (literal(at, end, 'Z') || literal(at, end, 'z'))
		return true;
	int sign = literal(at, end, '+') ? 1 : literal(at, end, '-') ? -1 : 0;
	int hours, minutes;
	if (!sign || !digits(at, end, 2, &hours) || !literal(at, end, ':') ||
		!digits(at, end, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*out_us = sign * (hours * PV_HOUR_US + minutes * PV_MINUTE_US);
	return true;
}

bool pv_time_parse(const char *text, size_t size, int64_t *out_us)
{
	const char *at = text, *end = text + size;
	struct pv_civil c;
	int64_t offset_us;
	if (!digits(&at, end, 4, &c.year) || !literal(&at, end, '-') ||
		!digits(&at, end, 2, &c.month) || !literal(&at, end, '-') ||
		!digits(&at, end, 2, &c.day))
		return false;
	if (!literal(&at, end, 'T') && !literal(&at, end, 't') && !literal(&at, end, ' '))
		return false;
	if (!digits(&at, end, 2, &c.hour) || !literal(&at, end, ':') ||
		!digits(&at, end, 2, &c.minute) || !literal(&at, end, ':') ||
		!digits(&at, end, 2, &c.second) || !parse_fraction(&at, end, &c.microsecond) ||
		!parse_offset(&at, end, &offset_us) || at != end)
		return false;
	if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 ||
		c.day > days_in_month(c.year, c.month) || c.hour > 23 || c.minute > 59 ||
		c.second > 60)
		return false;
	if (c.second == 60)
		c.second = 59;
	*out_us = pv_civil_as_utc(&c) - offset_us;
	return true;
}

const char *pv_time_format(int64_t at_us, char out[PV_TIME_TEXT_SIZE])
{
	struct pv_civil c = pv_civil_of_utc(at_us);
	snprintf(out, PV_TIME_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
		(unsigned)c.year % 10000u, (unsigned)c.month % 100u, (unsigned)c.day % 100u,
		(unsigned)c.hour % 100u, (unsigned)c.minute % 100u, (unsigned)c.second % 100u,
		(unsigned)c.microsecond / 1000u % 1000u);
	return out;
}

char *pv_time_text(TALLOC_CTX *mem, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	return talloc_strdup(mem, pv_time_format(at_us, text));
}

const char *pv_time_http(int64_t at_us, char out[PV_TIME_TEXT_SIZE])
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct pv_civil c = pv_civil_of_utc(at_us);
	int64_t day = pv_days_from_civil(c.year, c.month, c.day) % 7;
	snprintf(out, PV_TIME_TEXT_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[(day + 7) % 7],
		(unsigned)c.day % 100u, months[c.month - 1], (unsigned)c.year % 10000u,
		(unsigned)c.hour % 100u, (unsigned)c.minute % 100u, (unsigned)c.second % 100u);
	return out;
}
