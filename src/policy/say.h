/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Writing for a person in both languages at once, with their typography: « » and “ ”, 1ᵉʳ and 20 h,
 * 8 p.m., 57 % and 57%. Inside the policy room.
 *
 *	pv_say(say, "Le lien mène à ", "The link leads to ");
 *	pv_say_same(say, host);
 *	struct pv_words words = pv_say_cut(say, arena);	// takes what was written since the last cut
 *
 * Memory that runs out is noted in the buffers and met at the cut, whose words are then NULL.
 */
#ifndef PV_POLICY_SAY_H
#define PV_POLICY_SAY_H

#include "policy/arena.h"
#include "policy/model.h"

enum { PV_SAY_BYTES_MAX = 4 << 20 };

struct pv_say {
	struct pv_buf fr, en;
	const struct pv_zone *zone;
	int64_t now_us; /* the year of dates is told when it is another */
};

void pv_say_begin(struct pv_say *say, TALLOC_CTX *mem, const struct pv_zone *zone, int64_t now_us);

/* Literals of both languages. */
#define pv_say(say, french, english)                            \
	(pv_buf_add(&(say)->fr, "" french, sizeof(french) - 1), \
		pv_buf_add(&(say)->en, "" english, sizeof(english) - 1))

void pv_say_words(struct pv_say *say, const struct pv_words *words);
void pv_say_same(struct pv_say *say, struct pv_str text);
void pv_say_int(struct pv_say *say, int64_t n);
/* « text » and “text”; the words' own final full stop is left out. */
void pv_say_quoted(struct pv_say *say, const struct pv_words *words);
void pv_say_quoted_same(struct pv_say *say, struct pv_str text);
/* "1ᵉʳ novembre à 20 h", "1 November, 8 p.m." */
void pv_say_moment(struct pv_say *say, int64_t at_us);
/* "1ᵉʳ novembre", "1 November" */
void pv_say_day(struct pv_say *say, int64_t at_us);
/* "30 jours", "30 days" */
void pv_say_duration(struct pv_say *say, const struct pv_duration *duration);
/* "57 %", "57%", rounded half up */
void pv_say_share(struct pv_say *say, int64_t top, int64_t bottom);
/* "la moitié", "le tiers", "25 %", "2" */
void pv_say_limit(struct pv_say *say, const struct pv_limit *limit);
/* "160ᵉ", "160th" */
void pv_say_ordinal(struct pv_say *say, int64_t n, bool feminine);
/* "français", "French"; the code itself when it is another. */
void pv_say_language(struct pv_say *say, struct pv_str lang);
/* "Instagram" */
void pv_say_platform(struct pv_say *say, struct pv_str platform);
/* A person by name, else by id with a capital. */
void pv_say_person(struct pv_say *say, const struct pv_case *c, struct pv_str id);
/* "de Paul", "d'Irène"; "Paul's" is written by the caller: only the French is. */
void pv_say_of_person_fr(struct pv_say *say, const struct pv_case *c, struct pv_str id);
/* ", " between, " ou " / " or " before the last. */
void pv_say_or(struct pv_say *say, size_t i, size_t n);
void pv_say_and(struct pv_say *say, size_t i, size_t n);

/* A full stop, unless the sentence ends in one already ("8 p.m."). */
void pv_say_stop(struct pv_say *say);
bool pv_say_empty(const struct pv_say *say);
struct pv_words pv_say_cut(struct pv_say *say, struct pv_arena *arena);

#endif
