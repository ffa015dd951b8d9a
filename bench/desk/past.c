/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * past DIR DRAFT < CASES: gives the Coop of the example desk in DIR a year's posts, each with the
 * case on its line of standard input as what it was judged by, and replays the policy in the file
 * DRAFT over them, beside the one in force. The other is the same rows read from the database and
 * nothing done with them, by the same queries: no replay can be faster. Prints lines for the table
 * of ./dev bench.
 */
#include "base/id.h"
#include "base/mem.h"
#include "desk/replay.h"
#include "desk/setup.h"
#include "store/account.h"
#include "store/judgement.h"
#include "store/organization.h"
#include "store/past.h"
#include "store/person.h"
#include "store/post.h"
#include "store/publication.h"
#include "store/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
	CHUNK = 1000,
	BATCH = 256,
	LINE_MAX_BYTES = 1 << 20,
	DRAFT_MAX_BYTES = 1 << 20,
	MONTHS = 12
};

static struct pv_desk *desk;
static struct pv_person_row marc;
static struct pv_organization_row coop;
static struct pv_account_row account;

static const char text[] = "La Coop annonce le calendrier de ses paniers. Qu'en pensez-vous?";

static double cpu_s(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double now_s(void)
{
	return (double)pv_env_monotonic_us(desk->env) / 1e6;
}

/* ---- a year's posts ------------------------------------------------------------------------------ */

static enum pv_status add_post(
	TALLOC_CTX *mem, const char *id, int64_t at_us, struct pv_error *error)
{
	const struct pv_post_row post = {.id = pv_id_make(mem, desk->env),
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
		.post_id = post.id,
		.account_id = account.id,
		.author_id = marc.id,
		.kind = "post",
		.text = text,
		.languages = "[\"fr\"]",
		.media = "[]",
		.declared = "{}",
		.origin = "organisation",
		.interest = "project",
		.axis = "project",
		.due_at_us = at_us,
		.late = "publish",
		.stage = "done",
		.digest = id,
		.verdict = "allow",
		.version = 1,
		.edited_at_us = at_us,
		.submitted_at_us = at_us,
		.created_at_us = at_us,
		.removed_at_us = PV_TIME_NONE};
	enum pv_status status = pv_post_insert(desk->db, &post, error);
	return status == PV_OK ? pv_variant_insert(desk->db, &variant, error) : status;
}

static enum pv_status add(TALLOC_CTX *mem, const char *line, int64_t at_us, struct pv_error *error)
{
	const char *id = pv_id_make(mem, desk->env);
	const struct pv_publication_row publication = {.id = pv_id_make(mem, desk->env),
		.organization_id = coop.id,
		.variant_id = id,
		.account_id = account.id,
		.network = "journal",
		.state = "published",
		.digest = id,
		.due_at_us = at_us,
		.next_at_us = at_us,
		.late = "publish",
		.attempts = 1,
		.lease_node = "",
		.remote_id = "",
		.permalink = "",
		.reason = "",
		.sent_at_us = at_us,
		.published_at_us = at_us,
		.created_at_us = at_us};
	const struct pv_judgement_row judgement = {.id = pv_id_make(mem, desk->env),
		.organization_id = coop.id,
		.variant_id = id,
		.policy_id = "",
		.digest = id,
		.moment = "sending",
		.verdict = "allow",
		.input = line,
		.result = "{}",
		.judged_at_us = at_us};
	enum pv_status status = add_post(mem, id, at_us, error);
	if (status == PV_OK)
		status = pv_publication_insert(desk->db, &publication, error);
	return status == PV_OK ? pv_judgement_insert(desk->db, &judgement, error) : status;
}

/* Spread over 360 days, the last one a moment ago; how many are not known before the end. */
static enum pv_status fill(int64_t *out_n, struct pv_error *error)
{
	static char line[LINE_MAX_BYTES];
	int64_t at_us = pv_env_now_us(desk->env) - 360 * PV_DAY_US, n = 0;
	enum pv_status status = PV_OK;
	while (status == PV_OK && fgets(line, sizeof line, stdin)) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		line[strcspn(line, "\n")] = '\0';
		if (n % CHUNK == 0)
			status = pv_db_begin_write(desk->db, error);
		if (status == PV_OK)
			status = add(mem, line, at_us + n * 20 * PV_SECOND_US, error);
		if (status == PV_OK && ++n % CHUNK == 0)
			status = pv_db_commit(desk->db, error);
	}
	if (status == PV_OK && n % CHUNK != 0)
		status = pv_db_commit(desk->db, error);
	if (status ==
		PV_OK) /* what is planned is inserted: the rest is the dispatcher's to write */
		status = pv_db_exec(desk->db,
			"UPDATE publication SET published_at = due_at WHERE state = 'published'"
			" AND published_at IS NULL",
			NULL, 0, NULL, error);
	*out_n = n;
	return status;
}

