/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/journal.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/str.h"
#include "desk/clock.h"
#include "desk/form.h"
#include "desk/media.h"
#include "desk/organizations.h"
#include "desk/turn.h"
#include "store/account.h"
#include "store/publication.h"
#include "store/variant.h"

#include <stdio.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------- */

/* The journal account of an organisation; NULL when it has none. */
static enum pv_status journal_account(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char **out, struct pv_error *error)
{
	struct pv_account_row *rows;
	size_t n;
	enum pv_status status =
		pv_account_list(desk->db, mem, organization_id, NULL, &rows, &n, error);
	if (status != PV_OK)
		return status;
	*out = NULL;
	for (size_t i = 0; i < n && !*out; i++)
		if (strcmp(rows[i].network, "journal") == 0 &&
			strcmp(rows[i].state, "removed") != 0)
			*out = rows[i].id;
	return PV_OK;
}

static const char *about_in(TALLOC_CTX *mem, const json_t *settings, const char *language)
{
	const char *text = pv_json_text(json_object_get(settings, "about"), language);
	char *copy = talloc_strdup(mem, text ? text : "");
	return copy ? copy : "";
}

enum pv_status pv_desk_journal_open(struct pv_desk *desk, TALLOC_CTX *mem, const char *slug,
	struct pv_desk_journal *out, struct pv_error *error)
{
	struct pv_organization_row row;
	PV_JSON json_t *settings = NULL;
	const char *account_id = NULL;
	enum pv_status status = pv_desk_organization_public(desk, mem, slug, &row, error);
	if (status == PV_OK)
		status = pv_json_parse(row.journal, strlen(row.journal), &settings, error);
	if (status == PV_OK)
		status = journal_account(desk, mem, row.id, &account_id, error);
	if (status != PV_OK)
		return status;
	*out = (struct pv_desk_journal){
		.organization_id = row.id,
		.slug = row.slug,
		.name = row.name,
		.colour = row.colour,
		.language = row.language,
		.timezone = row.timezone,
		.comments = account_id && pv_json_bool(settings, "comments", false),
		.policy_public = pv_json_bool(settings, "policy_public", false),
		.about = {about_in(mem, settings, "fr"), about_in(mem, settings, "en")},
		.account_id = account_id,
	};
	return PV_OK;
}

enum pv_status pv_desk_journal_page(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, int64_t before_us, struct pv_journal_row **out,
	size_t *out_n, struct pv_error *error)
{
	return pv_journal_list(desk->db, mem, journal->organization_id,
		before_us == PV_TIME_NONE ? INT64_MAX : before_us, PV_JOURNAL_PAGE, out, out_n,
		error);
}

/* The conversation under an entry; PV_NOT_FOUND, without words, when nobody said anything. */
static enum pv_status conversation_of(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, const char *entry_id,
	struct pv_conversation_row *out, struct pv_error *error)
{
	char digest[PV_DIGEST_SIZE];
	pv_digest(entry_id, strlen(entry_id), digest);
	return pv_conversation_find_root(desk->db, mem, journal->account_id, digest, out, error);
}

static enum pv_status add_comments(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_conversation_row *conversation, struct pv_desk_journal_entry *entry,
	struct pv_error *error)
{
	struct pv_message_row *messages;
	struct pv_journal_row *answers;
	size_t n = 0, n_answers = 0;
	enum pv_status status = pv_message_list(desk->db, mem, conversation->id, "shown",
		PV_JOURNAL_COMMENTS_MAX, &messages, &n, error);
	if (status == PV_OK)
		status = pv_journal_answers(
			desk->db, mem, conversation->id, &answers, &n_answers, error);
	if (status != PV_OK)
		return status;
	entry->comments = talloc_zero_array(mem, struct pv_journal_comment, n + 1);
	/* every comment's answers stand together in one array, in the comments' order */
	struct pv_journal_row *sorted =
		talloc_zero_array(mem, struct pv_journal_row, n_answers + 1);
	if (!entry->comments || !sorted)
		return pv_fail_nomem(error);
	size_t placed = 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(messages[i].direction, "in") != 0)
			continue;
		struct pv_journal_comment *comment = &entry->comments[entry->n_comments++];
		comment->message = messages[i];
		comment->answers = sorted + placed;
		for (size_t a = 0; a < n_answers; a++)
			if (pv_streq(answers[a].reply_to, messages[i].id))
				sorted[placed++] = answers[a];
		comment->n_answers = (size_t)(sorted + placed - comment->answers);
	}
	return PV_OK;
}

