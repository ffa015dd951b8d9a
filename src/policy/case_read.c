/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One JSON object into a struct pv_case, walked over once, strings borrowed where they stand. */
#include "base/jsonl.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "policy/arena.h"
#include "policy/doc.h"

struct reader {
	struct pv_arena arena;
	struct pv_jsonl_cursor c;
	const char *bad_at; /* of a value that is JSON but not what belongs here */
	struct pv_str id;
	struct pv_case *out;
	unsigned seen; /* SEEN_… */
};

enum { SEEN_ACCOUNT = 1, SEEN_AUTHOR = 2, SEEN_AT = 4, SEEN_POST = 8 };

/* A member of an object: reads the value into the thing at hand. False stops. */
typedef bool (*member_reader)(struct reader *r, struct pv_str name, void *thing);

static bool bad(struct reader *r, const char *at, const char *fr, const char *en)
{
	if (!r->bad_at)
		r->bad_at = at;
	return pv_jsonl_fail(&r->c, fr, en);
}

/* Where the next value begins. */
static const char *value_at(struct reader *r)
{
	pv_jsonl_peek(&r->c);
	return r->c.at;
}

static bool skip(struct reader *r)
{
	return pv_jsonl_skip(&r->c, NULL);
}

static bool is(struct pv_str name, const char *text)
{
	return pv_str_equal(name, pv_str(text));
}

static bool null(struct reader *r)
{
	return pv_jsonl_peek(&r->c) == 'n';
}

static bool text(struct reader *r, struct pv_str *out)
{
	const char *at = value_at(r);
	if (null(r))
		return skip(r);
	if (pv_jsonl_peek(&r->c) != '"')
		return bad(r, at, "Ici va un texte entre guillemets.", "Here goes a quoted text.");
	if (!pv_jsonl_string(&r->c, out))
		return false;
	if (out->size && memchr(out->bytes, '\0', out->size))
		return bad(r, at, "Un texte ne contient pas de caractère nul.",
			"A text holds no null character.");
	return true;
}

static bool object(struct reader *r, member_reader member, void *thing)
{
	const char *at = value_at(r);
	if (null(r))
		return skip(r);
	if (pv_jsonl_peek(&r->c) != '{')
		return bad(r, at, "Ici va un objet entre accolades.",
			"Here goes an object in braces.");
	for (bool more = pv_jsonl_enter(&r->c, '{'); more; more = pv_jsonl_more(&r->c, '}')) {
		struct pv_str name;
		if (!pv_jsonl_string(&r->c, &name) || !pv_jsonl_colon(&r->c) ||
			!member(r, name, thing))
			return false;
	}
	return r->c.problem.en == NULL;
}

/* A list of things, each read by `member` into a fresh element of `size` bytes. */
static bool list(struct reader *r, bool (*item)(struct reader *r, void *thing), size_t size,
	const void **out, size_t *out_n)
{
	const char *at = value_at(r);
	char *items = NULL;
	size_t n = 0;
	if (null(r))
		return skip(r);
	if (pv_jsonl_peek(&r->c) != '[')
		return bad(
			r, at, "Ici va une liste entre crochets.", "Here goes a list in brackets.");
	for (bool more = pv_jsonl_enter(&r->c, '['); more; more = pv_jsonl_more(&r->c, ']')) {
		if (n >= PV_CASE_LIST_MAX && size != sizeof(struct pv_history_entry))
			return bad(r, at, "Cette liste est trop longue.", "This list is too long.");
		items = pv_arena_more(&r->arena, items, n, size);
		if (!items)
			return false;
		memset(items + n * size, 0, size);
		if (!item(r, items + n * size))
			return false;
		n++;
	}
	*out = items;
	*out_n = n;
	return r->c.problem.en == NULL;
}

static bool text_item(struct reader *r, void *thing)
{
	return text(r, thing);
}

static bool texts(struct reader *r, const struct pv_str **out, size_t *out_n)
{
	return list(r, text_item, sizeof(struct pv_str), (const void **)out, out_n);
}

