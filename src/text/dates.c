/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/dates.h"

#include <string.h>

#define NBSP "\u00A0"

static const char *const months_fr[] = {"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre"};
static const char *const months_en[] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};

static bool is_english(const char *language)
{
	return language && strncmp(language, "en", 2) == 0;
}

static char *date_of(TALLOC_CTX *mem, const struct pv_civil *c, const char *language)
{
	if (is_english(language))
		return talloc_asprintf(
			mem, "%d" NBSP "%s %d", c->day, months_en[c->month - 1], c->year);
	return talloc_asprintf(mem, "%d%s" NBSP "%s %d", c->day, c->day == 1 ? "er" : "",
		months_fr[c->month - 1], c->year);
}

char *pv_date_words(
	TALLOC_CTX *mem, const struct pv_zone *zone, int64_t at_us, const char *language)
{
	struct pv_civil c = pv_zone_local(zone, at_us);
	return date_of(mem, &c, language);
}

char *pv_moment_words(
	TALLOC_CTX *mem, const struct pv_zone *zone, int64_t at_us, const char *language)
{
	struct pv_civil c = pv_zone_local(zone, at_us);
	char *date = date_of(mem, &c, language);
	if (!date)
		return NULL;
	if (is_english(language))
		return talloc_asprintf_append(date, ", %d:%02d" NBSP "%s",
			c.hour % 12 ? c.hour % 12 : 12, c.minute, c.hour < 12 ? "a.m." : "p.m.");
	if (c.minute == 0)
		return talloc_asprintf_append(date, " à %d" NBSP "h", c.hour);
	return talloc_asprintf_append(date, " à %d" NBSP "h" NBSP "%02d", c.hour, c.minute);
}
