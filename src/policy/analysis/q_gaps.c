/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Question 3: combinations of stance, origin, interest and form that some post has and no category
 * rule meets, told as few descriptions as will do: each as wide as it can be.
 */
#include "policy/analysis/question.h"

#include "base/mem.h"

enum { STANCES = PV_STANCES - 1, FORMS = 2 };

/* Interests, as bits, for which there is such a post. */
struct gaps {
	struct pv_asking *asking;
	uint8_t interests[STANCES][FORMS][PV_ORIGINS];
	int cost[STANCES][FORMS][PV_ORIGINS][PV_INTERESTS];
	uint32_t stance, form; /* forms of the combination at hand */
	struct pv_witness witness;
};

/* A description: any of these stances, forms, origins and interests together. */
struct box {
	unsigned stances, forms, origins, interests;
};

static enum pv_tri unmet(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct gaps *gaps = state;
	const uint32_t forms[] = {gaps->stance, gaps->form};
	struct pv_pick next;
	enum pv_tri all = PV_YES;
	for (size_t i = 0; i < PV_COUNT(forms); i++) {
		enum pv_tri is = pv_form_is(&search->copy[0], forms[i]);
		if (is == PV_OPEN)
			pv_pick_form(search, 0, forms[i], &next);
		all = pv_also(all, pick, is, &next);
	}
	if (all == PV_NO)
		return PV_NO;
	return pv_also(all, pick, pv_default_speaks(search, 0, &next), &next);
}

static bool make(const struct pv_search *search, void *state)
{
	struct gaps *gaps = state;
	struct pv_asking *asking = gaps->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted;
	struct pv_built built;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built) || built.changed)
		return false;
	const struct pv_judgement *judgement = pv_judged(scope, asking->policy, &built.c);
	bool spoke = false;
	for (size_t i = 0; judgement && i < judgement->decided_by.n; i++)
		spoke |= strcmp(judgement->decided_by.items[i], "default") == 0;
	return spoke && pv_witness_of(asking->mem, asking->policy, &built.c, &gaps->witness);
}

static enum pv_found seek(struct gaps *gaps, int s, int f, int o, int i, pv_search_make maker)
{
	struct pv_asking *asking = gaps->asking;
	const struct pv_variable *vars = asking->space->vars;
	gaps->stance = asking->asked->stance[s + 1];
	gaps->form = asking->asked->form[f];
	pv_search_reset(&asking->search);
	pv_search_fix(&asking->search, PV_VAR_ORIGIN, vars[PV_VAR_ORIGIN].class_of[o]);
	pv_search_fix(&asking->search, PV_VAR_INTEREST, vars[PV_VAR_INTEREST].class_of[i]);
	return pv_search_run(&asking->search, unmet, maker, gaps);
}

/* Values of one class answer alike: the first of them is asked. */
static uint32_t first_of_class(const struct pv_variable *variable, uint32_t raw)
{
	return variable->values[variable->class_of[raw]].raw;
}

static void find_gaps(struct gaps *gaps)
{
	const struct pv_variable *origin = &gaps->asking->space->vars[PV_VAR_ORIGIN];
	const struct pv_variable *interest = &gaps->asking->space->vars[PV_VAR_INTEREST];
	for (int s = 0; s < STANCES; s++)
		for (int f = 0; f < FORMS; f++)
			for (uint32_t o = 0; o < PV_ORIGINS; o++)
				for (uint32_t i = 0; i < PV_INTERESTS; i++) {
					uint32_t first = first_of_class(origin, o);
					uint32_t like = first_of_class(interest, i);
					bool known = first != o || like != i;
					bool gap = known ? gaps->interests[s][f][first] >> like & 1
							 : pv_seek_yes(gaps->asking,
								   seek(gaps, s, f, (int)o, (int)i,
									   NULL));
					gaps->interests[s][f][o] |= (uint8_t)(gap << i);
					if (gap)
						gaps->cost[s][f][o][i] =
							known ? gaps->cost[s][f][first][like]
							      : gaps->asking->search.best_cost;
				}
}

/* The widest set of interests that are gaps for all the rest of the box. */
static unsigned common_interests(const struct gaps *gaps, const struct box *box, unsigned among)
{
	unsigned common = among;
	for (int s = 0; s < STANCES; s++)
		for (int f = 0; f < FORMS; f++)
			for (int o = 0; o < PV_ORIGINS; o++)
				if (box->stances >> s & 1 && box->forms >> f & 1 &&
					box->origins >> o & 1)
					common &= gaps->interests[s][f][o];
	return common;
}

static int count_in(const struct box *box, uint8_t left[STANCES][FORMS][PV_ORIGINS])
{
	int n = 0;
	for (int s = 0; s < STANCES; s++)
		for (int f = 0; f < FORMS; f++)
			for (int o = 0; o < PV_ORIGINS; o++)
				if (box->stances >> s & 1 && box->forms >> f & 1 &&
					box->origins >> o & 1)
					n += __builtin_popcount(left[s][f][o] & box->interests);
	return n;
}

