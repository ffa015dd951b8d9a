/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "desk/variants.h"
#include "store/counted.h"

#include <string.h>

const struct pv_desk_move pv_desk_move_plan = {
	"plan", (const char *const[]){"unplanned", NULL}, "planned"};
const struct pv_desk_move pv_desk_move_hold = {
	"hold", (const char *const[]){"planned", "deferred", "held", NULL}, "held"};
const struct pv_desk_move pv_desk_move_let_go = {
	"gate_open", (const char *const[]){"held", NULL}, "planned"};
const struct pv_desk_move pv_desk_move_unplan = {"unplan",
	(const char *const[]){"planned", "deferred", "held", "refused", "dropped", NULL},
	"unplanned"};
const struct pv_desk_move pv_desk_move_send = {
	"person_send", (const char *const[]){"asking", "refused", NULL}, "planned"};
const struct pv_desk_move pv_desk_move_published = {
	"person_published", (const char *const[]){"asking", NULL}, "published"};
const struct pv_desk_move pv_desk_move_drop = {
	"person_drop", (const char *const[]){"asking", "refused", "held", NULL}, "dropped"};

enum pv_status pv_publication_make_move(struct pv_db *db, struct pv_publication_row *row,
	const struct pv_desk_move *move, struct pv_error *error)
{
	for (const char *const *from = move->from; *from; from++) {
		if (strcmp(*from, row->state) == 0) {
			row->state = move->to;
			row->lease_node = "";
			row->lease_until_us = 0;
			return pv_publication_move(db, row, *from, error);
		}
	}
	return pv_fail(error, PV_CONFLICT,
		"Cette variante est en train de partir, ou partie : elle ne change plus.",
		"This variant is on its way, or gone: it does not change any more.");
}

static enum pv_status plan_new(struct pv_desk *desk, const struct pv_variant_row *row,
	int64_t due_us, struct pv_error *error)
{
	char id[PV_ID_SIZE];
	struct pv_publication_row publication = {
		.id = pv_id_new(desk->env, id),
		.organization_id = row->organization_id,
		.variant_id = row->id,
		.account_id = row->account_id,
		.network = row->account_network,
		.state = "planned",
		.digest = row->digest,
		.due_at_us = due_us,
		.next_at_us = due_us,
		.late = row->late,
		.created_at_us = pv_env_now_us(desk->env),
	};
	return pv_publication_insert(desk->db, &publication, error);
}

enum pv_status pv_variant_plan(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, int64_t due_us, const struct pv_judged *judged,
	struct pv_error *error)
{
	struct pv_publication_row publication;
	enum pv_status status =
		pv_publication_find_variant(desk->db, mem, row->id, &publication, error);
	if (status == PV_NOT_FOUND)
		status = plan_new(desk, row, due_us, error);
	else if (status == PV_OK) {
		publication.digest = row->digest;
		publication.due_at_us = due_us;
		publication.next_at_us = due_us;
		publication.late = row->late;
		publication.checks = 0;
		publication.reason = "";
		/* Held for want of an approval, which is there now. */
		bool held = strcmp(publication.state, "held") == 0;
		status = pv_publication_make_move(desk->db, &publication,
			held ? &pv_desk_move_let_go : &pv_desk_move_plan, error);
	}
	if (status != PV_OK)
		return status;
	return pv_variant_count(desk, mem, row, due_us, judged ? judged->judgement : NULL, error);
}

enum pv_status pv_variant_unplan(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, struct pv_error *error)
{
	struct pv_publication_row publication;
	enum pv_status status =
		pv_publication_find_variant(desk->db, mem, row->id, &publication, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status == PV_OK && strcmp(publication.state, "unplanned") != 0)
		status = pv_publication_make_move(
			desk->db, &publication, &pv_desk_move_unplan, error);
	if (status != PV_OK)
		return status;
	return pv_counted_remove(desk->db, row->id, row->organization_id, error);
}

/* ---- what is counted --------------------------------------------------------------------------- */

static void add_once(json_t *list, const char *word)
{
	size_t i;
	json_t *entry;
	json_array_foreach(list, i, entry) if (strcmp(json_string_value(entry), word) == 0) return;
	json_array_append_new(list, json_string(word));
}

static json_t *declared_list(const json_t *declared, const char *name)
{
	json_t *list = json_object_get(declared, name);
	return json_is_array(list) ? json_deep_copy(list) : json_array();
}

/* What the judgement found: an own creation, ties, topics. */
static void add_found(const struct pv_judgement *judgement, const char **origin, json_t *relations,
	json_t *topics)
{
	const struct pv_countable *countable = &judgement->countable;
	if (countable->origin != PV_ORIGIN_UNKNOWN)
		*origin = pv_origin_names[countable->origin];
	for (int i = 0; i < PV_RELATIONS; i++)
		if (countable->relation & 1u << i)
			add_once(relations, pv_relation_names[i]);
	for (size_t i = 0; i < countable->n_topics; i++)
		add_once(topics, countable->topics[i]);
}

enum pv_status pv_variant_count(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_variant_row *row, int64_t at_us, const struct pv_judgement *judgement,
	struct pv_error *error)
{
	PV_JSON json_t *declared = NULL;
	enum pv_status status =
		pv_json_parse(row->declared, strlen(row->declared), &declared, error);
	if (status != PV_OK)
		return status;
	PV_JSON json_t *relations = declared_list(declared, "relation");
	PV_JSON json_t *topics = declared_list(declared, "topic");
	PV_JSON json_t *humans = declared_list(declared, "human");
	const char *origin = row->origin;
	if (judgement)
		add_found(judgement, &origin, relations, topics);
	if (strcmp(origin, "own_creation") == 0)
		add_once(relations, "author");
	if (strcmp(origin, "client") == 0)
		add_once(relations, "client");
	bool sponsored = pv_json_bool(declared, "sponsored", false);
	if (sponsored)
		add_once(relations, "paid");
	struct pv_counted_row counted = {
		.variant_id = row->id,
		.organization_id = row->organization_id,
		.account_id = row->account_id,
		.author_id = row->author_id,
		.at_us = at_us,
		.kind = row->kind,
		.form = strcmp(row->kind, "reply") == 0 ? "interactive" : "static",
		.origin = origin,
		.interest = row->interest,
		.axis = row->axis,
		.relations = pv_json_dump(mem, relations),
		.topics = pv_json_dump(mem, topics),
		.humans = pv_json_dump(mem, humans),
		.sponsored = sponsored,
	};
	if (!counted.relations || !counted.topics || !counted.humans)
		return pv_fail_nomem(error);
	return pv_counted_put(desk->db, &counted, error);
}
