/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The acts that answer each kind of rule. */
#include "policy/trial.h"

static const struct pv_line *line_of(const struct pv_condition *condition, enum pv_fact fact)
{
	for (size_t i = 0; i < condition->n_lines; i++)
		if (condition->lines[i].fact == fact)
			return &condition->lines[i];
	return NULL;
}

static bool names(const struct pv_line *line, const char *value)
{
	for (size_t i = 0; line && i < line->values.n; i++)
		if (strcmp(line->values.items[i], value) == 0)
			return true;
	return false;
}

/* ---- wordings -------------------------------------------------------------------------------- */

static void say_place(struct pv_trial *trial, const struct pv_rule *rule, int64_t fold)
{
	if (rule->say->position == PV_POSITION_START) {
		if (trial->facts.n_langs > 1)
			pv_say(&trial->say, "au début d'une ligne", "at the start of a line");
		else
			pv_say(&trial->say, "au début du texte", "at the start of the text");
	} else if (fold) {
		pv_say(&trial->say, "dans les ", "within the first ");
		pv_say_int(&trial->say, fold);
		pv_say(&trial->say, " premiers caractères", " characters");
	} else {
		pv_say(&trial->say, "dans le texte", "in the text");
	}
}

/* The first accepted wording that can stand as it is. */
static const char *insertable(const struct pv_remark *remark, struct pv_str lang)
{
	for (size_t i = 0; i < remark->n_evidence; i++) {
		const struct pv_evidence *e = &remark->evidence[i];
		if (e->kind != PV_EVIDENCE_MISSING || !e->lang || e->n_wordings == 0 ||
			!pv_str_equal(pv_str(e->lang), lang))
			continue;
		return e->wordings[0];
	}
	return NULL;
}

static void wording_remedy(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_wording_found *found)
{
	bool move = found->state == PV_WORDING_MISPLACED;
	const char *text =
		move ? pv_trial_text(trial, pv_prose_slice(&trial->facts.prose, found->match.start,
						    found->match.end))
		     : insertable(remark, found->lang);
	if (!text)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(
		trial, move ? PV_REMEDY_MOVE_DISCLOSURE : PV_REMEDY_INSERT_DISCLOSURE, remark);
	if (!remedy)
		return;
	remedy->text = text;
	remedy->lang = pv_trial_text(trial, found->lang);
	remedy->position = pv_position_names[rule->say->position];
	if (rule->say->position == PV_POSITION_BEFORE_FOLD)
		remedy->fold = pv_policy_fold(trial->facts.policy, trial->facts.platform);
	if (move) {
		remedy->has_span = true;
		remedy->span = pv_trial_span(trial, found->match.start, found->match.end);
		pv_say(&trial->say, "Placez ces mots ", "Move these words ");
	} else {
		pv_say(&trial->say, "Écrivez ", "Write ");
		pv_say_quoted_same(&trial->say, pv_str(text));
		pv_say(&trial->say, " ", " ");
	}
	say_place(trial, rule, remedy->fold);
	if (trial->facts.n_langs > 1) {
		pv_say(&trial->say, ", en ", ", in ");
		pv_say_language(&trial->say, found->lang);
	}
	pv_trial_remedy_words(trial, remedy);
}

/* The page of the account's own organisation when one is listed, else the first. */
static const char *link_to_add(const struct pv_trial *trial, const struct pv_rule *rule)
{
	const struct pv_organisation *org = trial->facts.owner_org;
	for (size_t i = 0; org && i < rule->sites.texts.n; i++)
		for (size_t d = 0; d < org->domains.texts.n; d++)
			if (pv_site_covers(&org->domains.items[d], &rule->sites.items[i]))
				return rule->sites.texts.items[i];
	return rule->sites.texts.items[0];
}

static void wordings_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	for (size_t i = 0; i < finding->n_wordings; i++)
		if (finding->wordings[i].state != PV_WORDING_STANDS)
			wording_remedy(trial, remark, rule, &finding->wordings[i]);
	if (!finding->link_missing)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_ADD_LINK, remark);
	if (!remedy)
		return;
	const char *site = link_to_add(trial, rule);
	struct pv_buf address = PV_BUF(trial->facts.arena.mem, PV_SAY_BYTES_MAX);
	pv_buf_text(&address, "https://");
	pv_buf_text(&address, site);
	remedy->text = address.failed ? NULL : address.bytes;
	pv_say(&trial->say, "Ajoutez un lien vers ", "Add a link to ");
	pv_say_same(&trial->say, pv_str(site));
	pv_trial_remedy_words(trial, remedy);
}

/* ---- voice, invitation ----------------------------------------------------------------------- */

