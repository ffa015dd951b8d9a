/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/sources.h"
#include "desk/cursor.h"
#include "base/id.h"
#include "base/str.h"
#include "desk/audit.h"
#include "desk/roles.h"
#include "desk/turn.h"
#include "text/address.h"

#include <string.h>

enum { FIRST_INTERVAL_S = 3600, DEFAULT_PAGE = 50 };

/* ---- reading ----------------------------------------------------------------------------------- */

/* Whose rows a list may hold: everybody's for the desk itself. */
static const char *member_of(const struct pv_actor *actor)
{
	return actor->is_desk ? NULL : actor->person_id;
}

static enum pv_status source_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, enum pv_power power,
	struct pv_source_row *out, struct pv_error *error)
{
	struct pv_source_row row;
	enum pv_status status = pv_source_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, power, error);
	if (status == PV_OK && strcmp(row.state, "removed") == 0)
		status = pv_fail(
			error, PV_NOT_FOUND, "Ce flux a été retiré.", "This feed was removed.");
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_source_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_source_row *out,
	struct pv_error *error)
{
	return source_for(desk, mem, actor, id, PV_MAY_READ, out, error);
}

enum pv_status pv_desk_source_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_source_row **out,
	size_t *out_n, struct pv_error *error)
{
	if (organization_id) {
		enum pv_status status =
			pv_desk_may(desk, actor, organization_id, PV_MAY_READ, error);
		if (status != PV_OK)
			return status;
	}
	return pv_source_list(desk->db, mem, organization_id, member_of(actor), out, out_n, error);
}

/* ---- adding ------------------------------------------------------------------------------------ */

static enum pv_status check_url(const char *url, struct pv_error *error)
{
	bool web = url && (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0) &&
		   pv_utf8_valid(url, strlen(url)) && !strpbrk(url, " \t\r\n\"<>");
	if (!web)
		return pv_fail_field(error, "/url",
			"Une adresse qui commence par https:// est attendue.",
			"An address that begins with https:// is expected.");
	if (strlen(url) > PV_SOURCE_URL_MAX)
		return pv_fail_field(error, "/url", "Cette adresse dépasse %d caractères.",
			"This address is over %d characters.", PV_SOURCE_URL_MAX);
	return PV_OK;
}

static enum pv_status check_gone(const struct pv_source_row *row, struct pv_error *error)
{
	if (strcmp(row->state, "removed") == 0)
		return PV_OK;
	return pv_fail(error, PV_CONFLICT, "Ce flux est déjà suivi : « %s ».",
		"This feed is followed already: “%s”.", *row->title ? row->title : row->url);
}

