/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What may concern the author and proves nothing: a name among a page's authors, a page that claims
 * to be a copy of one of theirs, an article of theirs that the post was begun from, a link to an
 * account of their name, a host that looks like theirs or like an organisation's. It is shown with how sure it is; the author may declare it. No fact
 * follows from it, hence no verdict.
 */
#include "policy/suffix.h"
#include "policy/trial.h"
#include "text/address.h"
#include "text/alike.h"

enum {
	NAME_LETTERS_MIN = 4,  /* shorter names are many people's */
	LABEL_LETTERS_MIN = 5, /* the same label under another suffix: "blog" says nothing */
	HOSTS_COMPARED_MAX = 500,
};

static struct pv_evidence *new_clue(struct pv_trial *trial, enum pv_certainty certainty,
	size_t link, const struct pv_shown *shown)
{
	struct pv_judgement *out = trial->out;
	if (out->n_clues == PV_CLUES_MAX)
		return NULL;
	if (!out->clues)
		out->clues = pv_arena_array(
			&trial->facts.arena, struct pv_evidence, (size_t)PV_CLUES_MAX);
	if (!out->clues)
		return NULL;
	trial->evidence = NULL;
	trial->n_evidence = 0;
	struct pv_evidence *made = pv_trial_link_evidence(trial, link, shown);
	if (!made)
		return NULL;
	struct pv_evidence *clue = &out->clues[out->n_clues++];
	*clue = *made;
	clue->certainty = certainty;
	clue->found = false;
	return clue;
}

static void end_clue(struct pv_trial *trial, struct pv_evidence *clue)
{
	pv_say_stop(&trial->say);
	clue->words = pv_trial_placed(trial, clue);
}

/* Would declaring this tie say anything new? */
static bool known_already(const struct pv_facts *facts, enum pv_relation relation)
{
	return facts->relation >> relation & 1;
}

static void may_declare(struct pv_evidence *clue, enum pv_relation relation)
{
	bool own = relation == PV_RELATION_AUTHOR;
	clue->relation = pv_relation_names[relation];
	clue->field = own ? "origin" : "relation";
	clue->value = own ? pv_origin_names[PV_ORIGIN_OWN_CREATION] : clue->relation;
}

static void say_if_so(struct pv_trial *trial, enum pv_relation relation)
{
	if (relation == PV_RELATION_AUTHOR)
		pv_say(&trial->say, ". Si c'est votre création, déclarez-la",
			". If it is your own creation, declare it");
	else
		pv_say(&trial->say, ". S'il y a bien ce lien, déclarez-le",
			". If there is such a tie, declare it");
}

/* ---- names ------------------------------------------------------------------------------------- */

static bool same_name(struct pv_facts *facts, struct pv_str a, struct pv_str b)
{
	uint32_t *one, *other;
	size_t n, m;
	return pv_prose_fold(facts->arena.mem, a, &one, &n) &&
	       pv_prose_fold(facts->arena.mem, b, &other, &m) && n == m && n >= NAME_LETTERS_MIN &&
	       memcmp(one, other, n * sizeof *one) == 0;
}

static void say_name(struct pv_trial *trial, const struct pv_shown *shown)
{
	pv_trial_say_page(trial, shown);
	pv_say(&trial->say, " nomme comme auteur ", " names as its author ");
	pv_say_quoted_same(&trial->say, shown->text);
}

/* The author's own name, first and last: « Marc » alone is anybody's. */
static bool own_name(struct pv_trial *trial, const struct pv_shown *shown)
{
	struct pv_facts *facts = &trial->facts;
	struct pv_str name = facts->author->name;
	if (known_already(facts, PV_RELATION_AUTHOR) || name.size == 0 ||
		!memchr(name.bytes, ' ', name.size) || !same_name(facts, shown->text, name))
		return false;
	struct pv_evidence *clue = new_clue(trial, PV_LIKELY, shown->link, shown);
	if (!clue)
		return true;
	clue->name = pv_trial_text(trial, name);
	may_declare(clue, PV_RELATION_AUTHOR);
	say_name(trial, shown);
	pv_say(&trial->say, ", comme vous", ", as you are called");
	say_if_so(trial, PV_RELATION_AUTHOR);
	end_clue(trial, clue);
	return true;
}

