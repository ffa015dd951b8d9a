/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"
#include "text/handle.h"

/* Of one step, and of the steps after the first. */
enum { APPROVERS_MAX = 20, STEPS_MAX = 8 };

const char *const pv_position_names[3] = {"anywhere", "before_fold", "start"};

/* Below the policy; NULL (noted) when memory is out. */
static void *zeroed(struct pv_doc *doc, size_t size, size_t n)
{
	void *items = talloc_zero_size(doc->policy, size * (n ? n : 1));
	if (!items)
		pv_doc_nomem(doc);
	return items;
}

static const char *keep(struct pv_doc *doc, const char *text)
{
	const char *copy = talloc_strdup(doc->policy, text ? text : "");
	if (!copy)
		pv_doc_nomem(doc);
	return copy ? copy : "";
}

static void read_top(struct pv_doc *doc, const struct pv_yaml *root)
{
	struct pv_policy *policy = doc->policy;
	policy->name = keep(doc, pv_doc_id(doc, pv_doc_need(doc, root, "policy")));
	pv_doc_int(doc, pv_doc_need(doc, root, "version"), 1, 1000000000 - 1, &policy->version);
	pv_doc_words(doc, pv_doc_need(doc, root, "title"), &policy->title);
	const struct pv_yaml *node = pv_doc_need(doc, root, "default");
	const char *text = pv_doc_text(doc, node);
	if (text && !pv_verdict_parse(text, &policy->otherwise))
		DOC_COMPLAIN(doc, node,
			"« %s » n'est pas un verdict : allow, warn, disclose, approve ou refuse.",
			"\"%s\" is not a verdict: allow, warn, disclose, approve or refuse.", text);
	const struct pv_yaml *zone = pv_doc_need(doc, root, "timezone");
	const char *name = pv_doc_text(doc, zone);
	struct pv_error error = PV_ERROR_IN(doc->complaints->mem);
	if (name && pv_zone_open(policy, name, &policy->zone, &error) == PV_OK)
		doc->zone = policy->zone;
	else if (name && error.status == PV_INVALID)
		DOC_COMPLAIN(doc, zone,
			"« %s » n'est pas un fuseau horaire; écrivez un nom IANA, par exemple "
			"America/Toronto.",
			"\"%s\" is not a time zone; write an IANA name, for example "
			"America/Toronto.",
			name);
	else if (name)
		pv_doc_nomem(doc);
}

