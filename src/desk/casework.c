/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The case of a variant, built as the JSON of the policies' format: what is judged is exactly what
 * is kept, and `portevoix judge` can be given it again.
 */
#include "base/json.h"
#include "desk/register.h"
#include "desk/variants.h"
#include "store/delegation.h"
#include "store/membership.h"
#include "store/policy_exception.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct casework {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_judging *judging;
	const struct pv_variant_row *row;
	int64_t now_us;
	json_t *json;
	struct pv_delegation_row *delegations; /* of the house, over or not */
	size_t n_delegations;
	struct pv_error *error;
};

/* To the microsecond: an approval must be seen to be later than the edit before it. */
static json_t *time_json(int64_t at_us)
{
	struct pv_civil c = pv_civil_of_utc(at_us);
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour,
		c.minute, c.second, c.microsecond);
}

/* A column's JSON list or object; what does not parse (never ours) is empty. */
static json_t *column(const char *text, bool list)
{
	json_t *value = NULL;
	if (text && *text && pv_json_parse(text, strlen(text), &value, NULL) == PV_OK)
		return value;
	return list ? json_array() : json_object();
}

static void set_list(json_t *object, const char *name, const char *text)
{
	json_t *list = column(text, true);
	if (json_array_size(list))
		json_object_set(object, name, list);
	json_decref(list);
}

/* ---- people and their registers ---------------------------------------------------------------- */

static json_t *tie_json(const struct pv_interest_row *interest)
{
	json_t *tie = json_object();
	json_object_set_new(tie, "names", column(interest->names, true));
	json_object_set_new(tie, "relation", json_string(interest->relation));
	if (interest->org && *interest->org)
		json_object_set_new(tie, "org", json_string(interest->org));
	set_list(tie, "domains", interest->domains);
	set_list(tie, "handles", interest->handles);
	set_list(tie, "feeds", interest->feeds);
	if (interest->until_day && *interest->until_day)
		json_object_set_new(tie, "until", json_string(interest->until_day));
	return tie;
}

/*
 * The register as it counts now. An organisation's own entries are the author's too while they
 * write for it; "author" stays a person's alone: it is what makes a creation one's own.
 */
