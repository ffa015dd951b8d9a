/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/exceptions.h"
#include "policy/facts.h"
#include "text/handle.h"

const struct pv_case_person *pv_facts_person(const struct pv_facts *facts, struct pv_str id)
{
	for (size_t i = 0; i < facts->c->n_people; i++)
		if (pv_str_equal(facts->c->people[i].id, id))
			return &facts->c->people[i];
	return NULL;
}

/* The document's word stands; the case speaks of accounts that the document does not name. */
static bool read_account(struct pv_facts *facts)
{
	const struct pv_case *c = facts->c;
	const struct pv_account *account = pv_policy_account(facts->policy, c->account);
	if (account) {
		facts->owner = pv_str(account->owner);
		facts->platform = pv_str(account->platform);
		facts->stance = account->stance;
	} else {
		const struct pv_case_account *given = NULL;
		for (size_t i = 0; i < c->n_accounts && !given; i++)
			if (pv_str_equal(c->accounts[i].id, c->account))
				given = &c->accounts[i];
		if (!given || given->stance == PV_STANCE_NONE)
			return false;
		facts->owner = given->owner;
		facts->platform = given->platform;
		facts->stance = given->stance;
	}
	facts->owner_org = pv_policy_organisation(facts->policy, facts->owner);
	return true;
}

static bool ready_tie(struct pv_facts *facts, const struct pv_tie *tie, struct pv_tie_ready *out)
{
	TALLOC_CTX *mem = facts->arena.mem;
	out->tie = tie;
	out->domains = pv_arena_array(&facts->arena, struct pv_site, tie->n_domains);
	out->handles = pv_arena_array(&facts->arena, struct pv_str, tie->n_handles);
	if (!out->domains || !out->handles)
		return false;
	for (size_t d = 0; d < tie->n_domains; d++)
		if (!pv_site_parse(mem, tie->domains[d], &out->domains[d]))
			return false;
	for (size_t h = 0; h < tie->n_handles; h++)
		if (!pv_handle_read(mem, tie->handles[h], &out->handles[h]))
			return false;
	return true;
}

static bool read_people(struct pv_facts *facts)
{
	const struct pv_case *c = facts->c;
	facts->people = pv_arena_array(&facts->arena, struct pv_person_ready, c->n_people);
	for (size_t i = 0; facts->people && i < c->n_people; i++) {
		const struct pv_case_person *person = &c->people[i];
		struct pv_tie_ready *ties =
			pv_arena_array(&facts->arena, struct pv_tie_ready, person->n_interests);
		if (!ties)
			return false;
		facts->people[i] = (struct pv_person_ready){.person = person, .ties = ties};
		for (size_t t = 0; t < person->n_interests; t++)
			if (!ready_tie(facts, &person->interests[t], &ties[t]))
				return false;
	}
	facts->author = pv_facts_person(facts, c->author);
	return facts->people != NULL;
}

bool pv_facts_host_named(struct pv_facts *facts, struct pv_str written)
{
	struct pv_site site;
	if (!pv_site_parse(facts->arena.mem, written, &site) || !site.whole)
		return false;
	for (size_t i = 0; i < facts->policy->n_named_hosts; i++)
		if (pv_host_below(facts->policy->named_hosts[i], site.host))
			return true;
	for (size_t p = 0; p < facts->c->n_people; p++)
		for (size_t t = 0; t < facts->people[p].person->n_interests; t++) {
			const struct pv_tie_ready *tie = &facts->people[p].ties[t];
			for (size_t d = 0; d < tie->tie->n_domains; d++)
				if (pv_host_below(tie->domains[d].host, site.host))
					return true;
		}
	return false;
}

static bool host_named(void *state, struct pv_str written)
{
	struct pv_facts *facts = state;
	facts->asked_hosts = true;
	return pv_facts_host_named(facts, written);
}

/*
 * A language tag says the same in capitals as in small letters (RFC 5646, 2.1.1); many programs
 * write "fr_CA" for it.
 */