static void voice_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_REPHRASE_VOICE, remark);
	if (!remedy)
		return;
	if (finding->has_match) {
		remedy->has_span = true;
		remedy->span = pv_trial_span(trial, finding->match.start, finding->match.end);
	}
	bool first = finding->voice == PV_VOICE_I || finding->voice == PV_VOICE_SPOKESPERSON;
	if (first)
		pv_say(&trial->say, "Reformulez sans première personne",
			"Rephrase without the first person");
	else
		pv_say(&trial->say, "Reformulez dans la voix que la politique admet",
			"Rephrase in the voice that the policy allows");
	if (first && (rule->allow >> PV_VOICE_SPOKESPERSON & 1) && rule->spokespersons.n) {
		pv_say(&trial->say, ", ou signez au nom d'une personne désignée\u00a0: ",
			", or sign with a named person: ");
		for (size_t i = 0; i < rule->spokespersons.n; i++) {
			pv_say_or(&trial->say, i, rule->spokespersons.n);
			pv_say_same(&trial->say, pv_str(rule->spokespersons.items[i]));
		}
	}
	pv_trial_remedy_words(trial, remedy);
}

static void invite_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	const struct pv_lang_words *words = NULL;
	for (size_t l = 0; l < rule->words.n && !words; l++)
		if (trial->facts.n_langs == 0 ||
			pv_str_equal(pv_str(rule->words.items[l].lang), trial->facts.langs[0]))
			words = &rule->words.items[l];
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_INVITE, remark);
	if (!remedy)
		return;
	pv_say(&trial->say, "Terminez par une question", "End with a question");
	if (words && words->texts.n) {
		struct pv_buf text = PV_BUF(trial->facts.arena.mem, PV_SAY_BYTES_MAX);
		const char *first = words->texts.items[0];
		pv_buf_char(&text, *first >= 'a' && *first <= 'z' ? (char)(*first - 32) : *first);
		pv_buf_text(&text, first + 1);
		pv_buf_char(&text, '?');
		remedy->text = text.failed ? NULL : text.bytes;
		remedy->lang = words->lang;
		pv_say(&trial->say, ", par exemple ", ", for example ");
		pv_say_quoted_same(&trial->say, pv_str(remedy->text ? remedy->text : ""));
	}
	pv_trial_remedy_words(trial, remedy);
}

/* ---- links ----------------------------------------------------------------------------------- */

/* What is to change: a span, or something in a description, which the words then name. */
static void place(struct pv_remedy *remedy, const struct pv_evidence *e)
{
	remedy->has_span = e->has_span;
	remedy->span = e->span;
	remedy->media = e->media;
}

static void say_out_of_media(struct pv_trial *trial, int64_t media)
{
	if (!media)
		return;
	pv_say(&trial->say, " de ", " from ");
	pv_trial_say_media(trial, media);
}

static void remove_spans(struct pv_trial *trial, const struct pv_remark *remark)
{
	for (size_t i = 0; i < remark->n_evidence; i++) {
		const struct pv_evidence *e = &remark->evidence[i];
		if ((!e->has_span && !e->media) ||
			(e->kind != PV_EVIDENCE_LINK && e->kind != PV_EVIDENCE_HANDLE))
			continue;
		struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_REMOVE_LINK, remark);
		if (!remedy)
			return;
		place(remedy, e);
		pv_say(&trial->say, "Retirez ", "Remove ");
		pv_say_same(&trial->say, pv_str(e->written ? e->written : ""));
		say_out_of_media(trial, e->media);
		pv_trial_remedy_words(trial, remedy);
	}
}

static void neighbours_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_finding *finding)
{
	const struct pv_policy *policy = trial->facts.policy;
	remove_spans(trial, remark);
	for (size_t i = 0; i < policy->n_accounts; i++) {
		const struct pv_account *account = &policy->accounts[i];
		if (strcmp(account->owner, finding->org->id) != 0 ||
			account->stance != PV_STANCE_ORGANISATION)
			continue;
		struct pv_remedy *remedy =
			pv_trial_remedy(trial, PV_REMEDY_PUBLISH_ELSEWHERE, remark);
		if (!remedy)
			return;
		remedy->account = account->id;
		pv_say(&trial->say, "Ou publiez-la sur le compte de ",
			"Or publish it on the account of ");
		pv_say_quoted_same(
			&trial->say, pv_str(finding->org->names.n ? finding->org->names.items[0]
								  : finding->org->id));
		pv_trial_remedy_words(trial, remedy);
		return;
	}
}