static enum pv_status add_ties(
	struct casework *work, const char *organization_id, const char *person_id, json_t *into)
{
	struct pv_interest_row *rows;
	size_t n;
	enum pv_status status = pv_desk_register_counting(work->desk, work->mem, organization_id,
		person_id, work->now_us, &rows, &n, work->error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		if (person_id || strcmp(rows[i].relation, "author") != 0)
			json_array_append_new(into, tie_json(&rows[i]));
	return PV_OK;
}

/* Roles that members who are away lend to this one, and when. */
static void add_delegations(struct casework *work, const char *person_id, json_t *entry)
{
	json_t *lent = json_array();
	for (size_t i = 0; i < work->n_delegations; i++) {
		const struct pv_delegation_row *row = &work->delegations[i];
		if (strcmp(row->to_id, person_id) != 0)
			continue;
		json_t *delegation = json_object();
		json_object_set_new(delegation, "of", json_string(row->person_slug));
		json_object_set_new(delegation, "roles", column(row->policy_roles, true));
		json_object_set_new(delegation, "from", time_json(row->from_at_us));
		json_object_set_new(delegation, "until", time_json(row->until_at_us));
		json_array_append_new(lent, delegation);
	}
	if (json_array_size(lent))
		json_object_set(entry, "delegations", lent);
	json_decref(lent);
}

static bool stands_in(const struct casework *work, const char *person_id)
{
	for (size_t i = 0; i < work->n_delegations; i++)
		if (strcmp(work->delegations[i].to_id, person_id) == 0)
			return true;
	return false;
}

static enum pv_status add_person(struct casework *work, json_t *people,
	const struct pv_person_row *person, const char *roles, bool reviews)
{
	bool is_author = strcmp(person->id, work->row->author_id) == 0;
	json_t *entry = json_object();
	json_t *ties = json_array();
	json_object_set_new(entry, "name", json_string(person->name));
	json_object_set_new(entry, "roles", column(roles, true));
	json_object_set_new(entry, "interests", ties);
	json_object_set_new(people, person->slug, entry);
	if (reviews)
		add_delegations(work, person->id, entry);
	enum pv_status status = add_ties(work, NULL, person->id, ties);
	if (status == PV_OK && is_author)
		status = add_ties(work, work->row->organization_id, NULL, ties);
	return status;
}

/*
 * Those that are over since the last edit too: what was approved under them stays approved. Several
 * posts judged together share their people, so that one looks back far enough for all of them.
 */
static int64_t delegations_since(const struct casework *work)
{
	int64_t edited_us =
		work->row->edited_at_us == PV_TIME_NONE ? work->now_us : work->row->edited_at_us;
	int64_t together_us = work->now_us - PV_HOUSE_KNOWN_D * PV_DAY_US;
	return work->judging->known && together_us < edited_us ? together_us : edited_us;
}

/*
 * The author, and the members who could approve: a role of the policy, and the power to review. A
 * member who lost that power has no role to the policy either, so their approval counts no more.
 */
static enum pv_status add_people(struct casework *work)
{
	struct pv_member_row *members;
	size_t n;
	enum pv_status status = pv_membership_people(
		work->desk->db, work->mem, work->row->organization_id, &members, &n, work->error);
	if (status != PV_OK)
		return status;
	status = pv_delegation_list(work->desk->db, work->mem, work->row->organization_id,
		delegations_since(work), PV_HOUSE_DELEGATIONS_MAX, &work->delegations,
		&work->n_delegations, work->error);
	if (status != PV_OK)
		return status;
	json_t *people = json_object();
	json_object_set_new(work->json, "people", people);
	bool author_seen = false;
	for (size_t i = 0; i < n && i < PV_JUDGE_PEOPLE_MAX; i++) {
		const struct pv_membership_row *seat = &members[i].membership;
		bool is_author = strcmp(seat->person_id, work->row->author_id) == 0;
		enum pv_role role;
		bool reviews = pv_role_parse(seat->role, &role) &&
			       pv_role_has(role, PV_MAY_REVIEW) &&
			       members[i].person.disabled_at_us == PV_TIME_NONE;
		bool named =
			strcmp(seat->policy_roles, "[]") != 0 || stands_in(work, seat->person_id);
		bool asked = work->judging->also_person &&
			     strcmp(seat->person_id, work->judging->also_person) == 0;
		author_seen = author_seen || is_author;
		if (!is_author && !asked && !(reviews && named))
			continue;
		status = add_person(work, people, &members[i].person,
			reviews ? seat->policy_roles : "[]", reviews);
		if (status != PV_OK)
			return status;
	}
	if (author_seen)
		return PV_OK;
	struct pv_person_row author;
	status = pv_person_find(
		work->desk->db, work->mem, work->row->author_id, &author, work->error);
	return status == PV_OK ? add_person(work, people, &author, "[]", false) : status;
}

/* ---- the post ---------------------------------------------------------------------------------- */

static void add_media(struct casework *work, json_t *post)
{
	json_t *media = column(work->row->media, true);
	json_t *list = json_array();
	size_t i;
	json_t *entry;
	json_array_foreach(media, i, entry)
	{
		const char *type = pv_json_text(entry, "type");
		const char *alt = pv_json_text(entry, "alt");
		json_array_append_new(
			list, json_pack("{s:s, s:s}", "type",
				      type && strncmp(type, "image/", 6) == 0 ? "image" : "file",
				      "alt", alt ? alt : ""));
	}
	if (json_array_size(list))
		json_object_set(post, "media", list);
	json_decref(list);
	json_decref(media);
}

/* Is it in another language than this one's first? */
static const char *other_language(json_t *own, json_t *others)
{
	const char *first = json_string_value(json_array_get(own, 0));
	const char *theirs = json_string_value(json_array_get(others, 0));
	if (!first || !theirs)
		return NULL;
	size_t size = strcspn(first, "-");
	bool same = strcspn(theirs, "-") == size && strncasecmp(first, theirs, size) == 0;
	return same ? NULL : theirs;
}

/*
 * When this other variant speaks as a twin; PV_TIME_NONE: it is none. While both are being written
 * the other one's time is enough, or neither could ever be submitted first.
 */
static int64_t twin_time(const struct casework *work, const struct pv_variant_row *other)
{
	static const char *const goes[] = {
		"scheduled", "done", "draft", "sent_back", "review", "ready"};
	bool same_house = strcmp(other->organization_id, work->row->organization_id) == 0;
	if (!same_house || strcmp(other->id, work->row->id) == 0 ||
		!pv_word_is(other->stage, goes, work->judging->sending ? 2 : PV_COUNT(goes)))
		return PV_TIME_NONE;
	return other->published_at_us != PV_TIME_NONE ? other->published_at_us : other->due_at_us;
}

/*
 * The twin: another variant of the same post, of the same organisation, in the other language; of
 * several the nearest in time.
 */
static enum pv_status add_pair(struct casework *work, json_t *post)
{
	if (!*work->row->post_id)
		return PV_OK;
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_variant_row *rows;
	size_t n;
	int64_t nearest_us = INT64_MAX;
	filter.post_id = work->row->post_id;
	enum pv_status status =
		pv_variant_list(work->desk->db, work->mem, &filter, &rows, &n, work->error);
	if (status != PV_OK)
		return status;
	PV_JSON json_t *own = column(work->row->languages, true);
	for (size_t i = 0; i < n; i++) {
		PV_JSON json_t *others = column(rows[i].languages, true);
		const char *lang = other_language(own, others);
		int64_t at_us = twin_time(work, &rows[i]);
		if (!lang || at_us == PV_TIME_NONE)
			continue;
		int64_t apart_us = at_us > work->judging->at_us ? at_us - work->judging->at_us
								: work->judging->at_us - at_us;
		if (apart_us >= nearest_us)
			continue;
		nearest_us = apart_us;
		json_t *pair = json_object();
		json_object_set_new(pair, "lang", json_string(lang));
		json_object_set_new(pair, "at", time_json(at_us));
		json_object_set_new(post, "pair", pair);
	}
	return PV_OK;
}

static enum pv_status add_post(struct casework *work)
{
	json_t *post = json_object();
	json_object_set_new(work->json, "post", post);
	json_object_set_new(post, "kind", json_string(work->row->kind));
	json_object_set_new(post, "lang", column(work->row->languages, true));
	json_object_set_new(post, "text", json_string(work->row->text));
	if (work->row->edited_at_us != PV_TIME_NONE)
		json_object_set_new(post, "edited_at", time_json(work->row->edited_at_us));
	add_media(work, post);
	json_object_set_new(work->json, "declared", column(work->row->declared, false));
	return add_pair(work, post);
}

/* ---- approvals, account, switches -------------------------------------------------------------- */

static void add_approval(json_t *approvals, const char *slug, int64_t at_us)
{
	json_t *approval = json_object();
	json_object_set_new(approval, "by", json_string(slug));
	json_object_set_new(approval, "at", time_json(at_us));
	json_array_append_new(approvals, approval);
}

/* May they still review here? */
static enum pv_status still_reviews(struct casework *work, const char *person_id, bool *out)
{
	struct pv_person_row person;
	struct pv_error lost = PV_ERROR_IN(work->mem);
	const struct pv_actor actor = {.person_id = person_id, .may_write = true};
	enum pv_status status =
		pv_desk_may(work->desk, &actor, work->row->organization_id, PV_MAY_REVIEW, &lost);
	if (status == PV_OK)
		status = pv_person_find(work->desk->db, work->mem, person_id, &person, &lost);
	*out = status == PV_OK && person.disabled_at_us == PV_TIME_NONE;
	if (status == PV_OK || status == PV_DENIED || status == PV_NOT_FOUND)
		return PV_OK;
	if (work->error)
		*work->error = lost;
	return status;
}

/* Those that stand, were given to exactly this, and by who may still review. */
static enum pv_status add_approvals(struct casework *work)
{
	json_t *approvals = json_array();
	json_object_set_new(work->json, "approvals", approvals);
	struct pv_review_row *reviews = NULL;
	size_t n = 0;
	enum pv_status status = PV_OK;
	if (*work->row->id)
		status = pv_review_list(
			work->desk->db, work->mem, work->row->id, &reviews, &n, work->error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		bool counts = reviews[i].voided_at_us == PV_TIME_NONE &&
			      strcmp(reviews[i].decision, "approve") == 0 &&
			      strcmp(reviews[i].digest, work->row->digest) == 0;
		if (counts)
			status = still_reviews(work, reviews[i].person_id, &counts);
		if (status == PV_OK && counts)
			add_approval(approvals, reviews[i].person_slug, reviews[i].made_at_us);
	}
	if (status == PV_OK && work->judging->also_approved)
		/* What goes out at once goes out at the instant the judgement began, not after. */
		add_approval(approvals, work->judging->also_approved,
			work->judging->at_us < work->now_us ? work->judging->at_us : work->now_us);
	return status;
}

/* Every account of the house: a quota may count what went out on the others. */
static enum pv_status add_accounts(struct casework *work, const char *owner)
{
	const struct pv_variant_row *row = work->row;
	struct pv_account_row *accounts;
	size_t n;
	enum pv_status status = pv_account_list(
		work->desk->db, work->mem, row->organization_id, NULL, &accounts, &n, work->error);
	if (status != PV_OK)
		return status;
	json_t *entries = json_object();
	for (size_t i = 0; i < n && i < PV_JUDGE_ACCOUNTS_MAX; i++)
		json_object_set_new(entries, accounts[i].slug,
			json_pack("{s:s, s:s, s:s}", "owner", owner, "stance", accounts[i].stance,
				"platform", accounts[i].network));
	json_object_set_new(entries, row->account_slug,
		json_pack("{s:s, s:s, s:s}", "owner", owner, "stance", row->account_stance,
			"platform", row->account_network));
	json_object_set_new(work->json, "accounts", entries);
	return PV_OK;
}

static enum pv_status add_house(struct casework *work)
{
	struct pv_organization_row organization;
	enum pv_status status = pv_organization_find(
		work->desk->db, work->mem, work->row->organization_id, &organization, work->error);
	if (status != PV_OK)
		return status;
	json_object_set_new(work->json, "switches", column(organization.switches, true));
	return add_accounts(work, organization.slug);
}

/* ---- exceptions -------------------------------------------------------------------------------- */

/* "2026-03-31", the day of an instant in UTC */
static void day_text(int64_t at_us, char out[PV_TIME_TEXT_SIZE])
{
	pv_time_format(at_us, out);
	out[10] = '\0';
}

/* Whoever granted one is of the case too: their register says whether it counts for this post. */
static enum pv_status add_granter(struct casework *work, const char *slug)
{
	json_t *people = json_object_get(work->json, "people");
	struct pv_person_row person;
	if (json_object_get(people, slug))
		return PV_OK;
	enum pv_status status =
		pv_person_find_slug(work->desk->db, work->mem, slug, &person, work->error);
	return status == PV_OK ? add_person(work, people, &person, "[]", false) : status;
}

/*
 * Those granted at the desk whose days are near: which of them hold is for the policy to say, whose
 * days are its own.
 */
static enum pv_status add_exceptions(struct casework *work)
{
	struct pv_policy_exception_row *rows = NULL;
	size_t n = 0;
	char first[PV_TIME_TEXT_SIZE], last[PV_TIME_TEXT_SIZE];
	day_text(work->judging->at_us - PV_DAY_US, first);
	day_text(work->judging->at_us + PV_DAY_US, last);
	enum pv_status status = pv_policy_exception_granted(work->desk->db, work->mem,
		work->row->organization_id, first, last, &rows, &n, work->error);
	if (status != PV_OK || n == 0)
		return status;
	json_t *list = json_array();
	json_object_set_new(work->json, "exceptions", list);
	for (size_t i = 0; i < n; i++) {
		status = add_granter(work, rows[i].decided_slug);
		if (status != PV_OK)
			return status;
		json_t *granted = json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:o}", "id", rows[i].id,
			"lifts", column(rows[i].lifts, true), "when",
			column(rows[i].condition, false), "from", rows[i].from_day, "until",
			rows[i].until_day, "granted_by", rows[i].decided_slug, "reason",
			column(rows[i].reason, false));
		if (json_array_append_new(list, granted) != 0)
			return pv_fail_nomem(work->error);
	}
	return PV_OK;
}

