/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From what a search found to a case, and the best text for it: tried, judged, and turned until well. */
#include "policy/analysis/make.h"

#include "base/mem.h"

#include <limits.h>

static const char *const names[] = {"dominique", "alex", "sacha", "charlie", "claude", "eden",
	"noa", "lou", "maxime", "andrea", "robin", "ariel", "jo", "kim", "leslie", "morgan", "pat",
	"sam", "val", "yael", "ange", "frankie", "nil"};

/* ---- the case ------------------------------------------------------------------------------------ */

void pv_built_copy(const struct pv_built *built, struct pv_built *out)
{
	*out = *built;
	struct pv_case *c = &out->c;
	c->accounts = c->n_accounts ? &out->account : NULL;
	c->people = out->people;
	c->post.lang = out->langs;
	c->post.media = c->post.n_media ? &out->media : NULL;
	c->resolves = c->n_resolves ? &out->resolve : NULL;
	c->history = c->n_history ? out->history : NULL;
	c->approvals = c->n_approvals ? out->approvals : NULL;
	out->tie.names = &out->tie_name;
	out->tie.domains = &out->tie_domain;
	for (size_t i = 0; i < c->n_people; i++) {
		out->people[i].roles = out->people[i].n_roles ? out->roles : NULL;
		out->people[i].interests = out->people[i].n_interests ? &out->tie : NULL;
	}
}

static bool add_topics(
	TALLOC_CTX *mem, const struct pv_search *search, int copy, struct pv_built *out)
{
	const struct pv_space_list *list = &search->space->lists[PV_LIST_TOPIC];
	out->topics = talloc_zero_array(mem, struct pv_str, list->n + 1);
	for (uint32_t v = list->first; out->topics && v < list->first + list->n; v++)
		if (pv_search_raw(search, copy, v) == PV_ATOM_IN)
			out->topics[out->c.declared.n_topic++] =
				pv_str(list->raw[search->space->vars[v].raw_atom]);
	out->c.declared.topic = out->topics;
	return out->topics != NULL;
}

static void add_languages(const struct pv_search *search, int copy, struct pv_built *out)
{
	const struct pv_space_list *list = &search->space->lists[PV_LIST_LANG];
	out->langs_free = true;
	for (uint32_t v = list->first; v < list->first + list->n; v++) {
		out->langs_free &= search->copy[copy].value[v] < 0;
		if (pv_search_raw(search, copy, v) == PV_ATOM_IN &&
			out->c.post.n_lang < PV_BUILT_LANGS_MAX)
			out->langs[out->c.post.n_lang++] =
				pv_str(list->raw[search->space->vars[v].raw_atom]);
	}
	if (list->n == 0) {
		out->langs[0] = pv_str("fr");
		out->c.post.n_lang = 1;
	}
	out->c.post.lang = out->langs;
}

static unsigned declared_bits(const struct pv_search *search, int copy, int which)
{
	const struct pv_space_list *list = &search->space->lists[which];
	unsigned bits = 0;
	for (uint32_t v = list->first; v < list->first + list->n; v++)
		if (pv_search_raw(search, copy, v) == PV_ATOM_IN)
			bits |= 1u << search->space->vars[v].raw_atom;
	return bits;
}

bool pv_build_case(TALLOC_CTX *mem, const struct pv_search *search, int copy, struct pv_built *out)
{
	const struct pv_space *space = search->space;
	const struct pv_space_account *account =
		&space->accounts[pv_search_raw(search, copy, PV_VAR_ACCOUNT)];
	uint32_t kind = pv_search_raw(search, copy, PV_VAR_KIND);
	*out = (struct pv_built){0};
	struct pv_case *c = &out->c;
	c->policy = pv_str(space->policy->name);
	c->account = account->id;
	c->author = account->stance == PV_STANCE_PERSONAL && !account->org
			    ? account->owner
			    : pv_str(space->somebody);
	c->at_us = space->moments[pv_search_raw(search, copy, PV_VAR_MOMENT)].at_us;
	if (!account->named) {
		out->account = (struct pv_case_account){.id = account->id,
			.owner = account->owner,
			.stance = account->stance,
			.platform = account->platform};
		c->accounts = &out->account;
		c->n_accounts = 1;
	}
	out->people[0] = (struct pv_case_person){.id = c->author};
	c->people = out->people;
	c->n_people = 1;
	c->post.kind = kind == PV_KIND_PINNED_REPLY ? PV_REPLY : (enum pv_post_kind)kind;
	c->post.pinned = kind == PV_KIND_PINNED_REPLY;
	c->post.edited_at_us = c->post.pair_at_us = PV_TIME_NONE;
	struct pv_case_declared *declared = &c->declared;
	declared->origin = (enum pv_origin)pv_search_raw(search, copy, PV_VAR_ORIGIN);
	declared->interest = (enum pv_interest)pv_search_raw(search, copy, PV_VAR_INTEREST);
	declared->relevance = (enum pv_relevance)pv_search_raw(search, copy, PV_VAR_RELEVANCE);
	declared->sponsored = pv_search_raw(search, copy, PV_VAR_SPONSORED);
	declared->consent = pv_search_raw(search, copy, PV_VAR_CONSENT);
	declared->axis = pv_str(space->axes[pv_search_raw(search, copy, PV_VAR_AXIS)]);
	declared->relation = declared_bits(search, copy, PV_LIST_RELATION);
	declared->human = declared_bits(search, copy, PV_LIST_HUMAN);
	add_languages(search, copy, out);
	return add_topics(mem, search, copy, out);
}