static int size_of(const struct box *box)
{
	return __builtin_popcount(box->stances) * __builtin_popcount(box->forms) *
	       __builtin_popcount(box->origins) * __builtin_popcount(box->interests);
}

/* The box that tells most of what is not told yet; of equals the widest, then the first. */
static bool next_box(const struct gaps *gaps, unsigned among,
	uint8_t left[STANCES][FORMS][PV_ORIGINS], struct box *out)
{
	int most = 0, widest = 0;
	for (unsigned s = 1; s < 1u << STANCES; s++)
		for (unsigned f = 1; f < 1u << FORMS; f++)
			for (unsigned o = 1; o < 1u << PV_ORIGINS; o++) {
				struct box box = {.stances = s, .forms = f, .origins = o};
				box.interests = common_interests(gaps, &box, among);
				int n = count_in(&box, left);
				if (n > most || (n == most && n > 0 && size_of(&box) > widest)) {
					most = n;
					widest = size_of(&box);
					*out = box;
				}
			}
	return most > 0;
}

static void take(const struct box *box, uint8_t left[STANCES][FORMS][PV_ORIGINS])
{
	for (int s = 0; s < STANCES; s++)
		for (int f = 0; f < FORMS; f++)
			for (int o = 0; o < PV_ORIGINS; o++)
				if (box->stances >> s & 1 && box->forms >> f & 1 &&
					box->origins >> o & 1)
					left[s][f][o] &= (uint8_t)~box->interests;
}

/* ---- told ----------------------------------------------------------------------------------------- */

static void say_any(struct pv_say *say, enum pv_fact fact, unsigned bits, int n,
	const char *const *names, const struct pv_words *all)
{
	if (bits == (1u << n) - 1) {
		pv_say_words(say, all);
		return;
	}
	size_t count = (size_t)__builtin_popcount(bits), at = 0;
	for (int i = 0; i < n; i++)
		if (bits >> i & 1) {
			pv_say_or(say, at++, count);
			pv_say_value(say, fact, names[i]);
		}
}

static void say_box(struct pv_asking *asking, const struct box *box)
{
	static const struct pv_words every[] = {{"tout compte", "any account"},
		{"toute forme", "any form"}, {"toute provenance", "any origin"},
		{"tout motif", "any purpose"}};
	struct pv_say *say = &asking->say;
	pv_say(say, "Aucune catégorie ne parle de ceci\u00a0: ", "No category speaks of this: ");
	say_any(say, PV_FACT_STANCE, box->stances, STANCES, pv_stance_names + 1, &every[0]);
	pv_say(say, "; ", "; ");
	say_any(say, PV_FACT_FORM, box->forms, FORMS, pv_form_names, &every[1]);
	pv_say(say, "; ", "; ");
	say_any(say, PV_FACT_ORIGIN, box->origins, PV_ORIGINS, pv_origin_names, &every[2]);
	pv_say(say, "; ", "; ");
	say_any(say, PV_FACT_INTEREST, box->interests, PV_INTERESTS, pv_interest_names, &every[3]);
	pv_say(say, ". La réponse par défaut s'applique\u00a0: ", ". The default answers: ");
	pv_say_quoted(say, pv_verdict_words(asking->policy->otherwise));
	pv_say(say, ".", ".");
}

/* The cheapest of the box's combinations of which a post can be made. */
static void find_example(struct gaps *gaps, const struct box *box)
{
	gaps->witness = (struct pv_witness){0};
	for (int cost = 0; cost < 24 && !gaps->witness.json; cost++)
		for (int s = 0; s < STANCES; s++)
			for (int f = 0; f < FORMS; f++)
				for (int o = 0; o < PV_ORIGINS; o++)
					for (int i = 0; i < PV_INTERESTS; i++)
						if (!gaps->witness.json &&
							gaps->cost[s][f][o][i] == cost &&
							box->stances >> s & 1 &&
							box->forms >> f & 1 &&
							box->origins >> o & 1 &&
							box->interests >> i & 1)
							seek(gaps, s, f, o, i, make);
}

void pv_question_gaps(struct pv_asking *asking)
{
	struct gaps *gaps = talloc_zero(asking->scratch, struct gaps);
	uint8_t left[STANCES][FORMS][PV_ORIGINS];
	struct box box;
	if (!gaps) {
		asking->arena.failed = true;
		return;
	}
	gaps->asking = asking;
	find_gaps(gaps);
	memcpy(left, gaps->interests, sizeof left);
	/* what is not declared at all is told apart: it would hide what somebody meant */
	const unsigned declared = ((1u << PV_INTERESTS) - 1) & ~1u;
	while (next_box(gaps, declared, left, &box) || next_box(gaps, 1, left, &box)) {
		find_example(gaps, &box);
		say_box(asking, &box);
		struct pv_analysis_finding *finding =
			pv_tell(asking, "gap", PV_SEVERITY_REMARK, NULL, 0);
		if (finding) {
			finding->witness = gaps->witness;
			finding->count = size_of(&box);
		}
		take(&box, left);
	}
	talloc_free(gaps);
}
