/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/say.h"

#include "base/mem.h"

#define NBSP "\u00a0"

static const char *const months_fr[] = {"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre"};
static const char *const months_en[] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};

void pv_say_begin(struct pv_say *say, TALLOC_CTX *mem, const struct pv_zone *zone, int64_t now_us)
{
	*say = (struct pv_say){.fr = PV_BUF(mem, PV_SAY_BYTES_MAX),
		.en = PV_BUF(mem, PV_SAY_BYTES_MAX),
		.zone = zone,
		.now_us = now_us};
}

void pv_say_words(struct pv_say *say, const struct pv_words *words)
{
	pv_buf_text(&say->fr, words->fr);
	pv_buf_text(&say->en, words->en);
}

void pv_say_same(struct pv_say *say, struct pv_str text)
{
	pv_buf_add(&say->fr, text.bytes, text.size);
	pv_buf_add(&say->en, text.bytes, text.size);
}

static void add_int(struct pv_buf *buf, int64_t n)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (n < 0)
		digits[--at] = '-';
	pv_buf_add(buf, digits + at, sizeof digits - at);
}

void pv_say_int(struct pv_say *say, int64_t n)
{
	add_int(&say->fr, n);
	add_int(&say->en, n);
}

static void add_quoted(
	struct pv_buf *buf, const char *open, const char *text, size_t size, const char *close)
{
	bool abbreviation = size > 3 && memcmp(text + size - 3, ".m.", 3) == 0; /* "6 a.m." */
	if (size > 0 && text[size - 1] == '.' && !abbreviation)
		size--;
	pv_buf_text(buf, open);
	pv_buf_add(buf, text, size);
	pv_buf_text(buf, close);
}

void pv_say_quoted(struct pv_say *say, const struct pv_words *words)
{
	add_quoted(&say->fr, "«" NBSP, words->fr, strlen(words->fr), NBSP "»");
	add_quoted(&say->en, "“", words->en, strlen(words->en), "”");
}

void pv_say_quoted_same(struct pv_say *say, struct pv_str text)
{
	add_quoted(&say->fr, "«" NBSP, text.bytes, text.size, NBSP "»");
	add_quoted(&say->en, "“", text.bytes, text.size, "”");
}

static void say_date(struct pv_say *say, const struct pv_civil *civil)
{
	add_int(&say->fr, civil->day);
	if (civil->day == 1)
		pv_buf_text(&say->fr, "ᵉʳ");
	pv_buf_char(&say->fr, ' ');
	pv_buf_text(&say->fr, months_fr[civil->month - 1]);
	add_int(&say->en, civil->day);
	pv_buf_char(&say->en, ' ');
	pv_buf_text(&say->en, months_en[civil->month - 1]);
	if (pv_zone_local(say->zone, say->now_us).year == civil->year)
		return;
	pv_say(say, " ", " ");
	pv_say_int(say, civil->year);
}

void pv_say_day(struct pv_say *say, int64_t at_us)
{
	struct pv_civil civil = pv_zone_local(say->zone, at_us);
	say_date(say, &civil);
}

static void add_two(struct pv_buf *buf, int n)
{
	pv_buf_char(buf, (char)('0' + n / 10));
	pv_buf_char(buf, (char)('0' + n % 10));
}

void pv_say_moment(struct pv_say *say, int64_t at_us)
{
	struct pv_civil civil = pv_zone_local(say->zone, at_us);
	say_date(say, &civil);
	pv_say(say, " à ", ", ");
	add_int(&say->fr, civil.hour);
	pv_buf_text(&say->fr, NBSP "h");
	if (civil.minute) {
		pv_buf_text(&say->fr, NBSP);
		add_two(&say->fr, civil.minute);
	}
	if (civil.minute == 0 && civil.hour % 12 == 0) {
		pv_buf_text(&say->en, civil.hour ? "noon" : "midnight");
		return;
	}
	add_int(&say->en, civil.hour % 12 ? civil.hour % 12 : 12);
	if (civil.minute) {
		pv_buf_char(&say->en, ':');
		add_two(&say->en, civil.minute);
	}
	pv_buf_text(&say->en, civil.hour < 12 ? NBSP "a.m." : NBSP "p.m.");
}

void pv_say_duration(struct pv_say *say, const struct pv_duration *duration)
{
	static const struct pv_words units[] = {
		[PV_UNIT_MINUTES] = {"minute", "minute"},
		[PV_UNIT_HOURS] = {"heure", "hour"},
		[PV_UNIT_DAYS] = {"jour", "day"},
	};
	pv_say_int(say, duration->n);
	pv_say(say, NBSP, NBSP);
	pv_say_words(say, &units[duration->unit]);
	if (duration->n > 1)
		pv_say(say, "s", "s");
}

void pv_say_share(struct pv_say *say, int64_t top, int64_t bottom)
{
	pv_say_int(say, bottom ? (top * 200 + bottom) / (2 * bottom) : 0);
	pv_say(say, NBSP "%", "%");
}

void pv_say_limit(struct pv_say *say, const struct pv_limit *limit)
{
	if (!limit->share)
		pv_say_int(say, limit->top);
	else if (limit->top * 2 == limit->bottom)
		pv_say(say, "la moitié", "half");
	else if (limit->top * 3 == limit->bottom)
		pv_say(say, "le tiers", "a third");
	else if (limit->top * 4 == limit->bottom)
		pv_say(say, "le quart", "a quarter");
	else if (limit->top * 100 % limit->bottom == 0)
		pv_say_share(say, limit->top, limit->bottom);
	else
		pv_say_same(say, pv_str(limit->text));
}