/* A list, or one text that stands for a list of one. */
static bool texts_or_one(struct reader *r, const struct pv_str **out, size_t *out_n)
{
	if (pv_jsonl_peek(&r->c) != '"')
		return texts(r, out, out_n);
	struct pv_str *one = pv_arena_new(&r->arena, struct pv_str);
	if (!one || !text(r, one))
		return false;
	*out = one;
	*out_n = 1;
	return true;
}

static bool instant(struct reader *r, int64_t *out)
{
	const char *at = value_at(r);
	struct pv_str value = {0};
	if (!text(r, &value))
		return false;
	if (!value.bytes)
		return true;
	return pv_time_parse(value.bytes, value.size, out) ||
	       bad(r, at, "Ici va un instant, par exemple 2026-03-02T12:00:00-05:00.",
		       "Here goes an instant, for example 2026-03-02T12:00:00-05:00.");
}

static bool choice(struct reader *r, const char *const *names, int n, int *out)
{
	const char *at = value_at(r);
	struct pv_str value = {0};
	if (!text(r, &value))
		return false;
	if (!value.bytes)
		return true;
	int index = pv_name_index(names, n, value);
	if (index < 0)
		return bad(r, at, "Ce mot n'est pas de ceux que la politique connaît ici.",
			"This word is not one the policy format knows here.");
	*out = index;
	return true;
}

static bool bits(struct reader *r, const char *const *names, int n, unsigned *out)
{
	const char *at = value_at(r);
	const struct pv_str *items = NULL;
	size_t count = 0;
	if (!texts_or_one(r, &items, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		int index = pv_name_index(names, n, items[i]);
		if (index < 0)
			return bad(r, at, "Un mot de cette liste n'est pas connu ici.",
				"A word of this list is not known here.");
		*out |= 1u << index;
	}
	return true;
}

static bool yes(struct reader *r, bool *out)
{
	const char *at = value_at(r);
	char first = pv_jsonl_peek(&r->c);
	if (first == '"') {
		struct pv_str value;
		if (!text(r, &value))
			return false;
		*out = is(value, "yes");
		return *out || is(value, "no") ||
		       bad(r, at, "Ici va true ou false.", "Here goes true or false.");
	}
	if (first != 't' && first != 'f' && first != 'n')
		return bad(r, at, "Ici va true ou false.", "Here goes true or false.");
	*out = first == 't';
	return skip(r);
}

static bool tie_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_tie *tie = thing;
	if (is(name, "names"))
		return texts(r, &tie->names, &tie->n_names);
	if (is(name, "domains"))
		return texts(r, &tie->domains, &tie->n_domains);
	if (is(name, "handles"))
		return texts(r, &tie->handles, &tie->n_handles);
	if (is(name, "org"))
		return text(r, &tie->org);
	if (is(name, "relation")) {
		int relation = PV_RELATIONS;
		bool good = choice(r, pv_relation_names, PV_RELATIONS, &relation);
		tie->relation = (enum pv_relation)relation;
		return good;
	}
	if (!is(name, "until"))
		return skip(r);
	const char *at = value_at(r);
	struct pv_str until = {0};
	if (!text(r, &until))
		return false;
	return !until.bytes || pv_date_parse(until.bytes, until.size, &tie->until_day) ||
	       bad(r, at, "Ici va une date, par exemple 2026-03-31.",
		       "Here goes a date, for example 2026-03-31.");
}

static bool tie_item(struct reader *r, void *thing)
{
	struct pv_tie *tie = thing;
	const char *at = value_at(r);
	tie->until_day = PV_DAY_NONE;
	tie->relation = PV_RELATIONS;
	return object(r, tie_member, tie) &&
	       (tie->relation != PV_RELATIONS ||
		       bad(r, at, "Il manque « relation » à cette entrée du registre.",
			       "This entry of the register lacks its \"relation\"."));
}

static bool person_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_person *person = thing;
	if (is(name, "roles"))
		return texts(r, &person->roles, &person->n_roles);
	if (is(name, "interests"))
		return list(r, tie_item, sizeof(struct pv_tie), (const void **)&person->interests,
			&person->n_interests);
	if (is(name, "name"))
		return text(r, &person->name);
	return skip(r);
}

