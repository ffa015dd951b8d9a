/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Question 8: is there a text for every post? A text that meets some demands meets any of them, so
 * it is enough to write one for each set of demands that can stand together and is not within one
 * written for already. Where none can be written, demands are left out until one can: what remains
 * is what cannot be met.
 */
#include "policy/analysis/question.h"

#include "base/mem.h"

enum { SETS_MAX = 400 }; /* of demands, for one language and one fold */

struct sets {
	pv_rule_bits *items;
	size_t n;
};

/* Written without a link: it says the same on every account with this fold. */
struct anywhere {
	int64_t fold;
	struct pv_str langs[2];
	pv_rule_bits meets;
};

struct demanding {
	struct pv_asking *asking;
	struct pv_str langs[2];
	size_t n_langs;
	uint32_t account;           /* of the fold at hand */
	pv_rule_bits text;          /* rules that a text can meet, in these languages */
	struct sets written, never; /* never: the smallest sets for which there is no text */
	struct sets told;
	struct anywhere *anywhere;
	size_t n_anywhere;
	pv_rule_bits aim; /* all of which are to live at once */
	struct pv_witness witness;
};

static bool within(const uint64_t *few, const uint64_t *many, size_t words)
{
	for (size_t w = 0; w < words; w++)
		if (few[w] & ~many[w])
			return false;
	return true;
}

static bool add_set(struct demanding *demanding, struct sets *sets, const uint64_t *bits)
{
	pv_rule_bits *items =
		pv_arena_more(&demanding->asking->arena, sets->items, sets->n, sizeof *items);
	if (!items)
		return false;
	sets->items = items;
	memset(items[sets->n], 0, sizeof *items);
	memcpy(items[sets->n++], bits, sizeof *items);
	return true;
}

/* A rule of `may` that is in (or out of) the set and not sure: what is open of it. */
static bool pick_one(const struct pv_search *search, const uint64_t *may, const uint64_t *sure,
	const uint64_t *set, bool in, struct pv_pick *pick)
{
	for (size_t w = 0; w < search->space->policy->rule_words; w++) {
		uint64_t rest = may[w] & ~sure[w] & (in ? set[w] : ~set[w]);
		if (!rest)
			continue;
		pv_pick_life(search, 0, w * 64 + (size_t)__builtin_ctzll(rest), pick);
		return true;
	}
	return false;
}

/* Demands for which no text is written, and that do not hold what cannot be met anyway. */
static enum pv_tri unwritten(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct demanding *demanding = state;
	size_t words = search->space->policy->rule_words;
	pv_rule_bits sure, may;
	pv_live_rules(search, 0, sure, may);
	for (size_t w = 0; w < words; w++) {
		sure[w] &= demanding->text[w];
		may[w] &= demanding->text[w];
	}
	for (size_t i = 0; i < demanding->written.n; i++)
		if (within(may, demanding->written.items[i], words))
			return PV_NO;
	for (size_t i = 0; i < demanding->never.n; i++)
		if (within(demanding->never.items[i], sure, words))
			return PV_NO;
	for (size_t i = 0; i < demanding->written.n; i++)
		if (within(sure, demanding->written.items[i], words) &&
			pick_one(search, may, sure, demanding->written.items[i], false, pick))
			return PV_OPEN;
	for (size_t i = 0; i < demanding->never.n; i++)
		if (within(demanding->never.items[i], may, words) &&
			pick_one(search, may, sure, demanding->never.items[i], true, pick))
			return PV_OPEN;
	return PV_YES;
}

static enum pv_tri aimed(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	const struct demanding *demanding = state;
	size_t words = search->space->policy->rule_words;
	pv_rule_bits sure, may;
	pv_live_rules(search, 0, sure, may);
	if (!within(demanding->aim, may, words))
		return PV_NO;
	return pick_one(search, may, sure, demanding->aim, true, pick) ? PV_OPEN : PV_YES;
}

