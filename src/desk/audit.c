/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/audit.h"

#include <stdarg.h>
#include <string.h>

static const char pack_failed[] = "";

const char *pv_audit_pack(TALLOC_CTX *mem, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	json_error_t problem;
	PV_JSON json_t *value = json_vpack_ex(&problem, 0, format, arguments);
	va_end(arguments);
	const char *text = value ? pv_json_dump(mem, value) : NULL;
	return text ? text : pack_failed;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

enum pv_status pv_desk_audit(struct pv_desk *desk, const struct pv_actor *actor,
	const struct pv_audit_note *note, struct pv_error *error)
{
	if (note->before == pack_failed || note->after == pack_failed)
		return pv_fail_nomem(error);
	const struct pv_audit_row row = {
		.organization_id = or_empty(note->organization_id),
		.at_us = pv_env_now_us(desk->env),
		.actor = actor->is_desk || !actor->person_id ? "desk" : actor->person_id,
		.verb = or_empty(note->verb),
		.object = or_empty(note->object),
		.before = or_empty(note->before),
		.after = or_empty(note->after),
		.why = or_empty(note->why),
	};
	return pv_audit_append(desk->db, &row, error);
}

enum pv_status pv_desk_audit_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, int64_t before_seq, int limit,
	struct pv_audit_row **out, size_t *out_n, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (organization_id)
		status = pv_desk_may(desk, actor, organization_id, PV_MAY_ANALYSE, error);
	else if (!actor->is_desk)
		status = pv_fail(error, PV_DENIED, "Dites de quelle organisation.",
			"Say which organisation.");
	if (status != PV_OK)
		return status;
	limit = limit < 1 ? 1 : limit > PV_AUDIT_PAGE_MAX ? PV_AUDIT_PAGE_MAX : limit;
	return pv_audit_list(desk->db, mem, organization_id, before_seq, limit, out, out_n, error);
}

/* ---- the chain ------------------------------------------------------------------------------- */

static bool broken(struct pv_audit_verdict *verdict, int64_t seq, const char *fr, const char *en)
{
	verdict->first_bad = seq;
	verdict->why = (struct pv_words){.fr = fr, .en = en};
	return false;
}

static bool entry_holds(struct pv_audit_verdict *verdict, const struct pv_audit_row *row)
{
	char hash[PV_DIGEST_SIZE];
	if (row->seq != verdict->entries + 1)
		return broken(verdict, verdict->entries + 1,
			"Cette trace manque : une trace a été retirée.",
			"This entry is missing: an entry was removed.");
	if (strcmp(row->previous, verdict->last_hash) != 0)
		return broken(verdict, row->seq,
			"Cette trace ne suit pas la précédente : l'une des deux a été remplacée.",
			"This entry does not follow the one before: one of the two was replaced.");
	pv_audit_hash(row, hash);
	if (strcmp(row->hash, hash) != 0)
		return broken(verdict, row->seq, "Cette trace a été modifiée après coup.",
			"This entry was edited afterwards.");
	verdict->entries++;
	memcpy(verdict->last_hash, hash, sizeof hash);
	return true;
}

enum pv_status pv_desk_audit_verify(
	struct pv_desk *desk, struct pv_audit_verdict *out, struct pv_error *error)
{
	enum { PAGE = 500 };
	struct pv_audit_verdict verdict = {.last_hash = PV_AUDIT_ORIGIN};
	for (size_t n = PAGE; n == PAGE && verdict.first_bad == 0;) {
		PV_SCOPE TALLOC_CTX *page = pv_scope(NULL);
		struct pv_audit_row *rows = NULL;
		enum pv_status status =
			pv_audit_walk(desk->db, page, verdict.entries, PAGE, &rows, &n, error);
		if (status != PV_OK)
			return status;
		for (size_t i = 0; i < n && entry_holds(&verdict, &rows[i]); i++)
			continue;
	}
	*out = verdict;
	return PV_OK;
}
