/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What rules about links, languages, accessibility, time and the past found. */
#include "policy/trial.h"

static void reason_neighbours(struct pv_trial *trial)
{
	struct pv_facts *facts = &trial->facts;
	const struct pv_shown *shown;
	for (size_t i = 0; i < facts->n_links; i++) {
		const struct pv_organisation *org = pv_neighbour_of_link(facts, i, &shown);
		struct pv_evidence *e = org ? pv_trial_link_evidence(trial, i, shown) : NULL;
		if (!e)
			continue;
		e->name = org->names.n ? org->names.items[0] : org->id;
		pv_trial_say_leads(trial, i, shown);
		pv_say(&trial->say, ", le site de ", ", the site of ");
		pv_say_quoted_same(&trial->say, pv_str(e->name));
		pv_trial_clause(trial, e);
	}
	for (size_t i = 0; i < facts->n_handles; i++) {
		const struct pv_organisation *org = pv_neighbour_of_handle(facts, i);
		struct pv_evidence *e = org ? pv_trial_evidence(trial, PV_EVIDENCE_HANDLE) : NULL;
		if (!e)
			continue;
		e->found = true;
		e->via = PV_VIA_HANDLE;
		e->certainty = PV_SURE;
		pv_trial_place(trial, e, facts->handles[i].media, facts->handles[i].start,
			facts->handles[i].end);
		e->written = pv_trial_text(trial, facts->handles[i].written);
		e->name = org->names.n ? org->names.items[0] : org->id;
		pv_say_same(&trial->say, facts->handles[i].written);
		pv_say(&trial->say, " est le compte de ", " is the account of ");
		pv_say_quoted_same(&trial->say, pv_str(e->name));
		pv_say(&trial->say, ", et aucun partenariat n'est inscrit",
			", and no partnership is recorded");
		pv_trial_clause(trial, e);
	}
}

static void reason_links(struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_facts *facts = &trial->facts;
	const struct pv_shown *shown;
	for (size_t i = 0; i < facts->n_links; i++) {
		const struct pv_link *link = &facts->links[i];
		struct pv_evidence *e = pv_link_forbidden(facts, rule, i, &shown)
						? pv_trial_link_evidence(trial, i, shown)
						: NULL;
		if (!e)
			continue;
		if (rule->forbid == PV_FORBID_SITES) {
			pv_trial_say_leads(trial, i, shown);
		} else {
			pv_say_same(&trial->say, link->written);
			if (link->unresolved)
				pv_say(&trial->say,
					" est un lien court dont la destination est inconnue",
					" is a short link whose end is unknown");
			else {
				pv_say(&trial->say, " est un lien court; il mène à ",
					" is a short link; it leads to ");
				pv_say_same(&trial->say, pv_str(e->leads_to ? e->leads_to : ""));
			}
		}
		pv_trial_clause(trial, e);
	}
}

static void say_version(struct pv_trial *trial, const char *missing)
{
	if (strcmp(missing, "en") == 0)
		pv_say(&trial->say, "La version anglaise", "The English version");
	else
		pv_say(&trial->say, "La version française", "The French version");
}

static void reason_languages(struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_case *c = trial->facts.c;
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_PAIR);
	if (!e)
		return;
	if (!rule->require_pair) {
		e->lang = "fr";
		pv_say(&trial->say, "La publication ne commence pas en français",
			"The post does not begin in French");
		pv_trial_clause(trial, e);
		return;
	}
	bool french = trial->facts.n_langs && pv_str_equal(trial->facts.langs[0], pv_str("fr"));
	e->lang = french ? "en" : "fr";
	e->until_us = c->post.pair_at_us;
	if (c->post.pair_at_us == PV_TIME_NONE ||
		!pv_str_equal(trial->facts.pair_lang, pv_str(e->lang))) {
		say_version(trial, e->lang);
		pv_say(&trial->say, " manque", " is missing");
	} else {
		bool later = c->post.pair_at_us > c->at_us;
		int64_t apart_us =
			later ? c->post.pair_at_us - c->at_us : c->at_us - c->post.pair_at_us;
		struct pv_duration apart = {
			.unit = PV_UNIT_MINUTES, .n = (int)(apart_us / PV_MINUTE_US)};
		if (apart_us >= 2 * PV_HOUR_US)
			apart = (struct pv_duration){
				.unit = PV_UNIT_HOURS, .n = (int)(apart_us / PV_HOUR_US)};
		if (apart_us >= 2 * PV_DAY_US)
			apart = (struct pv_duration){
				.unit = PV_UNIT_DAYS, .n = (int)(apart_us / PV_DAY_US)};
		e->count = apart_us / PV_MINUTE_US;
		say_version(trial, e->lang);
		pv_say(&trial->say, " paraît ", " appears ");
		pv_say_duration(&trial->say, &apart);
		if (later)
			pv_say(&trial->say, " après; la politique en admet ",
				" later; the policy allows ");
		else
			pv_say(&trial->say, " avant; la politique en admet ",
				" earlier; the policy allows ");
		pv_say_duration(&trial->say, &rule->within);
	}
	pv_trial_clause(trial, e);
}