static struct pv_str plain_tag(struct pv_arena *arena, struct pv_str tag)
{
	bool plain = true;
	for (size_t i = 0; i < tag.size && plain; i++)
		plain = (tag.bytes[i] < 'A' || tag.bytes[i] > 'Z') && tag.bytes[i] != '_';
	char *text = plain ? NULL : pv_arena_text(arena, tag);
	if (!text)
		return tag; /* out of memory: the arena says so at the end */
	for (char *c = text; *c; c++)
		*c = *c == '_' ? '-' : (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
	return pv_str(text);
}

static struct pv_str first_part(struct pv_str tag)
{
	const char *hyphen = tag.size ? memchr(tag.bytes, '-', tag.size) : NULL;
	if (hyphen)
		tag.size = (size_t)(hyphen - tag.bytes);
	return tag;
}

/* "fr-CA" is French: wordings and voices know the first part alone. */
static bool read_languages(struct pv_facts *facts)
{
	const struct pv_case_post *post = &facts->c->post;
	facts->tags = pv_arena_array(&facts->arena, struct pv_str, post->n_lang);
	facts->langs = pv_arena_array(&facts->arena, struct pv_str, post->n_lang);
	if (!facts->tags || !facts->langs)
		return false;
	facts->n_tags = post->n_lang;
	facts->pair_lang = first_part(plain_tag(&facts->arena, post->pair_lang));
	for (size_t i = 0; i < post->n_lang; i++) {
		facts->tags[i] = plain_tag(&facts->arena, post->lang[i]);
		struct pv_str lang = first_part(facts->tags[i]);
		bool known = false;
		for (size_t k = 0; k < facts->n_langs; k++)
			known |= pv_str_equal(facts->langs[k], lang);
		if (!known)
			facts->langs[facts->n_langs++] = lang;
	}
	return true;
}

/* Words of this topic in the text (0) or in one media's description. */
static bool hears(const struct pv_facts *facts, const struct pv_topic *topic, size_t media,
	struct pv_match *out)
{
	const struct pv_prose *prose = pv_facts_prose(facts, media);
	for (size_t l = 0; l < topic->words.n && prose->n; l++) {
		const struct pv_lang_words *words = &topic->words.items[l];
		for (size_t w = 0; w < words->texts.n; w++)
			if (pv_words_find(
				    prose, &words->needles[w], PV_CH_LINK | PV_CH_HANDLE, 0, out))
				return true;
	}
	return false;
}

static bool read_topics(struct pv_facts *facts)
{
	const struct pv_policy *policy = facts->policy;
	for (size_t i = 0; i < policy->n_topics; i++) {
		const struct pv_topic *topic = &policy->topics[i];
		struct pv_match match;
		size_t media = 0, n_media = facts->c->post.n_media;
		while (media <= n_media && !hears(facts, topic, media, &match))
			media++;
		if (media > n_media)
			continue;
		facts->topics = pv_arena_more(
			&facts->arena, facts->topics, facts->n_topics, sizeof *facts->topics);
		if (!facts->topics)
			return false;
		facts->topics[facts->n_topics++] =
			(struct pv_topic_found){.topic = topic, .media = media, .match = match};
	}
	return true;
}

/* Facts 2 and 3 of the format: ties add relations, an own creation is one whatever is declared. */
static void read_relations(struct pv_facts *facts)
{
	const struct pv_case_declared *declared = &facts->c->declared;
	facts->origin = declared->origin;
	facts->relation = declared->relation;
	for (size_t i = 0; i < facts->n_ties; i++) {
		const struct pv_tie_found *found = &facts->ties[i];
		facts->relation |= 1u << found->tie->relation;
		if (found->of_author && found->tie->relation == PV_RELATION_AUTHOR)
			facts->origin = PV_ORIGIN_OWN_CREATION;
	}
	facts->origin_found = facts->origin != declared->origin;
	facts->relation_found = facts->relation & ~declared->relation;
	if (facts->origin == PV_ORIGIN_OWN_CREATION)
		facts->relation |= 1u << PV_RELATION_AUTHOR;
	if (facts->origin == PV_ORIGIN_CLIENT)
		facts->relation |= 1u << PV_RELATION_CLIENT;
	if (declared->sponsored)
		facts->relation |= 1u << PV_RELATION_PAID;
}

static bool texts_well_formed(const struct pv_case *c)
{
	if (!pv_utf8_valid(c->post.text.bytes, c->post.text.size))
		return false;
	for (size_t i = 0; i < c->post.n_media; i++)
		if (!pv_utf8_valid(c->post.media[i].alt.bytes, c->post.media[i].alt.size))
			return false;
	return true;
}

/* What describes the media goes out with the post, and is read as it is. */
static bool read_alts(struct pv_facts *facts)
{
	const struct pv_case_post *post = &facts->c->post;
	facts->alts = pv_arena_array(&facts->arena, struct pv_prose, post->n_media);
	for (size_t i = 0; facts->alts && i < post->n_media; i++)
		if (post->media[i].alt.size && !pv_prose_read(facts->arena.mem, post->media[i].alt,
						       host_named, facts, &facts->alts[i]))
			return false;
	return facts->alts != NULL;
}

/* Registers and text, or those of `first` as far as they are the same to every policy. */
static bool read_case(struct pv_facts *facts, const struct pv_facts *first)
{
	if (first) {
		facts->people = first->people;
		facts->author = first->author;
	} else if (!read_people(facts)) {
		return false;
	}
	if (first && !first->asked_hosts) {
		facts->prose = first->prose;
		facts->alts = first->alts;
		return true;
	}
	return pv_prose_read(
		       facts->arena.mem, facts->c->post.text, host_named, facts, &facts->prose) &&
	       read_alts(facts);
}

static enum pv_status read_facts(
	struct pv_facts *facts, const struct pv_facts *first, struct pv_error *error)
{
	const struct pv_policy *policy = facts->policy;
	const struct pv_case *c = facts->c;
	if (!read_account(facts))
		return pv_fail(error, PV_NOT_FOUND,
			"La politique « %1$s » ne connaît pas le compte « %3$.*2$s ».",
			"The policy \"%1$s\" does not know the account \"%3$.*2$s\".", policy->name,
			(int)c->account.size, c->account.bytes ? c->account.bytes : "");
	facts->today = pv_zone_day(policy->zone, c->at_us);
	facts->is_static = c->post.kind != PV_REPLY || c->post.pinned;
	if (!read_languages(facts) || !read_case(facts, first) || !pv_facts_links(facts) ||
		!pv_facts_pages(facts) || !pv_facts_ties(facts) || !read_topics(facts))
		return pv_fail_nomem(error);
	read_relations(facts);
	return pv_facts_vector(facts) && !facts->arena.failed ? PV_OK : pv_fail_nomem(error);
}

enum pv_status pv_facts_read(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_case *c, struct pv_facts *out, struct pv_error *error)
{
	*out = (struct pv_facts){.c = c, .arena.mem = mem};
	if (!pv_policy_with_exceptions(&out->arena, policy, c, &out->policy))
		return pv_fail_nomem(error);
	if (!texts_well_formed(c) || c->post.text.size > PV_CASE_TEXT_BYTES_MAX)
		return pv_fail(error, PV_INVALID, "Le texte de la publication n'est pas lisible.",
			"The post's text cannot be read.");
	return read_facts(out, NULL, error);
}

enum pv_status pv_facts_read_beside(TALLOC_CTX *mem, const struct pv_policy *policy,
	const struct pv_facts *first, struct pv_facts *out, struct pv_error *error)
{
	*out = (struct pv_facts){.c = first->c, .arena.mem = mem};
	if (!pv_policy_with_exceptions(&out->arena, policy, first->c, &out->policy))
		return pv_fail_nomem(error);
	return read_facts(out, first, error);
}
