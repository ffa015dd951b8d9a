/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/difference.h"

#include "base/json.h"
#include "base/mem.h"
#include "policy/difference_say.h"

#include <string.h>

const char *const pv_change_kind_names[3] = {"added", "removed", "changed"};

/* A part of the document that is a list of things with ids. */
static const struct part {
	const char *member, *name;
	struct pv_words added, removed;
} parts[] = {
	{"organisations", "organisation", {"Organisation ajoutée.", "Organisation added."},
		{"Organisation retirée.", "Organisation removed."}},
	{"accounts", "account", {"Compte ajouté.", "Account added."},
		{"Compte retiré.", "Account removed."}},
	{"disclosures", "disclosure", {"Divulgation ajoutée.", "Disclosure added."},
		{"Divulgation retirée.", "Disclosure removed."}},
	{"topics", "topic", {"Sujet ajouté.", "Topic added."}, {"Sujet retiré.", "Topic removed."}},
	{"rules", "rule", {"Règle ajoutée.", "Rule added."}, {"Règle retirée.", "Rule removed."}},
	{"exceptions", "exception", {"Dérogation ajoutée.", "Exception added."},
		{"Dérogation retirée.", "Exception removed."}},
};

static const char *const tops[] = {
	"policy", "version", "title", "timezone", "default", "fold", "shorteners"};

struct comparing {
	struct pv_arena arena;
	struct pv_say say;
	struct pv_policy_changes out;
	bool failed;
};

/* What was said since the last one becomes a change's words. */
static void add(struct comparing *cmp, enum pv_change_kind kind, const char *part, const char *id,
	struct pv_words label)
{
	struct pv_policy_change *items =
		pv_arena_more(&cmp->arena, cmp->out.items, cmp->out.n, sizeof *items);
	struct pv_words words = pv_say_cut(&cmp->say, &cmp->arena);
	if (!items || !words.fr || !words.en) {
		cmp->failed = true;
		return;
	}
	cmp->out.items = items;
	items[cmp->out.n++] = (struct pv_policy_change){
		.kind = kind,
		.part = part,
		.id = pv_arena_text(&cmp->arena, pv_str(id)),
		.label = {pv_arena_text(&cmp->arena, pv_str(label.fr)),
			pv_arena_text(&cmp->arena, pv_str(label.en))},
		.words = words,
	};
	cmp->failed |= cmp->arena.failed;
}

/* ---- a thing with an id ------------------------------------------------------------------------ */

/* What it is called: its label or reason, its first name, else its id. */
static struct pv_words label_of(const json_t *thing)
{
	const json_t *words = json_object_get(thing, "label");
	if (!words)
		words = json_object_get(thing, "reason");
	if (words)
		return (struct pv_words){pv_json_text(words, "fr"), pv_json_text(words, "en")};
	const char *name = json_string_value(json_array_get(json_object_get(thing, "names"), 0));
	if (!name)
		name = pv_json_text(thing, "id");
	return (struct pv_words){name, name};
}

static bool is_content(const char *name)
{
	return strcmp(name, "id") != 0 && strcmp(name, "line") != 0 && strcmp(name, "options") != 0;
}

static void say_space(struct comparing *cmp)
{
	if (!pv_say_empty(&cmp->say))
		pv_say(&cmp->say, " ", " ");
}

/* Each member that differs, in the order of the second; those it no longer has after. */
static void say_differences(struct comparing *cmp, const json_t *was, const json_t *is)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)is, name, value)
	{
		const json_t *before = json_object_get(was, name);
		if (!is_content(name) || (before && json_equal(value, before)))
			continue;
		if (pv_value_empty(value) && pv_value_empty(before))
			continue;
		struct pv_member member = pv_member_of(name, false);
		say_space(cmp);
		pv_say_member(&cmp->say, &member, before, value);
		pv_say_stop(&cmp->say);
	}
	json_object_foreach((json_t *)(uintptr_t)was, name, value)
	{
		struct pv_member member = pv_member_of(name, false);
		if (!is_content(name) || json_object_get(is, name) || pv_value_empty(value))
			continue;
		say_space(cmp);
		pv_say_member(&cmp->say, &member, value, NULL);
		pv_say_stop(&cmp->say);
	}
}

/* All that it says, member by member. */
static void say_whole(struct comparing *cmp, const json_t *thing)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)thing, name, value)
	{
		struct pv_member member = pv_member_of(name, false);
		if (!is_content(name) || pv_value_empty(value) || strcmp(name, "label") == 0)
			continue;
		say_space(cmp);
		pv_say_words(&cmp->say, &member.label);
		pv_say(&cmp->say, "\u00a0: ", ": ");
		pv_say_value(&cmp->say, member.reading, value);
		pv_say_stop(&cmp->say);
	}
}

static const json_t *with_id(const json_t *list, const char *id)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *thing = json_array_get(list, i);
		const char *theirs = pv_json_text(thing, "id");
		if (theirs && strcmp(theirs, id) == 0)
			return thing;
	}
	return NULL;
}