static bool make_aimed(const struct pv_search *search, void *state)
{
	struct demanding *demanding = state;
	struct pv_asking *asking = demanding->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	const struct pv_wanted wanted = {.langs = demanding->langs, .n_langs = demanding->n_langs};
	struct pv_built built;
	return scope && pv_build(scope, search, 0, &wanted, &built) &&
	       pv_witness_of(asking->mem, asking->policy, &built.c, &demanding->witness);
}

/* ---- languages and accounts ----------------------------------------------------------------------- */

static void fix(struct demanding *demanding)
{
	struct pv_search *search = &demanding->asking->search;
	const struct pv_space_list *list = &search->space->lists[PV_LIST_LANG];
	pv_search_reset(search);
	pv_search_fix(search, PV_VAR_ACCOUNT, demanding->account);
	for (uint32_t var = list->first; var < list->first + list->n; var++) {
		bool in = false;
		for (uint32_t r = 0; r < list->n_raw; r++)
			for (size_t l = 0; l < demanding->n_langs; l++)
				in |= list->class_of[r] == var &&
				      pv_str_equal(pv_str(list->raw[r]), demanding->langs[l]);
		const struct pv_space_value *values = search->space->vars[var].values;
		pv_search_fix(search, var, (values[0].raw == PV_ATOM_IN) == in ? 0 : 1);
	}
}

/* Rules of a text's own that these languages leave it able to meet. */
static void text_rules(struct demanding *demanding)
{
	const struct pv_policy *policy = demanding->asking->policy;
	bool fr = false;
	for (size_t l = 0; l < demanding->n_langs; l++)
		fr |= pv_str_equal(demanding->langs[l], pv_str("fr"));
	memset(demanding->text, 0, sizeof demanding->text);
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		bool text = rule->kind != PV_RULE_CATEGORY && rule->kind != PV_RULE_QUIET &&
			    rule->kind != PV_RULE_QUOTA && rule->kind != PV_RULE_MIX;
		if (rule->kind == PV_RULE_LANGUAGES && !rule->require_pair && !fr)
			text = false; /* met by writing in French, not by a text in this language */
		if (rule->then == PV_VERDICT_ALLOW)
			text = false;
		for (size_t l = 0; text && rule->say && l < demanding->n_langs; l++) {
			bool has = false;
			for (size_t k = 0; k < rule->say->wordings.n; k++)
				has |= rule->say->wordings.items[k].texts.n &&
				       pv_str_equal(pv_str(rule->say->wordings.items[k].lang),
					       demanding->langs[l]);
			text = has; /* question 13 tells of languages without a wording */
		}
		if (text)
			pv_bit_set(demanding->text, i);
	}
}

/* ---- what cannot be met --------------------------------------------------------------------------- */

static bool can_write(struct demanding *demanding, const uint64_t *demands, bool *out)
{
	struct pv_asking *asking = demanding->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	const struct pv_wanted wanted = {
		.langs = demanding->langs, .n_langs = demanding->n_langs, .only = demands};
	struct pv_built built;
	if (!scope || !pv_build(scope, &asking->search, 0, &wanted, &built))
		return false;
	*out = built.missed == 0 && built.changed == 0;
	return true;
}

/* Leaves out one demand after the other, as long as there is still no text. */
static bool shrink(struct demanding *demanding, uint64_t *demands)
{
	const struct pv_policy *policy = demanding->asking->policy;
	for (size_t i = 0; i < policy->n_rules; i++) {
		bool can;
		if (!pv_bit(demands, i))
			continue;
		demands[i / 64] &= ~(UINT64_C(1) << (i % 64));
		if (!can_write(demanding, demands, &can))
			return false;
		if (can)
			pv_bit_set(demands, i);
	}
	return true;
}