enum pv_status pv_desk_journal_entry(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, const char *entry_slug,
	struct pv_desk_journal_entry **out, struct pv_error *error)
{
	struct pv_desk_journal_entry *entry = talloc_zero(mem, struct pv_desk_journal_entry);
	if (!entry)
		return pv_fail_nomem(error);
	enum pv_status status = pv_journal_find_slug(
		desk->db, mem, journal->organization_id, entry_slug, &entry->row, error);
	if (status != PV_OK)
		return status;
	struct pv_conversation_row conversation;
	if (journal->account_id)
		status = conversation_of(desk, mem, journal, entry->row.id, &conversation, error);
	if (journal->account_id && status == PV_OK)
		status = add_comments(desk, mem, &conversation, entry, error);
	if (status != PV_OK && status != PV_NOT_FOUND)
		return status;
	*out = entry;
	return PV_OK;
}

/* The digest and type under which an entry shows a picture; false when it does not. */
static bool shows(TALLOC_CTX *mem, const char *media_json, const char *media_id, char **out_digest,
	char **out_type)
{
	PV_JSON json_t *media = NULL;
	size_t at;
	json_t *one;
	if (pv_json_parse(media_json, strlen(media_json), &media, NULL) != PV_OK)
		return false;
	json_array_foreach(media, at, one)
	{
		const char *digest = pv_json_text(one, "digest"), *type = pv_json_text(one, "type");
		if (digest && type && pv_streq(pv_json_text(one, "id"), media_id)) {
			*out_digest = talloc_strdup(mem, digest);
			*out_type = talloc_strdup(mem, type);
			return *out_digest && *out_type;
		}
	}
	return false;
}

enum pv_status pv_desk_journal_media(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_desk_journal *journal, const char *entry_slug, const char *media_id,
	char **out_path, char **out_type, struct pv_error *error)
{
	struct pv_journal_row row;
	char *digest, *type;
	enum pv_status status = pv_journal_find_slug(
		desk->db, mem, journal->organization_id, entry_slug, &row, error);
	if (status != PV_OK)
		return status;
	if (!shows(mem, row.media, media_id, &digest, &type))
		return pv_fail(error, PV_NOT_FOUND, "Cette image n'est pas dans ce journal.",
			"This picture is not in this journal.");
	char *path = talloc_asprintf(mem, "%s/media/%.2s/%s", desk->data_dir, digest, digest);
	if (!path)
		return pv_fail_nomem(error);
	*out_path = path;
	*out_type = type;
	return PV_OK;
}

enum pv_status pv_desk_journal_read(struct pv_desk *desk, const struct pv_desk_journal *journal,
	const char *entry_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	const char *day, *time;
	enum pv_status status = pv_clock_local(
		scope, journal->timezone, pv_env_now_us(desk->env), &day, &time, error);
	if (status != PV_OK)
		return status;
	return pv_journal_count_read(desk->db, entry_id, journal->organization_id, day, error);
}

enum pv_status pv_desk_journal_figures(struct pv_desk *desk, const char *entry_id,
	int64_t *out_reads, int64_t *out_comments, struct pv_error *error)
{
	return pv_journal_figures(desk->db, entry_id, out_reads, out_comments, error);
}

/* ---- writing, for the dispatcher --------------------------------------------------------------- */

static enum pv_status permalink_of(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_organization_row *organization, const struct pv_journal_row *row,
	char **out, struct pv_error *error)
{
	char *link =
		talloc_asprintf(mem, "%s/j/%s/%s", desk->base_url, organization->slug, row->slug);
	if (!link)
		return pv_fail_nomem(error);
	*out = link;
	return PV_OK;
}

