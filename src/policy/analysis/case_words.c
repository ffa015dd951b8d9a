/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An example post told to a person: where, what, and what is declared; the text as it stands. */
#include "policy/analysis/witness.h"
#include "policy/analysis/words.h"

static const struct pv_words kinds[PV_POST_KINDS + 1] = {
	[PV_POST] = {"une publication", "a post"},
	[PV_SHARE] = {"un partage", "a share"},
	[PV_REPLY] = {"une réponse", "a reply"},
	[PV_POST_KINDS] = {"une réponse épinglée", "a pinned reply"},
};

static void say_account(struct pv_say *say, const struct pv_policy *policy, const struct pv_case *c)
{
	const struct pv_account *named = pv_policy_account(policy, c->account);
	enum pv_stance stance = named ? named->stance : c->accounts[0].stance;
	struct pv_str platform = named ? pv_str(named->platform) : c->accounts[0].platform;
	if (named) {
		pv_say(say, "Sur ", "On ");
		pv_say_same(say, c->account);
	} else {
		pv_say(say, "Sur un compte que la politique ne nomme pas",
			"On an account that the policy does not name");
	}
	pv_say(say, " (", " (");
	pv_analysis_say_value(say, PV_FACT_STANCE, pv_stance_names[stance]);
	if (!named) {
		pv_say(say, ", propriétaire\u00a0: ", ", owner: ");
		pv_say_same(say, c->accounts[0].owner);
	}
	pv_say(say, ", ", ", ");
	pv_say_platform(say, platform);
	pv_say(say, ")", ")");
}

static void say_next(struct pv_say *say, size_t *n)
{
	if ((*n)++ == 0)
		pv_say(say, "\u00a0: ", ": ");
	else
		pv_say(say, "; ", "; ");
}

static void say_bits(struct pv_say *say, enum pv_fact fact, unsigned bits, const char *const *names,
	int n_names, size_t *n)
{
	for (int i = 0; i < n_names; i++)
		if (bits >> i & 1) {
			say_next(say, n);
			pv_analysis_say_value(say, fact, names[i]);
		}
}

static void say_declared(struct pv_say *say, const struct pv_case_declared *declared)
{
	size_t n = 0;
	if (declared->origin) {
		say_next(say, &n);
		pv_analysis_say_value(say, PV_FACT_ORIGIN, pv_origin_names[declared->origin]);
	}
	if (declared->interest) {
		say_next(say, &n);
		pv_analysis_say_value(say, PV_FACT_INTEREST, pv_interest_names[declared->interest]);
	}
	say_bits(say, PV_FACT_RELATION, declared->relation, pv_relation_names, PV_RELATIONS, &n);
	say_bits(say, PV_FACT_HUMAN, declared->human, pv_human_names, PV_HUMANS, &n);
	if (declared->axis.size) {
		say_next(say, &n);
		pv_say(say, "axe ", "axis ");
		pv_say_quoted_same(say, declared->axis);
	}
	for (size_t i = 0; i < declared->n_topic; i++) {
		say_next(say, &n);
		pv_say(say, "sujet ", "topic ");
		pv_say_quoted_same(say, declared->topic[i]);
	}
	if (declared->sponsored) {
		say_next(say, &n);
		pv_analysis_say_value(say, PV_FACT_SPONSORED, "yes");
	}
	if (declared->consent) {
		say_next(say, &n);
		pv_analysis_say_value(say, PV_FACT_CONSENT, "yes");
	}
	if (declared->relevance) {
		say_next(say, &n);
		pv_analysis_say_value(
			say, PV_FACT_RELEVANCE, pv_relevance_names[declared->relevance]);
	}
	if (n == 0)
		pv_say(say, ", sans rien déclarer", ", nothing declared");
}

static void say_languages(struct pv_say *say, const struct pv_case_post *post)
{
	if (post->n_lang == 1 && pv_str_equal(post->lang[0], pv_str("fr")))
		return;
	pv_say(say, " (", " (");
	if (post->n_lang == 0)
		pv_say(say, "sans langue", "no language");
	for (size_t i = 0; i < post->n_lang; i++) {
		pv_say_and(say, i, post->n_lang);
		pv_say_language(say, post->lang[i]);
	}
	pv_say(say, ")", ")");
}

static void say_around(struct pv_say *say, const struct pv_case *c)
{
	int64_t past = 0;
	for (size_t i = 0; i < c->n_history; i++)
		past += c->history[i].times ? c->history[i].times : 1;
	if (past) {
		pv_say(say, " Publications déjà parues dans la période\u00a0: ",
			" Posts already out in the period: ");
		pv_say_int(say, past);
		pv_say(say, ".", ".");
	}
	if (c->n_switches) {
		pv_say(say, " Interrupteur en marche\u00a0: ", " Switch on: ");
		pv_say_same(say, c->switches[0]);
		pv_say(say, ".", ".");
	}
	if (c->post.n_media)
		pv_say(say, " Avec une image que rien ne décrit.",
			" With an image that nothing describes.");
	if (c->post.pair_lang.size) {
		pv_say(say, " Une jumelle paraît en même temps, en ",
			" A twin appears at the same time, in ");
		pv_say_language(say, c->post.pair_lang);
		pv_say(say, ".", ".");
	}
	for (size_t i = 0; i < c->n_approvals; i++) {
		pv_say(say, " Approuvée par ", " Approved by ");
		pv_say_person(say, c, c->approvals[i].by);
		pv_say(say, ".", ".");
	}
}

/* Line breaks read as a stroke. */
static void say_text(struct pv_say *say, TALLOC_CTX *mem, struct pv_str text)
{
	struct pv_buf line = PV_BUF(mem, 1 << 20);
	for (size_t i = 0; i < text.size; i++)
		if (text.bytes[i] == '\n')
			pv_buf_text(&line, " / ");
		else
			pv_buf_char(&line, text.bytes[i]);
	const char *end = pv_buf_end(&line);
	pv_say(say, " Texte\u00a0: ", " Text: ");
	pv_say_quoted_same(say, pv_str(end ? end : ""));
	pv_say(say, ".", ".");
}

void pv_say_case(struct pv_say *say, const struct pv_policy *policy, const struct pv_case *c)
{
	say_account(say, policy, c);
	pv_say(say, ", ", ", ");
	pv_say_moment(say, c->at_us);
	pv_say(say, ", ", ", ");
	pv_say_words(say, &kinds[c->post.pinned ? PV_POST_KINDS : c->post.kind]);
	say_languages(say, &c->post);
	say_declared(say, &c->declared);
	pv_say_stop(say);
	say_around(say, c);
	if (c->post.text.size)
		say_text(say, say->fr.mem, c->post.text);
}