static void links_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	const struct pv_facts *facts = &trial->facts;
	if (rule->forbid == PV_FORBID_SITES) {
		remove_spans(trial, remark);
		return;
	}
	for (size_t i = 0; i < facts->n_links; i++) {
		const struct pv_link *link = &facts->links[i];
		if (rule->forbid == PV_FORBID_SHORTENED ? !link->shortened : !link->unresolved)
			continue;
		struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_REPLACE_LINK, remark);
		if (!remedy)
			return;
		struct pv_evidence where = {0};
		pv_trial_place(trial, &where, link->media, link->start, link->end);
		place(remedy, &where);
		if (link->media) {
			pv_say(&trial->say, "Dans ", "In ");
			pv_trial_say_media(trial, (int64_t)link->media);
			pv_say(&trial->say, ", écrivez l'adresse entière et non ",
				", write the full address, not ");
			pv_say_same(&trial->say, link->written);
		} else if (link->unresolved) {
			pv_say(&trial->say, "Mettez l'adresse entière à la place de ",
				"Put the full address in place of ");
			pv_say_same(&trial->say, link->written);
		} else {
			pv_say(&trial->say, "Mettez à sa place ", "Put in its place ");
			pv_say_same(&trial->say, link->leads_to);
		}
		if (!link->unresolved)
			remedy->text = pv_trial_text(trial, link->leads_to);
		pv_trial_remedy_words(trial, remedy);
	}
}

/* ---- languages, accessibility, time, counts -------------------------------------------------- */

static void languages_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	const char *lang = remark->n_evidence ? remark->evidence[0].lang : "fr";
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_ADD_TRANSLATION, remark);
	if (!remedy)
		return;
	remedy->lang = lang;
	if (!rule->require_pair) {
		pv_say(&trial->say, "Placez le français en premier", "Put French first");
	} else {
		if (strcmp(lang ? lang : "", "en") == 0)
			pv_say(&trial->say, "Prévoyez la version anglaise à ",
				"Plan the English version at most ");
		else
			pv_say(&trial->say, "Prévoyez la version française à ",
				"Plan the French version at most ");
		pv_say_duration(&trial->say, &rule->within);
		pv_say(&trial->say, " au plus de celle-ci", " from this one");
	}
	pv_trial_remedy_words(trial, remedy);
}

static void access_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	for (size_t i = 0; i < remark->n_evidence; i++) {
		const struct pv_evidence *e = &remark->evidence[i];
		enum pv_remedy_act act = e->kind == PV_EVIDENCE_MEDIA ? PV_REMEDY_ADD_ALT_TEXT
					 : e->has_span                ? PV_REMEDY_REWRITE_HASHTAG
								      : PV_REMEDY_FEWER_HASHTAGS;
		struct pv_remedy *remedy = pv_trial_remedy(trial, act, remark);
		if (!remedy)
			return;
		remedy->count = e->count;
		remedy->has_span = e->has_span;
		remedy->span = e->span;
		if (act == PV_REMEDY_ADD_ALT_TEXT) {
			pv_say(&trial->say, "Décrivez en une phrase ce que montre le média",
				"Describe in one sentence what the media shows");
		} else if (act == PV_REMEDY_REWRITE_HASHTAG) {
			pv_say(&trial->say, "Écrivez ", "Write ");
			pv_say_same(&trial->say, pv_str(e->written ? e->written : ""));
			pv_say(&trial->say, " avec une majuscule à chaque mot",
				" with a capital on each word");
		} else {
			remedy->count = e->count - rule->max_hashtags;
			pv_say(&trial->say, "Gardez au plus ", "Keep at most ");
			pv_say_int(&trial->say, rule->max_hashtags);
			pv_buf_text(&trial->say.fr,
				rule->max_hashtags > 1 ? " mots-clics" : " mot-clic");
			pv_buf_text(
				&trial->say.en, rule->max_hashtags == 1 ? " hashtag" : " hashtags");
		}
		pv_trial_remedy_words(trial, remedy);
	}
}

static void postpone(struct pv_trial *trial, const struct pv_remark *remark, int64_t not_before_us)
{
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_CHANGE_TIME, remark);
	if (!remedy)
		return;
	remedy->not_before_us = not_before_us;
	pv_say(&trial->say, "Reportez-la au ", "Reschedule it to ");
	pv_say_moment(&trial->say, not_before_us);
	pv_say(&trial->say, " ou après", " or later");
	pv_trial_remedy_words(trial, remedy);
}

static void quiet_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	if (finding->free_us != PV_TIME_NONE) {
		postpone(trial, remark, finding->free_us);
		return;
	}
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_SWITCH_OFF, remark);
	if (!remedy)
		return;
	remedy->text = rule->switch_name;
	pv_say(&trial->say, "Attendez que l'interrupteur soit levé",
		"Wait until the switch is turned off");
	pv_trial_remedy_words(trial, remedy);
}

