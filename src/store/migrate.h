/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The tables, made and brought up to date by numbered migrations (schema/NNNN-name.sql) that are
 * compiled in. Each runs once, in its own transaction, under a lock: two nodes that start together
 * do not both migrate. A landed migration is never edited: its digest is kept and compared.
 *
 * In a migration, {key} is text that is compared byte by byte, {text} prose or JSON, {big} a 64-bit
 * integer, {blob} bytes; statements end with ';' at the end of a line.
 */
#ifndef PV_STORE_MIGRATE_H
#define PV_STORE_MIGRATE_H

#include "store/db.h"

struct pv_migration {
	int number;
	const char *name;
	const char *sql;
};

/* Written at build time from schema/. */
extern const struct pv_migration pv_migrations[];
extern const size_t pv_migrations_n;

/*
 * Applies what is missing; `out_applied` (may be NULL) says how many. PV_CONFLICT when the database
 * is newer than this program, or a landed migration's text is not the one compiled in.
 */
enum pv_status pv_db_migrate(struct pv_db *db, int *out_applied, struct pv_error *error);

/* The same with another list: for tests. */
enum pv_status pv_db_migrate_with(struct pv_db *db, const struct pv_migration *migrations, size_t n,
	int *out_applied, struct pv_error *error);

#endif
