/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/once.h"

#include "base/str.h"
#include "store/idempotency.h"

static enum pv_status again(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_idempotency_row *row, const char *request, struct pv_once *out,
	struct pv_error *error)
{
	char *answer = NULL;
	if (!pv_streq(row->request, request))
		return pv_fail(error, PV_INVALID,
			"Cette clé d'idempotence a déjà servi à une autre demande : prenez-en une "
			"autre.",
			"This idempotency key has served another request already: take another "
			"one.");
	if (row->status == 0)
		return pv_fail(error, PV_CONFLICT,
			"La même demande est en cours, ou a été interrompue : vérifiez ce qu'elle "
			"a donné.",
			"The same request is at work, or was interrupted: look at what it came "
			"to.");
	enum pv_status status =
		pv_unseal(mem, desk->key, row->digest, row->response, &answer, error);
	if (status != PV_OK)
		return status;
	*out = (struct pv_once){.digest = row->digest, .status = row->status, .answer = answer};
	return PV_OK;
}

enum pv_status pv_desk_once_take(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_once_key *key, struct pv_once *out, struct pv_error *error)
{
	char name[PV_DIGEST_SIZE], request[PV_DIGEST_SIZE];
	const char *const fields[] = {key->person_id, key->method, key->address, key->key};
	struct pv_idempotency_row row = {0};
	pv_digest_fields(fields, 4, name);
	/* a sign-in's body holds a password: without the data folder's key this says nothing of it */
	pv_digest_keyed(desk->key, key->body, key->body_size, request);
	enum pv_status status = pv_idempotency_take(
		desk->db, mem, name, request, pv_env_now_us(desk->env), &row, error);
	if (status == PV_CONFLICT)
		return again(desk, mem, &row, request, out, error);
	if (status != PV_OK)
		return status;
	const char *digest = talloc_strdup(mem, name);
	if (!digest)
		return pv_fail_nomem(error);
	*out = (struct pv_once){.digest = digest};
	return PV_OK;
}

enum pv_status pv_desk_once_keep(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_once *once,
	int64_t status, const char *answer, struct pv_error *error)
{
	char *sealed = NULL;
	enum pv_status sealing = pv_seal(mem, desk->key, once->digest, answer, &sealed, error);
	if (sealing != PV_OK)
		return sealing;
	return pv_idempotency_answer(desk->db, once->digest, status, sealed, error);
}

enum pv_status pv_desk_once_drop(
	struct pv_desk *desk, const struct pv_once *once, struct pv_error *error)
{
	return pv_idempotency_drop(desk->db, once->digest, error);
}

int64_t pv_desk_deeds(const struct pv_desk *desk)
{
	return pv_db_deeds(desk->db);
}
