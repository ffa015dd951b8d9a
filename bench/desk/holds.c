/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * holds DIR URL PLANNED COUNTED: on the example desk of DIR (URL: its database, "" for SQLite in
 * DIR), PLANNED posts of the Coop that wait for their time and COUNTED rows of what quotas count,
 * over 400 days; then how long one is judged, and how long until all that are planned are held after
 * a switch, and let go. Prints lines for the table of ./dev bench.
 */
#include "base/id.h"
#include "base/mem.h"
#include "desk/holds.h"
#include "desk/judging.h"
#include "desk/organizations.h"
#include "desk/policy_life.h"
#include "desk/replay.h"
#include "desk/setup.h"
#include "store/account.h"
#include "store/counted.h"
#include "store/post.h"
#include "store/publication.h"
#include "store/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1000, DAYS = 400, ROUNDS = 20 };

static struct pv_desk *desk;
static struct pv_person_row marc;
static struct pv_organization_row coop;
static struct pv_account_row account;
static const char *last_id; /* of the posts planned */

static const char text[] = "La Coop annonce le calendrier de ses paniers. Qu'en pensez-vous? "
			   "https://coopfaubourg.example/paniers";
static const char declared[] =
	"{\"origin\":\"organisation\",\"interest\":\"project\",\"axis\":\"project\"}";
static const char crisis[] = "rules:\n"
			     "  - id: crisis\n"
			     "    kind: quiet\n"
			     "    label: {fr: Crise., en: Crisis.}\n"
			     "    switch: crisis\n"
			     "    then: refuse\n";

static double now_ms(void)
{
	return (double)pv_env_monotonic_us(desk->env) / 1000;
}

/* ---- what is there ----------------------------------------------------------------------------- */

static enum pv_status count_one(const char *id, int64_t at_us, int i, struct pv_error *error)
{
	static const char *const origins[] = {"organisation", "third_party", "partner", "client"};
	static const char *const interests[] = {"project", "org_favourite", "commercial"};
	const struct pv_counted_row row = {.variant_id = id,
		.organization_id = coop.id,
		.account_id = account.id,
		.author_id = marc.id,
		.at_us = at_us,
		.kind = "post",
		.form = "static",
		.origin = origins[i % 4],
		.interest = interests[i % 3],
		.axis = i % 2 ? "project" : "sharing",
		.relations = i % 5 ? "[]" : "[\"client\"]",
		.topics = "[]",
		.humans = i % 7 ? "[]" : "[\"faces\"]"};
	return pv_counted_put(desk->db, &row, error);
}

static enum pv_status plan_one(TALLOC_CTX *mem, int64_t at_us, struct pv_error *error)
{
	char digest[PV_DIGEST_SIZE];
	int64_t now_us = pv_env_now_us(desk->env);
	const char *post_id = pv_id_make(mem, desk->env), *id = pv_id_make(mem, desk->env);
	pv_digest(id, PV_ID_LENGTH, digest);
	const struct pv_post_row post = {.id = post_id,
		.organization_id = marc.home_id,
		.author_id = marc.id,
		.title = "",
		.text = text,
		.version = 1,
		.created_at_us = now_us,
		.updated_at_us = now_us,
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
		.stage = "scheduled",
		.digest = digest,
		.verdict = "allow",
		.version = 1,
		.edited_at_us = now_us,
		.submitted_at_us = now_us,
		.created_at_us = now_us,
		.removed_at_us = PV_TIME_NONE};
	const struct pv_publication_row publication = {.id = pv_id_make(mem, desk->env),
		.organization_id = coop.id,
		.variant_id = id,
		.account_id = account.id,
		.network = "journal",
		.state = "planned",
		.digest = digest,
		.due_at_us = at_us,
		.next_at_us = at_us,
		.late = "publish",
		.created_at_us = now_us};
	enum pv_status status = pv_post_insert(desk->db, &post, error);
	if (status == PV_OK)
		status = pv_variant_insert(desk->db, &variant, error);
	if (status == PV_OK)
		status = pv_publication_insert(desk->db, &publication, error);
	if (status == PV_OK)
		status = count_one(id, at_us, 0, error);
	last_id = talloc_strdup(NULL, id);
	return status;
}

static enum pv_status fill(int64_t planned, int64_t counted, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env), n = planned + counted;
	enum pv_status status = PV_OK;
	for (int64_t i = 0; status == PV_OK && i < n; i++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		if (i % CHUNK == 0)
			status = pv_db_begin_write(desk->db, error);
		if (status == PV_OK && i < planned)
			status = plan_one(mem, now_us + (i + 1) * PV_HOUR_US, error);
		else if (status == PV_OK)
			status = count_one(pv_id_make(mem, desk->env),
				now_us - (i - planned + 1) * (DAYS * PV_DAY_US / counted), (int)i,
				error);
		if (status == PV_OK && (i % CHUNK == CHUNK - 1 || i == n - 1))
			status = pv_db_commit(desk->db, error);
	}
	return status;
}

