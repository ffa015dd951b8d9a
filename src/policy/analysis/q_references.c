/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Question 12: who is registered where; what `policy check` cannot know to be a mistake. */
#include "policy/analysis/question.h"

#include "base/mem.h"
#include "policy/suffix.h"

#include <stdlib.h>

/* One registered domain, and whose it is. */
struct entry {
	const struct pv_site *site;
	const char *text;
	const char *org;          /* an organisation's id */
	const struct pv_tie *tie; /* of its interests; NULL: its own domain */
};

struct entries {
	struct entry *items;
	size_t n;
};

static bool add(struct pv_asking *asking, struct entries *entries, struct entry entry)
{
	struct entry *items =
		pv_arena_more(&asking->arena, entries->items, entries->n, sizeof *items);
	if (!items)
		return false;
	entries->items = items;
	items[entries->n++] = entry;
	return true;
}

static bool gather(struct pv_asking *asking, struct entries *out)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < policy->n_organisations; i++) {
		const struct pv_organisation *org = &policy->organisations[i];
		for (size_t d = 0; d < org->domains.texts.n; d++)
			if (!add(asking, out,
				    (struct entry){.site = &org->domains.items[d],
					    .text = org->domains.texts.items[d],
					    .org = org->id}))
				return false;
		for (size_t t = 0; t < org->n_interests; t++)
			for (size_t d = 0; d < org->interests[t].tie->n_domains; d++)
				if (!add(asking, out,
					    (struct entry){.site = &org->interests[t].domains[d],
						    .text = pv_arena_text(&asking->arena,
							    org->interests[t].tie->domains[d]),
						    .org = org->id,
						    .tie = org->interests[t].tie}))
					return false;
	}
	return !asking->arena.failed;
}

static bool same_site(const struct pv_site *a, const struct pv_site *b)
{
	return pv_str_equal(a->host, b->host) && pv_str_equal(a->path, b->path);
}

static void tell_two(struct pv_asking *asking, const struct entry *a, const struct entry *b)
{
	bool same = same_site(a->site, b->site);
	pv_say(&asking->say, "Le domaine ", "The domain ");
	pv_say_same(&asking->say, pv_str(b->text));
	if (same)
		pv_say(&asking->say, " est inscrit à deux organisations, ",
			" is registered to two organisations, ");
	else
		pv_say(&asking->say, " est dans un domaine d'une autre organisation\u00a0: ",
			" lies within another organisation's: ");
	pv_say_id(&asking->say, a->org);
	pv_say(&asking->say, " et ", " and ");
	pv_say_id(&asking->say, b->org);
	if (same)
		pv_say(&asking->say, ".", ".");
	else
		pv_say(&asking->say, "; l'inscription la plus précise l'emporte.",
			"; the closest registration speaks.");
	pv_tell_of(asking, same ? "domain_of_two" : "domain_within",
		same ? PV_SEVERITY_PROBLEM : PV_SEVERITY_REMARK, b->text);
}

static int by_site(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;
	struct pv_str x = one->site->host, y = two->site->host;
	int order = memcmp(x.bytes, y.bytes, x.size < y.size ? x.size : y.size);
	if (order)
		return order;
	if (x.size != y.size)
		return x.size < y.size ? -1 : 1;
	return strcmp(one->text, two->text) ? strcmp(one->text, two->text)
					    : strcmp(one->org, two->org);
}

enum { PAIRS_MAX = 3000 }; /* beyond so many domains only equal ones are compared */

static void look_at_pairs(struct pv_asking *asking, struct entries *entries)
{
	if (entries->n > 1)
		qsort(entries->items, entries->n, sizeof *entries->items, by_site);
	for (size_t i = 0; i < entries->n; i++)
		for (size_t k = i + 1; k < entries->n; k++) {
			const struct entry *a = &entries->items[i], *b = &entries->items[k];
			if (entries->n > PAIRS_MAX && !pv_str_equal(a->site->host, b->site->host))
				break;
			if (a->tie || b->tie || strcmp(a->org, b->org) == 0)
				continue;
			if (pv_site_covers(a->site, b->site))
				tell_two(asking, a, b);
			else if (pv_site_covers(b->site, a->site))
				tell_two(asking, b, a);
		}
}