static void reason_alt(struct pv_trial *trial)
{
	const struct pv_case_post *post = &trial->facts.c->post;
	for (size_t i = 0; i < post->n_media; i++) {
		struct pv_evidence *e = pv_alt_missing(&post->media[i])
						? pv_trial_evidence(trial, PV_EVIDENCE_MEDIA)
						: NULL;
		if (!e)
			continue;
		e->count = (int64_t)i + 1;
		if (post->n_media == 1) {
			pv_say(&trial->say, "Le média n'a pas de texte de remplacement",
				"The media has no alternative text");
		} else {
			pv_buf_text(&trial->say.fr, "Le ");
			pv_buf_text(&trial->say.en, "The ");
			pv_say_ordinal(&trial->say, e->count, false);
			pv_say(&trial->say, " média n'a pas de texte de remplacement",
				" media has no alternative text");
		}
		pv_trial_clause(trial, e);
	}
}

static void reason_access(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	const struct pv_prose *prose = &trial->facts.prose;
	if (finding->parts & PV_PART_ALT)
		reason_alt(trial);
	if (finding->parts & PV_PART_TOO_MANY) {
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_HASHTAG);
		if (!e)
			return;
		e->count = (int64_t)finding->n_hashtags;
		e->limit_top = rule->max_hashtags;
		e->limit_bottom = 1;
		pv_say(&trial->say, "Le texte porte ", "The text carries ");
		pv_say_int(&trial->say, e->count);
		if (e->count > 1)
			pv_say(&trial->say, " mots-clics; la politique en admet ",
				" hashtags; the policy allows ");
		else
			pv_say(&trial->say, " mot-clic; la politique en admet ",
				" hashtag; the policy allows ");
		pv_say_int(&trial->say, rule->max_hashtags);
		pv_trial_clause(trial, e);
	}
	for (size_t t = 0; (finding->parts & PV_PART_CAMEL) && t < prose->n_tokens; t++) {
		const struct pv_token *token = &prose->tokens[t];
		if (token->kind != PV_TOKEN_HASHTAG ||
			!pv_hashtag_unreadable(prose, token, rule->camel_hashtags))
			continue;
		struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_HASHTAG);
		if (!e)
			return;
		struct pv_str written = pv_prose_slice(prose, token->start, token->end);
		e->has_span = true;
		e->span = pv_trial_span(trial, token->start, token->end);
		e->written = pv_trial_text(trial, written);
		pv_say_same(&trial->say, written);
		pv_say(&trial->say, " se lit mal sans une majuscule à chaque mot",
			" is hard to read without a capital on each word");
		pv_trial_clause(trial, e);
	}
}

static void reason_quiet(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	struct pv_evidence *e;
	if (finding->parts & PV_PART_PERIOD) {
		if (!(e = pv_trial_evidence(trial, PV_EVIDENCE_TIME)))
			return;
		e->from_us = rule->from_us;
		e->until_us = rule->to_us;
		pv_say(&trial->say, "La période va du ", "The period runs from ");
		pv_say_moment(&trial->say, rule->from_us);
		pv_say(&trial->say, " au ", " to ");
		pv_say_moment(&trial->say, rule->to_us);
		pv_trial_clause(trial, e);
	}
	if (finding->parts & PV_PART_HOURS) {
		if (!(e = pv_trial_evidence(trial, PV_EVIDENCE_TIME)))
			return;
		e->until_us = finding->free_us;
		pv_say(&trial->say, "L'heure prévue, le ", "The time, ");
		pv_say_moment(&trial->say, trial->facts.c->at_us);
		pv_say(&trial->say, ", tombe dans les heures de silence",
			", falls within the quiet hours");
		pv_trial_clause(trial, e);
	}
	if (finding->parts & PV_PART_SWITCH) {
		if (!(e = pv_trial_evidence(trial, PV_EVIDENCE_SWITCH)))
			return;
		e->written = rule->switch_name;
		pv_say(&trial->say, "L'interrupteur ", "The switch ");
		pv_say_quoted_same(&trial->say, pv_str(rule->switch_name));
		pv_say(&trial->say, " est en marche", " is on");
		pv_trial_clause(trial, e);
	}
}

