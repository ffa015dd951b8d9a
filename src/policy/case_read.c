/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One JSON object into a struct pv_case, walked over once, strings borrowed where they stand. */
#include "base/mem.h"
#include "policy/case_json.h"
#include "policy/doc.h"

enum { SEEN_ACCOUNT = 1, SEEN_AUTHOR = 2, SEEN_AT = 4, SEEN_POST = 8 };

static bool tie_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_tie *tie = thing;
	if (pv_cj_is(name, "names"))
		return pv_cj_texts(r, &tie->names, &tie->n_names);
	if (pv_cj_is(name, "domains"))
		return pv_cj_texts(r, &tie->domains, &tie->n_domains);
	if (pv_cj_is(name, "handles"))
		return pv_cj_texts(r, &tie->handles, &tie->n_handles);
	if (pv_cj_is(name, "feeds"))
		return pv_cj_texts(r, &tie->feeds, &tie->n_feeds);
	if (pv_cj_is(name, "org"))
		return pv_cj_text(r, &tie->org);
	if (pv_cj_is(name, "relation")) {
		int relation = PV_RELATIONS;
		bool good = pv_cj_choice(r, pv_relation_names, PV_RELATIONS, &relation);
		tie->relation = (enum pv_relation)relation;
		return good;
	}
	if (!pv_cj_is(name, "until"))
		return pv_cj_skip(r);
	const char *at = pv_cj_value_at(r);
	struct pv_str until = {0};
	if (!pv_cj_text(r, &until))
		return false;
	return !until.bytes || pv_date_parse(until.bytes, until.size, &tie->until_day) ||
	       pv_cj_bad(r, at, "Ici va une date, par exemple 2026-03-31.",
		       "Here goes a date, for example 2026-03-31.");
}

static bool tie_item(struct pv_case_reader *r, void *thing)
{
	struct pv_tie *tie = thing;
	const char *at = pv_cj_value_at(r);
	tie->until_day = PV_DAY_NONE;
	tie->relation = PV_RELATIONS;
	return pv_cj_object(r, tie_member, tie) &&
	       (tie->relation != PV_RELATIONS ||
		       pv_cj_bad(r, at, "Il manque « relation » à cette entrée du registre.",
			       "This entry of the register lacks its \"relation\"."));
}

static bool delegation_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_delegation *delegation = thing;
	if (pv_cj_is(name, "of"))
		return pv_cj_text(r, &delegation->of);
	if (pv_cj_is(name, "roles"))
		return pv_cj_texts(r, &delegation->roles, &delegation->n_roles);
	if (pv_cj_is(name, "from"))
		return pv_cj_instant(r, &delegation->from_us);
	if (pv_cj_is(name, "until"))
		return pv_cj_instant(r, &delegation->until_us);
	return pv_cj_skip(r);
}

static bool delegation_item(struct pv_case_reader *r, void *thing)
{
	struct pv_case_delegation *delegation = thing;
	delegation->from_us = delegation->until_us = PV_TIME_NONE;
	return pv_cj_object(r, delegation_member, thing);
}

static bool person_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_person *person = thing;
	if (pv_cj_is(name, "roles"))
		return pv_cj_texts(r, &person->roles, &person->n_roles);
	if (pv_cj_is(name, "interests"))
		return pv_cj_list(r, tie_item, sizeof(struct pv_tie), false,
			(const void **)&person->interests, &person->n_interests);
	if (pv_cj_is(name, "name"))
		return pv_cj_text(r, &person->name);
	if (pv_cj_is(name, "delegations"))
		return pv_cj_list(r, delegation_item, sizeof(struct pv_case_delegation), false,
			(const void **)&person->delegations, &person->n_delegations);
	return pv_cj_skip(r);
}

static bool people_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (c->n_people >= PV_CASE_LIST_MAX)
		return pv_cj_bad(r, pv_cj_value_at(r), "Il y a trop de personnes.",
			"There are too many people.");
	struct pv_case_person *people =
		pv_arena_more(&r->arena, (void *)(uintptr_t)c->people, c->n_people, sizeof *people);
	if (!people)
		return false;
	c->people = people;
	people[c->n_people] = (struct pv_case_person){.id = name};
	return pv_cj_object(r, person_member, &people[c->n_people++]);
}

static bool account_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_account *account = thing;
	if (pv_cj_is(name, "owner"))
		return pv_cj_text(r, &account->owner);
	if (pv_cj_is(name, "platform"))
		return pv_cj_text(r, &account->platform);
	if (!pv_cj_is(name, "stance"))
		return pv_cj_skip(r);
	int stance = PV_STANCE_NONE;
	bool good = pv_cj_choice(r, pv_stance_names, PV_STANCES, &stance);
	account->stance = (enum pv_stance)stance;
	return good;
}

