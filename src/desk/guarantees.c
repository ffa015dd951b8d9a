/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an owner asks to stay true: kept with the policy, held against every version. */
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/policy_parts.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/str.h"

#include <string.h>

enum pv_status pv_desk_guarantee_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_guarantee_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_READ, error);
	return status == PV_OK ? pv_guarantee_list(desk->db, mem, id, out, out_n, error) : status;
}

/* The newest version whose text can be read: what the guarantee's words are looked up in. */
static enum pv_status newest_document(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const struct pv_policy **out, struct pv_error *error)
{
	struct pv_policy_row *rows = NULL;
	size_t n = 0;
	enum pv_status status =
		pv_policy_row_list(desk->db, mem, organization_id, true, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		struct pv_error said = PV_ERROR_IN(mem);
		if (strcmp(rows[i].state, "dropped") != 0 &&
			pv_desk_policy_document(mem, &rows[i], out, &said) == PV_OK)
			return PV_OK;
	}
	if (status != PV_OK)
		return status;
	return pv_fail(error, PV_CONFLICT,
		"Une garantie parle d'une politique : écrivez-en d'abord une.",
		"A guarantee speaks of a policy: write one first.");
}

static enum pv_status check_text(TALLOC_CTX *mem, const struct pv_policy *policy, const char *text,
	const char *note, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (note && (strlen(note) > PV_POLICY_NOTE_MAX || !pv_utf8_valid(note, strlen(note))))
		status = pv_fail_field(error, "/note", "%d octets de texte au plus.",
			"At most %d bytes of text.", PV_POLICY_NOTE_MAX);
	if (strlen(text) > PV_GUARANTEE_TEXT_MAX || !pv_utf8_valid(text, strlen(text)))
		return pv_fail_field(error, "/text", "%d octets de texte au plus.",
			"At most %d bytes of text.", PV_GUARANTEE_TEXT_MAX);
	enum pv_status read = pv_guarantee_readable(mem, policy, text, error);
	return status == PV_OK ? read : status;
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_guarantee_row *row, struct pv_error *error)
{
	struct pv_guarantee_row *rows = NULL;
	size_t n = 0;
	row->id = pv_id_make(mem, desk->env);
	if (!row->id)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_guarantee_list(desk->db, mem, row->organization_id, &rows, &n, error);
	if (status == PV_OK && n >= PV_GUARANTEES_KEPT_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Il y a déjà %d garanties.",
			"There are %d guarantees already.", PV_GUARANTEES_KEPT_MAX);
	if (status == PV_OK)
		status = pv_guarantee_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "guarantee.add",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:s}", "text", row->text),
		.why = row->note};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status keeps(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_policy_row *row,
	const char *text, bool *out, struct pv_error *error)
{
	const struct pv_policy *policy = NULL;
	const struct pv_guarantee_row asked = {.id = "", .text = text, .note = ""};
	PV_JSON json_t *answers = json_array();
	size_t broken = 0;
	enum pv_status status = pv_desk_policy_document(mem, row, &policy, error);
	if (status == PV_OK)
		status = pv_guarantees_run(
			mem, policy, &asked, 1, pv_env_now_us(desk->env), answers, &broken, error);
	*out = broken == 0;
	return status;
}

/* Versions that were adopted before it was asked: the one in force, and those to come. */
static enum pv_status check_adopted(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *text, const char **out_in_force,
	struct pv_error *error)
{
	struct pv_policy_row *rows = NULL, now;
	struct pv_error lost = PV_ERROR_IN(mem);
	int64_t now_us = pv_env_now_us(desk->env);
	size_t n = 0;
	bool kept = true;
	enum pv_status status =
		pv_policy_row_list(desk->db, mem, organization_id, true, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && kept && i < n; i++) {
		if (!pv_policy_row_is_coming(&rows[i], now_us))
			continue;
		status = keeps(desk, mem, &rows[i], text, &kept, error);
		if (status == PV_OK && !kept)
			return pv_fail(error, PV_CONFLICT,
				"La version %d, adoptée pour plus tard, ne la tient pas : "
				"mettez-la "
				"d'abord de côté.",
				"Version %d, adopted for later, does not keep it: set that version "
				"aside first.",
				(int)rows[i].version);
	}
	if (status != PV_OK)
		return status;
	*out_in_force = "none";
	status = pv_policy_row_in_force(desk->db, mem, organization_id, now_us, &now, &lost);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status == PV_OK)
		status = keeps(desk, mem, &now, text, &kept, &lost);
	if (status != PV_OK && error)
		*error = lost;
	*out_in_force = kept ? "holds" : "broken";
	return status;
}

enum pv_status pv_desk_guarantee_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_guarantee_row *out, const char **out_in_force,
	struct pv_error *error)
{
	const char *id = NULL, *in_force = "none";
	const struct pv_policy *policy = NULL;
	struct pv_turn turn;
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = newest_document(desk, mem, id, &policy, error);
	if (status == PV_OK)
		status = check_text(mem, policy, text, note, error);
	if (status == PV_OK)
		status = check_adopted(desk, mem, id, text, &in_force, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	struct pv_guarantee_row row = {
		.organization_id = id,
		.text = text,
		.note = note ? note : "",
		.created_by = actor->person_id ? actor->person_id : "desk",
		.created_at_us = pv_env_now_us(desk->env),
		.removed_at_us = PV_TIME_NONE,
	};
	status = pv_turn_end(&turn, add(desk, mem, actor, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	*out_in_force = in_force;
	pv_desk_changed(desk, "policy", id, "");
	return PV_OK;
}

static enum pv_status remove_one(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_guarantee_row *row,
	struct pv_error *error)
{
	enum pv_status status = pv_guarantee_find(desk->db, mem, id, row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = pv_guarantee_remove(
			desk->db, id, row->organization_id, pv_env_now_us(desk->env), error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "guarantee.remove",
		.object = id,
		.before = pv_audit_pack(mem, "{s:s}", "text", row->text)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_guarantee_remove(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	struct pv_guarantee_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = remove_one(desk, mem, actor, id, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "policy", row.organization_id, "");
	return status;
}
