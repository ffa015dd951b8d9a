/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "desk/media.h"
#include "dispatch/connect.h"
#include "dispatch/work.h"
#include "store/conversation.h"

#include <string.h>

static enum pv_status compose_languages(struct pv_work *work, struct pv_error *error)
{
	PV_JSON json_t *list = NULL;
	const char *text = work->variant.languages;
	enum pv_status status = pv_json_parse(text, strlen(text), &list, error);
	if (status != PV_OK)
		return status;
	size_t n = json_array_size(list);
	const char **languages = talloc_zero_array(work->mem, const char *, n ? n : 1);
	if (!languages)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		const char *tag = json_string_value(json_array_get(list, i));
		languages[i] = talloc_strdup(work->mem, tag ? tag : "");
		if (!languages[i])
			return pv_fail_nomem(error);
	}
	work->outgoing.languages = languages;
	work->outgoing.n_languages = n;
	return PV_OK;
}

static enum pv_status compose_one_media(struct pv_work *work, const json_t *entry,
	struct pv_outgoing_media *out, struct pv_error *error)
{
	const char *digest = pv_json_text(entry, "digest");
	const char *type = pv_json_text(entry, "type");
	const char *alt = pv_json_text(entry, "alt");
	void *bytes;
	size_t size;
	struct pv_image image = {0};
	enum pv_status status = pv_desk_media_bytes(
		work->runner->desk, work->mem, digest ? digest : "", &bytes, &size, error);
	if (status != PV_OK)
		return status;
	pv_image_read(bytes, size, &image);
	*out = (struct pv_outgoing_media){
		.type = talloc_strdup(work->mem, type ? type : ""),
		.alt = talloc_strdup(work->mem, alt ? alt : ""),
		.bytes = bytes,
		.size = size,
		.width = image.width,
		.height = image.height,
	};
	return out->type && out->alt ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status compose_media(struct pv_work *work, struct pv_error *error)
{
	PV_JSON json_t *list = NULL;
	const char *text = work->variant.media;
	enum pv_status status = pv_json_parse(text, strlen(text), &list, error);
	if (status != PV_OK)
		return status;
	size_t n = json_array_size(list);
	struct pv_outgoing_media *media =
		talloc_zero_array(work->mem, struct pv_outgoing_media, n ? n : 1);
	if (!media)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		status = compose_one_media(work, json_array_get(list, i), &media[i], error);
		if (status != PV_OK)
			return status;
	}
	work->outgoing.media = media;
	work->outgoing.n_media = n;
	return PV_OK;
}

static enum pv_status compose_reply(struct pv_work *work, struct pv_error *error)
{
	struct pv_db *db = work->runner->desk->db;
	struct pv_message_row message;
	struct pv_conversation_row conversation;
	if (!work->variant.reply_to)
		return PV_OK;
	enum pv_status status =
		pv_message_find(db, work->mem, work->variant.reply_to, &message, error);
	if (status == PV_OK)
		status = pv_conversation_find(
			db, work->mem, message.conversation_id, &conversation, error);
	if (status != PV_OK)
		return status;
	work->outgoing.reply_to = message.remote_id;
	work->outgoing.reply_root = conversation.remote_root;
	work->outgoing.reply_handle = message.author_handle;
	return PV_OK;
}

/* What a reader would see; variant.media holds the pictures' digests and words. */
static enum pv_status name_content(struct pv_work *work, struct pv_error *error)
{
	const char *fields[] = {"content 1", work->variant.text, work->variant.languages,
		work->variant.media, work->outgoing.reply_to, work->outgoing.reply_root};
	char digest[PV_DIGEST_SIZE];
	pv_digest_fields(fields, PV_COUNT(fields), digest);
	work->outgoing.content = talloc_strdup(work->mem, digest);
	return work->outgoing.content ? PV_OK : pv_fail_nomem(error);
}

enum pv_status pv_work_compose(struct pv_work *work, struct pv_error *error)
{
	struct pv_desk *desk = work->runner->desk;
	work->network = pv_network_find(work->row.network);
	if (!work->network)
		return pv_fail(error, PV_INTERNAL, "Le réseau « %s » n'est pas connu.",
			"The network \"%s\" is not known.", work->row.network);
	enum pv_status status =
		pv_variant_find(desk->db, work->mem, work->row.variant_id, &work->variant, error);
	if (status == PV_OK)
		status = pv_account_find(
			desk->db, work->mem, work->row.account_id, &work->account_row, error);
	if (status == PV_OK)
		status = pv_dispatch_account_open(
			desk, work->mem, &work->account_row, &work->account, error);
	if (status != PV_OK)
		return status;
	work->outgoing = (struct pv_outgoing){
		.publication_id = work->row.id,
		.text = work->variant.text,
		.timeout_ms = PV_NETWORK_TIMEOUT_MS,
	};
	status = compose_languages(work, error);
	if (status == PV_OK)
		status = compose_media(work, error);
	if (status == PV_OK)
		status = compose_reply(work, error);
	return status == PV_OK ? name_content(work, error) : status;
}

enum pv_status pv_work_others(struct pv_work *work, struct pv_error *error)
{
	struct pv_publication_row *rows;
	size_t n;
	size_t n_known = 0;
	/* Those of its last weeks: a search goes no further back. */
	int64_t after_us = work->attempt.written_at_us - PV_WORK_OTHERS_DAYS * PV_DAY_US;
	enum pv_status status = pv_publication_recent(work->runner->desk->db, work->mem,
		work->row.account_id, after_us, PV_WORK_OTHERS_MAX, &rows, &n, error);
	if (status != PV_OK)
		return status;
	const char **known = talloc_array(work->mem, const char *, n + 1);
	if (!known)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++)
		if (*rows[i].remote_id)
			known[n_known++] = rows[i].remote_id;
	work->outgoing.others = known;
	work->outgoing.n_others = n_known;
	return PV_OK;
}

enum pv_status pv_work_number(struct pv_work *work, int attempt, const char *write_key,
	int64_t written_at_us, struct pv_error *error)
{
	work->outgoing.attempt = attempt;
	work->outgoing.write_key = write_key;
	work->outgoing.written_at_us = written_at_us;
	char *numbers = talloc_asprintf(work->mem, "%d %lld", attempt, (long long)written_at_us);
	const char *fields[] = {"outgoing 1", work->row.id, work->row.account_id, numbers,
		write_key, work->variant.text, work->variant.languages, work->variant.media,
		work->outgoing.reply_to, work->outgoing.reply_root};
	char digest[PV_DIGEST_SIZE];
	pv_digest_fields(fields, PV_COUNT(fields), digest);
	work->outgoing_digest = talloc_strdup(work->mem, digest);
	return numbers && work->outgoing_digest ? PV_OK : pv_fail_nomem(error);
}