static bool accounts_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (c->n_accounts >= PV_CASE_LIST_MAX)
		return pv_cj_bad(r, pv_cj_value_at(r), "Il y a trop de comptes.",
			"There are too many accounts.");
	struct pv_case_account *accounts = pv_arena_more(
		&r->arena, (void *)(uintptr_t)c->accounts, c->n_accounts, sizeof *accounts);
	if (!accounts)
		return false;
	c->accounts = accounts;
	accounts[c->n_accounts] = (struct pv_case_account){.id = name};
	return pv_cj_object(r, account_member, &accounts[c->n_accounts++]);
}

static bool media_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_media *media = thing;
	if (pv_cj_is(name, "type"))
		return pv_cj_text(r, &media->type);
	if (pv_cj_is(name, "alt"))
		return pv_cj_text(r, &media->alt);
	return pv_cj_skip(r);
}

static bool media_item(struct pv_case_reader *r, void *thing)
{
	return pv_cj_object(r, media_member, thing);
}

static bool pair_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_post *post = thing;
	if (pv_cj_is(name, "lang"))
		return pv_cj_text(r, &post->pair_lang);
	if (pv_cj_is(name, "at"))
		return pv_cj_instant(r, &post->pair_at_us);
	return pv_cj_skip(r);
}

static bool kind(struct pv_case_reader *r, enum pv_post_kind *out)
{
	int index = (int)*out;
	bool good = pv_cj_choice(r, pv_post_kind_names, PV_POST_KINDS, &index);
	*out = (enum pv_post_kind)index;
	return good;
}

static bool post_text(struct pv_case_reader *r, struct pv_str *out)
{
	const char *at = pv_cj_value_at(r);
	if (!pv_cj_text(r, out))
		return false;
	return out->size <= PV_CASE_TEXT_BYTES_MAX ||
	       pv_cj_bad(r, at, "Ce texte est trop long.", "This text is too long.");
}

static bool post_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_post *post = thing;
	if (pv_cj_is(name, "text"))
		return post_text(r, &post->text);
	if (pv_cj_is(name, "lang"))
		return pv_cj_texts_or_one(r, &post->lang, &post->n_lang);
	if (pv_cj_is(name, "kind"))
		return kind(r, &post->kind);
	if (pv_cj_is(name, "media"))
		return pv_cj_list(r, media_item, sizeof(struct pv_case_media), false,
			(const void **)&post->media, &post->n_media);
	if (pv_cj_is(name, "pinned"))
		return pv_cj_yes(r, &post->pinned);
	if (pv_cj_is(name, "edited_at"))
		return pv_cj_instant(r, &post->edited_at_us);
	if (pv_cj_is(name, "pair"))
		return pv_cj_object(r, pair_member, post);
	if (pv_cj_is(name, "item"))
		return pv_cj_text(r, &post->item);
	return pv_cj_skip(r);
}

static bool origin(struct pv_case_reader *r, enum pv_origin *out)
{
	int index = (int)*out;
	bool good = pv_cj_choice(r, pv_origin_names, PV_ORIGINS, &index);
	*out = (enum pv_origin)index;
	return good;
}

static bool interest(struct pv_case_reader *r, enum pv_interest *out)
{
	int index = (int)*out;
	bool good = pv_cj_choice(r, pv_interest_names, PV_INTERESTS, &index);
	*out = (enum pv_interest)index;
	return good;
}

static bool declared_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_declared *declared = thing;
	if (pv_cj_is(name, "origin"))
		return origin(r, &declared->origin);
	if (pv_cj_is(name, "interest"))
		return interest(r, &declared->interest);
	if (pv_cj_is(name, "axis"))
		return pv_cj_text(r, &declared->axis);
	if (pv_cj_is(name, "relation"))
		return pv_cj_bits(r, pv_relation_names, PV_RELATIONS, &declared->relation);
	if (pv_cj_is(name, "human"))
		return pv_cj_bits(r, pv_human_names, PV_HUMANS, &declared->human);
	if (pv_cj_is(name, "topic"))
		return pv_cj_texts_or_one(r, &declared->topic, &declared->n_topic);
	if (pv_cj_is(name, "sponsored"))
		return pv_cj_yes(r, &declared->sponsored);
	if (pv_cj_is(name, "consent"))
		return pv_cj_yes(r, &declared->consent);
	if (!pv_cj_is(name, "relevance"))
		return pv_cj_skip(r);
	int relevance = PV_RELEVANCE_UNKNOWN;
	bool good = pv_cj_choice(r, pv_relevance_names, PV_RELEVANCES, &relevance);
	declared->relevance = (enum pv_relevance)relevance;
	return good;
}