static size_t shortest(const struct pv_rule *rule, struct pv_str lang)
{
	size_t least = SIZE_MAX;
	for (size_t l = 0; l < rule->say->wordings.n; l++) {
		const struct pv_lang_words *words = &rule->say->wordings.items[l];
		for (size_t i = 0; i < words->texts.n; i++)
			if (pv_str_equal(pv_str(words->lang), lang) && words->needles[i].n < least)
				least = words->needles[i].n;
	}
	return least;
}

static int64_t fold_of(const struct demanding *demanding)
{
	const struct pv_space *space = demanding->asking->space;
	uint32_t raw = space->vars[PV_VAR_ACCOUNT].values[demanding->account].raw;
	return pv_policy_fold(space->policy, space->accounts[raw].platform);
}

/* Why: beyond the fold, two at the start, against the voice; else merely that it cannot. */
static const char *reason(
	const struct demanding *demanding, const uint64_t *core, struct pv_words *out)
{
	const struct pv_asking *asking = demanding->asking;
	const struct pv_policy *policy = asking->policy;
	int64_t fold = fold_of(demanding);
	size_t starts = 0, voices = 0, above = 0, n = 0;
	int64_t length = 0;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		if (!pv_bit(core, i))
			continue;
		n++;
		voices += rule->kind == PV_RULE_VOICE;
		if (!rule->say)
			continue;
		starts += rule->say->position == PV_POSITION_START;
		above += rule->say->position == PV_POSITION_BEFORE_FOLD;
		for (size_t l = 0; l < demanding->n_langs; l++)
			length += (int64_t)shortest(rule, demanding->langs[l]) + (length > 0);
	}
	if (voices && n > voices) {
		*out = (struct pv_words){
			"la formulation demandée parle d'une voix qui n'est pas permise",
			"the wording that is asked speaks in a voice that is not allowed"};
		return "wording_breaks_voice";
	}
	if (above && starts + above == n && fold && length > fold) {
		*out = (struct pv_words){"ce qui doit être lu avant le pli est plus long que lui",
			"what must be read before the fold is longer than it"};
		return "beyond_the_fold";
	}
	if (starts > 1 && starts == n) {
		*out = (struct pv_words){"deux formulations veulent toutes deux ouvrir le texte",
			"two wordings both want to open the text"};
		return "two_at_the_start";
	}
	*out = (struct pv_words){"aucun texte ne les tient toutes", "no text meets them all"};
	return "cannot_be_met";
}

static void say_where(struct demanding *demanding)
{
	struct pv_asking *asking = demanding->asking;
	const struct pv_variable *accounts = &asking->space->vars[PV_VAR_ACCOUNT];
	const struct pv_space_account *account =
		&asking->space->accounts[accounts->values[demanding->account].raw];
	pv_say(&asking->say, " (", " (");
	for (size_t l = 0; l < demanding->n_langs; l++) {
		pv_say_and(&asking->say, l, demanding->n_langs);
		pv_say_language(&asking->say, demanding->langs[l]);
	}
	pv_say(&asking->say, ", ", ", ");
	pv_say_platform(&asking->say, account->platform);
	pv_say(&asking->say, ")", ")");
}

static void tell(struct demanding *demanding, const uint64_t *core)
{
	struct pv_asking *asking = demanding->asking;
	struct pv_words why;
	for (size_t i = 0; i < demanding->told.n; i++)
		if (memcmp(demanding->told.items[i], core, sizeof(pv_rule_bits)) == 0)
			return;
	if (!add_set(demanding, &demanding->told, core))
		return;
	fix(demanding);
	memcpy(demanding->aim, core, sizeof demanding->aim);
	demanding->witness = (struct pv_witness){0};
	pv_search_run(&asking->search, aimed, make_aimed, demanding);
	const char *kind = reason(demanding, core, &why);
	if (pv_bits_count(core, asking->policy->rule_words) > 1)
		pv_say(&asking->say, "Ces règles ne peuvent être tenues ensemble\u00a0: ",
			"These rules cannot be met together: ");
	else
		pv_say(&asking->say,
			"Cette règle ne peut être tenue\u00a0: ", "This rule cannot be met: ");
	pv_say_rule_ids(&asking->say, asking->policy, core);
	say_where(demanding);
	pv_say(&asking->say, "; ", "; ");
	pv_say_words(&asking->say, &why);
	pv_say(&asking->say, ".", ".");
	struct pv_analysis_finding *finding = pv_tell_bits(asking, kind, PV_SEVERITY_PROBLEM, core);
	if (finding)
		finding->witness = demanding->witness;
}