static bool people_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (c->n_people >= PV_CASE_LIST_MAX)
		return bad(
			r, value_at(r), "Il y a trop de personnes.", "There are too many people.");
	struct pv_case_person *people =
		pv_arena_more(&r->arena, (void *)(uintptr_t)c->people, c->n_people, sizeof *people);
	if (!people)
		return false;
	c->people = people;
	people[c->n_people] = (struct pv_case_person){.id = name};
	return object(r, person_member, &people[c->n_people++]);
}

static bool account_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_account *account = thing;
	if (is(name, "owner"))
		return text(r, &account->owner);
	if (is(name, "platform"))
		return text(r, &account->platform);
	if (!is(name, "stance"))
		return skip(r);
	int stance = PV_STANCE_NONE;
	bool good = choice(r, pv_stance_names, PV_STANCES, &stance);
	account->stance = (enum pv_stance)stance;
	return good;
}

static bool accounts_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (c->n_accounts >= PV_CASE_LIST_MAX)
		return bad(
			r, value_at(r), "Il y a trop de comptes.", "There are too many accounts.");
	struct pv_case_account *accounts = pv_arena_more(
		&r->arena, (void *)(uintptr_t)c->accounts, c->n_accounts, sizeof *accounts);
	if (!accounts)
		return false;
	c->accounts = accounts;
	accounts[c->n_accounts] = (struct pv_case_account){.id = name};
	return object(r, account_member, &accounts[c->n_accounts++]);
}

static bool media_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_media *media = thing;
	if (is(name, "type"))
		return text(r, &media->type);
	if (is(name, "alt"))
		return text(r, &media->alt);
	return skip(r);
}

static bool media_item(struct reader *r, void *thing)
{
	return object(r, media_member, thing);
}

static bool pair_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_post *post = thing;
	if (is(name, "lang"))
		return text(r, &post->pair_lang);
	if (is(name, "at"))
		return instant(r, &post->pair_at_us);
	return skip(r);
}

static bool kind(struct reader *r, enum pv_post_kind *out)
{
	int index = (int)*out;
	bool good = choice(r, pv_post_kind_names, PV_POST_KINDS, &index);
	*out = (enum pv_post_kind)index;
	return good;
}

static bool post_text(struct reader *r, struct pv_str *out)
{
	const char *at = value_at(r);
	if (!text(r, out))
		return false;
	return out->size <= PV_CASE_TEXT_BYTES_MAX ||
	       bad(r, at, "Ce texte est trop long.", "This text is too long.");
}

static bool post_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_post *post = thing;
	if (is(name, "text"))
		return post_text(r, &post->text);
	if (is(name, "lang"))
		return texts_or_one(r, &post->lang, &post->n_lang);
	if (is(name, "kind"))
		return kind(r, &post->kind);
	if (is(name, "media"))
		return list(r, media_item, sizeof(struct pv_case_media),
			(const void **)&post->media, &post->n_media);
	if (is(name, "pinned"))
		return yes(r, &post->pinned);
	if (is(name, "edited_at"))
		return instant(r, &post->edited_at_us);
	if (is(name, "pair"))
		return object(r, pair_member, post);
	return skip(r);
}

static bool origin(struct reader *r, enum pv_origin *out)
{
	int index = (int)*out;
	bool good = choice(r, pv_origin_names, PV_ORIGINS, &index);
	*out = (enum pv_origin)index;
	return good;
}

static bool interest(struct reader *r, enum pv_interest *out)
{
	int index = (int)*out;
	bool good = choice(r, pv_interest_names, PV_INTERESTS, &index);
	*out = (enum pv_interest)index;
	return good;
}

static bool declared_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_declared *declared = thing;
	if (is(name, "origin"))
		return origin(r, &declared->origin);
	if (is(name, "interest"))
		return interest(r, &declared->interest);
	if (is(name, "axis"))
		return text(r, &declared->axis);
	if (is(name, "relation"))
		return bits(r, pv_relation_names, PV_RELATIONS, &declared->relation);
	if (is(name, "human"))
		return bits(r, pv_human_names, PV_HUMANS, &declared->human);
	if (is(name, "topic"))
		return texts_or_one(r, &declared->topic, &declared->n_topic);
	if (is(name, "sponsored"))
		return yes(r, &declared->sponsored);
	if (is(name, "consent"))
		return yes(r, &declared->consent);
	if (!is(name, "relevance"))
		return skip(r);
	int relevance = PV_RELEVANCE_UNKNOWN;
	bool good = choice(r, pv_relevance_names, PV_RELEVANCES, &relevance);
	declared->relevance = (enum pv_relevance)relevance;
	return good;
}