static void embargo_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	postpone(trial, remark, rule->until_us);
	if (!finding->has_match)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_REMOVE_WORDS, remark);
	if (!remedy)
		return;
	struct pv_evidence where = {0};
	pv_trial_place(
		trial, &where, finding->match_media, finding->match.start, finding->match.end);
	place(remedy, &where);
	pv_say(&trial->say, "Ou retirez ", "Or remove ");
	pv_say_quoted_same(
		&trial->say, pv_prose_slice(pv_facts_prose(&trial->facts, finding->match_media),
				     finding->match.start, finding->match.end));
	say_out_of_media(trial, where.media);
	pv_trial_remedy_words(trial, remedy);
}

/* The fewest other posts k with count/(total + k) within top/bottom. */
static void balance_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_finding *finding, int64_t top, int64_t bottom)
{
	if (top <= 0)
		return;
	int64_t others = (finding->count * bottom + top - 1) / top - finding->total;
	if (others < 1)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_OTHERS_FIRST, remark);
	if (!remedy)
		return;
	remedy->count = others;
	if (others == 1) {
		pv_say(&trial->say, "Une autre publication avant celle-ci rétablirait l'équilibre",
			"One other post before this one would restore the balance");
	} else {
		pv_say(&trial->say, "Il faudrait ", "It would take ");
		pv_say_int(&trial->say, others);
		pv_say(&trial->say, " autres publications avant celle-ci pour rétablir l'équilibre",
			" other posts before this one to restore the balance");
	}
	pv_trial_remedy_words(trial, remedy);
}

static void quota_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	if (rule->at_most.share)
		balance_remedies(trial, remark, finding, rule->at_most.top, rule->at_most.bottom);
	else if (finding->free_us != PV_TIME_NONE)
		postpone(trial, remark, finding->free_us);
}

static void mix_remedies(struct pv_trial *trial, const struct pv_remark *remark,
	const struct pv_rule *rule, const struct pv_finding *finding)
{
	const struct pv_target *target = finding->target;
	balance_remedies(trial, remark, finding,
		target->top * rule->tolerance_bottom + rule->tolerance_top * target->bottom,
		target->bottom * rule->tolerance_bottom * 100);
}

/* ---- declarations ---------------------------------------------------------------------------- */

/* A declaration to propose "if it is so": told with what would follow. */
static void propose(struct pv_trial *trial, const struct pv_remark *remark, enum pv_fact fact,
	const char *value)
{
	enum pv_verdict then = pv_trial_if_declared(trial, fact, value);
	if (then >= trial->out->verdict)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_DECLARE, remark);
	if (!remedy)
		return;
	remedy->field = pv_fact_names[fact];
	remedy->value = value;
	if (fact == PV_FACT_TOPIC) {
		pv_say(&trial->say, "Si le sujet est ", "If the topic is ");
		pv_say_quoted_same(&trial->say, pv_str(value));
		pv_say(&trial->say, ", déclarez-le", ", declare it");
	} else if (fact == PV_FACT_SPONSORED) {
		pv_say(&trial->say, "Si elle est payée comme toute publicité, déclarez-le",
			"If it is paid for like any advertisement, declare it");
	} else {
		int interest = pv_name_index(pv_interest_names, PV_INTERESTS, pv_str(value));
		pv_say(&trial->say, "S'il s'agit d'", "If it is ");
		pv_say_words(&trial->say,
			pv_interest_words((enum pv_interest)(interest < 0 ? 0 : interest)));
		pv_say(&trial->say, ", déclarez-le", ", declare it");
	}
	if (then == PV_VERDICT_APPROVE)
		pv_say(&trial->say, "\u00a0: une autre personne confirmera",
			": another person will confirm");
	pv_trial_remedy_words(trial, remedy);
}

/* What the rule's own exceptions ("unless") would take that the author can declare. */
static void unless_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	for (size_t u = 0; u < rule->n_unless; u++) {
		const struct pv_condition *unless = &rule->unless[u];
		const struct pv_line *interest = line_of(unless, PV_FACT_INTEREST);
		const struct pv_line *topic = line_of(unless, PV_FACT_TOPIC);
		for (size_t v = 0; interest && v < interest->values.n; v++)
			propose(trial, remark, PV_FACT_INTEREST, interest->values.items[v]);
		for (size_t v = 0; topic && v < topic->values.n; v++)
			propose(trial, remark, PV_FACT_TOPIC, topic->values.items[v]);
	}
}

