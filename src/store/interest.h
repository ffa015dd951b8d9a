/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registers of interests, a person's and an organisation's. Entries end, they are never erased. */
#ifndef PV_STORE_INTEREST_H
#define PV_STORE_INTEREST_H

#include "store/db.h"

struct pv_interest_row {
	const char *id;
	const char *organization_id; /* the organisation's, or the person's own space */
	const char *person_id;       /* NULL: the organisation's own entry */
	const char *names;           /* JSON list */
	const char *relation;        /* author owner employee client family paid gifted */
	const char *org;             /* slug of the organisation it is, NULL when it is none */
	const char *domains;         /* JSON list of "host" or "host/path" */
	const char *handles;         /* JSON list of "@name" */
	const char *feeds;           /* JSON list of addresses */
	const char *until_day;       /* YYYY-MM-DD, the last day it holds; NULL: no end */
	int64_t created_at_us;
	int64_t ended_at_us; /* PV_TIME_NONE: stands */
};

enum pv_status pv_interest_insert(
	struct pv_db *db, const struct pv_interest_row *row, struct pv_error *error);
enum pv_status pv_interest_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_interest_row *out, struct pv_error *error);
/*
 * The entries that stood at an instant, a person's (`person_id`) or an organisation's own
 * (`organization_id` with person_id NULL). PV_TIME_NONE: every entry, ended ones too.
 */
enum pv_status pv_interest_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, int64_t at_us, struct pv_interest_row **out, size_t *out_n,
	struct pv_error *error);
/* PV_CONFLICT when it had ended already. */
enum pv_status pv_interest_end(struct pv_db *db, const char *id, const char *organization_id,
	int64_t at_us, struct pv_error *error);

#endif
