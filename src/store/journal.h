/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The journal's entries, and its reads a day, counted without knowing the reader. */
#ifndef PV_STORE_JOURNAL_H
#define PV_STORE_JOURNAL_H

#include "store/db.h"

struct pv_journal_row {
	const char *id; /* the publication's: publishing twice is one row */
	const char *organization_id;
	const char *slug; /* of its permalink, /j/{organization}/{slug} */
	const char *text;
	const char *languages; /* JSON list */
	const char *media;     /* JSON list [{"id","type","alt","digest"}] */
	const char *reply_to;  /* message id of the comment it answers, or NULL */
	const char *author_name;
	int64_t published_at_us;
	int64_t withdrawn_at_us; /* PV_TIME_NONE: there */
	int64_t comments;        /* brought along: those that are shown */
};

/*
 * One entry an id. Where it is there already, its text, languages and pictures become these; its
 * address and time stay.
 */
enum pv_status pv_journal_keep(
	struct pv_db *db, const struct pv_journal_row *row, struct pv_error *error);
enum pv_status pv_journal_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_journal_row *out, struct pv_error *error);
/* One that is there (not withdrawn). */
enum pv_status pv_journal_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *slug, struct pv_journal_row *out, struct pv_error *error);
/* Entries that answer no comment, newest first. */
enum pv_status pv_journal_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	int64_t before_us, int limit, struct pv_journal_row **out, size_t *out_n,
	struct pv_error *error);
/* Answers to comments of a conversation, oldest first. */
enum pv_status pv_journal_answers(struct pv_db *db, TALLOC_CTX *mem, const char *conversation_id,
	struct pv_journal_row **out, size_t *out_n, struct pv_error *error);
enum pv_status pv_journal_withdraw(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error);
/* `day` is YYYY-MM-DD. */
enum pv_status pv_journal_count_read(struct pv_db *db, const char *entry_id,
	const char *organization_id, const char *day, struct pv_error *error);
enum pv_status pv_journal_figures(struct pv_db *db, const char *entry_id, int64_t *out_reads,
	int64_t *out_comments, struct pv_error *error);

#endif