/* ---- every set ------------------------------------------------------------------------------------- */

static bool keep_written(struct demanding *demanding, const uint64_t *meets, struct pv_str text)
{
	if (!add_set(demanding, &demanding->written, meets))
		return false;
	if (text.size && memmem(text.bytes, text.size, "://", 3))
		return true;
	struct anywhere *items = pv_arena_more(&demanding->asking->arena, demanding->anywhere,
		demanding->n_anywhere, sizeof *items);
	if (!items)
		return false;
	demanding->anywhere = items;
	struct anywhere *out = &items[demanding->n_anywhere++];
	*out = (struct anywhere){
		.fold = fold_of(demanding), .langs = {demanding->langs[0], demanding->langs[1]}};
	memcpy(out->meets, meets, sizeof out->meets);
	return true;
}

static bool recall_written(struct demanding *demanding)
{
	int64_t fold = fold_of(demanding);
	for (size_t i = 0; i < demanding->n_anywhere; i++) {
		const struct anywhere *known = &demanding->anywhere[i];
		if (known->fold == fold && pv_str_equal(known->langs[0], demanding->langs[0]) &&
			pv_str_equal(known->langs[1], demanding->langs[1]) &&
			!add_set(demanding, &demanding->written, known->meets))
			return false;
	}
	return true;
}

/* The post at hand, with the text it is to have: written, or what of it cannot be. */
static bool make_written(const struct pv_search *search, void *state)
{
	struct demanding *demanding = state;
	struct pv_asking *asking = demanding->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	size_t words = asking->policy->rule_words;
	pv_rule_bits sure, may, meets = {0};
	pv_live_rules(search, 0, sure, may);
	for (size_t w = 0; w < words; w++)
		sure[w] &= demanding->text[w];
	for (size_t w = words; w < PV_RULE_WORDS; w++)
		sure[w] = 0;
	const struct pv_wanted wanted = {
		.langs = demanding->langs, .n_langs = demanding->n_langs, .only = sure};
	struct pv_built built;
	if (!scope || !pv_build(scope, search, 0, &wanted, &built))
		return false;
	if (built.missed == 0 && built.changed == 0) {
		/* without ties the text says the same under any facts, and meets more than it must */
		bool bare = built.people[0].n_interests == 0;
		memcpy(meets, sure, sizeof meets);
		return (!bare || pv_built_meets(
					 scope, asking->policy, &built, demanding->text, meets)) &&
		       keep_written(demanding, meets, built.c.post.text);
	}
	return shrink(demanding, sure) && add_set(demanding, &demanding->never, sure);
}

static void look_at(struct demanding *demanding)
{
	struct pv_asking *asking = demanding->asking;
	demanding->written.n = demanding->never.n = 0;
	demanding->written.items = demanding->never.items = NULL;
	text_rules(demanding);
	if (!recall_written(demanding))
		return;
	for (int i = 0; i < SETS_MAX; i++) {
		fix(demanding);
		/* the first one will do: the cheapest is sought only for what is told */
		enum pv_found found =
			pv_search_any(&asking->search, unwritten, make_written, demanding);
		if (found != PV_FOUND) {
			pv_seek_yes(asking, found);
			break;
		}
		asking->undecided |= i == SETS_MAX - 1;
	}
	for (size_t i = 0; i < demanding->never.n; i++)
		tell(demanding, demanding->never.items[i]);
}

/* ---- twins ---------------------------------------------------------------------------------------- */

struct twin {
	struct pv_asking *asking;
	size_t rule;
	bool needed; /* else: any post in the other language */
	struct pv_witness witness;
};