static bool resolves_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	struct pv_str to = {0};
	if (!pv_cj_text(r, &to))
		return false;
	if (to.size == 0)
		return true; /* an unknown end is no entry */
	if (c->n_resolves >= PV_CASE_LIST_MAX)
		return pv_cj_bad(r, r->c.at, "Il y a trop de liens courts.",
			"There are too many short links.");
	struct pv_case_resolve *resolves = pv_arena_more(
		&r->arena, (void *)(uintptr_t)c->resolves, c->n_resolves, sizeof *resolves);
	if (!resolves)
		return false;
	c->resolves = resolves;
	resolves[c->n_resolves++] = (struct pv_case_resolve){.from = name, .to = to};
	return true;
}

static bool author_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_author *author = thing;
	if (pv_cj_is(name, "name"))
		return pv_cj_text(r, &author->name);
	if (pv_cj_is(name, "urls"))
		return pv_cj_texts_or_one(r, &author->urls, &author->n_urls);
	return pv_cj_skip(r);
}

static bool author_item(struct pv_case_reader *r, void *thing)
{
	return pv_cj_object(r, author_member, thing);
}

static bool page_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_page *page = thing;
	if (pv_cj_is(name, "leads_to"))
		return pv_cj_text(r, &page->leads_to);
	if (pv_cj_is(name, "canonical"))
		return pv_cj_text(r, &page->canonical);
	if (pv_cj_is(name, "authors"))
		return pv_cj_list(r, author_item, sizeof(struct pv_case_author), false,
			(const void **)&page->authors, &page->n_authors);
	if (pv_cj_is(name, "me"))
		return pv_cj_texts_or_one(r, &page->me, &page->n_me);
	if (pv_cj_is(name, "feeds"))
		return pv_cj_texts_or_one(r, &page->feeds, &page->n_feeds);
	return pv_cj_skip(r);
}

static bool pages_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (c->n_pages >= PV_CASE_LIST_MAX)
		return pv_cj_bad(
			r, pv_cj_value_at(r), "Il y a trop de pages.", "There are too many pages.");
	struct pv_case_page *pages =
		pv_arena_more(&r->arena, (void *)(uintptr_t)c->pages, c->n_pages, sizeof *pages);
	if (!pages)
		return false;
	c->pages = pages;
	pages[c->n_pages] = (struct pv_case_page){.url = name};
	return pv_cj_object(r, page_member, &pages[c->n_pages++]);
}

static bool approval_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_approval *approval = thing;
	if (pv_cj_is(name, "by"))
		return pv_cj_text(r, &approval->by);
	if (pv_cj_is(name, "at"))
		return pv_cj_instant(r, &approval->at_us);
	return pv_cj_skip(r);
}

static bool approval_item(struct pv_case_reader *r, void *thing)
{
	struct pv_case_approval *approval = thing;
	const char *at = pv_cj_value_at(r);
	approval->at_us = PV_TIME_NONE;
	return pv_cj_object(r, approval_member, approval) &&
	       (approval->at_us != PV_TIME_NONE ||
		       pv_cj_bad(r, at, "Il manque « at » à cette approbation.",
			       "This approval lacks its \"at\"."));
}

static bool history_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_history_entry *entry = thing;
	if (pv_cj_is(name, "at"))
		return pv_cj_instant(r, &entry->at_us);
	if (pv_cj_is(name, "origin"))
		return origin(r, &entry->origin);
	if (pv_cj_is(name, "interest"))
		return interest(r, &entry->interest);
	if (pv_cj_is(name, "axis"))
		return pv_cj_text(r, &entry->axis);
	if (pv_cj_is(name, "account"))
		return pv_cj_text(r, &entry->account);
	if (pv_cj_is(name, "author"))
		return pv_cj_text(r, &entry->author);
	if (pv_cj_is(name, "kind"))
		return kind(r, &entry->kind);
	if (pv_cj_is(name, "pinned"))
		return pv_cj_yes(r, &entry->pinned);
	if (pv_cj_is(name, "sponsored"))
		return pv_cj_yes(r, &entry->sponsored);
	if (pv_cj_is(name, "relation"))
		return pv_cj_bits(r, pv_relation_names, PV_RELATIONS, &entry->relation);
	if (pv_cj_is(name, "human"))
		return pv_cj_bits(r, pv_human_names, PV_HUMANS, &entry->human);
	if (pv_cj_is(name, "topic"))
		return pv_cj_texts_or_one(r, &entry->topic, &entry->n_topic);
	if (pv_cj_is(name, "times"))
		return pv_cj_times(r, &entry->times);
	return pv_cj_skip(r);
}