/* ---- approvals ---------------------------------------------------------------------------------- */

static void add_role(struct pv_built *out, const char *role)
{
	for (size_t i = 0; i < out->n_roles; i++)
		if (pv_str_equal(out->roles[i], pv_str(role)))
			return;
	if (out->n_roles < PV_BUILT_PEOPLE_MAX)
		out->roles[out->n_roles++] = pv_str(role);
}

static void add_terms(struct pv_built *out, const struct pv_approvals *terms, int *count)
{
	if (terms->by.n)
		add_role(out, terms->by.items[0]);
	if (terms->count > *count)
		*count = terms->count;
}

/* People enough, with every role that is asked, approve at the moment of publication. */
static void approve(const struct pv_policy *policy, const struct pv_facts *facts,
	const struct pv_wanted *wanted, struct pv_built *out)
{
	int count = 0;
	pv_rule_bits applies;
	bool category = false;
	pv_decide_applies(policy, facts->bits, applies);
	for (size_t i = 0; i < policy->n_rules; i++) {
		category |= pv_bit(applies, i) && pv_bit(policy->categories, i);
		if (pv_bit(applies, i) && policy->rules[i].then == PV_VERDICT_APPROVE)
			add_terms(out, &policy->rules[i].approvals, &count);
	}
	if (!category && policy->otherwise == PV_VERDICT_APPROVE)
		add_terms(out, &policy->approvals, &count);
	size_t first = out->c.n_people;
	if (wanted->self_approved)
		count = 1;
	size_t name = 0;
	for (int i = 0; i < count; i++) {
		size_t person = wanted->self_approved ? 0 : first + (size_t)i;
		name += name < PV_COUNT(names) && pv_str_equal(pv_str(names[name]), out->c.author);
		if (person >= PV_BUILT_PEOPLE_MAX || name >= PV_COUNT(names))
			break;
		if (!wanted->self_approved)
			out->people[out->c.n_people++] =
				(struct pv_case_person){.id = pv_str(names[name++])};
		out->people[person].roles = out->roles;
		out->people[person].n_roles = out->n_roles;
		out->approvals[out->c.n_approvals++] = (struct pv_case_approval){
			.by = out->people[person].id, .at_us = out->c.at_us};
	}
	out->c.approvals = out->approvals;
}

/* ---- how well a text does ------------------------------------------------------------------------ */

/* Rules of a text's own, that no exception and no other rule sets aside. */
static void live_tests(const struct pv_trial *trial, uint64_t *out)
{
	const struct pv_policy *policy = trial->facts.policy;
	static const pv_rule_bits none;
	pv_rule_bits all;
	struct pv_decision decision;
	memset(all, 0xff, sizeof all);
	struct pv_decide_input input = {
		.facts = trial->facts.bits, .found = all, .approved = none, .lifts = trial->lifts};
	pv_decide(policy, &input, &decision);
	for (size_t w = 0; w < policy->rule_words; w++)
		out[w] = decision.applies[w] & ~policy->categories[w] & ~decision.overridden[w] &
			 ~decision.lifted[w];
}

/* A demand in a language for which it has no words is none that a text can meet. */
static bool hopeless(const struct pv_rule *rule, const struct pv_finding *finding)
{
	if (rule->kind == PV_RULE_QUIET || rule->kind == PV_RULE_QUOTA || rule->kind == PV_RULE_MIX)
		return true;
	for (size_t i = 0; i < finding->n_wordings; i++)
		if (finding->wordings[i].state == PV_WORDING_MISSING &&
			!finding->wordings[i].accepted)
			return true;
	return false;
}

