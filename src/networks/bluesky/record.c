/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/bluesky/bluesky.h"

#include "net/url.h"
#include "text/entities.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

/* Writes a step's failure into `no`; true when the record cannot be made now. */
static void refuse(struct pv_delivery *no, enum pv_reason reason, const char *evidence)
{
	*no = (struct pv_delivery){
		.answer = PV_ANSWER_NO,
		.reason = reason,
		.remote_id = "",
		.permalink = "",
		.retry_at_us = PV_TIME_NONE,
		.evidence = evidence,
	};
}

/* ---- facets: app.bsky.richtext.facet, offsets in bytes of UTF-8 -------------------------------- */

static json_t *link_feature(TALLOC_CTX *mem, const char *text)
{
	char *uri = strstr(text, "://") ? talloc_strdup(mem, text)
					: talloc_asprintf(mem, "https://%s", text);
	struct pv_net_url url;
	/* an address that is none would have the whole post refused: it stays text */
	if (!uri || pv_net_url_parse(mem, uri, &url, NULL) != PV_OK)
		return NULL;
	return json_pack("{s:s, s:s}", "$type", "app.bsky.richtext.facet#link", "uri", uri);
}

/*
 * A handle that cannot be resolved stays text: a mention that is not linked is a lesser harm than a
 * post that does not leave. Only a PDS that is not there at all stops here (LATER).
 */
static enum pv_status mention_feature(struct pv_bluesky *b, const char *handle, json_t **out,
	struct pv_delivery *no, struct pv_error *error)
{
	TALLOC_CTX *mem = b->wire.mem;
	char *escaped = pv_wire_escape(mem, handle);
	struct pv_bluesky_call call = {
		.nsid = "com.atproto.identity.resolveHandle",
		.query = escaped ? talloc_asprintf(mem, "handle=%s", escaped) : NULL,
		.most_ms = PV_BLUESKY_RESOLVE_MS,
	};
	if (!call.query)
		return pv_fail_nomem(error);
	struct pv_wire_answer answer;
	enum pv_status status = pv_bluesky_ask(b, &call, &answer, error);
	if (status != PV_OK)
		return status;
	if (b->renewal_failed || answer.http.outcome == PV_HTTP_NOT_SENT) {
		pv_wire_judge_before(&b->wire, &answer, no);
		return PV_OK;
	}
	const char *did = pv_json_text(answer.json, "did");
	if (!pv_wire_answered(&answer, 200) || !did || strncmp(did, "did:", 4) != 0)
		return PV_OK;
	*out = json_pack("{s:s, s:s}", "$type", "app.bsky.richtext.facet#mention", "did", did);
	return *out ? PV_OK : pv_fail_nomem(error);
}

static bool add_facet(json_t *facets, const struct pv_entity *entity, json_t *feature)
{
	json_t *facet = json_pack("{s:{s:I, s:I}, s:[o]}", "index", "byteStart",
		(json_int_t)entity->start, "byteEnd", (json_int_t)entity->end, "features", feature);
	return facet && json_array_append_new(facets, facet) == 0;
}

static enum pv_status one_facet(struct pv_bluesky *b, const struct pv_entity *entity,
	unsigned *mentions, json_t *facets, struct pv_delivery *no, struct pv_error *error)
{
	char *text = pv_str_dup(b->wire.mem, entity->text);
	json_t *feature = NULL;
	if (!text)
		return pv_fail_nomem(error);
	if (entity->kind == PV_ENTITY_LINK)
		feature = link_feature(b->wire.mem, text);
	else if (entity->kind == PV_ENTITY_HASHTAG && entity->text.size <= PV_BLUESKY_TAG_BYTES_MAX)
		feature = json_pack(
			"{s:s, s:s}", "$type", "app.bsky.richtext.facet#tag", "tag", text);
	else if (entity->kind == PV_ENTITY_MENTION && (*mentions)++ < PV_BLUESKY_MENTIONS_MAX) {
		enum pv_status status = mention_feature(b, text, &feature, no, error);
		if (status != PV_OK)
			return status;
	}
	if (feature && !add_facet(facets, entity, feature))
		return pv_fail_nomem(error);
	return PV_OK;
}

