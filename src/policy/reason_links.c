/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a link gets to somebody, said of the post: by its address, a redirect, its page's own words. */
#include "policy/trial.h"

/* "…inscrit à votre registre " + these */
static const struct pv_words ties_of_author[PV_RELATIONS] = {
	[PV_RELATION_AUTHOR] = {"comme votre création", "as your own creation"},
	[PV_RELATION_OWNER] = {"comme une entreprise qui vous appartient", "as a business you own"},
	[PV_RELATION_EMPLOYEE] = {"comme votre employeur", "as your employer"},
	[PV_RELATION_CLIENT] = {"comme un client", "as a client"},
	[PV_RELATION_FAMILY] = {"comme lié à un proche", "as a relative's"},
	[PV_RELATION_PAID] = {"comme une source de rémunération", "as someone who pays you"},
	[PV_RELATION_GIFTED] = {"comme une source de cadeaux", "as someone who gives you gifts"},
};

static const struct pv_words ties_of_owner[PV_RELATIONS] = {
	[PV_RELATION_AUTHOR] = {"comme sa création", "as its own creation"},
	[PV_RELATION_OWNER] = {"comme sa propriété", "as its property"},
	[PV_RELATION_EMPLOYEE] = {"comme un employeur", "as an employer"},
	[PV_RELATION_CLIENT] = {"comme un client", "as a client"},
	[PV_RELATION_FAMILY] = {"comme un proche", "as a relative"},
	[PV_RELATION_PAID] = {"comme une source de rémunération", "as someone who pays it"},
	[PV_RELATION_GIFTED] = {"comme une source de cadeaux", "as someone who gives it gifts"},
};

struct pv_evidence *pv_trial_link_evidence(
	struct pv_trial *trial, size_t index, const struct pv_shown *shown)
{
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_LINK);
	if (!e)
		return NULL;
	e->via = shown ? shown->via : PV_VIA_ADDRESS;
	e->certainty = !shown || shown->sure ? PV_SURE : PV_LIKELY;
	e->found = e->certainty == PV_SURE;
	if (index < trial->facts.n_links) {
		const struct pv_link *link = &trial->facts.links[index];
		pv_trial_place(trial, e, link->media, link->start, link->end);
		e->written = pv_trial_text(trial, link->written);
		e->leads_to = link->unresolved ? NULL : pv_trial_site(trial, &link->site);
	}
	if (shown && shown->is_address)
		e->leads_to = pv_trial_site(trial, &shown->site);
	return e;
}

/* The host of the page that shows it: the link's end. */
static struct pv_str page_host(const struct pv_trial *trial, const struct pv_shown *shown)
{
	const struct pv_facts *facts = &trial->facts;
	for (size_t i = 0; i < facts->n_shown; i++)
		if (facts->shown[i].link == shown->link && facts->shown[i].via == PV_VIA_REDIRECT)
			return facts->shown[i].site.host;
	return facts->links[shown->link].site.host;
}

void pv_trial_say_leads(struct pv_trial *trial, size_t link, const struct pv_shown *shown)
{
	if (shown && shown->via == PV_VIA_PROFILE) {
		pv_say(&trial->say, "Le lien mène au compte ", "The link leads to the account ");
		pv_say_same(&trial->say, shown->site.host);
		pv_say(&trial->say, " sur ", " on ");
		pv_say_same(&trial->say, page_host(trial, shown));
		return;
	}
	if (!shown)
		pv_say(&trial->say, "Le lien mène à ", "The link leads to ");
	else if (shown->via == PV_VIA_REDIRECT)
		pv_say(&trial->say, "Le lien mène, par redirection, à ",
			"The link leads, by a redirect, to ");
	else
		pv_say(&trial->say, "Le lien mène à une page qui donne pour sienne l'adresse ",
			"The link leads to a page that gives as its own the address ");
	pv_say_same(&trial->say, shown ? shown->site.host : trial->facts.links[link].site.host);
}

void pv_trial_say_page(struct pv_trial *trial, const struct pv_shown *shown)
{
	pv_say(&trial->say, "La page de ", "The page at ");
	pv_say_same(&trial->say, page_host(trial, shown));
}