static bool history_item(struct pv_case_reader *r, void *thing)
{
	struct pv_history_entry *entry = thing;
	const char *at = pv_cj_value_at(r);
	entry->at_us = PV_TIME_NONE;
	return pv_cj_object(r, history_member, entry) &&
	       (entry->at_us != PV_TIME_NONE ||
		       pv_cj_bad(r, at, "Il manque « at » à cette publication passée.",
			       "This past post lacks its \"at\"."));
}

static bool window_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_window *window = thing;
	int per = window->per;
	bool good = true;
	if (pv_cj_is(name, "after"))
		return pv_cj_instant(r, &window->after_us);
	if (pv_cj_is(name, "until"))
		return pv_cj_instant(r, &window->until_us);
	if (pv_cj_is(name, "entries"))
		return pv_cj_list(r, history_item, sizeof(struct pv_history_entry), true,
			(const void **)&window->entries, &window->n_entries);
	if (!pv_cj_is(name, "per"))
		return pv_cj_skip(r);
	good = pv_cj_choice(r, pv_per_names, 3, &per);
	window->per = (enum pv_history_per)per;
	return good;
}

static bool window_item(struct pv_case_reader *r, void *thing)
{
	struct pv_case_window *window = thing;
	window->after_us = window->until_us = PV_TIME_NONE;
	return pv_cj_object(r, window_member, window);
}

static bool read_id(struct pv_case_reader *r, struct pv_case *c)
{
	const char *at = pv_cj_value_at(r);
	struct pv_str raw;
	if (!pv_jsonl_skip(&r->c, &raw))
		return false;
	if (raw.size == 0 || raw.bytes[0] == '{' || raw.bytes[0] == '[')
		return pv_cj_bad(r, at, "Un identifiant est un texte.", "An id is a text.");
	r->id = raw;
	c->id = raw;
	if (raw.bytes[0] == '"') {
		c->id.bytes++;
		c->id.size -= 2;
	}
	return true;
}

static bool figures_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case_past *past = thing;
	if (pv_cj_is(name, "reads"))
		return pv_cj_figure(r, &past->reads);
	if (pv_cj_is(name, "comments"))
		return pv_cj_figure(r, &past->comments);
	return pv_cj_skip(r);
}

/* "verdict" and "figures", where somebody asks what became of the post. */
static bool past_member(struct pv_case_reader *r, struct pv_str name, struct pv_case_past *past)
{
	if (pv_cj_is(name, "figures")) {
		past->reads = past->comments = -1; /* written twice, the last one stands */
		return pv_cj_object(r, figures_member, past);
	}
	if (!pv_cj_is(name, "verdict") || pv_cj_null(r))
		return pv_cj_skip(r);
	int verdict = PV_VERDICT_ALLOW;
	past->judged = pv_cj_choice(r, pv_verdict_names, PV_VERDICTS, &verdict);
	past->verdict = (enum pv_verdict)verdict;
	return past->judged;
}