static void compare_thing(struct comparing *cmp, const struct part *part, const json_t *was,
	const json_t *is, const char *id)
{
	if (!was || !is) {
		pv_say_words(&cmp->say, is ? &part->added : &part->removed);
		say_whole(cmp, is ? is : was);
		say_whole(cmp, json_object_get(is ? is : was, "options"));
		add(cmp, is ? PV_CHANGE_ADDED : PV_CHANGE_REMOVED, part->name, id,
			label_of(is ? is : was));
		return;
	}
	say_differences(cmp, was, is);
	say_differences(cmp, json_object_get(was, "options"), json_object_get(is, "options"));
	if (!pv_say_empty(&cmp->say))
		add(cmp, PV_CHANGE_CHANGED, part->name, id, label_of(is));
}

static void compare_part(
	struct comparing *cmp, const struct part *part, const json_t *was, const json_t *is)
{
	const json_t *before = json_object_get(was, part->member);
	const json_t *after = json_object_get(is, part->member);
	for (size_t i = 0; i < json_array_size(after); i++) {
		const json_t *thing = json_array_get(after, i);
		const char *id = pv_json_text(thing, "id");
		compare_thing(cmp, part, with_id(before, id), thing, id);
	}
	for (size_t i = 0; i < json_array_size(before); i++) {
		const json_t *thing = json_array_get(before, i);
		const char *id = pv_json_text(thing, "id");
		if (!with_id(after, id))
			compare_thing(cmp, part, thing, NULL, id);
	}
}

/* ---- the rest ---------------------------------------------------------------------------------- */

static void compare_tops(struct comparing *cmp, const json_t *was, const json_t *is)
{
	for (size_t i = 0; i < PV_COUNT(tops); i++) {
		const json_t *before = json_object_get(was, tops[i]);
		const json_t *after = json_object_get(is, tops[i]);
		if (json_equal(before, after))
			continue;
		struct pv_member member = pv_member_of(tops[i], false);
		pv_say_member(&cmp->say, &member, before, after);
		pv_say_stop(&cmp->say);
		add(cmp, PV_CHANGE_CHANGED, "top", tops[i], member.label);
	}
}

static bool of_a_step(const char *name)
{
	return strcmp(name, "by") == 0 || strcmp(name, "count") == 0 || strcmp(name, "then") == 0;
}

static void compare_approvals(struct comparing *cmp, const json_t *was, const json_t *is)
{
	static const struct pv_words label = {"Approbations", "Approvals"};
	const json_t *before = json_object_get(was, "approvals");
	const json_t *after = json_object_get(is, "approvals");
	const char *name;
	json_t *value;
	if (json_equal(before, after))
		return;
	bool added = json_is_null(before), removed = json_is_null(after);
	/* with more than one step the first one's members are told as part of them */
	bool steps = pv_terms_have_steps(before) || pv_terms_have_steps(after);
	if (steps && !pv_terms_same_steps(before, after)) {
		struct pv_member member = pv_member_of("then", true);
		pv_say_member(&cmp->say, &member, before, after);
		pv_say_stop(&cmp->say);
	}
	json_object_foreach((json_t *)(uintptr_t)(removed ? before : after), name, value)
	{
		const json_t *one = removed ? value : json_object_get(before, name);
		const json_t *two = removed ? NULL : value;
		struct pv_member member = pv_member_of(name, true);
		if (steps && of_a_step(name))
			continue;
		if ((one && two && json_equal(one, two)) ||
			(pv_value_empty(one) && pv_value_empty(two)))
			continue;
		say_space(cmp);
		pv_say_member(&cmp->say, &member, one, two);
		pv_say_stop(&cmp->say);
	}
	add(cmp,
		added     ? PV_CHANGE_ADDED
		: removed ? PV_CHANGE_REMOVED
			  : PV_CHANGE_CHANGED,
		"approvals", "approvals", label);
}

enum pv_status pv_policy_difference(TALLOC_CTX *mem, const struct pv_policy *was,
	const struct pv_policy *is, struct pv_policy_changes *out, struct pv_error *error)
{
	TALLOC_CTX *own = talloc_new(mem);
	struct comparing cmp = {.arena.mem = own};
	PV_JSON json_t *before = pv_policy_to_json(was);
	PV_JSON json_t *after = pv_policy_to_json(is);
	if (!own || !before || !after) {
		talloc_free(own);
		return pv_fail_nomem(error);
	}
	pv_say_begin(&cmp.say, own, is->zone, 0);
	compare_tops(&cmp, before, after);
	for (size_t i = 0; i < PV_COUNT(parts); i++) {
		if (strcmp(parts[i].member, "disclosures") == 0)
			compare_approvals(&cmp, before, after);
		compare_part(&cmp, &parts[i], before, after);
	}
	if (cmp.failed || cmp.arena.failed) {
		talloc_free(own);
		return pv_fail_nomem(error);
	}
	*out = cmp.out;
	return PV_OK;
}