static const char *own_account(const struct pv_facts *facts)
{
	for (size_t i = 0; i < facts->policy->n_accounts; i++) {
		const struct pv_account *account = &facts->policy->accounts[i];
		if (account->stance == PV_STANCE_PERSONAL &&
			pv_str_equal(pv_str(account->owner), facts->c->author))
			return account->id;
	}
	return NULL;
}

static void own_account_remedy(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	bool own = names(line_of(&rule->when, PV_FACT_ORIGIN), "own_creation") ||
		   names(line_of(&rule->when, PV_FACT_INTEREST), "personal_favourite");
	if (!own || trial->facts.stance == PV_STANCE_PERSONAL)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_PUBLISH_ON_OWN_ACCOUNT, remark);
	if (!remedy)
		return;
	remedy->account = own_account(&trial->facts);
	pv_say(&trial->say, "Vous pouvez la publier sur votre propre compte",
		"You may publish it on your own account");
	pv_trial_remedy_words(trial, remedy);
}

static void remove_words(struct pv_trial *trial, const struct pv_remark *remark)
{
	for (size_t i = 0; i < remark->n_evidence; i++) {
		const struct pv_evidence *e = &remark->evidence[i];
		if (e->kind != PV_EVIDENCE_WORD || (!e->has_span && !e->media))
			continue;
		struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_REMOVE_WORDS, remark);
		if (!remedy)
			return;
		place(remedy, e);
		pv_say(&trial->say, "Retirez ", "Remove ");
		pv_say_quoted_same(&trial->say, pv_str(e->written ? e->written : ""));
		say_out_of_media(trial, e->media);
		pv_trial_remedy_words(trial, remedy);
	}
}

static void category_remedies(
	struct pv_trial *trial, const struct pv_remark *remark, const struct pv_rule *rule)
{
	size_t before = trial->out->n_remedies;
	if (rule->then == PV_VERDICT_APPROVE)
		return;
	own_account_remedy(trial, remark, rule);
	unless_remedies(trial, remark, rule);
	if (names(line_of(&rule->when, PV_FACT_SPONSORED), "no"))
		propose(trial, remark, PV_FACT_SPONSORED, "yes");
	if (names(line_of(&rule->when, PV_FACT_CONSENT), "no")) {
		struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_RECORD_CONSENT, remark);
		if (!remedy)
			return;
		pv_say(&trial->say, "Notez le consentement des personnes, ou changez d'image",
			"Record the people's consent, or change the image");
		pv_trial_remedy_words(trial, remedy);
	}
	if (line_of(&rule->when, PV_FACT_TOPIC))
		remove_words(trial, remark);
	if (line_of(&rule->when, PV_FACT_RELATION))
		remove_spans(trial, remark);
	if (trial->out->n_remedies > before || rule->then < PV_VERDICT_REFUSE || rule->firm)
		return;
	struct pv_remedy *remedy = pv_trial_remedy(trial, PV_REMEDY_EXCEPTION, remark);
	if (!remedy)
		return;
	pv_say(&trial->say, "Seule une dérogation datée et motivée la permettrait",
		"Only a dated, reasoned exception would allow it");
	pv_trial_remedy_words(trial, remedy);
}

void pv_remedies_of_rule(struct pv_trial *trial, const struct pv_remark *remark)
{
	const struct pv_rule *rule = pv_trial_rule(trial, remark);
	const struct pv_finding *finding = pv_trial_finding(trial, remark);
	switch (rule->kind) {
	case PV_RULE_CATEGORY: category_remedies(trial, remark, rule); return;
	case PV_RULE_DISCLOSURE:
	case PV_RULE_MENTION: wordings_remedies(trial, remark, rule, finding); break;
	case PV_RULE_VOICE: voice_remedies(trial, remark, rule, finding); break;
	case PV_RULE_INVITE: invite_remedies(trial, remark, rule); break;
	case PV_RULE_NEIGHBOURS: neighbours_remedies(trial, remark, finding); break;
	case PV_RULE_LINKS: links_remedies(trial, remark, rule); break;
	case PV_RULE_LANGUAGES: languages_remedies(trial, remark, rule); break;
	case PV_RULE_ACCESS: access_remedies(trial, remark, rule); break;
	case PV_RULE_QUIET: quiet_remedies(trial, remark, rule, finding); break;
	case PV_RULE_EMBARGO: embargo_remedies(trial, remark, rule, finding); break;
	case PV_RULE_QUOTA: quota_remedies(trial, remark, rule, finding); break;
	case PV_RULE_MIX: mix_remedies(trial, remark, rule, finding); break;
	default: break;
	}
	unless_remedies(trial, remark, rule);
}