static bool registered_name(
	struct pv_trial *trial, const struct pv_shown *shown, const struct pv_tie *tie)
{
	bool named = false;
	for (size_t i = 0; i < tie->n_names && !named; i++)
		named = same_name(&trial->facts, shown->text, tie->names[i]);
	struct pv_evidence *clue = named ? new_clue(trial, PV_LIKELY, shown->link, shown) : NULL;
	if (!clue)
		return named;
	clue->name = pv_trial_text(trial, tie->names[0]);
	may_declare(clue, tie->relation);
	say_name(trial, shown);
	pv_say(&trial->say, ", un nom inscrit ", ", a name entered ");
	pv_trial_say_register(trial, tie, true);
	say_if_so(trial, tie->relation);
	end_clue(trial, clue);
	return true;
}

/* ---- what the post was begun from -------------------------------------------------------------- */

static bool begun_from(
	struct pv_trial *trial, const struct pv_shown *shown, const struct pv_tie_ready *ready)
{
	const struct pv_tie *tie = ready->tie;
	if (!pv_shown_names(&trial->facts, shown, ready))
		return false;
	for (size_t i = 0; i < trial->out->n_clues; i++)
		if (trial->out->clues[i].via == PV_VIA_ITEM)
			return true; /* told by its address */
	struct pv_evidence *clue = new_clue(trial, PV_LIKELY, shown->link, shown);
	if (!clue)
		return true;
	clue->name = tie->n_names ? pv_trial_text(trial, tie->names[0]) : NULL;
	may_declare(clue, tie->relation);
	if (shown->via == PV_VIA_FEED)
		pv_say(&trial->say, "La publication part d'un article de ce fil\u00a0: ",
			"The post was begun from an article of this feed: ");
	else
		pv_say(&trial->say, "La publication part d'un article de ",
			"The post was begun from an article of ");
	pv_say_same(&trial->say, shown->is_address ? shown->site.host : shown->text);
	pv_say(&trial->say, ", inscrit ", ", entered ");
	pv_trial_say_register(trial, tie, true);
	if (tie->relation == PV_RELATION_AUTHOR)
		pv_say(&trial->say, ". Si elle en parle, déclarez votre création",
			". If it speaks of it, declare your own creation");
	else
		say_if_so(trial, tie->relation);
	end_clue(trial, clue);
	return true;
}

/* ---- claims of being a copy -------------------------------------------------------------------- */

static bool claimed_copy(
	struct pv_trial *trial, const struct pv_shown *shown, const struct pv_tie_ready *ready)
{
	const struct pv_tie *tie = ready->tie;
	bool covered = false;
	for (size_t d = 0; d < tie->n_domains && !covered; d++)
		covered = pv_site_covers(&ready->domains[d], &shown->site);
	struct pv_evidence *clue = covered ? new_clue(trial, PV_LIKELY, shown->link, shown) : NULL;
	if (!clue)
		return covered;
	clue->name = tie->n_names ? pv_trial_text(trial, tie->names[0]) : NULL;
	may_declare(clue, tie->relation);
	pv_trial_say_page(trial, shown);
	pv_say(&trial->say, " se dit la copie d'une page de ", " says it is a copy of a page of ");
	pv_say_same(&trial->say, shown->site.host);
	pv_say(&trial->say, ", inscrit ", ", entered ");
	pv_trial_say_register(trial, tie, true);
	say_if_so(trial, tie->relation);
	end_clue(trial, clue);
	return true;
}

/* ---- accounts that a link leads to ------------------------------------------------------------- */

