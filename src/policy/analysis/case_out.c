/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A case as JSON, the shape "A case" of docs/policy-format.md; what is as usual is left out. */
#include "base/json.h"
#include "policy/analysis/witness.h"

struct writer {
	bool ok;
};

static void put(struct writer *w, json_t *object, const char *name, json_t *value)
{
	w->ok = json_object_set_new(object, name, value) == 0 && w->ok;
}

static void push(struct writer *w, json_t *list, json_t *value)
{
	w->ok = json_array_append_new(list, value) == 0 && w->ok;
}

static void put_str(struct writer *w, json_t *object, const char *name, struct pv_str text)
{
	if (text.size)
		put(w, object, name, json_stringn(text.bytes, text.size));
}

static void put_strs(
	struct writer *w, json_t *object, const char *name, const struct pv_str *items, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		push(w, list, json_stringn(items[i].bytes, items[i].size));
	put(w, object, name, list);
}

static void put_time(struct writer *w, json_t *object, const char *name, int64_t at_us)
{
	char text[PV_TIME_TEXT_SIZE];
	if (at_us != PV_TIME_NONE)
		put(w, object, name, json_string(pv_time_format(at_us, text)));
}

static void put_bits(struct writer *w, json_t *object, const char *name, unsigned bits,
	const char *const *names, int n)
{
	if (!bits)
		return;
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		if (bits >> i & 1)
			push(w, list, json_string(names[i]));
	put(w, object, name, list);
}

static json_t *tie_json(struct writer *w, const struct pv_tie *tie)
{
	json_t *out = json_object();
	put_strs(w, out, "names", tie->names, tie->n_names);
	put(w, out, "relation", json_string(pv_relation_names[tie->relation]));
	if (tie->n_domains)
		put_strs(w, out, "domains", tie->domains, tie->n_domains);
	return out;
}

static void put_people(struct writer *w, json_t *out, const struct pv_case *c)
{
	json_t *people = json_object();
	for (size_t i = 0; i < c->n_people; i++) {
		const struct pv_case_person *person = &c->people[i];
		json_t *one = json_object(), *interests = json_array();
		put_strs(w, one, "roles", person->roles, person->n_roles);
		for (size_t t = 0; t < person->n_interests; t++)
			push(w, interests, tie_json(w, &person->interests[t]));
		put(w, one, "interests", interests);
		w->ok = json_object_setn_new(people, person->id.bytes, person->id.size, one) == 0 &&
			w->ok;
	}
	put(w, out, "people", people);
}

static void put_accounts(struct writer *w, json_t *out, const struct pv_case *c)
{
	json_t *accounts = json_object();
	for (size_t i = 0; i < c->n_accounts; i++) {
		json_t *one = json_object();
		put_str(w, one, "owner", c->accounts[i].owner);
		put(w, one, "stance", json_string(pv_stance_names[c->accounts[i].stance]));
		put_str(w, one, "platform", c->accounts[i].platform);
		w->ok = json_object_setn_new(accounts, c->accounts[i].id.bytes,
				c->accounts[i].id.size, one) == 0 &&
			w->ok;
	}
	if (c->n_accounts)
		put(w, out, "accounts", accounts);
	else
		json_decref(accounts);
}

static void put_post(struct writer *w, json_t *out, const struct pv_case_post *post)
{
	json_t *object = json_object();
	put(w, object, "kind", json_string(pv_post_kind_names[post->kind]));
	if (post->pinned)
		put(w, object, "pinned", json_true());
	put_strs(w, object, "lang", post->lang, post->n_lang);
	put(w, object, "text",
		json_stringn(post->text.bytes ? post->text.bytes : "", post->text.size));
	if (post->n_media) {
		json_t *media = json_array();
		for (size_t i = 0; i < post->n_media; i++) {
			json_t *one = json_object();
			put_str(w, one, "type", post->media[i].type);
			put(w, one, "alt",
				json_stringn(
					post->media[i].alt.bytes ? post->media[i].alt.bytes : "",
					post->media[i].alt.size));
			push(w, media, one);
		}
		put(w, object, "media", media);
	}
	if (post->pair_at_us != PV_TIME_NONE) {
		json_t *pair = json_object();
		put_str(w, pair, "lang", post->pair_lang);
		put_time(w, pair, "at", post->pair_at_us);
		put(w, object, "pair", pair);
	}
	put(w, out, "post", object);
}

