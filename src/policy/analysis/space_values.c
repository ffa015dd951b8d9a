/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The values that facts may have: those a policy names, and one for all it does not. */
#include "policy/analysis/space.h"

#include "base/mem.h"

#include <stdio.h>

static const char new_account[] = "new-account";
static const char other_house[] = "elsewhere"; /* an organisation that is not described */
static const char somebody[] = "camille";
static const char other[] = "other";

uint32_t pv_space_var_of(enum pv_fact fact)
{
	switch (fact) {
	case PV_FACT_ACCOUNT:
	case PV_FACT_OWNER:
	case PV_FACT_PLATFORM:
	case PV_FACT_AXES:
	case PV_FACT_STANCE: return PV_VAR_ACCOUNT;
	case PV_FACT_KIND:
	case PV_FACT_FORM: return PV_VAR_KIND;
	case PV_FACT_ORIGIN: return PV_VAR_ORIGIN;
	case PV_FACT_INTEREST: return PV_VAR_INTEREST;
	case PV_FACT_AXIS: return PV_VAR_AXIS;
	case PV_FACT_SPONSORED: return PV_VAR_SPONSORED;
	case PV_FACT_CONSENT: return PV_VAR_CONSENT;
	case PV_FACT_RELEVANCE: return PV_VAR_RELEVANCE;
	default: return PV_VAR_NONE;
	}
}

/* ---- what meets a line ------------------------------------------------------------------------ */

static bool names(const struct pv_line *line, const char *value)
{
	return pv_line_names(line, value);
}

static bool names_str(const struct pv_line *line, struct pv_str value)
{
	for (size_t i = 0; i < line->values.n; i++)
		if (pv_str_equal(pv_str(line->values.items[i]), value))
			return true;
	return false;
}

static bool all_but(const struct pv_line *line)
{
	return line->values.n && strcmp(line->values.items[0], PV_LINE_BUT) == 0;
}

static bool axes_meet(const struct pv_organisation *org, const struct pv_line *line)
{
	size_t n = org ? org->axes.n : 0;
	if (n == 0)
		return names(line, "none");
	if (names(line, "any"))
		return true;
	for (size_t i = 0; i < n; i++)
		if (names(line, org->axes.items[i]))
			return true;
	return false;
}

static bool account_meets(const struct pv_space_account *account, const struct pv_line *line)
{
	if (line->fact == PV_FACT_AXES)
		return axes_meet(account->org, line);
	if (names(line, "any"))
		return true;
	switch (line->fact) {
	case PV_FACT_ACCOUNT: return names_str(line, account->id);
	case PV_FACT_OWNER: return names_str(line, account->owner) != all_but(line);
	case PV_FACT_PLATFORM: return names_str(line, account->platform);
	default: return names(line, pv_stance_names[account->stance]);
	}
}

static bool kind_meets(uint32_t raw, const struct pv_line *line)
{
	if (names(line, "any"))
		return true;
	if (line->fact == PV_FACT_FORM)
		return names(line, pv_form_names[raw == PV_REPLY]);
	return names(line, pv_post_kind_names[raw == PV_KIND_PINNED_REPLY ? PV_REPLY : raw]);
}

static bool yes_meets(uint32_t raw, const struct pv_line *line)
{
	bool yes = names(line, "yes") || names(line, "true");
	bool no = names(line, "no") || names(line, "false");
	return names(line, "any") || (raw ? yes : no);
}

bool pv_space_meets(
	const struct pv_space *space, uint32_t var, uint32_t raw, const struct pv_line *line)
{
	switch (var) {
	case PV_VAR_ACCOUNT: return account_meets(&space->accounts[raw], line);
	case PV_VAR_KIND: return kind_meets(raw, line);
	case PV_VAR_AXIS:
		if (raw == 0)
			return names(line, "none");
		return names(line, "any") || names(line, space->axes[raw]);
	case PV_VAR_ORIGIN: return names(line, "any") || names(line, pv_origin_names[raw]);
	case PV_VAR_INTEREST: return names(line, "any") || names(line, pv_interest_names[raw]);
	case PV_VAR_RELEVANCE: return names(line, "any") || names(line, pv_relevance_names[raw]);
	default: return yes_meets(raw, line);
	}
}