/* What is shown, as a reader knows it: a host, an account or a feed's address. */
static void say_shown(struct pv_trial *trial, const struct pv_shown *shown)
{
	pv_say_same(&trial->say, shown->is_address ? shown->site.host : shown->text);
}

/* "La page de X vous nomme comme auteur : Y" */
static void say_author(
	struct pv_trial *trial, const struct pv_tie_found *tie, const struct pv_shown *shown)
{
	pv_trial_say_page(trial, shown);
	if (tie->of_author && tie->tie->relation == PV_RELATION_AUTHOR)
		pv_say(&trial->say,
			" vous nomme comme auteur\u00a0: ", " names you as its author: ");
	else
		pv_say(&trial->say, " nomme comme auteur ", " names as its author ");
	say_shown(trial, shown);
}

static void say_way(struct pv_trial *trial, const struct pv_tie_found *tie)
{
	const struct pv_shown *shown = tie->shown;
	switch (tie->via) {
	case PV_VIA_AUTHOR: say_author(trial, tie, shown); break;
	case PV_VIA_ME:
		pv_trial_say_page(trial, shown);
		pv_say(&trial->say, " se dit de la même personne que ",
			" says it is by the same person as ");
		say_shown(trial, shown);
		break;
	case PV_VIA_FEED:
		pv_say(&trial->say, "Le lien est un article de ce fil\u00a0: ",
			"The link is an article of this feed: ");
		say_shown(trial, shown);
		break;
	default: pv_trial_say_leads(trial, tie->at, shown); break;
	}
	pv_say(&trial->say, ", inscrit ", ", entered ");
}

static struct pv_evidence *handle_evidence(struct pv_trial *trial, size_t index)
{
	const struct pv_handle *handle = &trial->facts.handles[index];
	struct pv_evidence *e = pv_trial_evidence(trial, PV_EVIDENCE_HANDLE);
	if (!e)
		return NULL;
	e->found = true;
	e->via = PV_VIA_HANDLE;
	e->certainty = PV_SURE;
	pv_trial_place(trial, e, handle->media, handle->start, handle->end);
	e->written = pv_trial_text(trial, handle->written);
	pv_say(&trial->say, "Le compte ", "The account ");
	pv_say_same(&trial->say, handle->written);
	pv_say(&trial->say, " est inscrit ", " is entered ");
	return e;
}

void pv_trial_say_register(struct pv_trial *trial, const struct pv_tie *tie, bool of_author)
{
	if (of_author) {
		pv_say(&trial->say, "à votre registre ", "in your register ");
		pv_say_words(&trial->say, &ties_of_author[tie->relation]);
	} else {
		pv_say(&trial->say, "au registre de l'organisation ",
			"in the organisation's register ");
		pv_say_words(&trial->say, &ties_of_owner[tie->relation]);
	}
}

/* "Le lien mène à X, inscrit à votre registre comme votre création" */
void pv_reason_tie(struct pv_trial *trial, const struct pv_tie_found *tie)
{
	struct pv_facts *facts = &trial->facts;
	struct pv_evidence *e = tie->via == PV_VIA_HANDLE
					? handle_evidence(trial, tie->at)
					: pv_trial_link_evidence(trial, tie->at, tie->shown);
	if (!e)
		return;
	e->relation = pv_relation_names[tie->tie->relation];
	e->name = tie->tie->n_names ? pv_trial_text(trial, tie->tie->names[0]) : NULL;
	e->register_of = pv_trial_text(trial, tie->of_author ? facts->c->author : facts->owner);
	if (tie->via != PV_VIA_HANDLE)
		say_way(trial, tie);
	pv_trial_say_register(trial, tie->tie, tie->of_author);
	if (tie->of_author && tie->tie->relation == PV_RELATION_AUTHOR && facts->origin_found &&
		facts->c->declared.origin != PV_ORIGIN_UNKNOWN) {
		pv_say(&trial->say, "; la déclaration (", "; the declaration (");
		pv_say_words(&trial->say, pv_origin_words(facts->c->declared.origin));
		pv_say(&trial->say, ") est complétée par le registre",
			") is completed from the register");
	}
	pv_trial_clause(trial, e);
}
