/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts of a policy that nobody adopted yet: kept, edited, set aside. */
#include "desk/audit.h"
#include "desk/holds.h"
#include "desk/check.h"
#include "desk/policies.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/str.h"

#include <string.h>

static enum pv_status note_check(const char *note, struct pv_error *error)
{
	if (note && (strlen(note) > PV_POLICY_NOTE_MAX || !pv_utf8_valid(note, strlen(note))))
		return pv_fail_field(error, "/note", "%d octets de texte au plus.",
			"At most %d bytes of text.", PV_POLICY_NOTE_MAX);
	return PV_OK;
}

/* Problems do not keep a text from being kept; what is no text at all does. */
static enum pv_status text_check(TALLOC_CTX *mem, const char *text,
	struct pv_policy_problems *out_problems, struct pv_error *error)
{
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_check(mem, text, out_problems, &said);
	if (status == PV_INVALID && out_problems->n > 0)
		return PV_OK;
	if (status != PV_OK && error)
		*error = said;
	return status;
}

static const char *who(const struct pv_actor *actor)
{
	return actor->person_id ? actor->person_id : "desk";
}

static char *digest_of(TALLOC_CTX *mem, const char *text)
{
	char *digest = talloc_array(mem, char, PV_DIGEST_SIZE);
	if (digest)
		pv_digest(text, strlen(text), digest);
	return digest;
}

/* ---- a new one ------------------------------------------------------------------------------- */

static enum pv_status room_for_one(
	struct pv_desk *desk, TALLOC_CTX *mem, const char *organization_id, struct pv_error *error)
{
	struct pv_policy_row *rows = NULL;
	size_t n = 0, open = 0;
	enum pv_status status =
		pv_policy_row_list(desk->db, mem, organization_id, false, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		open += pv_policy_row_is_open(&rows[i]);
	if (status == PV_OK && open >= PV_POLICY_DRAFTS_MAX)
		return pv_fail(error, PV_TOO_LARGE,
			"Il y a déjà %d brouillons : mettez-en de côté.",
			"There are %d drafts already: set some aside.", PV_POLICY_DRAFTS_MAX);
	return status;
}

static enum pv_status insert_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_policy_row *row, struct pv_error *error)
{
	row->id = pv_id_make(mem, desk->env);
	if (!row->id)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = room_for_one(desk, mem, row->organization_id, error);
	if (status == PV_OK)
		status = pv_policy_row_insert(desk->db, row, &row->version, error);
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

enum pv_status pv_desk_policy_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *text,
	const char *note, struct pv_policy_row *out, struct pv_policy_problems *out_problems,
	struct pv_error *error)
{
	const char *id = NULL;
	struct pv_turn turn;
	*out_problems = (struct pv_policy_problems){0};
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = note_check(note, error);
	if (status == PV_OK)
		status = text_check(mem, text, out_problems, error);
	char *digest = digest_of(mem, text);
	if (status == PV_OK && !digest)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	struct pv_policy_row row = {.organization_id = id,
		.text = text,
		.digest = digest,
		.state = "draft",
		.note = note ? note : "",
		.created_by = who(actor),
		.created_at_us = pv_env_now_us(desk->env),
		.adopted_at_us = PV_TIME_NONE,
		.effective_at_us = PV_TIME_NONE,
		.edited_at_us = PV_TIME_NONE,
		.checked = "",
		.replayed = ""};
	status = pv_turn_end(&turn, insert_draft(desk, mem, actor, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", id, row.id);
	return PV_OK;
}

/* ---- another text ---------------------------------------------------------------------------- */

static enum pv_status fail_closed(const struct pv_policy_row *row, struct pv_error *error)
{
	if (strcmp(row->state, "dropped") == 0)
		return pv_fail(error, PV_CONFLICT, "Cette version a été mise de côté.",
			"This version was set aside.");
	return pv_fail(error, PV_CONFLICT,
		"Une version adoptée ne change plus : faites-en une nouvelle.",
		"A version that was adopted does not change any more: make a new one.");
}

/* Both texts of an edit, in one transaction with its trace. */
static enum pv_status write_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_policy_row *was, struct pv_policy_row *row,
	struct pv_error *error)
{
	enum pv_status status =
		pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	row->edited_at_us = pv_env_now_us(desk->env);
	if (strcmp(row->digest, was->digest) != 0) {
		row->state = "draft";
		row->checked = ""; /* what was replayed is shown on, as of an earlier text */
	}
	if (status == PV_OK)
		status = pv_policy_row_edit(desk->db, row, was->digest, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.edit",
		.object = row->id,
		.before = pv_audit_pack(mem, "{s:s,s:s,s:s}", "digest", was->digest, "state",
			was->state, "note", was->note),
		.after = pv_audit_pack(mem, "{s:s,s:s,s:s}", "digest", row->digest, "state",
			row->state, "note", row->note)};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status read_edit(TALLOC_CTX *mem, const struct pv_policy_edit *edit,
	struct pv_policy_row *row, struct pv_policy_problems *out_problems, struct pv_error *error)
{
	if (!pv_policy_row_is_open(row))
		return fail_closed(row, error);
	if (edit->seen && strcmp(edit->seen, row->digest) != 0)
		return pv_fail(error, PV_CONFLICT,
			"Ce texte a changé depuis que vous l'avez ouvert. Rien n'a été écrit.",
			"This text has changed since you opened it. Nothing was written.");
	row->text = edit->text ? edit->text : row->text;
	row->note = edit->note ? edit->note : row->note;
	enum pv_status status = note_check(edit->note, error);
	if (status == PV_OK)
		status = text_check(mem, row->text, out_problems, error);
	if (status == PV_OK && !(row->digest = digest_of(mem, row->text)))
		status = pv_fail_nomem(error);
	return status;
}

enum pv_status pv_desk_policy_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_policy_edit *edit,
	struct pv_policy_row *out, struct pv_policy_problems *out_problems, struct pv_error *error)
{
	struct pv_policy_row was, row;
	struct pv_turn turn;
	*out_problems = (struct pv_policy_problems){0};
	enum pv_status status = pv_desk_policy_find(desk, mem, actor, policy_id, &was, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, was.organization_id, PV_MAY_GOVERN, error);
	row = was;
	if (status == PV_OK)
		status = read_edit(mem, edit, &row, out_problems, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, write_edit(desk, mem, actor, &was, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "policy", row.organization_id, row.id);
	return PV_OK;
}

/* ---- set aside ------------------------------------------------------------------------------- */

static enum pv_status drop(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_policy_row *row, struct pv_error *error)
{
	enum pv_status status = pv_policy_row_drop(
		desk->db, row->id, row->organization_id, pv_env_now_us(desk->env), error);
	/* what is planned was judged by the version of its own day */
	if (status == PV_OK && strcmp(row->state, "adopted") == 0)
		status = pv_desk_rejudge_ask(desk, row->organization_id, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "policy.drop",
		.object = row->id,
		.before = pv_audit_pack(
			mem, "{s:s,s:s}", "digest", row->digest, "state", row->state)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_policy_drop(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_desk_policy_find(desk, mem, actor, policy_id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_GOVERN, error);
	if (status == PV_OK && !pv_policy_row_is_open(&row) &&
		!pv_policy_row_is_coming(&row, pv_env_now_us(desk->env)))
		status = fail_closed(&row, error);
	if (status == PV_OK)
		status = drop(desk, mem, actor, &row, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "policy", row.organization_id, row.id);
	return status;
}