static void put_declared(struct writer *w, json_t *out, const struct pv_case_declared *declared)
{
	json_t *object = json_object();
	if (declared->origin)
		put(w, object, "origin", json_string(pv_origin_names[declared->origin]));
	if (declared->interest)
		put(w, object, "interest", json_string(pv_interest_names[declared->interest]));
	put_bits(w, object, "relation", declared->relation, pv_relation_names, PV_RELATIONS);
	put_bits(w, object, "human", declared->human, pv_human_names, PV_HUMANS);
	put_str(w, object, "axis", declared->axis);
	if (declared->n_topic)
		put_strs(w, object, "topic", declared->topic, declared->n_topic);
	if (declared->sponsored)
		put(w, object, "sponsored", json_true());
	if (declared->consent)
		put(w, object, "consent", json_true());
	if (declared->relevance)
		put(w, object, "relevance", json_string(pv_relevance_names[declared->relevance]));
	put(w, out, "declared", object);
}

static void put_history(struct writer *w, json_t *out, const struct pv_case *c)
{
	json_t *list = json_array();
	for (size_t i = 0; i < c->n_history; i++) {
		const struct pv_history_entry *entry = &c->history[i];
		json_t *one = json_object();
		put_time(w, one, "at", entry->at_us);
		put(w, one, "kind", json_string(pv_post_kind_names[entry->kind]));
		if (entry->pinned)
			put(w, one, "pinned", json_true());
		if (entry->origin)
			put(w, one, "origin", json_string(pv_origin_names[entry->origin]));
		if (entry->interest)
			put(w, one, "interest", json_string(pv_interest_names[entry->interest]));
		put_str(w, one, "axis", entry->axis);
		put_bits(w, one, "relation", entry->relation, pv_relation_names, PV_RELATIONS);
		put_bits(w, one, "human", entry->human, pv_human_names, PV_HUMANS);
		if (entry->n_topic)
			put_strs(w, one, "topic", entry->topic, entry->n_topic);
		if (entry->sponsored)
			put(w, one, "sponsored", json_true());
		put(w, one, "times", json_integer(entry->times ? entry->times : 1));
		push(w, list, one);
	}
	put(w, out, "history", list);
}

static void put_rest(struct writer *w, json_t *out, const struct pv_case *c)
{
	if (c->n_resolves) {
		json_t *resolves = json_object();
		for (size_t i = 0; i < c->n_resolves; i++)
			w->ok = json_object_setn_new(resolves, c->resolves[i].from.bytes,
					c->resolves[i].from.size,
					json_stringn(c->resolves[i].to.bytes,
						c->resolves[i].to.size)) == 0 &&
				w->ok;
		put(w, out, "resolves", resolves);
	}
	if (c->n_approvals) {
		json_t *list = json_array();
		for (size_t i = 0; i < c->n_approvals; i++) {
			json_t *one = json_object();
			put_str(w, one, "by", c->approvals[i].by);
			put_time(w, one, "at", c->approvals[i].at_us);
			push(w, list, one);
		}
		put(w, out, "approvals", list);
	}
	if (c->n_switches)
		put_strs(w, out, "switches", c->switches, c->n_switches);
	if (c->n_history)
		put_history(w, out, c);
}

char *pv_case_to_text(TALLOC_CTX *mem, const struct pv_case *c)
{
	struct writer w = {.ok = true};
	PV_JSON json_t *out = json_object();
	put_str(&w, out, "policy", c->policy);
	put_str(&w, out, "account", c->account);
	put_accounts(&w, out, c);
	put_str(&w, out, "author", c->author);
	put_time(&w, out, "at", c->at_us);
	put_people(&w, out, c);
	put_post(&w, out, &c->post);
	put_declared(&w, out, &c->declared);
	put_rest(&w, out, c);
	return w.ok && out ? pv_json_dump(mem, out) : NULL;
}
