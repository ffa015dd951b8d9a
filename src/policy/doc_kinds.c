/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "policy/doc.h"

/* The own keys of each kind of rule. */
const char *const pv_doc_kind_keys[PV_RULE_KINDS][10] = {
	[PV_RULE_CATEGORY] = {"overrides", "approval"},
	[PV_RULE_DISCLOSURE] = {"say"},
	[PV_RULE_MENTION] = {"say", "link", "position"},
	[PV_RULE_VOICE] = {"allow", "spokespersons"},
	[PV_RULE_INVITE] = {"words"},
	[PV_RULE_NEIGHBOURS] = {NULL},
	[PV_RULE_LINKS] = {"forbid"},
	[PV_RULE_LANGUAGES] = {"require", "within"},
	[PV_RULE_ACCESS] = {"alt_text", "max_hashtags", "camel_hashtags"},
	[PV_RULE_QUOTA] = {"count", "at_most", "window", "min_posts", "per"},
	[PV_RULE_MIX] = {"by", "target", "tolerance", "window", "min_posts"},
	[PV_RULE_QUIET] = {"from", "to", "switch", "hours"},
	[PV_RULE_EMBARGO] = {"until", "words", "links"},
};

const char *const pv_per_names[3] = {"account", "person", "organisation"};

static const char *keep(struct pv_doc *doc, const char *text)
{
	const char *copy = text ? talloc_strdup(doc->policy, text) : NULL;
	if (text && !copy)
		pv_doc_nomem(doc);
	return copy;
}

static void read_category(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	pv_doc_texts(doc, pv_yaml_get(node, "overrides"), false, &rule->override_ids);
	const struct pv_yaml *approval = pv_yaml_get(node, "approval");
	if (!approval)
		return;
	rule->own_approvals = true;
	pv_doc_approvals(doc, approval, false, &rule->approvals);
}

static void read_disclosure(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const struct pv_yaml *say = pv_doc_need(doc, node, "say");
	const char *id = pv_doc_id(doc, say);
	for (size_t i = 0; id && i < doc->policy->n_disclosures; i++)
		if (strcmp(doc->policy->disclosures[i].id, id) == 0)
			rule->say = &doc->policy->disclosures[i];
	if (id && !rule->say)
		DOC_COMPLAIN(doc, say, "La divulgation « %s » n'est pas dans « disclosures ».",
			"The disclosure \"%s\" is not in \"disclosures\".", id);
}

static void read_mention(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const struct pv_yaml *say = pv_yaml_get(node, "say"), *link = pv_yaml_get(node, "link");
	const struct pv_yaml *position = pv_yaml_get(node, "position");
	if (!say && !link)
		DOC_COMPLAIN(doc, node, "Une mention exige « say », « link » ou les deux.",
			"A mention needs \"say\", \"link\" or both.");
	if (say) {
		struct pv_disclosure *own = talloc_zero(doc->policy, struct pv_disclosure);
		if (!own) {
			pv_doc_nomem(doc);
			return;
		}
		pv_doc_disclosure(doc, say, own);
		if (pv_yaml_get(say, "position"))
			DOC_COMPLAIN(doc, pv_yaml_get(say, "position"),
				"« position » s'écrit à côté de « say ».",
				"\"position\" stands beside \"say\".");
		own->position = (enum pv_position)pv_doc_position(doc, position);
		rule->say = own;
	} else if (position) {
		pv_doc_position(doc, position);
	}
	if (link) {
		pv_doc_sites(doc, link, &rule->sites);
		if (link->kind == PV_YAML_LIST && link->n == 0)
			DOC_COMPLAIN(doc, link, "Cette liste de liens est vide.",
				"This list of links is empty.");
	}
}

static void read_voice(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const char *names[PV_VOICES];
	for (int i = 0; i < PV_VOICES; i++)
		names[i] = pv_voice_name((enum pv_voice)i);
	const struct pv_yaml *allow = pv_doc_need(doc, node, "allow");
	if (allow && pv_doc_is(doc, allow, PV_YAML_LIST))
		for (size_t i = 0; i < allow->n; i++) {
			int voice = pv_doc_choice(doc, allow->items[i], names, PV_VOICES);
			if (voice >= 0)
				rule->allow |= 1u << voice;
		}
	pv_doc_texts(doc, pv_yaml_get(node, "spokespersons"), false, &rule->spokespersons);
	pv_doc_needles(doc, &rule->spokespersons, &rule->spokesperson_needles);
}