/* ---- what several cases have in common --------------------------------------------------------- */

static void forget(json_t **value)
{
	json_decref(*value);
	*value = NULL;
}

void pv_house_forget(struct pv_house_known *known)
{
	forget(&known->switches);
	forget(&known->accounts);
	forget(&known->people);
	*known = (struct pv_house_known){0};
}

/* Out of what is known of this house and author; false when it must be read. */
static bool recall(struct casework *work)
{
	const struct pv_house_known *known = work->judging->known;
	if (!known || !known->people || work->judging->also_person ||
		strcmp(known->organization_id, work->row->organization_id) != 0 ||
		strcmp(known->author_id, work->row->author_id) != 0 ||
		known->since_us > delegations_since(work) ||
		!json_object_get(known->accounts, work->row->account_slug))
		return false;
	json_object_set(work->json, "switches", known->switches);
	json_object_set(work->json, "accounts", known->accounts);
	json_object_set(work->json, "people", known->people);
	return true;
}

static void remember(const struct casework *work)
{
	struct pv_house_known *known = work->judging->known;
	if (!known || work->judging->also_person)
		return;
	pv_house_forget(known);
	snprintf(known->organization_id, PV_ID_SIZE, "%s", work->row->organization_id);
	snprintf(known->author_id, PV_ID_SIZE, "%s", work->row->author_id);
	known->since_us = delegations_since(work);
	known->switches = json_incref(json_object_get(work->json, "switches"));
	known->accounts = json_incref(json_object_get(work->json, "accounts"));
	known->people = json_incref(json_object_get(work->json, "people"));
}