/* A tie said to be to one organisation, on a domain that is another's. */
static void look_at_tie(
	struct pv_asking *asking, const struct entries *entries, const struct entry *entry)
{
	if (!entry->tie || entry->tie->org.size == 0)
		return;
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *own = &entries->items[i];
		if (own->tie || !pv_site_covers(own->site, entry->site) ||
			pv_str_equal(pv_str(own->org), entry->tie->org))
			continue;
		pv_say(&asking->say, "L'intérêt de ", "The interest of ");
		pv_say_id(&asking->say, entry->org);
		pv_say(&asking->say, " envers ", " in ");
		pv_say_quoted_same(&asking->say, entry->tie->org);
		pv_say(&asking->say, " porte le domaine ", " bears the domain ");
		pv_say_same(&asking->say, pv_str(entry->text));
		pv_say(&asking->say, ", qui est à ", ", which is that of ");
		pv_say_id(&asking->say, own->org);
		pv_say(&asking->say, ".", ".");
		pv_tell_of(asking, "tie_to_another", PV_SEVERITY_PROBLEM, entry->text);
		return;
	}
}

/* Hosts on which everyone has a page of one's own, that the public suffix list does not hold. */
static const char *const shared_hosts[] = {"facebook.com", "instagram.com", "linkedin.com", "x.com",
	"twitter.com", "threads.net", "threads.com", "youtube.com", "tiktok.com", "pinterest.com",
	"medium.com", "github.com", "gitlab.com", "sites.google.com", "docs.google.com",
	"drive.google.com", "issuu.com", "vimeo.com", "soundcloud.com", "open.spotify.com",
	"eventbrite.com", "linktr.ee", "bsky.app", "mastodon.social", "patreon.com", "etsy.com",
	"wordpress.com", "blogspot.com", "tumblr.com", "substack.com", "wixsite.com", "github.io"};

static void look_at_host(struct pv_asking *asking, const struct entry *entry)
{
	char host[256];
	struct pv_str name = entry->site->host;
	if (entry->site->path.size || name.size >= sizeof host)
		return;
	memcpy(host, name.bytes, name.size);
	host[name.size] = '\0';
	bool shared = pv_host_is_shared(host);
	for (size_t i = 0; i < PV_COUNT(shared_hosts); i++)
		shared |= strcmp(host, shared_hosts[i]) == 0;
	if (!shared)
		return;
	pv_say(&asking->say, "Chez ", "For ");
	pv_say_id(&asking->say, entry->org);
	pv_say(&asking->say, ", ", ", ");
	pv_say_same(&asking->say, pv_str(entry->text));
	pv_say(&asking->say,
		" est l'hôte de tout le monde\u00a0: écrivez l'adresse qui est la sienne (",
		" is everybody's host: write the address that is its own (");
	pv_say_same(&asking->say, pv_str(entry->text));
	pv_say(&asking->say, "/…, ou …", "/…, or …");
	pv_say_same(&asking->say, pv_str("."));
	pv_say_same(&asking->say, pv_str(entry->text));
	pv_say(&asking->say, ").", ").");
	pv_tell_of(asking, "shared_host", PV_SEVERITY_PROBLEM, entry->text);
}

static void look_at_shortener(struct pv_asking *asking, const struct entry *entry)
{
	const struct pv_sites *shorteners = &asking->policy->shorteners;
	for (size_t i = 0; i < shorteners->texts.n; i++) {
		if (!pv_site_covers(&shorteners->items[i], entry->site) &&
			!pv_site_covers(entry->site, &shorteners->items[i]))
			continue;
		pv_say(&asking->say, "Le domaine ", "The domain ");
		pv_say_same(&asking->say, pv_str(entry->text));
		pv_say(&asking->say, ", inscrit chez ", ", registered for ");
		pv_say_id(&asking->say, entry->org);
		pv_say(&asking->say,
			", est aussi un raccourcisseur\u00a0: ses liens seront tenus pour courts.",
			", is also a shortener: its links will be taken for short ones.");
		pv_tell_of(asking, "shortener_is_registered", PV_SEVERITY_PROBLEM, entry->text);
		return;
	}
}

/* ---- handles, wordings, topics ------------------------------------------------------------------------ */

static bool same_handle(const char *a, const char *b)
{
	a += *a == '@';
	b += *b == '@';
	return strcasecmp(a, b) == 0;
}

static void look_at_handles(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < policy->n_organisations; i++)
		for (size_t k = i + 1; k < policy->n_organisations; k++) {
			const struct pv_organisation *a = &policy->organisations[i],
						     *b = &policy->organisations[k];
			for (size_t h = 0; h < a->handles.n; h++)
				for (size_t g = 0; g < b->handles.n; g++) {
					if (!same_handle(a->handles.items[h], b->handles.items[g]))
						continue;
					pv_say(&asking->say, "L'identifiant ", "The handle ");
					pv_say_same(&asking->say, pv_str(a->handles.items[h]));
					pv_say(&asking->say, " est inscrit à deux organisations, ",
						" is registered to two organisations, ");
					pv_say_id(&asking->say, a->id);
					pv_say(&asking->say, " et ", " and ");
					pv_say_id(&asking->say, b->id);
					pv_say(&asking->say, ".", ".");
					pv_tell_of(asking, "handle_of_two", PV_SEVERITY_PROBLEM,
						a->handles.items[h]);
				}
		}
}

