/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/media.h"
#include "base/id.h"
#include "base/str.h"
#include "desk/audit.h"
#include "desk/posts.h"
#include "desk/roles.h"
#include "desk/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ------------------------------------------------------------------------------------- */

static char *media_path(const struct pv_desk *desk, TALLOC_CTX *mem, const char *digest)
{
	return talloc_asprintf(mem, "%s/media/%.2s/%s", desk->data_dir, digest, digest);
}

static enum pv_status file_fail(struct pv_error *error)
{
	return pv_fail(error, PV_UNAVAILABLE,
		"L'image ne peut être gardée ou lue dans le dossier de données (%s).",
		"The picture can be neither kept in nor read from the data folder (%s).",
		strerror(errno));
}

static bool make_folder(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool write_all(int file, const void *bytes, size_t size)
{
	const char *at = bytes;
	while (size) {
		ssize_t wrote = write(file, at, size);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		at += wrote;
		size -= (size_t)wrote;
	}
	return true;
}

/* A rename makes it whole or absent, and the folder's own fsync makes the name last. */
static bool write_aside_then_rename(
	const char *aside, const char *path, const char *folder, const void *bytes, size_t size)
{
	int file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		return false;
	bool written = write_all(file, bytes, size) && fsync(file) == 0;
	written = close(file) == 0 && written;
	if (!written || rename(aside, path) != 0) {
		unlink(aside);
		return false;
	}
	int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = directory >= 0 && fsync(directory) == 0;
	if (directory >= 0)
		close(directory);
	return synced;
}

static enum pv_status keep_file(struct pv_desk *desk, TALLOC_CTX *mem, const char *digest,
	const void *bytes, size_t size, struct pv_error *error)
{
	char *path = media_path(desk, mem, digest);
	char *top = talloc_asprintf(mem, "%s/media", desk->data_dir);
	char *folder = talloc_asprintf(mem, "%s/media/%.2s", desk->data_dir, digest);
	char *id = pv_id_make(mem, desk->env);
	char *aside = id ? talloc_asprintf(mem, "%s.%s", path, id) : NULL;
	if (!path || !top || !folder || !aside)
		return pv_fail_nomem(error);
	struct stat about;
	if (stat(path, &about) == 0 && (size_t)about.st_size == size)
		return PV_OK; /* the same picture again */
	if (!make_folder(top) || !make_folder(folder) ||
		!write_aside_then_rename(aside, path, folder, bytes, size))
		return file_fail(error);
	return PV_OK;
}

enum pv_status pv_desk_media_bytes(struct pv_desk *desk, TALLOC_CTX *mem, const char *digest,
	void **out, size_t *out_size, struct pv_error *error)
{
	char *path = media_path(desk, mem, digest);
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct stat about;
	if (file < 0)
		return file_fail(error);
	bool fits = fstat(file, &about) == 0 && about.st_size <= PV_MEDIA_BYTES_MAX;
	size_t size = fits ? (size_t)about.st_size : 0, at = 0;
	char *bytes = fits ? talloc_size(mem, size + 1) : NULL;
	while (bytes && at < size) {
		ssize_t got = read(file, bytes + at, size - at);
		if (got <= 0)
			break;
		at += (size_t)got;
	}
	close(file);
	if (!bytes)
		return fits ? pv_fail_nomem(error) : file_fail(error);
	char found[PV_DIGEST_SIZE];
	pv_digest(bytes, at, found);
	if (at != size || strcmp(found, digest) != 0)
		return pv_fail(error, PV_UNAVAILABLE,
			"Le fichier d'une image n'est plus tel qu'il a été déposé.",
			"A picture's file is no longer as it was put there.");
	*out = bytes;
	*out_size = size;
	return PV_OK;
}

/* ---- verbs ------------------------------------------------------------------------------------- */

static enum pv_status check_texts(const char *name, const char *alt, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	if (name && (strlen(name) > PV_MEDIA_NAME_MAX || !pv_utf8_valid(name, strlen(name))))
		status = pv_fail_field(error, "/name", "Ce nom dépasse %d octets.",
			"This name is over %d bytes.", PV_MEDIA_NAME_MAX);
	if (alt && (strlen(alt) > PV_VARIANT_ALT_MAX || !pv_utf8_valid(alt, strlen(alt))))
		status = pv_fail_field(error, "/alt", "Ce texte de remplacement dépasse %d octets.",
			"This alternative text is over %d bytes.", PV_VARIANT_ALT_MAX);
	return status;
}

static enum pv_status check_bytes(
	const void *bytes, size_t size, struct pv_image *image, struct pv_error *error)
{
	if (size > PV_MEDIA_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Cette image dépasse %d Mo.",
			"This picture is over %d MB.", PV_MEDIA_BYTES_MAX >> 20);
	if (!pv_image_read(bytes, size, image))
		return pv_fail_field(error, "",
			"Une image PNG, JPEG, GIF ou WebP d'au plus %d points de côté est "
			"attendue.",
			"A PNG, JPEG, GIF or WebP picture of at most %d points a side is expected.",
			PV_MEDIA_SIDE_MAX);
	return PV_OK;
}

static enum pv_status insert(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_media_row *row, struct pv_error *error)
{
	enum pv_status status = pv_media_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {
		.organization_id = row->organization_id,
		.verb = "media.add",
		.object = row->id,
		.after = pv_audit_pack(mem, "{s:s,s:s}", "digest", row->digest, "type", row->type),
	};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_media_put(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const void *bytes, size_t size,
	const char *name, const char *alt, struct pv_media_row *out, struct pv_error *error)
{
	struct pv_image image;
	enum pv_status status = pv_desk_may(desk, actor, organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = check_texts(name, alt, error);
	if (status == PV_OK)
		status = check_bytes(bytes, size, &image, error);
	char *digest = talloc_size(mem, PV_DIGEST_SIZE), *id = pv_id_make(mem, desk->env);
	if (status == PV_OK && (!digest || !id))
		status = pv_fail_nomem(error);
	if (status != PV_OK)
		return status;
	pv_digest(bytes, size, digest);
	struct pv_media_row row = {
		.id = id,
		.organization_id = organization_id,
		.digest = digest,
		.type = image.type,
		.size = (int64_t)size,
		.width = image.width,
		.height = image.height,
		.alt = alt ? alt : "",
		.name = name ? name : "",
		.created_by = actor->person_id ? actor->person_id : "desk",
		.created_at_us = pv_env_now_us(desk->env),
	};
	struct pv_turn turn;
	status = keep_file(desk, mem, digest, bytes, size, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_turn_end(&turn, insert(desk, mem, actor, &row, error), error);
	if (status == PV_OK)
		*out = row;
	return status;
}

static enum pv_status media_for(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, enum pv_power power, struct pv_media_row *out, struct pv_error *error)
{
	struct pv_media_row row;
	enum pv_status status = pv_media_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, power, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_desk_media_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_media_row *out, char **out_path,
	struct pv_error *error)
{
	struct pv_media_row row;
	enum pv_status status = media_for(desk, mem, actor, id, PV_MAY_READ, &row, error);
	char *path = status == PV_OK ? media_path(desk, mem, row.digest) : NULL;
	if (status == PV_OK && !path)
		status = pv_fail_nomem(error);
	if (status != PV_OK)
		return status;
	*out = row;
	*out_path = path;
	return PV_OK;
}

/* What goes out is the variant's own copy of the text: an approval stands whatever happens here. */
enum pv_status pv_desk_media_set_alt(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *alt, struct pv_media_row *out,
	struct pv_error *error)
{
	struct pv_media_row row;
	enum pv_status status = check_texts(NULL, alt, error);
	if (status == PV_OK)
		status = media_for(desk, mem, actor, id, PV_MAY_WRITE, &row, error);
	if (status == PV_OK)
		status = pv_media_set_alt(desk->db, id, row.organization_id, alt, error);
	if (status != PV_OK)
		return status;
	row.alt = alt;
	*out = row;
	return PV_OK;
}

enum pv_status pv_desk_media_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *before_id, int limit,
	struct pv_media_row **out, size_t *out_n, struct pv_error *error)
{
	enum { PAGE_MAX = 200, PAGE = 50 };
	enum pv_status status = pv_desk_may(desk, actor, organization_id, PV_MAY_READ, error);
	if (status != PV_OK)
		return status;
	return pv_media_list(desk->db, mem, organization_id, before_id,
		limit > 0 && limit <= PAGE_MAX ? limit : PAGE, out, out_n, error);
}