enum pv_status pv_desk_source_may_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_error *error)
{
	struct pv_source_row row;
	enum pv_status status = pv_desk_may(desk, actor, organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = check_url(url, error);
	if (status != PV_OK)
		return status;
	status = pv_source_find_url(desk->db, mem, organization_id, url, &row, error);
	if (status == PV_NOT_FOUND)
		return PV_OK;
	return status == PV_OK ? check_gone(&row, error) : status;
}

/* The one that is there: back if it was removed, in conflict otherwise. */
static enum pv_status bring_back(
	struct pv_desk *desk, struct pv_source_row *row, struct pv_error *error)
{
	enum pv_status status = check_gone(row, error);
	if (status != PV_OK)
		return status;
	row->state = "active";
	row->state_why = "";
	row->failures = 0;
	row->fetch_at_us = pv_env_now_us(desk->env);
	return pv_source_update(desk->db, row, error);
}

static enum pv_status insert(struct pv_desk *desk, TALLOC_CTX *mem, const char *organization_id,
	const char *url, struct pv_source_row *out, struct pv_error *error)
{
	struct pv_source_row *rows;
	size_t n;
	enum pv_status status =
		pv_source_list(desk->db, mem, organization_id, NULL, &rows, &n, error);
	if (status == PV_OK && n >= PV_SOURCES_MAX)
		status = pv_fail(error, PV_TOO_LARGE,
			"Cette organisation suit déjà %d flux : c'est la limite.",
			"This organisation follows %d feeds already: that is the limit.",
			PV_SOURCES_MAX);
	if (status != PV_OK)
		return status;
	int64_t now_us = pv_env_now_us(desk->env);
	*out = (struct pv_source_row){
		.id = pv_id_make(mem, desk->env),
		.organization_id = organization_id,
		.url = url,
		.title = "",
		.site = "",
		.etag = "",
		.modified = "",
		.state = "active",
		.state_why = "",
		.interval_s = FIRST_INTERVAL_S,
		.fetched_at_us = PV_TIME_NONE,
		.fetch_at_us = now_us,
		.created_at_us = now_us,
	};
	return out->id ? pv_source_insert(desk->db, out, error) : pv_fail_nomem(error);
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *organization_id, const char *url, struct pv_source_row *out,
	struct pv_error *error)
{
	enum pv_status status = pv_source_find_url(desk->db, mem, organization_id, url, out, error);
	if (status == PV_OK)
		status = bring_back(desk, out, error);
	else if (status == PV_NOT_FOUND)
		status = insert(desk, mem, organization_id, url, out, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {
		.organization_id = organization_id,
		.verb = "source.add",
		.object = out->id,
		.after = pv_audit_pack(mem, "{s:s}", "url", url),
	};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_source_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_source_row *out, struct pv_error *error)
{
	struct pv_source_row row;
	struct pv_turn turn;
	enum pv_status status = pv_desk_may(desk, actor, organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = check_url(url, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status =
		pv_turn_end(&turn, add(desk, mem, actor, organization_id, url, &row, error), error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "source", row.organization_id, row.id);
	return PV_OK;
}

/* ---- changing ---------------------------------------------------------------------------------- */

static enum pv_status change(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const char *title, const char *state, const char *verb,
	struct pv_source_row *out, struct pv_error *error)
{
	enum pv_status status = source_for(desk, mem, actor, id, PV_MAY_WRITE, out, error);
	if (status != PV_OK)
		return status;
	const char *before =
		pv_audit_pack(mem, "{s:s,s:s}", "title", out->title, "state", out->state);
	out->title = title ? title : out->title;
	if (state && strcmp(state, out->state) != 0) {
		out->state = state;
		out->state_why = "";
		out->failures = 0;
		out->fetch_at_us = pv_env_now_us(desk->env);
	}
	status = pv_source_update(desk->db, out, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {
		.organization_id = out->organization_id,
		.verb = verb,
		.object = id,
		.before = before,
		.after = pv_audit_pack(mem, "{s:s,s:s}", "title", out->title, "state", out->state),
	};
	return pv_desk_audit(desk, actor, &note, error);
}

static enum pv_status change_in_turn(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *title, const char *state,
	const char *verb, struct pv_source_row *out, struct pv_error *error)
{
	struct pv_turn turn;
	struct pv_source_row row;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(
		&turn, change(desk, mem, actor, id, title, state, verb, &row, error), error);
	if (status != PV_OK)
		return status;
	pv_desk_changed(desk, "source", row.organization_id, row.id);
	if (out)
		*out = row;
	return PV_OK;
}

enum pv_status pv_desk_source_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *title, const char *state,
	struct pv_source_row *out, struct pv_error *error)
{
	if (state && strcmp(state, "active") != 0 && strcmp(state, "paused") != 0)
		return pv_fail_field(error, "/state",
			"Un flux est suivi (active) ou en pause (paused).",
			"A feed is followed (active) or paused (paused).");
	if (title && strlen(title) > PV_SOURCE_URL_MAX)
		return pv_fail_field(error, "/title", "Ce titre dépasse %d octets.",
			"This title is over %d bytes.", PV_SOURCE_URL_MAX);
	return change_in_turn(desk, mem, actor, id, title, state, "source.change", out, error);
}

enum pv_status pv_desk_source_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	return change_in_turn(
		desk, scope, actor, id, NULL, "removed", "source.remove", NULL, error);
}

/* ---- items ------------------------------------------------------------------------------------- */

enum pv_status pv_desk_item_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_item_filter *filter, struct pv_item_row **out,
	size_t *out_n, struct pv_error *error)
{
	struct pv_item_query query = {
		.member_id = member_of(actor),
		.organization_id = filter->organization_id,
		.source_id = filter->source_id,
		.state = filter->state,
		.limit = filter->limit > 0 && filter->limit <= PV_ITEM_PAGE_MAX ? filter->limit
										: DEFAULT_PAGE,
	};
	enum pv_status status =
		pv_desk_cursor_read(filter->before, &query.before_us, &query.before_id, error);
	if (status == PV_OK && filter->organization_id)
		status = pv_desk_may(desk, actor, filter->organization_id, PV_MAY_READ, error);
	return status == PV_OK ? pv_item_list(desk->db, mem, &query, out, out_n, error) : status;
}

enum pv_status pv_desk_item_get(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, struct pv_item_row *out, struct pv_error *error)
{
	struct pv_item_row row;
	enum pv_status status = pv_item_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_item_set_state(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *state, struct pv_item_row *out,
	struct pv_error *error)
{
	struct pv_item_row row;
	if (!state || (strcmp(state, "new") != 0 && strcmp(state, "used") != 0 &&
			      strcmp(state, "set_aside") != 0))
		return pv_fail_field(error, "/state",
			"Un article est nouveau (new), utilisé (used) ou mis de côté (set_aside).",
			"An article is new, used or set aside (set_aside).");
	enum pv_status status = pv_item_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = pv_item_set_state(desk->db, id, row.organization_id, state, error);
	if (status != PV_OK)
		return status;
	row.state = state;
	*out = row;
	pv_desk_changed(desk, "item", row.organization_id, id);
	return PV_OK;
}

/* ---- for the collector ------------------------------------------------------------------------- */

enum pv_status pv_desk_sources_claim(struct pv_desk *desk, TALLOC_CTX *mem, int most,
	int64_t until_us, struct pv_source_row **out, size_t *out_n, struct pv_error *error)
{
	return pv_source_claim(
		desk->db, mem, pv_env_now_us(desk->env), until_us, most, out, out_n, error);
}

enum pv_status pv_desk_source_find(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	struct pv_source_row *out, struct pv_error *error)
{
	return source_for(desk, mem, &pv_actor_desk, id, PV_MAY_READ, out, error);
}

enum pv_status pv_desk_sources_next(struct pv_desk *desk, int64_t *out_us, struct pv_error *error)
{
	return pv_source_next(desk->db, out_us, error);
}

/* Never half a character. */
static const char *cut(TALLOC_CTX *mem, const char *text, size_t most)
{
	size_t size = strlen(text);
	if (size <= most)
		return text;
	for (size = most; size && ((unsigned char)text[size] & 0xC0) == 0x80;)
		size--;
	return talloc_strndup(mem, text, size);
}

static enum pv_status keep_item(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_source_row *source, const struct pv_item_row *item, size_t *out_new,
	struct pv_error *error)
{
	struct pv_item_row row = *item;
	char digest[PV_DIGEST_SIZE], address[PV_DIGEST_SIZE] = "";
	bool is_new = false;
	const char *key = pv_address_key(mem, pv_str(row.url));
	if (!key)
		return pv_fail_nomem(error);
	if (*key)
		pv_digest(key, strlen(key), address);
	pv_digest(row.guid, strlen(row.guid), digest);
	row.id = pv_id_make(mem, desk->env);
	row.organization_id = source->organization_id;
	row.source_id = source->id;
	row.guid_digest = digest;
	row.address_digest = address;
	row.seen_at_us = pv_env_now_us(desk->env);
	row.state = "new";
	row.content = cut(mem, row.content, PV_ITEM_CONTENT_MAX);
	if (!row.id || !row.content)
		return pv_fail_nomem(error);
	enum pv_status status = pv_item_keep(desk->db, &row, &is_new, error);
	*out_new += is_new ? 1 : 0;
	return status;
}

static enum pv_status keep_fetch(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_source_fetch *fetch, const struct pv_item_row *items, size_t n,
	struct pv_source_row *source, size_t *out_new, struct pv_error *error)
{
	enum pv_status status = pv_source_find(desk->db, mem, fetch->source_id, source, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = keep_item(desk, mem, source, &items[i], out_new, error);
	if (status != PV_OK)
		return status;
	source->title = fetch->title ? fetch->title : source->title;
	source->site = fetch->site ? fetch->site : source->site;
	source->etag = fetch->etag ? fetch->etag : source->etag;
	source->modified = fetch->modified ? fetch->modified : source->modified;
	/* somebody may have paused or removed it while it was asked */
	bool followed =
		strcmp(source->state, "active") == 0 || strcmp(source->state, "failing") == 0;
	if (fetch->state && followed)
		source->state = fetch->state;
	source->state_why = fetch->state_why ? fetch->state_why : source->state_why;
	source->failures = fetch->failures;
	source->interval_s = fetch->interval_s;
	source->fetched_at_us = fetch->fetched_at_us;
	source->fetch_at_us = fetch->fetch_at_us;
	return pv_source_update(desk->db, source, error);
}

enum pv_status pv_desk_source_fetched(struct pv_desk *desk, const struct pv_source_fetch *fetch,
	const struct pv_item_row *items, size_t n, size_t *out_new, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_source_row source;
	struct pv_turn turn;
	size_t new_items = 0;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = keep_fetch(desk, scope, fetch, items, n, &source, &new_items, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out_new = new_items;
	if (new_items)
		pv_desk_changed(desk, "item", source.organization_id, source.id);
	else
		pv_desk_changed(desk, "source", source.organization_id, source.id);
	return PV_OK;
}