static bool language_meets(const char *tag, const struct pv_line *line)
{
	struct pv_str first = {.bytes = tag, .size = strcspn(tag, "-")};
	bool named = names(line, tag) || names_str(line, first);
	return named != all_but(line);
}

bool pv_space_atom_meets(
	const struct pv_space *space, enum pv_fact fact, uint32_t raw, const struct pv_line *line)
{
	if (names(line, "any"))
		return true;
	switch (fact) {
	case PV_FACT_RELATION: return names(line, pv_relation_names[raw]);
	case PV_FACT_HUMAN: return names(line, pv_human_names[raw]);
	case PV_FACT_LANG: return language_meets(space->lists[PV_LIST_LANG].raw[raw], line);
	default: return names(line, space->lists[PV_LIST_TOPIC].raw[raw]);
	}
}

/* ---- what there is ----------------------------------------------------------------------------- */

struct named_list {
	const char **items;
	uint32_t n;
};

static bool listed(const struct named_list *list, const char *name)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (list->items[i] && strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

static bool add_name(struct pv_space *space, struct named_list *list, const char *name)
{
	if (listed(list, name))
		return true;
	const char **items =
		pv_arena_more(&space->arena, list->items, list->n, sizeof *list->items);
	if (!items)
		return false;
	list->items = items;
	items[list->n++] = name;
	return true;
}

static bool known(const struct pv_space *space, const char *name)
{
	const struct pv_policy *policy = space->policy;
	bool found = pv_policy_account(policy, pv_str(name)) ||
		     pv_policy_organisation(policy, pv_str(name));
	for (size_t i = 0; i < policy->n_accounts && !found; i++)
		found = strcmp(policy->accounts[i].owner, name) == 0;
	return found;
}

/* A name like this one that neither the list nor the document has. */
static const char *fresh(struct pv_space *space, const struct named_list *list, const char *name)
{
	const char *made = name;
	for (int n = 2; made && (listed(list, made) || known(space, made)); n++) {
		char *text = pv_arena_alloc(&space->arena, strlen(name) + 12);
		if (text)
			snprintf(text, strlen(name) + 12, "%s-%d", name, n);
		made = text;
	}
	return made ? made : name;
}

/* The values that lines name of a fact, each once. */
static bool add_named(struct pv_space *space, struct named_list *list, enum pv_fact fact)
{
	for (uint32_t l = 0; l < space->n_lines; l++) {
		const struct pv_line *line = space->lines[l].line;
		for (size_t v = 0; line->fact == fact && v < line->values.n; v++)
			if (strcmp(line->values.items[v], "any") != 0 &&
				strcmp(line->values.items[v], "none") != 0 &&
				strcmp(line->values.items[v], PV_LINE_BUT) != 0 &&
				!add_name(space, list, line->values.items[v]))
				return false;
	}
	return true;
}

static bool collect_axes(struct pv_space *space)
{
	const struct pv_policy *policy = space->policy;
	struct named_list list = {0};
	const char **items = pv_arena_more(&space->arena, NULL, 0, sizeof *items);
	if (!items)
		return false;
	list.items = items;
	items[list.n++] = NULL; /* none */
	if (!add_named(space, &list, PV_FACT_AXIS))
		return false;
	/* another: one of the document's, if it has one that nothing asks */
	const char *another = fresh(space, &list, other);
	for (size_t o = policy->n_organisations; o-- > 0;)
		for (size_t a = policy->organisations[o].axes.n; a-- > 0;)
			if (!listed(&list, policy->organisations[o].axes.items[a]))
				another = policy->organisations[o].axes.items[a];
	if (!add_name(space, &list, another))
		return false;
	space->axes = list.items;
	space->n_axes = list.n;
	return true;
}

static bool collect_topics(struct pv_space *space)
{
	struct named_list list = {0};
	const struct pv_policy *policy = space->policy;
	if (!add_named(space, &list, PV_FACT_TOPIC))
		return false;
	const char *another = fresh(space, &list, other);
	for (size_t t = policy->n_topics; t-- > 0;)
		if (!listed(&list, policy->topics[t].id) && !policy->topics[t].words.n)
			another = policy->topics[t].id;
	if (!add_name(space, &list, another))
		return false;
	space->lists[PV_LIST_TOPIC].raw = list.items;
	space->lists[PV_LIST_TOPIC].n_raw = list.n;
	return true;
}

static bool collect_languages(struct pv_space *space)
{
	static const char *const others[] = {"es", "de", "iu", "qu", "zza"};
	struct named_list list = {0};
	if (!add_name(space, &list, "fr") || !add_name(space, &list, "en") ||
		!add_named(space, &list, PV_FACT_LANG))
		return false;
	for (size_t i = 0; i < PV_COUNT(others); i++) { /* one that nothing names */
		uint32_t before = list.n;
		if (!add_name(space, &list, others[i]))
			return false;
		if (list.n > before)
			break;
	}
	space->lists[PV_LIST_LANG].raw = list.items;
	space->lists[PV_LIST_LANG].n_raw = list.n;
	return true;
}

static bool collect_platforms(struct pv_space *space)
{
	const struct pv_policy *policy = space->policy;
	struct named_list list = {0};
	for (size_t i = 0; i < policy->n_folds; i++)
		if (!add_name(space, &list, policy->folds[i].platform))
			return false;
	if (!add_named(space, &list, PV_FACT_PLATFORM) || !add_name(space, &list, "journal") ||
		!add_name(space, &list, fresh(space, &list, other)))
		return false;
	space->platforms = list.items;
	space->n_platforms = list.n;
	return true;
}

static bool add_account(struct pv_space *space, struct pv_space_account account)
{
	if (space->n_accounts >= PV_SPACE_ACCOUNTS_MAX) {
		space->cut = true;
		return true;
	}
	struct pv_space_account *accounts =
		pv_arena_more(&space->arena, space->accounts, space->n_accounts, sizeof *accounts);
	if (!accounts)
		return false;
	space->accounts = accounts;
	accounts[space->n_accounts++] = account;
	return true;
}

static bool add_owner(struct pv_space *space, const char *id, const struct pv_organisation *org,
	enum pv_stance stance)
{
	struct pv_space_account account = {
		.id = space->new_account, .owner = pv_str(id), .stance = stance, .org = org};
	for (uint32_t p = 0; p < space->n_platforms; p++) {
		account.platform = pv_str(space->platforms[p]);
		if (!add_account(space, account))
			return false;
	}
	return true;
}

/* Owners that lines tell apart: a house may have thousands of them that nothing asks. */
static bool owner_meets(
	const struct pv_space *space, uint32_t var, uint32_t raw, const struct pv_line *line)
{
	const struct pv_policy *policy = space->policy;
	(void)var;
	if (line->fact != PV_FACT_OWNER && line->fact != PV_FACT_AXES)
		return false;
	const struct pv_organisation *org =
		raw < policy->n_organisations ? &policy->organisations[raw] : NULL;
	struct pv_space_account account = {
		.owner = pv_str(org ? org->id : space->nobody), .org = org};
	return account_meets(&account, line);
}

static bool list_houses(
	struct pv_space *space, const struct pv_organisation ***out, uint32_t *out_n)
{
	const struct pv_policy *policy = space->policy;
	uint32_t n = (uint32_t)policy->n_organisations + 1, n_asked = 0;
	uint32_t *asked = pv_arena_array(&space->arena, uint32_t, space->n_lines);
	uint32_t *first = pv_arena_array(&space->arena, uint32_t, n);
	const struct pv_organisation **houses =
		pv_arena_array(&space->arena, const struct pv_organisation *, n);
	if (!asked || !first || !houses)
		return false;
	for (uint32_t l = 0; l < space->n_lines; l++)
		if (space->lines[l].line->fact == PV_FACT_OWNER ||
			space->lines[l].line->fact == PV_FACT_AXES)
			asked[n_asked++] = l;
	if (!pv_space_group(space, n, asked, n_asked, owner_meets, PV_VAR_ACCOUNT, first))
		return false;
	*out_n = 0;
	for (uint32_t o = 0; o < n; o++)
		if (first[o] == o)
			houses[(*out_n)++] =
				o < policy->n_organisations ? &policy->organisations[o] : NULL;
	*out = houses;
	return true;
}

static bool list_people(struct pv_space *space, struct named_list *people)
{
	const struct pv_policy *policy = space->policy;
	for (size_t i = 0; i < policy->n_accounts; i++)
		if (!pv_policy_organisation(policy, pv_str(policy->accounts[i].owner)) &&
			!add_name(space, people, policy->accounts[i].owner))
			return false;
	return add_name(space, people, fresh(space, people, somebody));
}

/* Accounts that the document does not name: any owner in any stance, the usual ones first. */
static bool add_unnamed(struct pv_space *space)
{
	static const enum pv_stance usual[] = {PV_STANCE_ORGANISATION, PV_STANCE_HOSTED};
	const struct pv_organisation **houses;
	struct named_list people = {0};
	uint32_t n;
	space->nobody = fresh(space, &people, other_house);
	space->new_account = pv_str(fresh(space, &people, new_account));
	space->somebody = fresh(space, &people, somebody);
	if (!list_houses(space, &houses, &n) || !list_people(space, &people))
		return false;
	for (int turn = 0; turn < 2; turn++) {
		for (size_t s = 0; s < PV_COUNT(usual); s++)
			for (uint32_t o = 0; turn == 0 && o < n; o++)
				if (!add_owner(space, houses[o] ? houses[o]->id : space->nobody,
					    houses[o], usual[s]))
					return false;
		for (uint32_t i = 0; i < people.n; i++)
			for (size_t s = 0; s < (turn ? PV_COUNT(usual) : 1); s++)
				if (!add_owner(space, people.items[i], NULL,
					    turn ? usual[s] : PV_STANCE_PERSONAL))
					return false;
		for (uint32_t o = 0; turn == 1 && o < n; o++)
			if (!add_owner(space, houses[o] ? houses[o]->id : space->nobody, houses[o],
				    PV_STANCE_PERSONAL))
				return false;
	}
	return true;
}

static bool collect_accounts(struct pv_space *space)
{
	const struct pv_policy *policy = space->policy;
	for (size_t i = 0; i < policy->n_accounts; i++) {
		const struct pv_account *account = &policy->accounts[i];
		struct pv_str owner = pv_str(account->owner);
		if (!add_account(space, (struct pv_space_account){.id = pv_str(account->id),
						.owner = owner,
						.platform = pv_str(account->platform),
						.stance = account->stance,
						.org = pv_policy_organisation(policy, owner),
						.named = true}))
			return false;
	}
	return add_unnamed(space);
}

static bool collect_numbers(struct pv_space *space)
{
	space->lists[PV_LIST_RELATION].n_raw = PV_RELATIONS;
	space->lists[PV_LIST_HUMAN].n_raw = PV_HUMANS;
	return true;
}

bool pv_space_collect(struct pv_space *space)
{
	return collect_axes(space) && collect_topics(space) && collect_languages(space) &&
	       collect_platforms(space) && collect_accounts(space) && collect_numbers(space);
}