static enum pv_status add_facets(struct pv_bluesky *b, const char *text, json_t *record,
	struct pv_delivery *no, struct pv_error *error)
{
	struct pv_entities found;
	enum pv_status status =
		pv_entities_find(b->wire.mem, PV_DIALECT_BLUESKY, pv_str(text), &found, error);
	PV_JSON json_t *facets = json_array();
	if (status == PV_OK && !facets)
		status = pv_fail_nomem(error);
	unsigned mentions = 0;
	size_t last = 0;
	for (size_t i = 0; status == PV_OK && !no->evidence && i < found.n; i++) {
		if (found.items[i].start < last)
			continue; /* facets may not overlap */
		last = found.items[i].end;
		status = one_facet(b, &found.items[i], &mentions, facets, no, error);
	}
	if (status == PV_OK && json_array_size(facets) &&
		json_object_set(record, "facets", facets) != 0)
		status = pv_fail_nomem(error);
	return status;
}

/* ---- embeds ------------------------------------------------------------------------------------ */

static enum pv_status upload(struct pv_bluesky *b, const struct pv_outgoing_media *media,
	json_t **out_blob, struct pv_delivery *no, struct pv_error *error)
{
	struct pv_bluesky_call call = {
		.nsid = "com.atproto.repo.uploadBlob",
		.type = media->type,
		.body = media->bytes,
		.body_size = media->size,
	};
	struct pv_wire_answer answer;
	enum pv_status status = pv_bluesky_ask(b, &call, &answer, error);
	if (status != PV_OK)
		return status;
	json_t *blob = json_object_get(answer.json, "blob");
	if (!b->renewal_failed && pv_wire_answered(&answer, 200) && json_is_object(blob)) {
		*out_blob = blob;
		return PV_OK;
	}
	pv_wire_judge_before(&b->wire, &answer, no);
	return PV_OK;
}

static enum pv_status add_images(struct pv_bluesky *b, const struct pv_outgoing *outgoing,
	json_t *record, struct pv_delivery *no, struct pv_error *error)
{
	PV_JSON json_t *images = json_array();
	for (size_t i = 0; images && i < outgoing->n_media; i++) {
		const struct pv_outgoing_media *media = &outgoing->media[i];
		json_t *blob = NULL;
		enum pv_status status = upload(b, media, &blob, no, error);
		if (status != PV_OK || no->evidence)
			return status;
		json_t *image =
			json_pack("{s:O, s:s}", "image", blob, "alt", media->alt ? media->alt : "");
		if (image && media->width > 0 && media->height > 0)
			json_object_set_new(image, "aspectRatio",
				json_pack("{s:i, s:i}", "width", media->width, "height",
					media->height));
		if (!image || json_array_append_new(images, image) != 0)
			return pv_fail_nomem(error);
	}
	json_t *embed =
		images ? json_pack("{s:s, s:O}", "$type", "app.bsky.embed.images", "images", images)
		       : NULL;
	return embed && json_object_set_new(record, "embed", embed) == 0 ? PV_OK
									 : pv_fail_nomem(error);
}

/* A post has one embed: pictures come before the card. */
static enum pv_status add_card(
	const struct pv_link_card *card, json_t *record, struct pv_error *error)
{
	json_t *embed = json_pack("{s:s, s:{s:s, s:s, s:s}}", "$type", "app.bsky.embed.external",
		"external", "uri", card->url, "title", card->title ? card->title : "",
		"description", card->description ? card->description : "");
	return embed && json_object_set_new(record, "embed", embed) == 0 ? PV_OK
									 : pv_fail_nomem(error);
}

/* ---- answers ----------------------------------------------------------------------------------- */

/* The record at a URI with its cid: from the PDS, and from the AppView for other PDSs' records. */
static enum pv_status fetch(struct pv_bluesky *b, const char *text, json_t **out_value,
	json_t **out_ref, struct pv_wire_answer *answer, struct pv_error *error)
{
	TALLOC_CTX *mem = b->wire.mem;
	struct pv_bluesky_uri uri;
	if (!pv_bluesky_uri_parse(mem, text, &uri))
		return PV_OK;
	struct pv_bluesky_call call = {
		.nsid = "com.atproto.repo.getRecord",
		.query = talloc_asprintf(
			mem, "repo=%s&collection=%s&rkey=%s", uri.did, uri.collection, uri.rkey),
	};
	enum pv_status status =
		call.query ? pv_bluesky_ask(b, &call, answer, error) : pv_fail_nomem(error);
	if (status != PV_OK || b->renewal_failed)
		return status;
	json_t *post = pv_wire_answered(answer, 200) ? answer->json : NULL;
	const char *value = "value";
	if (!post && b->appview && answer->http.outcome == PV_HTTP_ANSWERED) {
		char *escaped = pv_wire_escape(mem, text);
		call.nsid = "app.bsky.feed.getPosts";
		call.query = escaped ? talloc_asprintf(mem, "uris=%s", escaped) : NULL;
		status =
			call.query ? pv_bluesky_ask(b, &call, answer, error) : pv_fail_nomem(error);
		if (status != PV_OK || b->renewal_failed)
			return status;
		post = json_array_get(json_object_get(answer->json, "posts"), 0);
		value = "record";
	}
	const char *cid = pv_json_text(post, "cid");
	if (!cid)
		return PV_OK;
	*out_value = json_object_get(post, value);
	*out_ref = pv_wire_keep(mem, json_pack("{s:s, s:s}", "uri", text, "cid", cid));
	return *out_ref ? PV_OK : pv_fail_nomem(error);
}