static void read_links(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	static const char *const words[] = {"unresolved", "shortened"};
	const struct pv_yaml *forbid = pv_doc_need(doc, node, "forbid");
	if (!forbid)
		return;
	if (forbid->kind == PV_YAML_LIST) {
		rule->forbid = PV_FORBID_SITES;
		pv_doc_sites(doc, forbid, &rule->sites);
		return;
	}
	rule->forbid = pv_doc_choice(doc, forbid, words, 2) == 1 ? PV_FORBID_SHORTENED
								 : PV_FORBID_UNRESOLVED;
}

static void read_languages(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	static const char *const words[] = {"french_first", "pair"};
	rule->require_pair = pv_doc_choice(doc, pv_doc_need(doc, node, "require"), words, 2) == 1;
	const struct pv_yaml *within = pv_yaml_get(node, "within");
	if (rule->require_pair && !within)
		pv_doc_need(doc, node, "within");
	if (within)
		pv_doc_duration(doc, within, &rule->within);
}

static void read_access(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const struct pv_yaml *alt = pv_yaml_get(node, "alt_text");
	const struct pv_yaml *most = pv_yaml_get(node, "max_hashtags");
	const struct pv_yaml *camel = pv_yaml_get(node, "camel_hashtags");
	int64_t n;
	if (!alt && !most && !camel)
		DOC_COMPLAIN(doc, node,
			"Une règle « access » demande « alt_text », « max_hashtags » ou "
			"« camel_hashtags ».",
			"An \"access\" rule asks \"alt_text\", \"max_hashtags\" or "
			"\"camel_hashtags\".");
	if (alt)
		pv_doc_yes(doc, alt, &rule->alt_text);
	if (most && pv_doc_int(doc, most, 0, 1000, &n))
		rule->max_hashtags = (int)n;
	if (camel && pv_doc_int(doc, camel, 1, 1000, &n))
		rule->camel_hashtags = (int)n;
}

static void read_window(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	pv_doc_duration(doc, pv_doc_need(doc, node, "window"), &rule->window);
	const struct pv_yaml *least = pv_yaml_get(node, "min_posts");
	if (least)
		pv_doc_int(doc, least, 0, 1000000, &rule->min_posts);
}

static void read_quota(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	pv_doc_condition(doc, pv_doc_need(doc, node, "count"), &rule->count);
	pv_doc_limit(doc, pv_doc_need(doc, node, "at_most"), &rule->at_most);
	read_window(doc, node, rule);
	const struct pv_yaml *per = pv_yaml_get(node, "per");
	int choice = per ? pv_doc_choice(doc, per, pv_per_names, 3) : 0;
	rule->per = choice < 0 ? PV_PER_ACCOUNT : (enum pv_history_per)choice;
}

static void read_targets(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	rule->targets = talloc_zero_array(doc->policy, struct pv_target, node->n ? node->n : 1);
	if (!rule->targets) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		struct pv_yaml key = *node->items[i];
		key.kind = PV_YAML_SCALAR;
		key.text = key.key;
		key.line = key.key_line;
		key.column = key.key_column;
		pv_doc_fact_value(doc, &key, rule->by);
		struct pv_target *target = &rule->targets[rule->n_targets];
		target->value = keep(doc, key.text);
		if (target->value &&
			pv_doc_percent(doc, node->items[i], &target->top, &target->bottom))
			rule->n_targets++;
	}
}

static void read_mix(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	static const char *const facts[] = {"axis", "origin", "interest", "kind", "topic",
		"relation", "human", "account", "platform"};
	const struct pv_yaml *by = pv_doc_need(doc, node, "by");
	int choice = pv_doc_choice(doc, by, facts, PV_COUNT(facts));
	int fact = choice < 0 ? PV_FACT_AXIS
			      : pv_name_index(pv_fact_names, PV_FACTS, pv_str(facts[choice]));
	rule->by = (enum pv_fact)fact;
	const struct pv_yaml *target = pv_doc_need(doc, node, "target");
	if (target)
		read_targets(doc, target, rule);
	rule->tolerance_bottom = 1;
	const struct pv_yaml *tolerance = pv_yaml_get(node, "tolerance");
	if (tolerance)
		pv_doc_percent(doc, tolerance, &rule->tolerance_top, &rule->tolerance_bottom);
	read_window(doc, node, rule);
}

