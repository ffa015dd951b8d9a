/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"

static bool digits(const char *text, size_t n, int *out)
{
	int value = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*out = value;
	return true;
}

bool pv_date_parse(const char *text, size_t size, int32_t *out_day)
{
	int year, month, day, back_year, back_month, back_day;
	if (size != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
		!digits(text + 5, 2, &month) || !digits(text + 8, 2, &day) || month < 1 ||
		month > 12 || day < 1)
		return false;
	int64_t days = pv_days_from_civil(year, month, day);
	pv_civil_from_days(days, &back_year, &back_month, &back_day);
	if (back_month != month || back_day != day)
		return false;
	*out_day = (int32_t)days;
	return true;
}

static bool clock_parse(const char *text, size_t size, int *out_minutes)
{
	int hour, minute;
	if (size != 5 || text[2] != ':' || !digits(text, 2, &hour) ||
		!digits(text + 3, 2, &minute) || minute > 59 || hour > 24 ||
		(hour == 24 && minute > 0))
		return false;
	*out_minutes = hour * 60 + minute;
	return true;
}

bool pv_doc_date(struct pv_doc *doc, const struct pv_yaml *node, int32_t *out_day)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	if (pv_date_parse(text, strlen(text), out_day))
		return true;
	DOC_COMPLAIN(doc, node, "« %s » n'est pas une date; écrivez par exemple 2026-03-31.",
		"\"%s\" is not a date; write for example 2026-03-31.", text);
	return false;
}

bool pv_doc_instant(
	struct pv_doc *doc, const struct pv_yaml *node, enum pv_zone_pick pick, int64_t *out_us)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	int32_t day;
	int minutes;
	if (strlen(text) != 16 || (text[10] != ' ' && text[10] != 'T') ||
		!pv_date_parse(text, 10, &day) || !clock_parse(text + 11, 5, &minutes)) {
		DOC_COMPLAIN(doc, node,
			"« %s » n'est pas un moment; écrivez par exemple 2026-10-01 08:30.",
			"\"%s\" is not a time; write for example 2026-10-01 08:30.", text);
		return false;
	}
	day += minutes / (24 * 60); /* 24:00 is the next day's midnight */
	minutes %= 24 * 60;
	struct pv_civil local = {.hour = minutes / 60, .minute = minutes % 60};
	pv_civil_from_days(day, &local.year, &local.month, &local.day);
	pv_zone_instant(doc->zone, &local, pick, out_us);
	return true;
}

bool pv_doc_hours(struct pv_doc *doc, const struct pv_yaml *node, int *out_from, int *out_to)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	if (strlen(text) == 11 && text[5] == '-' && clock_parse(text, 5, out_from) &&
		clock_parse(text + 6, 5, out_to) && *out_from != *out_to && *out_from < 24 * 60)
		return true;
	DOC_COMPLAIN(doc, node,
		"« %s » n'est pas une plage d'heures; écrivez par exemple 22:00-06:00.",
		"\"%s\" is not a range of hours; write for example 22:00-06:00.", text);
	return false;
}