/* The version in force, with a switch. */
static enum pv_status adopt_switch(TALLOC_CTX *mem, struct pv_error *error)
{
	struct pv_policy_row row;
	const struct pv_policy *policy;
	struct pv_policy_problems problems;
	struct pv_policy_check check;
	struct pv_desk_replay *replay;
	const struct pv_replay_in in = {0};
	enum pv_status status = pv_desk_policy_in_force(
		desk, mem, coop.id, pv_env_now_us(desk->env), &row, &policy, error);
	if (status != PV_OK)
		return status;
	const char *at = strstr(row.text, "\nrules:\n") + 1;
	const char *whole = talloc_asprintf(
		mem, "%.*s%s%s", (int)(at - row.text), row.text, crisis, at + strlen("rules:\n"));
	status = pv_desk_policy_draft(
		desk, mem, &pv_actor_desk, coop.id, whole, "", &row, &problems, error);
	if (status == PV_OK)
		status = pv_desk_policy_replay(
			desk, mem, &pv_actor_desk, row.id, &in, &replay, error);
	if (status == PV_OK)
		status = pv_desk_policy_adopt(
			desk, mem, &pv_actor_desk, row.id, PV_TIME_NONE, &row, &check, error);
	return status == PV_OK ? pv_desk_rejudge_all(desk, error) : status;
}

/* ---- measured ---------------------------------------------------------------------------------- */

static enum pv_status judge(const char *what, struct pv_error *error)
{
	double best = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_desk_judgement judgement;
		double began = now_ms();
		enum pv_status status = pv_desk_judge_variant(
			desk, mem, &pv_actor_desk, last_id, &judgement, error);
		double took = now_ms() - began;
		if (status != PV_OK)
			return status;
		best = took < best ? took : best;
	}
	printf("%s: one planned post judged, %s, ms\t%.2f\t-\t-\t-\n", pv_db_engine(desk->db), what,
		best);
	return PV_OK;
}

static enum pv_status turn(
	TALLOC_CTX *mem, const char *switches, const char *what, int64_t n, struct pv_error *error)
{
	struct pv_organization_row row;
	PV_JSON json_t *form = NULL;
	enum pv_status status = pv_json_parse(switches, strlen(switches), &form, error);
	double began = now_ms();
	if (status == PV_OK)
		status = pv_desk_organization_change(
			desk, mem, &pv_actor_desk, coop.id, form, &row, error);
	if (status == PV_OK)
		status = pv_desk_rejudge_all(desk, error);
	printf("%s: a switch %s, %lld planned posts, ms\t%.0f\t-\t-\t1000\n",
		pv_db_engine(desk->db), what, (long long)n, now_ms() - began);
	return status;
}

static enum pv_status measure(
	TALLOC_CTX *mem, int64_t planned, int64_t counted, struct pv_error *error)
{
	enum pv_status status = adopt_switch(mem, error);
	if (status == PV_OK)
		status = fill(planned, 0, error);
	if (status == PV_OK)
		status = judge("short history", error);
	if (status == PV_OK)
		status = turn(mem, "{\"switches\":[\"crisis\"]}", "on", planned, error);
	if (status == PV_OK)
		status = turn(mem, "{\"switches\":[]}", "off", planned, error);
	if (status == PV_OK && counted)
		status = fill(0, counted, error);
	if (status == PV_OK && counted)
		status = judge(
			talloc_asprintf(mem, "%lld posts of 400 days to count", (long long)counted),
			error);
	return status;
}

int main(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(mem);
	struct pv_env *env = NULL;
	if (argc != 5)
		return 2;
	enum pv_status status = pv_env_real(mem, &env, &error);
	if (status == PV_OK)
		status = pv_desk_open(mem, env, argv[1], *argv[2] ? argv[2] : NULL, &desk, &error);
	if (status == PV_OK)
		status = pv_person_find_slug(desk->db, mem, "marc", &marc, &error);
	if (status == PV_OK)
		status = pv_organization_find_slug(desk->db, mem, "coop", &coop, &error);
	if (status == PV_OK)
		status = pv_account_find_slug(
			desk->db, mem, coop.id, "coop-journal", &account, &error);
	if (status == PV_OK)
		status = measure(
			mem, strtoll(argv[3], NULL, 10), strtoll(argv[4], NULL, 10), &error);
	if (status != PV_OK)
		fprintf(stderr, "holds: %s\n", error.words.en);
	return status == PV_OK ? 0 : 3;
}