static struct pv_evidence *count_evidence(struct pv_trial *trial, const struct pv_finding *finding)
{
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_COUNT);
	if (!e)
		return NULL;
	e->count = finding->count;
	e->total = finding->total;
	e->from_us = finding->after_us;
	e->until_us = trial->facts.c->at_us;
	return e;
}

/* "Avec celle-ci, 4 publications sur 7 en 30 jours" */
static void say_count(struct pv_trial *trial, const struct pv_rule *rule,
	const struct pv_finding *finding, bool share)
{
	pv_say(&trial->say, "Avec celle-ci, ", "With this one, ");
	pv_say_int(&trial->say, finding->count);
	if (share) {
		pv_buf_text(&trial->say.fr,
			finding->count > 1 ? " publications sur " : " publication sur ");
		pv_buf_text(&trial->say.en, " of ");
		pv_say_int(&trial->say, finding->total);
		pv_say(&trial->say, " en ", " posts in ");
	} else if (finding->count > 1) {
		pv_say(&trial->say, " publications en ", " posts in ");
	} else {
		pv_say(&trial->say, " publication en ", " post in ");
	}
	pv_say_duration(&trial->say, &rule->window);
}

static void reason_quota(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	struct pv_evidence *e = count_evidence(trial, finding);
	if (!e)
		return;
	e->limit_top = rule->at_most.top;
	e->limit_bottom = rule->at_most.bottom;
	say_count(trial, rule, finding, rule->at_most.share);
	if (rule->at_most.share) {
		pv_buf_text(&trial->say.fr, finding->count > 1 ? " relèvent" : " relève");
		pv_buf_text(&trial->say.en, finding->count > 1 ? " fall" : " falls");
		pv_say(&trial->say, " de cette limite (", " under this limit (");
		pv_say_share(&trial->say, finding->count, finding->total);
		pv_say(&trial->say, "; la politique vise ", "; the policy aims at ");
		pv_say_limit(&trial->say, &rule->at_most);
		pv_say(&trial->say, " au plus)", " at most)");
	} else {
		pv_say(&trial->say, "; la politique en admet ", "; the policy allows ");
		pv_say_limit(&trial->say, &rule->at_most);
	}
	pv_trial_clause(trial, e);
}

static void reason_mix(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	struct pv_evidence *e = finding->target ? count_evidence(trial, finding) : NULL;
	if (!e)
		return;
	const struct pv_target *target = finding->target;
	e->field = pv_fact_names[rule->by];
	e->value = target->value;
	e->limit_top = target->top * rule->tolerance_bottom + rule->tolerance_top * target->bottom;
	e->limit_bottom = target->bottom * rule->tolerance_bottom * 100;
	say_count(trial, rule, finding, true);
	pv_buf_text(&trial->say.fr, finding->count > 1 ? " relèvent de " : " relève de ");
	pv_buf_text(&trial->say.en, finding->count > 1 ? " are " : " is ");
	pv_say_quoted_same(&trial->say, pv_str(target->value));
	pv_say(&trial->say, " (", " (");
	pv_say_share(&trial->say, finding->count, finding->total);
	pv_say(&trial->say, "; la politique vise ", "; the policy aims at ");
	pv_say_share(&trial->say, target->top, target->bottom * 100);
	if (rule->tolerance_top) {
		pv_say(&trial->say, " et tolère jusqu'à ", " and tolerates up to ");
		pv_say_share(&trial->say, e->limit_top, e->limit_bottom);
	}
	pv_say(&trial->say, ")", ")");
	pv_trial_clause(trial, e);
}

void pv_reason_form(
	struct pv_trial *trial, const struct pv_rule *rule, const struct pv_finding *finding)
{
	switch (rule->kind) {
	case PV_RULE_NEIGHBOURS: reason_neighbours(trial); break;
	case PV_RULE_LINKS: reason_links(trial, rule); break;
	case PV_RULE_LANGUAGES: reason_languages(trial, rule); break;
	case PV_RULE_ACCESS: reason_access(trial, rule, finding); break;
	case PV_RULE_QUIET: reason_quiet(trial, rule, finding); break;
	case PV_RULE_QUOTA: reason_quota(trial, rule, finding); break;
	case PV_RULE_MIX: reason_mix(trial, rule, finding); break;
	default: break;
	}
}