void pv_say_ordinal(struct pv_say *say, int64_t n, bool feminine)
{
	pv_say_int(say, n);
	pv_buf_text(&say->fr, n == 1 ? (feminine ? "ʳᵉ" : "ᵉʳ") : "ᵉ");
	int64_t tens = n % 100 / 10, ones = n % 10;
	pv_buf_text(&say->en, tens == 1   ? "th"
			      : ones == 1 ? "st"
			      : ones == 2 ? "nd"
			      : ones == 3 ? "rd"
					  : "th");
}

void pv_say_language(struct pv_say *say, struct pv_str lang)
{
	static const struct {
		const char *code;
		struct pv_words words;
	} known[] = {{"fr", {"français", "French"}}, {"en", {"anglais", "English"}},
		{"es", {"espagnol", "Spanish"}}, {"de", {"allemand", "German"}},
		{"it", {"italien", "Italian"}}, {"pt", {"portugais", "Portuguese"}},
		{"iu", {"inuktitut", "Inuktitut"}}, {"ar", {"arabe", "Arabic"}}};
	for (size_t i = 0; i < PV_COUNT(known); i++)
		if (pv_str_equal(pv_str(known[i].code), lang)) {
			pv_say_words(say, &known[i].words);
			return;
		}
	pv_say_same(say, lang);
}

static void say_capital(struct pv_say *say, struct pv_str text)
{
	if (text.size == 0)
		return;
	char first = text.bytes[0];
	if (first >= 'a' && first <= 'z')
		first = (char)(first - 'a' + 'A');
	pv_say_same(say, (struct pv_str){.bytes = &first, .size = 1});
	pv_say_same(say, (struct pv_str){.bytes = text.bytes + 1, .size = text.size - 1});
}

void pv_say_platform(struct pv_say *say, struct pv_str platform)
{
	if (pv_str_equal(platform, pv_str("linkedin")))
		pv_say(say, "LinkedIn", "LinkedIn");
	else if (pv_str_equal(platform, pv_str("wordpress")))
		pv_say(say, "WordPress", "WordPress");
	else
		say_capital(say, platform);
}

static struct pv_str name_of(const struct pv_case *c, struct pv_str id, bool *out_given)
{
	*out_given = true;
	for (size_t i = 0; i < c->n_people; i++)
		if (c->people[i].name.size && pv_str_equal(c->people[i].id, id))
			return c->people[i].name;
	*out_given = false;
	return id;
}

void pv_say_person(struct pv_say *say, const struct pv_case *c, struct pv_str id)
{
	bool given;
	struct pv_str name = name_of(c, id, &given);
	if (given)
		pv_say_same(say, name);
	else
		say_capital(say, name);
}

void pv_say_of_person_fr(struct pv_say *say, const struct pv_case *c, struct pv_str id)
{
	/* "d'Irène", "d'Hélène"; but "de Yan": y is a consonant there */
	static const char *const openings[] = {"a", "e", "i", "o", "u", "h", "â", "à", "é", "è",
		"ê", "ë", "î", "ï", "ô", "û", "A", "E", "I", "O", "U", "H", "Â", "À", "É", "È", "Ê",
		"Ë", "Î", "Ï", "Ô", "Û"};
	bool given, elide = false;
	struct pv_str name = name_of(c, id, &given);
	for (size_t i = 0; i < PV_COUNT(openings); i++) {
		size_t size = strlen(openings[i]);
		elide |= name.size > size && memcmp(name.bytes, openings[i], size) == 0;
	}
	pv_buf_text(&say->fr, elide ? "d'" : "de ");
	size_t en = say->en.size;
	pv_say_person(say, c, id);
	say->en.size = en; /* the French alone */
}

void pv_say_or(struct pv_say *say, size_t i, size_t n)
{
	if (i > 0 && i + 1 == n)
		pv_say(say, " ou ", " or ");
	else if (i > 0)
		pv_say(say, ", ", ", ");
}

void pv_say_and(struct pv_say *say, size_t i, size_t n)
{
	if (i > 0 && i + 1 == n)
		pv_say(say, " et ", " and ");
	else if (i > 0)
		pv_say(say, ", ", ", ");
}

static void stop(struct pv_buf *buf)
{
	if (buf->size == 0 || buf->bytes[buf->size - 1] != '.')
		pv_buf_char(buf, '.');
}

void pv_say_stop(struct pv_say *say)
{
	stop(&say->fr);
	stop(&say->en);
}

bool pv_say_empty(const struct pv_say *say)
{
	return say->fr.size == 0 && say->en.size == 0;
}

struct pv_words pv_say_cut(struct pv_say *say, struct pv_arena *arena)
{
	struct pv_words words = {NULL, NULL};
	if (say->fr.failed || say->en.failed)
		arena->failed = true;
	words.fr =
		pv_arena_text(arena, (struct pv_str){.bytes = say->fr.bytes, .size = say->fr.size});
	words.en =
		pv_arena_text(arena, (struct pv_str){.bytes = say->en.bytes, .size = say->en.size});
	say->fr.size = say->en.size = 0;
	if (arena->failed)
		words = (struct pv_words){NULL, NULL};
	return words;
}