static void read_folds(struct pv_doc *doc, const struct pv_yaml *node)
{
	if (!node || !pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	doc->policy->folds = zeroed(doc, sizeof *doc->policy->folds, node->n);
	for (size_t i = 0; doc->policy->folds && i < node->n; i++) {
		struct pv_fold *fold = &doc->policy->folds[doc->policy->n_folds];
		if (!pv_doc_int(doc, node->items[i], 1, 1000000, &fold->characters))
			continue;
		fold->platform = keep(doc, node->items[i]->key);
		doc->policy->n_folds++;
	}
}

/* Comparable, in the same order. */
static struct pv_str *plain_handles(struct pv_doc *doc, const struct pv_strs *handles)
{
	struct pv_str *plain = zeroed(doc, sizeof *plain, handles->n);
	for (size_t i = 0; plain && i < handles->n; i++)
		if (!pv_handle_read(doc->policy, pv_str(handles->items[i]), &plain[i]))
			pv_doc_nomem(doc);
	return plain;
}

static void read_tie(struct pv_doc *doc, const struct pv_yaml *node, struct pv_tie_ready *out)
{
	static const char *const keys[] = {
		"names", "relation", "org", "domains", "handles", "feeds", "until", NULL};
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	pv_doc_keys(doc, node, keys);
	struct pv_tie *tie = zeroed(doc, sizeof *tie, 1);
	if (!tie)
		return;
	tie->until_day = PV_DAY_NONE;
	int relation = pv_doc_choice(
		doc, pv_doc_need(doc, node, "relation"), pv_relation_names, PV_RELATIONS);
	tie->relation = relation < 0 ? PV_RELATION_OWNER : (enum pv_relation)relation;
	const struct pv_yaml *org = pv_yaml_get(node, "org");
	const char *id = org ? pv_doc_id(doc, org) : NULL;
	tie->org = pv_str(keep(doc, id));
	struct pv_strs names, handles, feeds;
	struct pv_sites sites;
	pv_doc_texts(doc, pv_doc_need(doc, node, "names"), false, &names);
	pv_doc_texts(doc, pv_yaml_get(node, "handles"), false, &handles);
	pv_doc_texts(doc, pv_yaml_get(node, "feeds"), false, &feeds);
	pv_doc_sites(doc, pv_yaml_get(node, "domains"), &sites);
	struct pv_str *strs =
		zeroed(doc, sizeof *strs, names.n + handles.n + feeds.n + sites.texts.n);
	if (!strs)
		return;
	size_t n = 0;
	tie->names = strs;
	for (tie->n_names = 0; tie->n_names < names.n; tie->n_names++)
		strs[n++] = pv_str(names.items[tie->n_names]);
	tie->handles = strs + n;
	for (tie->n_handles = 0; tie->n_handles < handles.n; tie->n_handles++)
		strs[n++] = pv_str(handles.items[tie->n_handles]);
	tie->feeds = strs + n;
	for (tie->n_feeds = 0; tie->n_feeds < feeds.n; tie->n_feeds++)
		strs[n++] = pv_str(feeds.items[tie->n_feeds]);
	tie->domains = strs + n;
	for (tie->n_domains = 0; tie->n_domains < sites.texts.n; tie->n_domains++)
		strs[n++] = pv_str(sites.texts.items[tie->n_domains]);
	const struct pv_yaml *until = pv_yaml_get(node, "until");
	if (until)
		pv_doc_date(doc, until, &tie->until_day);
	*out = (struct pv_tie_ready){
		.tie = tie, .domains = sites.items, .handles = plain_handles(doc, &handles)};
}

static void read_organisation(
	struct pv_doc *doc, const struct pv_yaml *node, struct pv_organisation *out)
{
	static const char *const keys[] = {
		"names", "axes", "domains", "handles", "partners", "interests", NULL};
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	pv_doc_keys(doc, node, keys);
	pv_doc_texts(doc, pv_doc_need(doc, node, "names"), false, &out->names);
	pv_doc_texts(doc, pv_yaml_get(node, "axes"), false, &out->axes);
	pv_doc_texts(doc, pv_yaml_get(node, "handles"), false, &out->handles);
	out->plain_handles = plain_handles(doc, &out->handles);
	pv_doc_texts(doc, pv_yaml_get(node, "partners"), false, &out->partners);
	pv_doc_sites(doc, pv_yaml_get(node, "domains"), &out->domains);
	const struct pv_yaml *interests = pv_yaml_get(node, "interests");
	if (!interests || !pv_doc_is(doc, interests, PV_YAML_LIST))
		return;
	out->interests = zeroed(doc, sizeof *out->interests, interests->n);
	for (size_t i = 0; out->interests && i < interests->n; i++) {
		struct pv_tie_ready *tie = &out->interests[out->n_interests];
		read_tie(doc, interests->items[i], tie);
		out->n_interests += tie->tie != NULL;
	}
}

/* Ids that organisations name of one another, once all are known. */
static void check_organisation(
	struct pv_doc *doc, const struct pv_yaml *node, const struct pv_organisation *org)
{
	const struct pv_yaml *partners = pv_yaml_get(node, "partners");
	for (size_t i = 0; partners && partners->kind == PV_YAML_LIST && i < partners->n; i++) {
		const struct pv_yaml *item = partners->items[i];
		if (item->kind != PV_YAML_SCALAR)
			continue;
		if (!pv_policy_organisation(doc->policy, pv_str(item->text)))
			DOC_COMPLAIN(doc, item, "L'organisation « %s » n'est pas décrite ici.",
				"The organisation \"%s\" is not described here.", item->text);
		else if (strcmp(item->text, org->id) == 0)
			DOC_COMPLAIN(doc, item, "« %s » ne peut pas être sa propre partenaire.",
				"\"%s\" cannot be its own partner.", org->id);
	}
	const struct pv_yaml *interests = pv_yaml_get(node, "interests");
	for (size_t i = 0; interests && interests->kind == PV_YAML_LIST && i < interests->n; i++) {
		const struct pv_yaml *item = pv_yaml_get(interests->items[i], "org");
		if (item && item->kind == PV_YAML_SCALAR &&
			!pv_policy_organisation(doc->policy, pv_str(item->text)))
			DOC_COMPLAIN(doc, item, "L'organisation « %s » n'est pas décrite ici.",
				"The organisation \"%s\" is not described here.", item->text);
	}
}

static void read_organisations(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	policy->organisations = zeroed(doc, sizeof *policy->organisations, node->n);
	if (!policy->organisations)
		return;
	for (size_t i = 0; i < node->n; i++) {
		policy->organisations[i].id = keep(doc, node->items[i]->key);
		read_organisation(doc, node->items[i], &policy->organisations[i]);
		policy->n_organisations++;
	}
	for (size_t i = 0; i < node->n; i++)
		check_organisation(doc, node->items[i], &policy->organisations[i]);
}

static void read_account(struct pv_doc *doc, const struct pv_yaml *node, struct pv_account *out)
{
	static const char *const keys[] = {"owner", "stance", "platform", NULL};
	out->id = keep(doc, node->key);
	out->line = node->key_line;
	out->column = node->key_column;
	out->owner = out->platform = "";
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	pv_doc_keys(doc, node, keys);
	const struct pv_yaml *owner = pv_doc_need(doc, node, "owner");
	out->owner = keep(doc, pv_doc_id(doc, owner));
	out->platform = keep(doc, pv_doc_id(doc, pv_doc_need(doc, node, "platform")));
	int stance =
		pv_doc_choice(doc, pv_doc_need(doc, node, "stance"), pv_stance_names, PV_STANCES);
	out->stance = stance < 0 ? PV_STANCE_NONE : (enum pv_stance)stance;
	if (out->owner[0] && (stance == PV_STANCE_ORGANISATION || stance == PV_STANCE_HOSTED) &&
		!pv_policy_organisation(doc->policy, pv_str(out->owner)))
		DOC_COMPLAIN(doc, owner, "L'organisation « %s » n'est pas décrite ici.",
			"The organisation \"%s\" is not described here.", out->owner);
}

static void read_accounts(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	policy->accounts = zeroed(doc, sizeof *policy->accounts, node->n);
	for (size_t i = 0; policy->accounts && i < node->n; i++)
		read_account(doc, node->items[i], &policy->accounts[policy->n_accounts++]);
}

static void read_step(
	struct pv_doc *doc, const struct pv_yaml *map, bool whole, struct pv_approval_step *out)
{
	const struct pv_yaml *by = whole ? pv_doc_need(doc, map, "by") : pv_yaml_get(map, "by");
	const struct pv_yaml *value = pv_yaml_get(map, "count");
	int64_t count = out->count;
	if (by) {
		pv_doc_texts(doc, by, false, &out->by);
		if (by->kind == PV_YAML_LIST && by->n == 0)
			DOC_COMPLAIN(doc, by, "Sans rôle, personne ne peut approuver.",
				"Without a role nobody can approve.");
	}
	if (value && pv_doc_int(doc, value, 1, APPROVERS_MAX, &count))
		out->count = (int)count;
}

/* Further steps; an empty list takes those of the document away from a rule. */
static void read_further_steps(
	struct pv_doc *doc, const struct pv_yaml *list, struct pv_approvals *out)
{
	static const char *const keys[] = {"by", "count", NULL};
	if (!pv_doc_is(doc, list, PV_YAML_LIST))
		return;
	if (list->n > STEPS_MAX) {
		DOC_COMPLAIN(doc, list, "Il y a %d étapes de plus, au plus.",
			"There are at most %d further steps.", STEPS_MAX);
		return;
	}
	out->then = zeroed(doc, sizeof *out->then, list->n);
	out->n_then = 0;
	for (size_t i = 0; out->then && i < list->n; i++) {
		struct pv_approval_step *step = &out->then[out->n_then++];
		step->count = 1;
		if (!pv_doc_is(doc, list->items[i], PV_YAML_MAP))
			continue;
		pv_doc_keys(doc, list->items[i], keys);
		read_step(doc, list->items[i], true, step);
	}
}

void pv_doc_approvals(
	struct pv_doc *doc, const struct pv_yaml *node, bool whole, struct pv_approvals *out)
{
	static const char *const keys[] = {"by", "count", "never", "valid", "then", NULL};
	static const char *const never[] = {"author", "same_interest"};
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	pv_doc_keys(doc, node, keys);
	struct pv_approval_step first = {.by = out->by, .count = out->count};
	read_step(doc, node, whole, &first);
	out->by = first.by;
	out->count = first.count;
	const struct pv_yaml *value = pv_yaml_get(node, "then");
	if (value)
		read_further_steps(doc, value, out);
	if ((value = pv_yaml_get(node, "never")) && pv_doc_is(doc, value, PV_YAML_LIST)) {
		out->never_author = out->never_same_interest = false;
		for (size_t i = 0; i < value->n; i++) {
			int choice = pv_doc_choice(doc, value->items[i], never, 2);
			out->never_author |= choice == 0;
			out->never_same_interest |= choice == 1;
		}
	}
	if ((value = pv_yaml_get(node, "valid")))
		out->has_valid |= pv_doc_duration(doc, value, &out->valid);
}

int pv_doc_position(struct pv_doc *doc, const struct pv_yaml *node)
{
	int position = node ? pv_doc_choice(doc, node, pv_position_names, 3) : 0;
	return position < 0 ? 0 : position;
}

void pv_doc_disclosure(struct pv_doc *doc, const struct pv_yaml *node, struct pv_disclosure *out)
{
	static const char *const others[] = {"position", NULL};
	out->position = (enum pv_position)pv_doc_position(doc, pv_yaml_get(node, "position"));
	pv_doc_langs(doc, node, others, &out->wordings);
	size_t texts = 0;
	for (size_t i = 0; i < out->wordings.n; i++)
		texts += out->wordings.items[i].texts.n;
	if (texts == 0 && node->kind == PV_YAML_MAP)
		DOC_COMPLAIN(doc, node, "Il manque une formulation, par exemple fr: [publicité].",
			"A wording is missing, for example en: [advertisement].");
}

static void read_disclosures(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!node || node->kind == PV_YAML_EMPTY || !pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	policy->disclosures = zeroed(doc, sizeof *policy->disclosures, node->n);
	for (size_t i = 0; policy->disclosures && i < node->n; i++) {
		struct pv_disclosure *out = &policy->disclosures[policy->n_disclosures++];
		out->id = keep(doc, node->items[i]->key);
		pv_doc_disclosure(doc, node->items[i], out);
	}
}

static void read_topics(struct pv_doc *doc, const struct pv_yaml *node)
{
	struct pv_policy *policy = doc->policy;
	if (!node || node->kind == PV_YAML_EMPTY || !pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	policy->topics = zeroed(doc, sizeof *policy->topics, node->n);
	for (size_t i = 0; policy->topics && i < node->n; i++) {
		struct pv_topic *out = &policy->topics[policy->n_topics++];
		out->id = keep(doc, node->items[i]->key);
		if (node->items[i]->kind != PV_YAML_EMPTY)
			pv_doc_langs(doc, node->items[i], NULL, &out->words);
	}
}

void pv_doc_parts(struct pv_doc *doc, const struct pv_yaml *root)
{
	static const char *const keys[] = {"policy", "version", "title", "timezone", "default",
		"fold", "shorteners", "organisations", "accounts", "approvals", "disclosures",
		"topics", "rules", "exceptions", NULL};
	pv_doc_keys(doc, root, keys);
	read_top(doc, root);
	read_folds(doc, pv_yaml_get(root, "fold"));
	const struct pv_yaml *shorteners = pv_yaml_get(root, "shorteners");
	if (shorteners)
		pv_doc_sites(doc, shorteners, &doc->policy->shorteners);
	read_organisations(doc, pv_doc_need(doc, root, "organisations"));
	read_accounts(doc, pv_doc_need(doc, root, "accounts"));
	doc->policy->approvals = (struct pv_approvals){.count = 1};
	const struct pv_yaml *approvals = pv_yaml_get(root, "approvals");
	if (approvals) {
		doc->policy->has_approvals = true;
		pv_doc_approvals(doc, approvals, true, &doc->policy->approvals);
	}
	const struct pv_yaml *otherwise = pv_yaml_get(root, "default");
	if (otherwise && doc->policy->otherwise == PV_VERDICT_APPROVE &&
		!doc->policy->has_approvals)
		DOC_COMPLAIN(doc, otherwise,
			"La réponse par défaut demande une approbation, mais rien ne dit qui peut "
			"la "
			"donner; ajoutez « approvals ».",
			"The default asks for an approval, but nothing says who may give it; add "
			"\"approvals\".");
	read_disclosures(doc, pv_yaml_get(root, "disclosures"));
	read_topics(doc, pv_yaml_get(root, "topics"));
}
