/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People: who signs in. */
#ifndef PV_STORE_PERSON_H
#define PV_STORE_PERSON_H

#include "store/db.h"

struct pv_person_row {
	const char *id;
	const char *slug;  /* the policy's id of the person */
	const char *login; /* e-mail address, lower case */
	const char *name;
	const char *password;   /* argon2id; NULL until the invitation is taken */
	const char *language;   /* fr | en */
	const char *theme;      /* auto | light | dark */
	const char *home_id;    /* their own space */
	int64_t disabled_at_us; /* PV_TIME_NONE: may sign in */
	int64_t created_at_us;
};

enum pv_status pv_person_insert(
	struct pv_db *db, const struct pv_person_row *row, struct pv_error *error);
/* PV_NOT_FOUND with words; disabled people are found too. */
enum pv_status pv_person_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_person_row *out, struct pv_error *error);
enum pv_status pv_person_find_login(struct pv_db *db, TALLOC_CTX *mem, const char *login,
	struct pv_person_row *out, struct pv_error *error);
enum pv_status pv_person_find_slug(struct pv_db *db, TALLOC_CTX *mem, const char *slug,
	struct pv_person_row *out, struct pv_error *error);
enum pv_status pv_person_list(struct pv_db *db, TALLOC_CTX *mem, struct pv_person_row **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_person_count(struct pv_db *db, int64_t *out, struct pv_error *error);
/* Writes name, language, theme, password and disabled_at. */
enum pv_status pv_person_update(
	struct pv_db *db, const struct pv_person_row *row, struct pv_error *error);
enum pv_status pv_person_slug_taken(
	struct pv_db *db, const char *slug, bool *out, struct pv_error *error);

#endif