struct trying {
	struct pv_writing writing;
	const struct pv_space *space;
	const struct pv_wanted *wanted;
	const uint64_t *intended; /* facts, as declared */
	size_t intended_words;
	int tries;
	bool nomem;
	struct pv_built *best;
	uint8_t choice[PV_CHOICE_POINTS_MAX];
	int best_missed;
	pv_rule_bits along; /* tests that fire with those that are to */
	pv_rule_bits more;  /* demands that the text itself brought */
};

static int count_missed(struct trying *trying, struct pv_trial *trial)
{
	const struct pv_policy *policy = trial->facts.policy;
	pv_rule_bits live;
	int missed = 0;
	live_tests(trial, live);
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		bool wanted = pv_bit(trying->writing.fire, i);
		struct pv_finding *finding = &trial->findings[i];
		if (wanted && !pv_bit(trial->decision.applies, i) &&
			rule->kind != PV_RULE_CATEGORY &&
			pv_find(&trial->facts, rule, finding, NULL) != PV_OK)
			trying->nomem = true;
		if (wanted) {
			missed += !finding->fired;
			continue;
		}
		if (!pv_bit(live, i))
			continue;
		if (pv_bit(trying->along, i))
			continue;
		if (!pv_bit(trying->writing.demands, i))
			pv_bit_set(trying->more, i);
		missed += finding->fired && !hopeless(rule, finding);
	}
	return missed;
}

/* Of a set of tests, whatever applies to the post. */
static int count_missed_only(struct trying *trying, struct pv_trial *trial)
{
	const struct pv_policy *policy = trial->facts.policy;
	int missed = 0;
	for (size_t i = 0; i < policy->n_rules; i++) {
		struct pv_finding finding = {0};
		if (!pv_bit(trying->wanted->only, i))
			continue;
		if (pv_find(&trial->facts, &policy->rules[i], &finding, NULL) != PV_OK)
			trying->nomem = true;
		missed += finding.fired;
	}
	return missed;
}

bool pv_built_meets(TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_built *built,
	const uint64_t *rules, uint64_t *out)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(mem);
	struct pv_facts facts;
	if (!scope || pv_facts_read(scope, policy, &built->c, &facts, NULL) != PV_OK)
		return false;
	for (size_t i = 0; i < policy->n_rules; i++) {
		struct pv_finding finding = {0};
		if (!pv_bit(rules, i))
			continue;
		if (pv_find(&facts, &policy->rules[i], &finding, NULL) != PV_OK)
			return false;
		if (!finding.fired)
			pv_bit_set(out, i);
	}
	return true;
}

/* Do facts found change what was declared? Not the languages, which the text may choose. */
static int count_changed(const struct trying *trying, const struct pv_facts *facts)
{
	const struct pv_fact_space *space = &facts->policy->space;
	const struct pv_fact_slot *lang = &space->slots[PV_FACT_LANG];
	int changed = 0;
	for (size_t w = 0; w < space->n_words; w++) {
		bool of_lang = w >= lang->word && w < (size_t)lang->word + lang->words;
		changed += !of_lang && facts->bits[w] != trying->intended[w];
	}
	return changed;
}

static int try_text(struct trying *trying, const uint8_t *choice, struct pv_built *out)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(trying->writing.mem);
	struct pv_trial trial = {0};
	trying->tries++;
	if (!scope || !pv_write(&trying->writing, choice, out) ||
		pv_facts_read(scope, trying->space->policy, &out->c, &trial.facts, NULL) != PV_OK ||
		pv_trial_decide(&trial, NULL) != PV_OK) {
		trying->nomem = true;
		return INT_MAX;
	}
	out->missed = trying->wanted->only ? count_missed_only(trying, &trial)
					   : count_missed(trying, &trial);
	out->changed = count_changed(trying, &trial.facts);
	return out->missed * 4 + out->changed;
}

static bool try_option(struct trying *trying, uint8_t *choice)
{
	struct pv_built *other = talloc(trying->writing.mem, struct pv_built);
	if (!other) {
		trying->nomem = true;
		return false;
	}
	int missed = try_text(trying, choice, other);
	if (missed >= trying->best_missed)
		return false;
	trying->best_missed = missed;
	pv_built_copy(other, trying->best);
	memcpy(trying->choice, choice, sizeof trying->choice);
	return true;
}