static bool handle_is(
	struct pv_facts *facts, const struct pv_profile *profile, struct pv_str written)
{
	if (written.size && written.bytes[0] == '@')
		written = (struct pv_str){.bytes = written.bytes + 1, .size = written.size - 1};
	const char *at = written.size ? memchr(written.bytes, '@', written.size) : NULL;
	struct pv_str server = {0};
	if (at) {
		size_t size = (size_t)(at - written.bytes);
		server = (struct pv_str){.bytes = at + 1, .size = written.size - size - 1};
		written.size = size;
	}
	return (server.size == 0 || same_name(facts, server, profile->server)) &&
	       same_name(facts, profile->handle, written);
}

static bool linked_account(struct pv_trial *trial, size_t link, const struct pv_profile *profile,
	const struct pv_tie *tie)
{
	struct pv_facts *facts = &trial->facts;
	bool same = false;
	for (size_t h = 0; h < tie->n_handles && !same; h++)
		same = handle_is(facts, profile, tie->handles[h]);
	struct pv_evidence *clue = same ? new_clue(trial, PV_LIKELY, link, NULL) : NULL;
	if (!clue)
		return same;
	clue->name = tie->n_names ? pv_trial_text(trial, tie->names[0]) : NULL;
	may_declare(clue, tie->relation);
	pv_say(&trial->say, "Le lien mène au compte ", "The link leads to the account ");
	pv_say_quoted_same(&trial->say, profile->handle);
	pv_say(&trial->say, " sur ", " on ");
	pv_say_same(&trial->say, facts->links[link].site.host);
	pv_say(&trial->say, "\u00a0: un compte de ce nom est inscrit ",
		": an account of that name is entered ");
	pv_trial_say_register(trial, tie, true);
	say_if_so(trial, tie->relation);
	end_clue(trial, clue);
	return true;
}

/* ---- what the author's register says of all that ----------------------------------------------- */

static void look_at_shown(
	struct pv_trial *trial, const struct pv_shown *shown, const struct pv_person_ready *author)
{
	bool name = shown->via == PV_VIA_AUTHOR, copy = shown->via == PV_VIA_CANONICAL;
	if (shown->sure || (name && own_name(trial, shown)))
		return;
	for (size_t i = 0; i < author->person->n_interests; i++) {
		const struct pv_tie *tie = author->ties[i].tie;
		if (!pv_tie_counts(&trial->facts, tie) ||
			known_already(&trial->facts, tie->relation))
			continue;
		bool told = name   ? registered_name(trial, shown, tie)
			    : copy ? claimed_copy(trial, shown, &author->ties[i])
				   : begun_from(trial, shown, &author->ties[i]);
		if (told)
			return;
	}
}

static void look_at_link(struct pv_trial *trial, size_t link, const struct pv_person_ready *author)
{
	struct pv_profile profile;
	if (!pv_site_profile(&trial->facts.links[link].site, &profile))
		return;
	for (size_t i = 0; i < author->person->n_interests; i++) {
		const struct pv_tie *tie = author->ties[i].tie;
		if (pv_tie_counts(&trial->facts, tie) &&
			!known_already(&trial->facts, tie->relation) &&
			linked_account(trial, link, &profile, tie))
			return;
	}
}

/* ---- hosts that look alike --------------------------------------------------------------------- */

struct looks {
	struct pv_trial *trial;
	size_t link;
	struct pv_str host, label;
	const char *skeleton;
	size_t compared;
	bool said;
};

/* "carnetdemarc" of carnetdemarc.example and of carnetdemarc.com */
static bool same_label(struct looks *looks, struct pv_str host)
{
	if (looks->label.size < LABEL_LETTERS_MIN)
		return false;
	return pv_str_equal(
		looks->label, pv_host_registered_label(looks->trial->facts.arena.mem, host));
}

static bool looks_like(struct looks *looks, struct pv_str host)
{
	if (looks->said || looks->compared++ >= HOSTS_COMPARED_MAX ||
		pv_host_below(host, looks->host) || pv_host_below(looks->host, host))
		return false;
	const char *skeleton = pv_host_skeleton(looks->trial->facts.arena.mem, host);
	return skeleton && *skeleton &&
	       (strcmp(skeleton, looks->skeleton) == 0 || same_label(looks, host));
}