static enum pv_tri can_appear(const struct pv_search *search, void *state, struct pv_pick *pick)
{
	static const struct pv_world approved = {.approved = true};
	const struct twin *twin = state;
	if (twin->needed) {
		enum pv_tri is = pv_rule_lives(
			search, 0, &(struct pv_world){.every = true}, twin->rule, pick);
		if (is != PV_YES)
			return is;
	}
	return pv_verdict_at_most(search, 0, &approved, PV_VERDICT_APPROVE, pick);
}

static bool make_twin(const struct pv_search *search, void *state)
{
	struct twin *twin = state;
	struct pv_asking *asking = twin->asking;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(asking->scratch);
	static const struct pv_wanted wanted = {.approved = true};
	struct pv_built built;
	return scope && pv_build(scope, search, 0, &wanted, &built) &&
	       pv_witness_of(asking->mem, asking->policy, &built.c, &twin->witness);
}

/* Told of the first account on which it is so, for each language. */
static void look_at_twins(
	struct demanding *demanding, size_t rule, uint32_t account, unsigned *told)
{
	static const char *const langs[] = {"fr", "en"};
	struct pv_asking *asking = demanding->asking;
	demanding->account = account;
	for (int l = 0; l < 2; l++) {
		struct twin twin = {.asking = asking, .rule = rule, .needed = true};
		if (*told >> l & 1)
			continue;
		demanding->langs[0] = pv_str(langs[l]);
		demanding->n_langs = 1;
		fix(demanding);
		if (!pv_seek_yes(
			    asking, pv_search_run(&asking->search, can_appear, make_twin, &twin)))
			continue;
		struct twin other = {.asking = asking, .rule = rule};
		demanding->langs[0] = pv_str(langs[1 - l]);
		fix(demanding);
		enum pv_found found = pv_search_run(&asking->search, can_appear, NULL, &other);
		if (found != PV_FOUND_NONE) {
			pv_seek_yes(asking, found);
			continue;
		}
		pv_say_rule(&asking->say, asking->policy, rule);
		*told |= 1u << l;
		pv_say(&asking->say, " demande une jumelle en ", " asks for a twin in ");
		pv_say_language(&asking->say, pv_str(langs[1 - l]));
		pv_say(&asking->say,
			", mais rien ne peut paraître dans cette langue sur ce compte.",
			", but nothing can be published in that language on this account.");
		struct pv_analysis_finding *finding =
			pv_tell(asking, "twin_refused", PV_SEVERITY_PROBLEM, &rule, 1);
		if (finding)
			finding->witness = twin.witness;
	}
}

void pv_question_demands(struct pv_asking *asking)
{
	const struct pv_space *space = asking->space;
	const struct pv_variable *accounts = &space->vars[PV_VAR_ACCOUNT];
	struct demanding *demanding = talloc_zero(asking->scratch, struct demanding);
	const char *used[PV_USED_LANGS_MAX];
	size_t n = pv_used_languages(asking->policy, used);
	if (!demanding) {
		asking->arena.failed = true;
		return;
	}
	demanding->asking = asking;
	for (uint32_t a = 0; a < accounts->n_values; a++)
		for (size_t i = 0; i < n; i++)
			for (size_t k = i; k < n; k++) {
				demanding->account = a;
				demanding->langs[0] = pv_str(used[i]);
				demanding->langs[1] = pv_str(used[k]);
				demanding->n_langs = i == k ? 1 : 2;
				look_at(demanding);
			}
	for (size_t r = 0; r < asking->policy->n_rules; r++) {
		const struct pv_rule *rule = &asking->policy->rules[r];
		unsigned told = 0;
		if (rule->kind != PV_RULE_LANGUAGES || !rule->require_pair)
			continue;
		for (uint32_t a = 0; a < accounts->n_values; a++)
			look_at_twins(demanding, r, a, &told);
	}
	talloc_free(demanding);
}
