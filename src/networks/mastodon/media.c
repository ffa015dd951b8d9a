/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/mastodon/mastodon.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

enum { BOUNDARY_BYTES = 16 };

/* RFC 7578: the file, and its description. */
static bool build_form(struct pv_mastodon *m, const struct pv_outgoing_media *media,
	struct pv_buf *body, const char **out_type)
{
	unsigned char random[BOUNDARY_BYTES];
	char boundary[2 * BOUNDARY_BYTES + 1];
	pv_env_random(m->wire.context->env, random, sizeof random);
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(boundary + 2 * i, 3, "%02x", random[i]);
	if (media->alt && *media->alt)
		pv_buf_printf(body,
			"--%s\r\nContent-Disposition: form-data; "
			"name=\"description\"\r\n\r\n%s\r\n",
			boundary, media->alt);
	const char *kind = strchr(media->type, '/');
	pv_buf_printf(body,
		"--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"media.%s\"\r\n"
		"Content-Type: %s\r\n\r\n",
		boundary, kind ? kind + 1 : "bin", media->type);
	pv_buf_add(body, media->bytes, media->size);
	pv_buf_printf(body, "\r\n--%s--\r\n", boundary);
	*out_type = talloc_asprintf(m->wire.mem, "multipart/form-data; boundary=%s", boundary);
	return !body->failed && *out_type;
}

static enum pv_status post_form(struct pv_mastodon *m, const char *path, const struct pv_buf *body,
	const char *type, struct pv_wire_answer *out, struct pv_error *error)
{
	struct pv_wire_call call = {
		.method = "POST",
		.url = talloc_asprintf(m->wire.mem, "%s%s", m->server, path),
		.token = m->token,
		.type = type,
		.body = body->bytes,
		.body_size = body->size,
	};
	return call.url ? pv_wire_ask(&m->wire, &call, out, error) : pv_fail_nomem(error);
}

/* 206: still at work; 200: ready; 422: it cannot be used. */
static enum pv_status wait_ready(struct pv_mastodon *m, const char *id, struct pv_delivery *no,
	bool *out_ready, struct pv_error *error)
{
	struct pv_env *env = m->wire.context->env;
	char *escaped = pv_wire_escape(m->wire.mem, id);
	char *path = escaped ? talloc_asprintf(m->wire.mem, "/api/v1/media/%s", escaped) : NULL;
	if (!path)
		return pv_fail_nomem(error);
	for (;;) {
		struct pv_wire_answer answer;
		int64_t left_us = m->wire.deadline_us - pv_env_monotonic_us(env);
		pv_env_sleep_us(env, left_us < PV_MASTODON_POLL_MS * 1000
					     ? left_us
					     : PV_MASTODON_POLL_MS * 1000);
		enum pv_status status = pv_mastodon_ask(m, "GET", path, NULL, NULL, &answer, error);
		if (status != PV_OK)
			return status;
		*out_ready = pv_wire_answered(&answer, 200);
		if (*out_ready)
			return PV_OK;
		/* after the deadline nothing is sent any more: that ends it */
		if (!pv_wire_answered(&answer, 206)) {
			pv_wire_judge_before(&m->wire, &answer, no);
			return PV_OK;
		}
	}
}

enum pv_status pv_mastodon_upload(struct pv_mastodon *m, const struct pv_outgoing_media *media,
	const char **out_id, struct pv_delivery *no, struct pv_error *error)
{
	struct pv_buf body = PV_BUF(m->wire.mem, media->size + (64 << 10));
	const char *type;
	if (!build_form(m, media, &body, &type))
		return pv_fail_nomem(error);
	struct pv_wire_answer answer;
	enum pv_status status = post_form(m, "/api/v2/media", &body, type, &answer, error);
	if (status == PV_OK && pv_wire_answered(&answer, 404)) /* before Mastodon 3.1.3 */
		status = post_form(m, "/api/v1/media", &body, type, &answer, error);
	if (status != PV_OK)
		return status;
	const char *id = pv_wire_text(m->wire.mem, answer.json, "id");
	bool ready = pv_wire_answered(&answer, 200) && *id;
	if (!ready && pv_wire_answered(&answer, 202) && *id) {
		status = wait_ready(m, id, no, &ready, error);
		if (status != PV_OK)
			return status;
	} else if (!ready) {
		pv_wire_judge_before(&m->wire, &answer, no);
	}
	if (ready)
		*out_id = id;
	return PV_OK;
}
