/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fill DIR N: adds N published posts to the example desk in DIR, a thousand a transaction, as if they
 * had gone out one an hour until now. For benchmarks only: no role is asked and nothing is judged.
 */
#include "base/id.h"
#include "base/mem.h"
#include "desk/setup.h"
#include "store/account.h"
#include "store/membership.h"
#include "store/person.h"
#include "store/post.h"
#include "store/publication.h"
#include "store/variant.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 1000 };

static struct pv_desk *desk;
static struct pv_person_row marc;
static struct pv_organization_row coop;
static struct pv_account_row account;

static const char text[] = "La Coop annonce le calendrier de ses paniers, et ce que l'on peut y "
			   "ajouter d'ici la fin du mois. "
			   "https://coopfaubourg.example/paniers";
static const char declared[] =
	"{\"origin\":\"organisation\",\"interest\":\"project\",\"axis\":\"project\"}";

static enum pv_status add(TALLOC_CTX *mem, int64_t at_us, struct pv_error *error)
{
	char digest[PV_DIGEST_SIZE];
	const char *post_id = pv_id_make(mem, desk->env), *id = pv_id_make(mem, desk->env);
	const char *publication_id = pv_id_make(mem, desk->env);
	pv_digest(id, PV_ID_LENGTH, digest);
	const struct pv_post_row post = {.id = post_id,
		.organization_id = marc.home_id,
		.author_id = marc.id,
		.title = "",
		.text = text,
		.version = 1,
		.created_at_us = at_us,
		.updated_at_us = at_us,
		.removed_at_us = PV_TIME_NONE};
	const struct pv_variant_row variant = {.id = id,
		.organization_id = coop.id,
		.post_id = post_id,
		.account_id = account.id,
		.author_id = marc.id,
		.kind = "post",
		.text = text,
		.languages = "[\"fr\"]",
		.media = "[]",
		.declared = declared,
		.origin = "organisation",
		.interest = "project",
		.axis = "project",
		.due_at_us = at_us,
		.late = "publish",
		.stage = "done",
		.digest = digest,
		.verdict = "allow",
		.version = 1,
		.edited_at_us = at_us,
		.submitted_at_us = at_us,
		.created_at_us = at_us,
		.removed_at_us = PV_TIME_NONE};
	const struct pv_publication_row publication = {.id = publication_id,
		.organization_id = coop.id,
		.variant_id = id,
		.account_id = account.id,
		.network = "journal",
		.state = "published",
		.digest = digest,
		.due_at_us = at_us,
		.next_at_us = at_us,
		.late = "publish",
		.attempts = 1,
		.lease_node = "",
		.remote_id = publication_id,
		.permalink = "",
		.reason = "",
		.sent_at_us = at_us,
		.published_at_us = at_us,
		.lateness_us = 5000,
		.created_at_us = at_us};
	enum pv_status status = pv_post_insert(desk->db, &post, error);
	if (status == PV_OK)
		status = pv_variant_insert(desk->db, &variant, error);
	if (status == PV_OK)
		status = pv_publication_insert(desk->db, &publication, error);
	return status;
}

static enum pv_status fill(int64_t n, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = PV_OK;
	for (int64_t i = 0; status == PV_OK && i < n; i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		if (i % CHUNK == 0)
			status = pv_db_begin_write(desk->db, error);
		if (status == PV_OK)
			status = add(mem, now_us - (n - i) * PV_HOUR_US, error);
		if (status == PV_OK && (i % CHUNK == CHUNK - 1 || i == n - 1))
			status = pv_db_commit(desk->db, error);
	}
	return status;
}

int main(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_env *env = NULL;
	if (argc != 3)
		return 2;
	enum pv_status status = pv_env_real(mem, &env, &error);
	if (status == PV_OK)
		status = pv_desk_open(mem, env, argv[1], NULL, &desk, &error);
	if (status == PV_OK)
		status = pv_person_find_slug(desk->db, mem, "marc", &marc, &error);
	if (status == PV_OK)
		status = pv_organization_find_slug(desk->db, mem, "coop", &coop, &error);
	if (status == PV_OK)
		status = pv_account_find_slug(
			desk->db, mem, coop.id, "coop-journal", &account, &error);
	if (status == PV_OK)
		status = fill(strtoll(argv[2], NULL, 10), &error);
	if (status != PV_OK)
		fprintf(stderr, "fill: %s\n", error.words.en);
	return status == PV_OK ? 0 : 3;
}