static bool resolves_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	struct pv_str to = {0};
	if (!text(r, &to))
		return false;
	if (to.size == 0)
		return true; /* an unknown end is no entry */
	if (c->n_resolves >= PV_CASE_LIST_MAX)
		return bad(r, r->c.at, "Il y a trop de liens courts.",
			"There are too many short links.");
	struct pv_case_resolve *resolves = pv_arena_more(
		&r->arena, (void *)(uintptr_t)c->resolves, c->n_resolves, sizeof *resolves);
	if (!resolves)
		return false;
	c->resolves = resolves;
	resolves[c->n_resolves++] = (struct pv_case_resolve){.from = name, .to = to};
	return true;
}

static bool approval_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case_approval *approval = thing;
	if (is(name, "by"))
		return text(r, &approval->by);
	if (is(name, "at"))
		return instant(r, &approval->at_us);
	return skip(r);
}

static bool approval_item(struct reader *r, void *thing)
{
	struct pv_case_approval *approval = thing;
	const char *at = value_at(r);
	approval->at_us = PV_TIME_NONE;
	return object(r, approval_member, approval) &&
	       (approval->at_us != PV_TIME_NONE ||
		       bad(r, at, "Il manque « at » à cette approbation.",
			       "This approval lacks its \"at\"."));
}

static bool times(struct reader *r, uint32_t *out)
{
	const char *at = value_at(r);
	struct pv_str raw;
	if (!pv_jsonl_skip(&r->c, &raw))
		return false;
	uint32_t value = 0;
	for (size_t i = 0; i < raw.size && raw.size <= 9; i++) {
		if (raw.bytes[i] < '0' || raw.bytes[i] > '9') {
			value = 0;
			break;
		}
		value = value * 10 + (uint32_t)(raw.bytes[i] - '0');
	}
	*out = value;
	return value > 0 || bad(r, at, "Ici va un nombre entier.", "Here goes a whole number.");
}

static bool history_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_history_entry *entry = thing;
	if (is(name, "at"))
		return instant(r, &entry->at_us);
	if (is(name, "origin"))
		return origin(r, &entry->origin);
	if (is(name, "interest"))
		return interest(r, &entry->interest);
	if (is(name, "axis"))
		return text(r, &entry->axis);
	if (is(name, "account"))
		return text(r, &entry->account);
	if (is(name, "author"))
		return text(r, &entry->author);
	if (is(name, "kind"))
		return kind(r, &entry->kind);
	if (is(name, "pinned"))
		return yes(r, &entry->pinned);
	if (is(name, "sponsored"))
		return yes(r, &entry->sponsored);
	if (is(name, "relation"))
		return bits(r, pv_relation_names, PV_RELATIONS, &entry->relation);
	if (is(name, "human"))
		return bits(r, pv_human_names, PV_HUMANS, &entry->human);
	if (is(name, "topic"))
		return texts_or_one(r, &entry->topic, &entry->n_topic);
	if (is(name, "times"))
		return times(r, &entry->times);
	return skip(r);
}

static bool history_item(struct reader *r, void *thing)
{
	struct pv_history_entry *entry = thing;
	const char *at = value_at(r);
	entry->at_us = PV_TIME_NONE;
	return object(r, history_member, entry) &&
	       (entry->at_us != PV_TIME_NONE ||
		       bad(r, at, "Il manque « at » à cette publication passée.",
			       "This past post lacks its \"at\"."));
}

