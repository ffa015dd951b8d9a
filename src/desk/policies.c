/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/policies.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/policy_cache.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/str.h"

#include <string.h>

/* ---- in force -------------------------------------------------------------------------------- */

enum pv_status pv_desk_policy_document(TALLOC_CTX *mem, const struct pv_policy_row *row,
	const struct pv_policy **out, struct pv_error *error)
{
	return pv_policy_cache_get(mem, row->digest, row->text, out, error);
}

enum pv_status pv_desk_policy_in_force(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, int64_t at_us, struct pv_policy_row *out,
	const struct pv_policy **out_policy, struct pv_error *error)
{
	struct pv_policy_row row;
	const struct pv_policy *policy = NULL;
	enum pv_status status =
		pv_policy_row_in_force(desk->db, mem, organization_id, at_us, &row, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND,
			"Cette organisation n'a pas encore adopté de politique éditoriale.",
			"This organisation has not adopted an editorial policy yet.");
	if (status == PV_OK)
		status = pv_desk_policy_document(mem, &row, &policy, error);
	if (status != PV_OK)
		return status;
	*out = row;
	*out_policy = policy;
	return PV_OK;
}

enum pv_status pv_desk_policy_current(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_row *out,
	const struct pv_policy **out_policy, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	if (status != PV_OK)
		return status;
	return pv_desk_policy_in_force(
		desk, mem, id, pv_env_now_us(desk->env), out, out_policy, error);
}

/* ---- versions -------------------------------------------------------------------------------- */

enum pv_status pv_desk_policy_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	if (status != PV_OK)
		return status;
	return pv_policy_row_list(desk->db, mem, id, false, out, out_n, error);
}

enum pv_status pv_desk_policy_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_policy_row *out,
	struct pv_error *error)
{
	struct pv_policy_row row;
	enum pv_status status = pv_policy_row_find(desk->db, mem, policy_id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_policy_check(TALLOC_CTX *mem, const char *text,
	struct pv_policy_problems *out_problems, struct pv_error *error)
{
	struct pv_policy *policy = NULL;
	size_t size = strlen(text);
	if (!pv_utf8_valid(text, size))
		return pv_fail_field(error, "/text", "Ce texte n'est pas de l'UTF-8.",
			"This text is not UTF-8.");
	enum pv_status status =
		pv_policy_parse(mem, text, size, "policy", &policy, out_problems, error);
	talloc_free(policy);
	return status;
}

static enum pv_status insert_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_policy_row *row, struct pv_error *error)
{
	row->id = pv_id_make(mem, desk->env);
	if (!row->id)
		return pv_fail_nomem(error);
	enum pv_status status = pv_policy_row_insert(desk->db, row, &row->version, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.draft",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:I,s:s}", "version", (json_int_t)row->version,
			"digest", row->digest),
		.why = row->note};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status note_check(const char *note, struct pv_error *error)
{
	if (note && (strlen(note) > PV_POLICY_NOTE_MAX || !pv_utf8_valid(note, strlen(note))))
		return pv_fail_field(error, "/note", "%d octets de texte au plus.",
			"At most %d bytes of text.", PV_POLICY_NOTE_MAX);
	return PV_OK;
}

enum pv_status pv_desk_policy_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_policy_row *out, struct pv_policy_problems *out_problems,
	struct pv_error *error)
{
	const char *id = NULL;
	char *digest = talloc_array(mem, char, PV_DIGEST_SIZE);
	struct pv_turn turn;
	if (!digest)
		return pv_fail_nomem(error);
	*out_problems = (struct pv_policy_problems){0};
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_GOVERN, &id, error);
	if (status == PV_OK)
		status = note_check(note, error);
	if (status == PV_OK)
		status = pv_desk_policy_check(mem, text, out_problems, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	pv_digest(text, strlen(text), digest);
	struct pv_policy_row row = {.organization_id = id,
		.text = text,
		.digest = digest,
		.state = "draft",
		.note = note ? note : "",
		.created_by = actor->person_id ? actor->person_id : "desk",
		.created_at_us = pv_env_now_us(desk->env),
		.adopted_at_us = PV_TIME_NONE,
		.effective_at_us = PV_TIME_NONE};
	status = pv_desk_may(desk, actor, id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = insert_draft(desk, mem, actor, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", id, row.id);
	return PV_OK;
}

/* ---- adopting -------------------------------------------------------------------------------- */

static enum pv_status adopt(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_policy_row *row, int64_t effective_at_us, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	row->adopted_by = actor->person_id ? actor->person_id : "desk";
	row->adopted_at_us = now_us;
	/* What was already sent was judged by what stood then: the past is not rewritten. */
	row->effective_at_us = effective_at_us > now_us ? effective_at_us : now_us;
	if (status == PV_OK)
		status = pv_policy_row_adopt(desk->db, row, error);
	if (status == PV_OK)
		status = pv_policy_row_supersede(desk->db, row->organization_id, now_us, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.adopt",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:I,s:s,s:I}", "version", (json_int_t)row->version,
			"digest", row->digest, "effective_at", (json_int_t)row->effective_at_us),
		.why = row->note};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_policy_adopt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, int64_t effective_at_us,
	struct pv_policy_row *out, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_turn turn;
	enum pv_status status = pv_desk_policy_find(desk, mem, actor, policy_id, &row, error);
	/* The reader may have become stricter since the draft. */
	if (status == PV_OK)
		status = pv_desk_policy_check(mem, row.text, &problems, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = adopt(desk, mem, actor, &row, effective_at_us, error);
	if (status == PV_OK)
		status = pv_policy_row_find(desk->db, mem, policy_id, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", row.organization_id, row.id);
	return PV_OK;
}