static void read_quiet(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const struct pv_yaml *from = pv_yaml_get(node, "from"), *to = pv_yaml_get(node, "to");
	const struct pv_yaml *on = pv_yaml_get(node, "switch"), *hours = pv_yaml_get(node, "hours");
	if (!from && !to && !on && !hours)
		DOC_COMPLAIN(doc, node,
			"Une période demande « from » et « to », « switch » ou « hours ».",
			"A quiet period asks \"from\" and \"to\", \"switch\" or \"hours\".");
	if ((from != NULL) != (to != NULL))
		pv_doc_need(doc, node, from ? "to" : "from");
	/* a clock read twice: the silence begins at the first and ends at the second */
	bool begins = from && pv_doc_instant(doc, from, PV_ZONE_EARLIER, &rule->from_us);
	bool ends = to && pv_doc_instant(doc, to, PV_ZONE_LATER, &rule->to_us);
	rule->has_period = begins && ends;
	if (rule->has_period && rule->to_us <= rule->from_us)
		DOC_COMPLAIN(doc, to, "La période finit avant de commencer.",
			"The period ends before it begins.");
	if (rule->has_period) {
		rule->from_text = keep(doc, from->text);
		rule->to_text = keep(doc, to->text);
	}
	if (on)
		rule->switch_name = keep(doc, pv_doc_id(doc, on));
	if (hours)
		rule->has_hours = pv_doc_hours(doc, hours, &rule->hours_from, &rule->hours_to);
}

static void read_embargo(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	const struct pv_yaml *until = pv_doc_need(doc, node, "until");
	const struct pv_yaml *words = pv_yaml_get(node, "words"),
			     *links = pv_yaml_get(node, "links");
	if (until && pv_doc_instant(doc, until, PV_ZONE_LATER, &rule->until_us))
		rule->until_text = keep(doc, until->text);
	rule->words.items = talloc_zero(doc->policy, struct pv_lang_words);
	if (!rule->words.items) {
		pv_doc_nomem(doc);
		return;
	}
	rule->words.items->lang = "";
	pv_doc_texts(doc, words, false, &rule->words.items->texts);
	pv_doc_needles(doc, &rule->words.items->texts, &rule->words.items->needles);
	rule->words.n = rule->words.items->needles ? 1 : 0;
	if (links)
		pv_doc_sites(doc, links, &rule->sites);
	bool none = (!words || (words->kind == PV_YAML_LIST && words->n == 0)) &&
		    (!links || (links->kind == PV_YAML_LIST && links->n == 0));
	if (none)
		DOC_COMPLAIN(doc, node, "Un embargo demande « words », « links » ou les deux.",
			"An embargo needs \"words\", \"links\" or both.");
}

void pv_doc_kind(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule)
{
	switch (rule->kind) {
	case PV_RULE_CATEGORY: read_category(doc, node, rule); break;
	case PV_RULE_DISCLOSURE: read_disclosure(doc, node, rule); break;
	case PV_RULE_MENTION: read_mention(doc, node, rule); break;
	case PV_RULE_VOICE: read_voice(doc, node, rule); break;
	case PV_RULE_INVITE:
		pv_doc_langs(doc, pv_doc_need(doc, node, "words"), NULL, &rule->words);
		break;
	case PV_RULE_LINKS: read_links(doc, node, rule); break;
	case PV_RULE_LANGUAGES: read_languages(doc, node, rule); break;
	case PV_RULE_ACCESS: read_access(doc, node, rule); break;
	case PV_RULE_QUOTA: read_quota(doc, node, rule); break;
	case PV_RULE_MIX: read_mix(doc, node, rule); break;
	case PV_RULE_QUIET: read_quiet(doc, node, rule); break;
	case PV_RULE_EMBARGO: read_embargo(doc, node, rule); break;
	default: break;
	}
}
