/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Media: pictures of posts. Their bytes are files named by digest under the data folder
 * (media/aa/digest), written once and never changed; their type is read from the bytes, whatever
 * the browser says.
 */
#ifndef PV_DESK_MEDIA_H
#define PV_DESK_MEDIA_H

#include "desk/desk.h"
#include "store/media.h"

enum { PV_MEDIA_BYTES_MAX = 16 << 20, PV_MEDIA_SIDE_MAX = 16384, PV_MEDIA_NAME_MAX = 300 };

/* Width and height from the header's bytes alone. */
struct pv_image {
	const char *type; /* image/png image/jpeg image/gif image/webp */
	int width, height;
};
/* False when these are not the bytes of one of the four. For parsers' tests too. */
bool pv_image_read(const void *bytes, size_t size, struct pv_image *out);

enum pv_status pv_desk_media_put(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const void *bytes, size_t size,
	const char *name, const char *alt, struct pv_media_row *out, struct pv_error *error);

/* *out_path: the file. */
enum pv_status pv_desk_media_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_media_row *out, char **out_path,
	struct pv_error *error);

enum pv_status pv_desk_media_set_alt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *alt, struct pv_media_row *out,
	struct pv_error *error);

enum pv_status pv_desk_media_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *before_id, int limit,
	struct pv_media_row **out, size_t *out_n, struct pv_error *error);

/* The bytes of a digest, for the dispatcher; PV_UNAVAILABLE when the file is not as it was. */
enum pv_status pv_desk_media_bytes(struct pv_desk *desk, TALLOC_CTX *mem, const char *digest,
	void **out, size_t *out_size, struct pv_error *error);

#endif