/* One point after the other, each at its best, as long as that helps. */
static void turn_points(struct trying *trying)
{
	bool better = true;
	while (better && trying->best_missed > 0 && trying->tries < PV_BUILT_TRIES_MAX) {
		better = false;
		for (size_t p = 0; p < trying->writing.n_points && trying->best_missed > 0; p++)
			for (uint8_t o = 0; o < trying->writing.points[p].n; o++) {
				uint8_t choice[PV_CHOICE_POINTS_MAX];
				memcpy(choice, trying->choice, sizeof choice);
				choice[p] = o;
				if (o != trying->choice[p] && trying->best_missed > 0 &&
					try_option(trying, choice))
					better = true;
			}
	}
}

/* Every text there is, where they are few: what fails then cannot be. */
static void turn_all(struct trying *trying)
{
	uint8_t choice[PV_CHOICE_POINTS_MAX] = {0};
	size_t product = 1;
	for (size_t p = 0; p < trying->writing.n_points && product <= PV_BUILT_TRIES_MAX; p++)
		product *= trying->writing.points[p].n;
	for (size_t i = 1; product <= PV_BUILT_TRIES_MAX && i < product && trying->best_missed > 0;
		i++) {
		for (size_t p = 0; p < trying->writing.n_points; p++) {
			if (++choice[p] < trying->writing.points[p].n)
				break;
			choice[p] = 0;
		}
		try_option(trying, choice);
	}
}

static bool write_best(struct trying *trying)
{
	const struct pv_policy *policy = trying->space->policy;
	for (int round = 0; round < 3 && !trying->nomem; round++) {
		uint8_t choice[PV_CHOICE_POINTS_MAX] = {0};
		pv_writing_points(&trying->writing);
		trying->best_missed = INT_MAX;
		try_option(trying, choice);
		turn_points(trying);
		if (trying->best_missed > 0)
			turn_all(trying);
		uint64_t more = 0;
		for (size_t w = 0; w < policy->rule_words; w++) {
			more |= trying->more[w];
			trying->writing.demands[w] |= trying->more[w];
			trying->more[w] = 0;
		}
		if (trying->best_missed == 0 || !more)
			break;
	}
	return !trying->nomem;
}

bool pv_build(TALLOC_CTX *mem, const struct pv_search *search, int copy,
	const struct pv_wanted *wanted, struct pv_built *out)
{
	const struct pv_policy *policy = search->space->policy;
	struct pv_built *base = talloc(mem, struct pv_built);
	struct trying *trying = talloc_zero(mem, struct trying);
	struct pv_trial trial = {0};
	if (!base || !trying || !pv_build_case(mem, search, copy, base))
		return false;
	for (size_t i = 0; i < wanted->n_langs && i < PV_BUILT_LANGS_MAX; i++)
		base->langs[i] = wanted->langs[i];
	if (wanted->langs) {
		base->c.post.n_lang = wanted->n_langs;
		base->langs_free = false;
	}
	if (pv_facts_read(mem, policy, &base->c, &trial.facts, NULL) != PV_OK ||
		pv_trial_decide(&trial, NULL) != PV_OK)
		return false;
	*trying = (struct trying){.space = search->space,
		.wanted = wanted,
		.intended = trial.facts.bits,
		.best = out,
		.writing = {.mem = mem,
			.policy = policy,
			.base = base,
			.owner = trial.facts.owner_org}};
	if (wanted->only)
		memcpy(trying->writing.demands, wanted->only,
			policy->rule_words * sizeof(uint64_t));
	else
		live_tests(&trial, trying->writing.demands);
	for (size_t i = 0; wanted->fire && i < policy->n_rules; i++) {
		if (!pv_bit(wanted->fire, i))
			continue;
		pv_bit_set(trying->writing.fire, i);
		for (size_t w = 0; w < policy->rule_words; w++) {
			trying->along[w] |= search->space->fires[i].with[w];
			trying->writing.demands[w] &= ~search->space->fires[i].with[w];
		}
	}
	if (!write_best(trying))
		return false;
	if (wanted->approved || wanted->self_approved)
		approve(policy, &trial.facts, wanted, out);
	return true;
}

const struct pv_judgement *pv_judged(
	TALLOC_CTX *mem, const struct pv_policy *policy, const struct pv_case *c)
{
	struct pv_judgement *judgement;
	return pv_judge(mem, policy, c, &judgement, NULL) == PV_OK ? judgement : NULL;
}
