/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures: their bytes come as a body, and go as a file. */
#include "desk/media.h"

#include "web/api/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_media(struct pv_web_call *call, const struct pv_media_row *row)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "organization", row->organization_id);
	pv_out_text(out, "type", row->type);
	pv_out_int(out, "size", row->size);
	pv_out_int(out, "width", row->width);
	pv_out_int(out, "height", row->height);
	pv_out_text(out, "alt", row->alt);
	pv_out_text(out, "name", row->name);
	pv_out_text(out, "url", talloc_asprintf(call->mem, "/api/v1/media/%s", row->id));
	pv_out_time(out, "created_at", row->created_at_us);
	pv_out_close(out, '}');
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_media_row *rows = NULL;
	struct pv_api_list list;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_HOUSE, &list, error);
	if (status == PV_OK)
		status = pv_desk_media_list(call->desk, call->mem, call->actor,
			list.organization_id, list.cursor, list.limit, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++)
		write_media(call, &rows[i]);
	return pv_web_list_close(call, list.more ? rows[n - 1].id : NULL, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_media_row row;
	struct pv_api_list of;
	const char *name = pv_web_query(call->request, "name");
	const char *alt = pv_web_query(call->request, "alt");
	enum pv_status status = pv_api_list_read(call, PV_API_HOUSE, &of, error);
	if (status == PV_OK)
		status = pv_desk_media_put(call->desk, call->mem, call->actor, of.organization_id,
			call->request->body, call->request->body_size, name ? name : "",
			alt ? alt : "", &row, error);
	if (status != PV_OK)
		return status;
	write_media(call, &row);
	return pv_web_answer(call, 201, error);
}

/* An id names bytes that never change: they may be kept by the browser, not by what stands between. */
static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_media_row row;
	struct stat stat;
	char *path = NULL;
	enum pv_status status = pv_desk_media_get(
		call->desk, call->mem, call->actor, call->params[0], &row, &path, error);
	if (status != PV_OK)
		return status;
	char *etag = talloc_asprintf(call->mem, "\"%.32s\"", row.digest);
	pv_web_add_header(call->response, "ETag", etag);
	call->response->cache = "private, max-age=31536000, immutable";
	if (etag && pv_web_etag_matches(pv_web_header(call->request, "if-none-match"), etag)) {
		call->response->status = 304;
		return PV_OK;
	}
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0 || fstat(file, &stat) != 0) {
		if (file >= 0)
			close(file);
		return pv_fail(error, PV_UNAVAILABLE, "Cette image ne peut pas être lue (%s).",
			"This picture cannot be read (%s).", strerror(errno));
	}
	call->response->status = 200;
	call->response->type = row.type;
	call->response->file = file;
	call->response->size = (size_t)stat.st_size;
	return PV_OK;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_media_row row;
	const char *alt = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "alt");
	if (pv_api_text(call->body, "alt", true, &alt, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_media_set_alt(
		call->desk, call->mem, call->actor, call->params[0], alt, &row, error);
	if (status != PV_OK)
		return status;
	write_media(call, &row);
	return pv_web_answer(call, 200, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/media", get_list},
	{PV_WEB_POST, "/api/v1/media", post_list, .takes = PV_TAKES_BYTES,
		.body_max = PV_MEDIA_BYTES_MAX},
	{PV_WEB_GET, "/api/v1/media/{}", get_one},
	{PV_WEB_PATCH, "/api/v1/media/{}", patch_one, .takes = PV_TAKES_JSON},
};
const struct pv_web_routes pv_web_media_routes = PV_WEB_ROUTES(routes);