static bool names_topic(const struct pv_condition *condition, const char *id)
{
	for (size_t i = 0; i < condition->n_lines; i++)
		if (condition->lines[i].fact == PV_FACT_TOPIC &&
			pv_line_names(&condition->lines[i], id))
			return true;
	return false;
}

static bool topic_used(const struct pv_policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		bool used = names_topic(&rule->when, id) || names_topic(&rule->count, id);
		for (size_t u = 0; u < rule->n_unless; u++)
			used |= names_topic(&rule->unless[u], id);
		for (size_t t = 0; rule->by == PV_FACT_TOPIC && t < rule->n_targets; t++)
			used |= strcmp(rule->targets[t].value, id) == 0;
		if (used)
			return true;
	}
	for (size_t e = 0; e < policy->n_exceptions; e++)
		if (names_topic(&policy->exceptions[e].when, id))
			return true;
	return false;
}

static void look_at_use(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t t = 0; t < policy->n_topics; t++) {
		if (topic_used(policy, policy->topics[t].id))
			continue;
		pv_say(&asking->say, "Aucune condition ne demande le sujet ",
			"No condition asks the topic ");
		pv_say_id(&asking->say, policy->topics[t].id);
		pv_say(&asking->say, ".", ".");
		pv_tell_of(asking, "topic_unused", PV_SEVERITY_REMARK, policy->topics[t].id);
	}
	for (size_t d = 0; d < policy->n_disclosures; d++) {
		bool used = false;
		for (size_t i = 0; i < policy->n_rules; i++)
			used |= policy->rules[i].say == &policy->disclosures[d];
		if (used)
			continue;
		pv_say(&asking->say, "Aucune règle ne demande la divulgation ",
			"No rule asks for the disclosure ");
		pv_say_id(&asking->say, policy->disclosures[d].id);
		pv_say(&asking->say, ".", ".");
		pv_tell_of(
			asking, "disclosure_unused", PV_SEVERITY_REMARK, policy->disclosures[d].id);
	}
}

/* "Before the fold" on a platform that has none shown: the whole text stands before it. */
static void look_at_folds(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	bool asked = false;
	for (size_t i = 0; i < policy->n_rules; i++)
		asked |= policy->rules[i].say &&
			 policy->rules[i].say->position == PV_POSITION_BEFORE_FOLD;
	for (size_t a = 0; asked && a < policy->n_accounts; a++) {
		const struct pv_account *account = &policy->accounts[a];
		bool again = false;
		for (size_t b = 0; b < a; b++)
			again |= strcmp(policy->accounts[b].platform, account->platform) == 0;
		if (again || pv_policy_fold(policy, pv_str(account->platform)))
			continue;
		pv_say(&asking->say, "Le pli de ", "The fold of ");
		pv_say_platform(&asking->say, pv_str(account->platform));
		pv_say(&asking->say,
			" n'est pas donné\u00a0: ce qui doit être avant lui peut y être n'importe "
			"où.",
			" is not given: what must stand before it may stand anywhere there.");
		pv_tell_of(asking, "no_fold", PV_SEVERITY_REMARK, account->platform);
	}
}

static void look_at_spokespersons(struct pv_asking *asking)
{
	const struct pv_policy *policy = asking->policy;
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct pv_rule *rule = &policy->rules[i];
		bool allowed = rule->allow & 1u << PV_VOICE_SPOKESPERSON;
		if (rule->kind != PV_RULE_VOICE || allowed == (rule->spokespersons.n > 0))
			continue;
		pv_say_rule(&asking->say, policy, i);
		if (allowed)
			pv_say(&asking->say, " permet une porte-parole, mais n'en nomme aucune.",
				" allows a spokesperson, but names none.");
		else
			pv_say(&asking->say,
				" nomme des porte-parole, mais ne leur permet pas de parler.",
				" names spokespersons, but does not allow them to speak.");
		pv_tell(asking, "spokesperson", PV_SEVERITY_PROBLEM, &i, 1);
	}
}

void pv_question_references(struct pv_asking *asking)
{
	struct entries entries = {0};
	if (!gather(asking, &entries))
		return;
	look_at_pairs(asking, &entries);
	for (size_t i = 0; i < entries.n; i++) {
		look_at_tie(asking, &entries, &entries.items[i]);
		look_at_host(asking, &entries.items[i]);
		look_at_shortener(asking, &entries.items[i]);
	}
	look_at_handles(asking);
	look_at_use(asking);
	look_at_folds(asking);
	look_at_spokespersons(asking);
}
