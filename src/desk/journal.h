/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The journal: an organisation's public page. Reading asks nobody's name; what is not open is
 * PV_NOT_FOUND.
 */
#ifndef PV_DESK_JOURNAL_H
#define PV_DESK_JOURNAL_H

#include "desk/desk.h"
#include "store/conversation.h"
#include "store/journal.h"

enum { PV_JOURNAL_PAGE = 20, PV_JOURNAL_COMMENTS_MAX = 500 };

struct pv_desk_journal {
	const char *organization_id, *slug, *name, *colour, *language, *timezone;
	bool comments;      /* readers may comment */
	bool policy_public; /* /j/{slug}/policy answers */
	struct pv_words about;
	const char *account_id;
};

/* A comment that is shown, with the organisation's answers below it. */
struct pv_journal_comment {
	struct pv_message_row message;
	const struct pv_journal_row *answers;
	size_t n_answers;
};

struct pv_desk_journal_entry {
	struct pv_journal_row row;
	struct pv_journal_comment *comments; /* oldest first */
	size_t n_comments;
};

enum pv_status pv_desk_journal_open(struct pv_desk *desk, TALLOC_CTX *mem, const char *slug,
	struct pv_desk_journal *out, struct pv_error *error);

/* Entries (answers to comments left out), newest first; before_us PV_TIME_NONE: from the newest. */
enum pv_status pv_desk_journal_page(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, int64_t before_us, struct pv_journal_row **out,
	size_t *out_n, struct pv_error *error);

enum pv_status pv_desk_journal_entry(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, const char *entry_slug,
	struct pv_desk_journal_entry **out, struct pv_error *error);

/* A picture of an entry that is there: what strangers may fetch. */
enum pv_status pv_desk_journal_media(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, const char *entry_slug, const char *media_id,
	char **out_path, char **out_type, struct pv_error *error);

/* One more read today, without knowing the reader. */
enum pv_status pv_desk_journal_read(struct pv_desk *desk, const struct pv_desk_journal *journal,
	const char *entry_id, struct pv_error *error);

/* Reads in all and comments shown. */
enum pv_status pv_desk_journal_figures(struct pv_desk *desk, const char *entry_id,
	int64_t *out_reads, int64_t *out_comments, struct pv_error *error);

/*
 * Writes an entry under its publication's id; one that is there already answers the same permalink,
 * and its text is this one.
 * `reply_to` is the remote id of the comment it answers. For the dispatcher.
 */
struct pv_journal_out {
	const char *publication_id, *account_id, *text;
	const char *languages; /* JSON list */
	const char *reply_to;
	int64_t written_at_us;
};
enum pv_status pv_desk_journal_publish(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_journal_out *out_going, char **out_permalink, struct pv_error *error);
/* PV_NOT_FOUND when it is not there. */
enum pv_status pv_desk_journal_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *publication_id, char **out_permalink, struct pv_error *error);
enum pv_status pv_desk_journal_withdraw(
	struct pv_desk *desk, const char *account_id, const char *entry_id, struct pv_error *error);

#endif