static enum pv_status add_common(struct casework *work)
{
	if (recall(work))
		return PV_OK;
	enum pv_status status = add_house(work);
	if (status == PV_OK)
		status = add_people(work);
	if (status == PV_OK)
		remember(work);
	return status;
}

static enum pv_status build(struct casework *work)
{
	const struct pv_variant_row *row = work->row;
	json_object_set_new(work->json, "id", json_string(*row->id ? row->id : "draft"));
	json_object_set_new(work->json, "policy", json_string(row->organization_slug));
	json_object_set_new(work->json, "account", json_string(row->account_slug));
	json_object_set_new(work->json, "author", json_string(row->author_slug));
	json_object_set_new(work->json, "at", time_json(work->judging->at_us));
	enum pv_status status = add_common(work);
	if (status == PV_OK)
		status = add_post(work);
	if (status == PV_OK)
		status = pv_case_links(
			work->desk, work->mem, work->judging, work->json, work->error);
	if (status == PV_OK)
		status = add_exceptions(work);
	return status == PV_OK ? add_approvals(work) : status;
}

enum pv_status pv_case_build(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_judging *judging, json_t **out, struct pv_error *error)
{
	struct casework work = {
		.desk = desk,
		.mem = mem,
		.judging = judging,
		.row = judging->row,
		.now_us = pv_env_now_us(desk->env),
		.json = json_object(),
		.error = error,
	};
	if (!work.json)
		return pv_fail_nomem(error);
	enum pv_status status = build(&work);
	if (status == PV_OK)
		*out = work.json;
	else
		json_decref(work.json);
	return status;
}