/* ---- measured ------------------------------------------------------------------------------------ */

static enum pv_status read_rows(double *out_s, struct pv_error *error)
{
	const struct pv_past_span span = {.organization_id = coop.id,
		.after_us = pv_env_now_us(desk->env) - 365 * PV_DAY_US,
		.until_us = pv_env_now_us(desk->env)};
	struct pv_past_mark mark = pv_past_begin(&span);
	double began = now_s();
	enum pv_status status = PV_OK;
	for (size_t n = 1; status == PV_OK && n > 0;) {
		PV_SCOPE TALLOC_CTX *mem = pv_scope(NULL);
		struct pv_past_post *posts = NULL;
		status = pv_past_batch(desk->db, mem, &span, &mark, 0, BATCH, &posts, &n, error);
	}
	*out_s = now_s() - began;
	return status;
}

static enum pv_status read_draft(TALLOC_CTX *mem, const char *path, const char **out)
{
	char *bytes = talloc_zero_size(mem, DRAFT_MAX_BYTES);
	FILE *file = fopen(path, "re");
	size_t size = file && bytes ? fread(bytes, 1, DRAFT_MAX_BYTES - 1, file) : 0;
	if (file)
		fclose(file);
	*out = bytes;
	return size > 0 ? PV_OK : PV_UNAVAILABLE;
}

static enum pv_status measure(TALLOC_CTX *mem, const char *path, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems;
	struct pv_desk_replay *replay = NULL;
	const struct pv_replay_in in = {.months = MONTHS};
	const char *draft = NULL;
	struct rusage before, after;
	int64_t n = 0;
	double read = 0;
	enum pv_status status = read_draft(mem, path, &draft);
	if (status == PV_OK)
		status = fill(&n, error);
	if (status == PV_OK)
		status = pv_desk_policy_draft(
			desk, mem, &pv_actor_desk, coop.id, draft, "", &row, &problems, error);
	for (int round = 0; status == PV_OK && round < 2;
		round++) /* the first one warms the disk */
		status = read_rows(&read, error);
	getrusage(RUSAGE_SELF, &before);
	double began = now_s(), cpu_before = cpu_s();
	if (status == PV_OK)
		status = pv_desk_policy_replay(
			desk, mem, &pv_actor_desk, row.id, &in, &replay, error);
	double took = now_s() - began, cpu = cpu_s() - cpu_before;
	getrusage(RUSAGE_SELF, &after);
	if (status != PV_OK)
		return status;
	fprintf(stderr, "%.2f s of processors\n%s\n", cpu, replay->summary);
	printf("a desk's %lld posts replayed (beside reading the same rows)\t%.2f s\t%.2f "
	       "s\t%.1f\t-\n",
		(long long)n, took, read, took / read);
	printf("a desk's posts replayed a second\t%.0f/s\t-\t-\t50000/s\n", (double)n / took);
	printf("memory that a desk's replay adds, MiB\t%.1f\t-\t-\t-\n",
		(double)(after.ru_maxrss - before.ru_maxrss) / 1024);
	return PV_OK;
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
		status = measure(mem, argv[2], &error);
	if (status != PV_OK)
		fprintf(stderr, "past: %s\n", error.words.en ? error.words.en : "no draft");
	return status == PV_OK ? 0 : 3;
}
