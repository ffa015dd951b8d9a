/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/policies.h"
#include "desk/check.h"
#include "desk/policy_cache.h"

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

static bool is_before(const struct pv_policy_row *one, const struct pv_policy_row *two)
{
	if (one->effective_at_us != two->effective_at_us)
		return one->effective_at_us < two->effective_at_us;
	if (one->adopted_at_us != two->adopted_at_us)
		return one->adopted_at_us < two->adopted_at_us;
	return one->version < two->version;
}

/*
 * That a version was superseded follows from the dates: the word is put right where it was written
 * before another one's day had come. `all` are the organisation's.
 */
static void put_state_right(
	struct pv_policy_row *row, const struct pv_policy_row *all, size_t n, int64_t now_us)
{
	for (size_t i = 0; i < n && strcmp(row->state, "adopted") == 0; i++)
		if (all[i].effective_at_us != PV_TIME_NONE && all[i].effective_at_us <= now_us &&
			is_before(row, &all[i]))
			row->state = "superseded";
}

bool pv_policy_row_is_open(const struct pv_policy_row *row)
{
	return strcmp(row->state, "draft") == 0 || strcmp(row->state, "checked") == 0 ||
	       strcmp(row->state, "replayed") == 0;
}

bool pv_policy_row_is_coming(const struct pv_policy_row *row, int64_t now_us)
{
	return strcmp(row->state, "adopted") == 0 && row->effective_at_us != PV_TIME_NONE &&
	       row->effective_at_us > now_us;
}

enum pv_status pv_desk_policy_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_policy_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_may(
		desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	if (status != PV_OK)
		return status;
	status = pv_policy_row_list(desk->db, mem, id, false, out, out_n, error);
	for (size_t i = 0; status == PV_OK && i < *out_n; i++)
		put_state_right(&(*out)[i], *out, *out_n, pv_env_now_us(desk->env));
	return status;
}

enum pv_status pv_desk_policy_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, struct pv_policy_row *out,
	struct pv_error *error)
{
	struct pv_policy_row row;
	enum pv_status status = pv_policy_row_find(desk->db, mem, policy_id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK && strcmp(row.state, "adopted") == 0) {
		struct pv_policy_row *all = NULL;
		size_t n = 0;
		status = pv_policy_row_list(
			desk->db, mem, row.organization_id, false, &all, &n, error);
		if (status == PV_OK)
			put_state_right(&row, all, n, pv_env_now_us(desk->env));
	}
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

/* ---- what they say differently --------------------------------------------------------------- */

static enum pv_status document_of(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *policy_id, const struct pv_policy **out,
	struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_desk_policy_find(desk, mem, actor, policy_id, &row, error);
	if (status != PV_OK)
		return status;
	status = pv_desk_policy_document(mem, &row, out, &said);
	if (status == PV_INVALID)
		return pv_fail(error, PV_INVALID,
			"La version %lld a des problèmes : corrigez-les pour la comparer.",
			"Version %lld has problems: mend them to compare it.",
			(long long)row.version);
	if (status != PV_OK && error)
		*error = said;
	return status;
}

enum pv_status pv_desk_policy_difference(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *was_id, const char *is_id,
	struct pv_policy_changes *out, struct pv_error *error)
{
	const struct pv_policy *was = NULL, *is = NULL;
	enum pv_status status = document_of(desk, mem, actor, was_id, &was, error);
	if (status == PV_OK)
		status = document_of(desk, mem, actor, is_id, &is, error);
	return status == PV_OK ? pv_policy_difference(mem, was, is, out, error) : status;
}