/* Its first words, and the end of its id so that two alike differ: "paniers-de-mars-9m2k4t". */
static char *slug_of(TALLOC_CTX *mem, const char *text, const char *id)
{
	enum { WORDS_MAX = 48, TAIL = 6 };
	size_t size = strcspn(text, "\n");
	if (size > WORDS_MAX) {
		size = WORDS_MAX;
		while (size && text[size] != ' ')
			size--;
		if (!size)
			for (size = WORDS_MAX; size && ((unsigned char)text[size] & 0xC0) == 0x80;)
				size--;
	}
	char *words = talloc_strndup(mem, text, size);
	const char *slug = words ? pv_slug_make(mem, words) : NULL;
	return slug ? talloc_asprintf(mem, "%s-%s", slug, id + strlen(id) - TAIL) : NULL;
}

/* The comment it answers: by its place in this journal. */
static enum pv_status answered_comment(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_journal_out *going, const char **out, struct pv_error *error)
{
	struct pv_message_row message;
	char digest[PV_DIGEST_SIZE];
	*out = NULL;
	if (!going->reply_to)
		return PV_OK;
	pv_digest(going->reply_to, strlen(going->reply_to), digest);
	enum pv_status status =
		pv_message_find_remote(desk->db, mem, going->account_id, digest, &message, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_NOT_FOUND,
			"Le commentaire auquel ceci répond n'est plus là.",
			"The comment that this answers is no longer there.");
	if (status == PV_OK)
		*out = message.id;
	return status;
}

static enum pv_status keep(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_journal_out *going, struct pv_organization_row *organization,
	struct pv_journal_row *row, struct pv_error *error)
{
	struct pv_publication_row publication;
	struct pv_variant_row variant;
	const char *reply_to = NULL;
	enum pv_status status =
		pv_publication_find(desk->db, mem, going->publication_id, &publication, error);
	if (status == PV_OK && strcmp(publication.account_id, going->account_id) != 0)
		status = pv_fail(error, PV_INTERNAL, "Cette publication est d'un autre compte.",
			"This publication is another account's.");
	if (status == PV_OK)
		status = pv_variant_find(desk->db, mem, publication.variant_id, &variant, error);
	if (status == PV_OK)
		status = pv_organization_find(
			desk->db, mem, publication.organization_id, organization, error);
	if (status == PV_OK)
		status = answered_comment(desk, mem, going, &reply_to, error);
	if (status != PV_OK)
		return status;
	*row = (struct pv_journal_row){
		.id = going->publication_id,
		.organization_id = publication.organization_id,
		.slug = slug_of(mem, going->text, going->publication_id),
		.text = going->text,
		.languages = going->languages,
		.media = variant.media,
		.reply_to = reply_to,
		.author_name = organization->name,
		.published_at_us = going->written_at_us,
	};
	if (!row->slug)
		return pv_fail_nomem(error);
	status = pv_journal_keep(desk->db, row, error);
	/* It may have been there before, at its own address. */
	return status == PV_OK ? pv_journal_find(desk->db, mem, going->publication_id, row, error)
			       : status;
}

enum pv_status pv_desk_journal_publish(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_journal_out *out_going, char **out_permalink, struct pv_error *error)
{
	struct pv_organization_row organization;
	struct pv_journal_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, keep(desk, mem, out_going, &organization, &row, error), error);
	if (status == PV_OK)
		status = permalink_of(desk, mem, &organization, &row, out_permalink, error);
	return status;
}

enum pv_status pv_desk_journal_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *publication_id, char **out_permalink, struct pv_error *error)
{
	struct pv_journal_row row;
	struct pv_organization_row organization;
	enum pv_status status = pv_journal_find(desk->db, mem, publication_id, &row, error);
	if (status == PV_OK)
		status = pv_organization_find(
			desk->db, mem, row.organization_id, &organization, error);
	if (status == PV_OK)
		status = permalink_of(desk, mem, &organization, &row, out_permalink, error);
	return status;
}

enum pv_status pv_desk_journal_withdraw(
	struct pv_desk *desk, const char *account_id, const char *entry_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_account_row account;
	enum pv_status status = pv_account_find(desk->db, scope, account_id, &account, error);
	if (status != PV_OK)
		return status;
	return pv_journal_withdraw(
		desk->db, entry_id, account.organization_id, pv_env_now_us(desk->env), error);
}
