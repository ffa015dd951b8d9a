/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Organisations: the tenants, a person's own space among them (kind "person"). */
#ifndef PV_STORE_ORGANIZATION_H
#define PV_STORE_ORGANIZATION_H

#include "store/db.h"

struct pv_organization_row {
	const char *id;
	const char *slug; /* the policy's id of the organisation or person, and /j/{slug} */
	const char *kind; /* organization | person */
	const char *name;
	const char *colour;     /* one of the house's named colours; "none" for one's own space */
	const char *timezone;   /* IANA */
	const char *language;   /* fr | en */
	int64_t paused_at_us;   /* PV_TIME_NONE: not paused */
	const char *paused_why; /* NULL when not paused */
	const char *switches;   /* JSON list: the policy's quiet switches that are on */
	const char *journal;    /* JSON {open, comments, about:{fr,en}, policy_public} */
	int64_t version;        /* grows at each change */
	int64_t created_at_us;
};

enum pv_status pv_organization_insert(
	struct pv_db *db, const struct pv_organization_row *row, struct pv_error *error);
/* By id, or by slug. PV_NOT_FOUND with words. */
enum pv_status pv_organization_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_organization_row *out, struct pv_error *error);
enum pv_status pv_organization_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *slug,
	struct pv_organization_row *out, struct pv_error *error);
/* Every one, by slug, own spaces last: for the command. */
enum pv_status pv_organization_list(struct pv_db *db, TALLOC_CTX *mem,
	struct pv_organization_row **out, size_t *out_n, struct pv_error *error);
/*
 * Writes name, colour, timezone, language, pause, switches and journal where id and version still
 * match, and makes the version one more; PV_CONFLICT otherwise.
 */
enum pv_status pv_organization_update(
	struct pv_db *db, const struct pv_organization_row *row, struct pv_error *error);
enum pv_status pv_organization_slug_taken(
	struct pv_db *db, const char *slug, bool *out, struct pv_error *error);

#endif