static bool read_id(struct reader *r, struct pv_case *c)
{
	const char *at = value_at(r);
	struct pv_str raw;
	if (!pv_jsonl_skip(&r->c, &raw))
		return false;
	if (raw.size == 0 || raw.bytes[0] == '{' || raw.bytes[0] == '[')
		return bad(r, at, "Un identifiant est un texte.", "An id is a text.");
	r->id = raw;
	c->id = raw;
	if (raw.bytes[0] == '"') {
		c->id.bytes++;
		c->id.size -= 2;
	}
	return true;
}

static bool case_member(struct reader *r, struct pv_str name, void *thing)
{
	struct pv_case *c = thing;
	if (is(name, "id"))
		return read_id(r, c);
	if (is(name, "policy"))
		return text(r, &c->policy);
	if (is(name, "account")) {
		r->seen |= SEEN_ACCOUNT;
		return text(r, &c->account);
	}
	if (is(name, "author")) {
		r->seen |= SEEN_AUTHOR;
		return text(r, &c->author);
	}
	if (is(name, "at")) {
		r->seen |= SEEN_AT;
		return instant(r, &c->at_us);
	}
	if (is(name, "post")) {
		r->seen |= SEEN_POST;
		c->post = (struct pv_case_post){ /* written twice, the last one stands */
			.edited_at_us = PV_TIME_NONE, .pair_at_us = PV_TIME_NONE};
		return object(r, post_member, &c->post);
	}
	if (is(name, "people"))
		return object(r, people_member, c);
	if (is(name, "accounts"))
		return object(r, accounts_member, c);
	if (is(name, "declared"))
		c->declared = (struct pv_case_declared){0};
	if (is(name, "declared"))
		return object(r, declared_member, &c->declared);
	if (is(name, "resolves"))
		return object(r, resolves_member, c);
	if (is(name, "approvals"))
		return list(r, approval_item, sizeof(struct pv_case_approval),
			(const void **)&c->approvals, &c->n_approvals);
	if (is(name, "switches"))
		return texts(r, &c->switches, &c->n_switches);
	if (is(name, "history"))
		return list(r, history_item, sizeof(struct pv_history_entry),
			(const void **)&c->history, &c->n_history);
	return skip(r);
}

static bool check_whole(struct reader *r)
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
			return bad(r, r->c.start, needed[i].fr, needed[i].en);
	return r->out->at_us != PV_TIME_NONE || bad(r, r->c.start, needed[2].fr, needed[2].en);
}

static struct pv_case_place place_of(const struct reader *r)
{
	const char *at = r->bad_at ? r->bad_at : r->c.at;
	struct pv_case_place place = {.line = 1, .column = 1};
	for (const char *p = r->c.start; p < at && p < r->c.end; p++) {
		if (*p == '\n')
			place = (struct pv_case_place){.line = place.line + 1, .column = 1};
		else
			place.column += !pv_utf8_tail((unsigned char)*p);
	}
	return place;
}

enum pv_status pv_case_parse(TALLOC_CTX *mem, const char *json, size_t size, struct pv_case **out,
	struct pv_case_place *place, struct pv_str *out_id, struct pv_error *error)
{
	if (out_id)
		*out_id = (struct pv_str){0};
	if (size > PV_CASE_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Ce cas dépasse %d octets.",
			"This case is over %d bytes.", PV_CASE_BYTES_MAX);
	struct reader r = {.arena.mem = mem, .c = PV_JSONL_CURSOR(mem)};
	struct pv_case *c = r.out = pv_arena_new(&r.arena, struct pv_case);
	if (!c)
		return pv_fail_nomem(error);
	c->at_us = c->post.edited_at_us = c->post.pair_at_us = PV_TIME_NONE;
	pv_jsonl_begin(&r.c, json, size);
	bool good = object(&r, case_member, c) && pv_jsonl_end(&r.c) && check_whole(&r);
	if (out_id)
		*out_id = r.id;
	if (good) {
		*out = c;
		return PV_OK;
	}
	if (r.arena.failed || !r.c.problem.en)
		return pv_fail_nomem(error);
	struct pv_case_place where = place_of(&r);
	if (place)
		*place = where;
	return pv_fail(
		error, PV_INVALID, "%1$s%2$.0s", "%1$.0s%2$s", r.c.problem.fr, r.c.problem.en);
}
