/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Media: what is known of a picture; its bytes are a file named by their digest. */
#ifndef PV_STORE_MEDIA_H
#define PV_STORE_MEDIA_H

#include "store/db.h"

struct pv_media_row {
	const char *id;
	const char *organization_id;
	const char *digest;
	const char *type; /* image/png image/jpeg image/gif image/webp */
	int64_t size;
	int64_t width, height;
	const char *alt;
	const char *name;
	const char *created_by;
	int64_t created_at_us;
};

enum pv_status pv_media_insert(
	struct pv_db *db, const struct pv_media_row *row, struct pv_error *error);
enum pv_status pv_media_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_media_row *out, struct pv_error *error);
enum pv_status pv_media_set_alt(struct pv_db *db, const char *id, const char *organization_id,
	const char *alt, struct pv_error *error);
/* Newest first, older than `before_id` (NULL: from the newest). */
enum pv_status pv_media_list(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *before_id, int limit, struct pv_media_row **out, size_t *out_n,
	struct pv_error *error);

#endif
