/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sources (feeds) and items (their articles). The collector fetches; the desk keeps.
 */
#ifndef PV_DESK_SOURCES_H
#define PV_DESK_SOURCES_H

#include "desk/desk.h"
#include "store/item.h"
#include "store/source.h"

enum {
	PV_SOURCE_URL_MAX = 2000,
	PV_SOURCES_MAX = 200,            /* of an organisation */
	PV_ITEM_CONTENT_MAX = 256 << 10, /* bytes kept of an article; the rest is cut */
	PV_ITEM_PAGE_MAX = 200,
};

/* ---- for people ---- */

/* May it be added? Asked before the network is: PV_MAY_WRITE, the address, what is there already. */
enum pv_status pv_desk_source_may_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_error *error);
/* A new source is due at once; one that was removed comes back. PV_CONFLICT: it is there already. */
enum pv_status pv_desk_source_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *url,
	struct pv_source_row *out, struct pv_error *error);
enum pv_status pv_desk_source_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_source_row *out,
	struct pv_error *error);
/* organization_id NULL: all of the actor's. */
enum pv_status pv_desk_source_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_source_row **out,
	size_t *out_n, struct pv_error *error);
/* state: active | paused; title NULL keeps. */
enum pv_status pv_desk_source_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *title, const char *state,
	struct pv_source_row *out, struct pv_error *error);
enum pv_status pv_desk_source_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

struct pv_item_filter {
	const char *organization_id; /* NULL: all of the actor's */
	const char *source_id, *state;
	const char *before; /* cursor.h: of published_at */
	int limit;
};
enum pv_status pv_desk_item_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_item_filter *filter, struct pv_item_row **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_desk_item_get(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, struct pv_item_row *out, struct pv_error *error);
/* new | used | set_aside */
enum pv_status pv_desk_item_set_state(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *state, struct pv_item_row *out,
	struct pv_error *error);

/* ---- for the collector (the desk itself acts) ---- */

/*
 * Takes up to `most` sources that are due, moving each one's fetch_at to `until_us` so that no
 * other node takes it meanwhile.
 */
enum pv_status pv_desk_sources_claim(struct pv_desk *desk, TALLOC_CTX *mem, int most,
	int64_t until_us, struct pv_source_row **out, size_t *out_n, struct pv_error *error);
/* One source whatever its time; PV_NOT_FOUND when removed. */
enum pv_status pv_desk_source_find(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	struct pv_source_row *out, struct pv_error *error);
/* When the next source is due; PV_TIME_NONE: none. */
enum pv_status pv_desk_sources_next(struct pv_desk *desk, int64_t *out_us, struct pv_error *error);

/* What a fetch came to; NULL members stay as they are. */
struct pv_source_fetch {
	const char *source_id;
	const char *title, *site, *etag, *modified;
	const char *state;     /* active | failing */
	const char *state_why; /* JSON {"fr","en"}, "" */
	int64_t failures, interval_s, fetched_at_us, fetch_at_us;
};
/*
 * Keeps the outcome and the items (id, organization_id, source_id, guid_digest, seen_at_us and
 * state are set here), each once by guid, in one transaction. An item that is there is not changed.
 */
enum pv_status pv_desk_source_fetched(struct pv_desk *desk, const struct pv_source_fetch *fetch,
	const struct pv_item_row *items, size_t n, size_t *out_new, struct pv_error *error);

#endif