/* The post answered is gone (no), or could not be asked for (later). */
static void refuse_answer(
	struct pv_bluesky *b, const struct pv_wire_answer *answer, struct pv_delivery *no)
{
	int status = answer->http.status;
	bool said = answer->http.outcome == PV_HTTP_ANSWERED &&
		    (status == 200 || status == 400 || status == 404);
	if (!b->renewal_failed && said)
		refuse(no, PV_REASON_PERMANENT, "the post to answer is not there (any more)");
	else
		pv_wire_judge_before(&b->wire, answer, no);
}

static enum pv_status add_reply(struct pv_bluesky *b, const struct pv_outgoing *outgoing,
	json_t *record, struct pv_delivery *no, struct pv_error *error)
{
	struct pv_wire_answer answer = {.http = {.outcome = PV_HTTP_ANSWERED, .status = 404}};
	json_t *value = NULL, *parent = NULL;
	enum pv_status status = fetch(b, outgoing->reply_to, &value, &parent, &answer, error);
	if (status != PV_OK)
		return status;
	if (!parent) {
		refuse_answer(b, &answer, no);
		return PV_OK;
	}
	/* the thread's first post: the parent's own word for it, else the parent */
	json_t *root = json_object_get(json_object_get(value, "reply"), "root");
	if (!pv_json_text(root, "uri") || !pv_json_text(root, "cid"))
		root = parent;
	json_t *reply = json_pack("{s:{s:s, s:s}, s:O}", "root", "uri", pv_json_text(root, "uri"),
		"cid", pv_json_text(root, "cid"), "parent", parent);
	return reply && json_object_set_new(record, "reply", reply) == 0 ? PV_OK
									 : pv_fail_nomem(error);
}

/* ---- the whole --------------------------------------------------------------------------------- */

static enum pv_status add_langs(
	const struct pv_outgoing *outgoing, json_t *record, struct pv_error *error)
{
	json_t *langs = json_array();
	for (size_t i = 0; langs && i < outgoing->n_languages && i < PV_BLUESKY_LANGS_MAX; i++)
		json_array_append_new(langs, json_string(outgoing->languages[i]));
	if (langs && json_array_size(langs) == 0) {
		json_decref(langs);
		return PV_OK;
	}
	return langs && json_object_set_new(record, "langs", langs) == 0 ? PV_OK
									 : pv_fail_nomem(error);
}

enum pv_status pv_bluesky_record(struct pv_bluesky *b, const struct pv_outgoing *outgoing,
	json_t **out, struct pv_delivery *out_no, struct pv_error *error)
{
	char at[PV_TIME_TEXT_SIZE];
	if (!pv_utf8_valid(outgoing->text, strlen(outgoing->text)))
		return pv_fail(error, PV_INVALID, "Le texte n'est pas en UTF-8.",
			"The text is not UTF-8.");
	json_t *record = pv_wire_keep(b->wire.mem,
		json_pack("{s:s, s:s, s:s}", "$type", PV_BLUESKY_POST, "text", outgoing->text,
			"createdAt", pv_time_format(outgoing->written_at_us, at)));
	if (!record)
		return pv_fail_nomem(error);
	struct pv_delivery no = {0};
	enum pv_status status = add_langs(outgoing, record, error);
	if (status == PV_OK)
		status = add_facets(b, outgoing->text, record, &no, error);
	if (status == PV_OK && !no.evidence && outgoing->reply_to && *outgoing->reply_to)
		status = add_reply(b, outgoing, record, &no, error);
	if (status == PV_OK && !no.evidence && outgoing->n_media)
		status = add_images(b, outgoing, record, &no, error);
	else if (status == PV_OK && !no.evidence && outgoing->card.url)
		status = add_card(&outgoing->card, record, error);
	if (status != PV_OK)
		return status;
	if (no.evidence)
		*out_no = no;
	else
		*out = record;
	return PV_OK;
}