static void say_similar(struct looks *looks, struct pv_str host, const struct pv_tie *tie,
	const struct pv_organisation *org)
{
	struct pv_trial *trial = looks->trial;
	struct pv_evidence *clue = new_clue(trial, PV_SIMILAR, looks->link, NULL);
	looks->said = true;
	if (!clue)
		return;
	clue->name = org            ? org->names.n ? org->names.items[0] : org->id
		     : tie->n_names ? pv_trial_text(trial, tie->names[0])
				    : NULL;
	pv_say_same(&trial->say, looks->host);
	pv_say(&trial->say, " ressemble à ", " looks like ");
	pv_say_same(&trial->say, host);
	if (org) {
		pv_say(&trial->say, ", le site de ", ", the site of ");
		pv_say_quoted_same(&trial->say, pv_str(clue->name ? clue->name : ""));
		pv_say(&trial->say, ", et n'est pas le même\u00a0: vérifiez où mène ce lien",
			", and is not the same: check where this link leads");
	} else {
		pv_say(&trial->say,
			", inscrit à votre registre, et n'est pas le même\u00a0: rien n'en est "
			"déduit. S'il est aussi à vous, inscrivez-le",
			", entered in your register, and is not the same: nothing follows from "
			"it. If it is yours too, enter it");
	}
	end_clue(trial, clue);
}

/* Is the link somebody's that the case knows, or told of before? Then it needs no likeness. */
static bool is_known(const struct pv_facts *facts, size_t link)
{
	const struct pv_site *site = &facts->links[link].site;
	for (size_t i = 0; i < link; i++)
		if (pv_str_equal(facts->links[i].site.host, site->host))
			return true;
	for (size_t i = 0; i < facts->n_ties; i++)
		if (facts->ties[i].via != PV_VIA_HANDLE && facts->ties[i].at == link)
			return true;
	for (size_t i = 0; i < facts->policy->n_organisations; i++)
		if (pv_sites_cover(&facts->policy->organisations[i].domains, site))
			return true;
	return pv_sites_cover(&facts->policy->shorteners, site) || !site->whole;
}

static bool look_for_likeness(
	struct pv_trial *trial, size_t link, const struct pv_person_ready *author)
{
	struct pv_facts *facts = &trial->facts;
	if (is_known(facts, link))
		return true;
	struct looks looks = {.trial = trial, .link = link, .host = facts->links[link].site.host};
	looks.label = pv_host_registered_label(facts->arena.mem, looks.host);
	looks.skeleton = pv_host_skeleton(facts->arena.mem, looks.host);
	if (!looks.skeleton)
		return false;
	for (size_t i = 0; i < facts->policy->n_organisations; i++) {
		const struct pv_organisation *org = &facts->policy->organisations[i];
		for (size_t d = 0; d < org->domains.texts.n; d++)
			if (looks_like(&looks, org->domains.items[d].host))
				say_similar(&looks, org->domains.items[d].host, NULL, org);
	}
	for (size_t i = 0; author && i < author->person->n_interests; i++) {
		const struct pv_tie_ready *ready = &author->ties[i];
		for (size_t d = 0; d < ready->tie->n_domains; d++)
			if (pv_tie_counts(facts, ready->tie) &&
				looks_like(&looks, ready->domains[d].host))
				say_similar(&looks, ready->domains[d].host, ready->tie, NULL);
	}
	return true;
}

bool pv_trial_clues(struct pv_trial *trial)
{
	struct pv_facts *facts = &trial->facts;
	const struct pv_person_ready *author =
		facts->author ? &facts->people[facts->author - facts->c->people] : NULL;
	/* On one's own account nothing of one's own needs declaring. */
	bool asks = author && facts->stance != PV_STANCE_PERSONAL;
	for (size_t i = 0; asks && i < facts->n_shown; i++)
		look_at_shown(trial, &facts->shown[i], author);
	for (size_t i = 0; asks && i < facts->n_links; i++)
		look_at_link(trial, i, author);
	for (size_t i = 0; i < facts->n_links; i++)
		if (!look_for_likeness(trial, i, author))
			return false;
	return !facts->arena.failed;
}