static bool case_member(struct pv_case_reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (pv_cj_is(name, "id"))
		return read_id(r, c);
	if (pv_cj_is(name, "policy"))
		return pv_cj_text(r, &c->policy);
	if (pv_cj_is(name, "account")) {
		r->seen |= SEEN_ACCOUNT;
		return pv_cj_text(r, &c->account);
	}
	if (pv_cj_is(name, "author")) {
		r->seen |= SEEN_AUTHOR;
		return pv_cj_text(r, &c->author);
	}
	if (pv_cj_is(name, "at")) {
		r->seen |= SEEN_AT;
		return pv_cj_instant(r, &c->at_us);
	}
	if (pv_cj_is(name, "post")) {
		r->seen |= SEEN_POST;
		c->post = (struct pv_case_post){/* written twice, the last one stands */
			.edited_at_us = PV_TIME_NONE,
			.pair_at_us = PV_TIME_NONE};
		return pv_cj_object(r, post_member, &c->post);
	}
	if (pv_cj_is(name, "people"))
		return pv_cj_object(r, people_member, c);
	if (pv_cj_is(name, "accounts"))
		return pv_cj_object(r, accounts_member, c);
	if (pv_cj_is(name, "declared")) {
		c->declared = (struct pv_case_declared){0};
		return pv_cj_object(r, declared_member, &c->declared);
	}
	if (pv_cj_is(name, "resolves"))
		return pv_cj_object(r, resolves_member, c);
	if (pv_cj_is(name, "pages"))
		return pv_cj_object(r, pages_member, c);
	if (pv_cj_is(name, "approvals"))
		return pv_cj_list(r, approval_item, sizeof(struct pv_case_approval), false,
			(const void **)&c->approvals, &c->n_approvals);
	if (pv_cj_is(name, "switches"))
		return pv_cj_texts(r, &c->switches, &c->n_switches);
	if (pv_cj_is(name, "history"))
		return pv_cj_list(r, history_item, sizeof(struct pv_history_entry), true,
			(const void **)&c->history, &c->n_history);
	if (pv_cj_is(name, "past"))
		return pv_cj_list(r, window_item, sizeof(struct pv_case_window), false,
			(const void **)&c->windows, &c->n_windows);
	if (pv_cj_is(name, "exceptions"))
		return pv_cj_exceptions(r, &c->exceptions, &c->n_exceptions);
	return r->past ? past_member(r, name, r->past) : pv_cj_skip(r);
}

static bool check_whole(struct pv_case_reader *r)
{
	static const struct {
		unsigned seen;
		const char *fr, *en;
	} needed[] = {
		{SEEN_ACCOUNT, "Il manque « account » : le compte.", "\"account\" is missing."},
		{SEEN_AUTHOR, "Il manque « author » : la personne qui publie.",
			"\"author\" is missing: who posts."},
		{SEEN_AT, "Il manque « at » : le moment de la publication.",
			"\"at\" is missing: the time of publication."},
		{SEEN_POST, "Il manque « post » : ce qui est publié.",
			"\"post\" is missing: what is posted."},
	};
	for (size_t i = 0; i < PV_COUNT(needed); i++)
		if (!(r->seen & needed[i].seen))
			return pv_cj_bad(r, r->c.start, needed[i].fr, needed[i].en);
	return r->out->at_us != PV_TIME_NONE ||
	       pv_cj_bad(r, r->c.start, needed[2].fr, needed[2].en);
}

static enum pv_status parse(TALLOC_CTX *mem, struct pv_str json, struct pv_case_past *past,
	struct pv_case **out, struct pv_case_place *place, struct pv_str *out_id,
	struct pv_error *error)
{
	if (out_id)
		*out_id = (struct pv_str){0};
	if (json.size > PV_CASE_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Ce cas dépasse %d octets.",
			"This case is over %d bytes.", PV_CASE_BYTES_MAX);
	struct pv_case_reader r = {.arena.mem = mem, .c = PV_JSONL_CURSOR(mem), .past = past};
	struct pv_case *c = r.out = pv_arena_new(&r.arena, struct pv_case);
	if (!c)
		return pv_fail_nomem(error);
	c->at_us = c->post.edited_at_us = c->post.pair_at_us = PV_TIME_NONE;
	pv_jsonl_begin(&r.c, json.bytes, json.size);
	bool good =
		pv_jsonl_peek(&r.c) == '{'
			? pv_cj_object(&r, case_member, c) && pv_jsonl_end(&r.c) && check_whole(&r)
			: pv_cj_bad(&r, pv_cj_value_at(&r), "Un cas est un objet entre accolades.",
				  "A case is an object in braces.");
	if (out_id)
		*out_id = r.id;
	if (good) {
		*out = c;
		return PV_OK;
	}
	return pv_cj_fail(&r, place, error);
}

enum pv_status pv_case_parse(TALLOC_CTX *mem, const char *json, size_t size, struct pv_case **out,
	struct pv_case_place *place, struct pv_str *out_id, struct pv_error *error)
{
	struct pv_str text = {.bytes = json, .size = size};
	return parse(mem, text, NULL, out, place, out_id, error);
}

enum pv_status pv_case_parse_past(TALLOC_CTX *mem, const char *json, size_t size,
	struct pv_case **out, struct pv_case_past *out_past, struct pv_case_place *place,
	struct pv_str *out_id, struct pv_error *error)
{
	struct pv_str text = {.bytes = json, .size = size};
	struct pv_case_past past = {.reads = -1, .comments = -1};
	enum pv_status status = parse(mem, text, &past, out, place, out_id, error);
	if (status == PV_OK)
		*out_past = past;
	return status;
}
