/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Editorial policies: versions, the one in force, checking a text, samples to start from. */
#include "desk/policies.h"

#include "web/api/parts.h"
#include "web/assets.h"

/* The members that PolicyVersion and Policy share. */
static void write_version(
	struct pv_web_call *call, const struct pv_policy_row *row, const struct pv_api_seats *seats)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_int(out, "version", row->version);
	pv_out_text(out, "state", row->state);
	pv_out_text(out, "note", row->note);
	pv_out_text(out, "digest", row->digest);
	pv_api_person_of(call, "created_by", row->created_by);
	pv_out_time(out, "created_at", row->created_at_us);
	pv_api_person_of(call, "adopted_by", row->adopted_by);
	pv_out_time(out, "adopted_at", row->adopted_at_us);
	pv_out_time(out, "effective_at", row->effective_at_us);
}

static enum pv_status answer_one(
	struct pv_web_call *call, const struct pv_policy_row *row, int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	const struct pv_policy *policy = NULL;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status == PV_OK)
		status = pv_desk_policy_document(call->mem, row, &policy, error);
	if (status != PV_OK)
		return status;
	PV_JSON json_t *document = pv_policy_to_json(policy);
	char *text = document ? pv_json_dump(call->mem, document) : NULL;
	if (!text)
		return pv_fail_nomem(error);
	write_version(call, row, &seats);
	pv_out_text(&call->out, "text", row->text);
	pv_out_raw(&call->out, "document", text, "{}");
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, code, error);
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row *rows = NULL;
	struct pv_api_seats seats;
	size_t n = 0;
	const char *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_policy_list(
			call->desk, call->mem, call->actor, id, &rows, &n, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++) {
		write_version(call, &rows[i], &seats);
		pv_out_close(&call->out, '}');
	}
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	const char *text = NULL, *id = NULL, *note = pv_json_text(call->body, "note");
	enum pv_status status = PV_API_ONLY(call->body, error, "text", "note");
	if (pv_api_text(call->body, "text", false, &text, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_policy_draft(call->desk, call->mem, call->actor, id, text,
			note ? note : "", &row, &problems, error);
	if (status == PV_OK)
		return answer_one(call, &row, 201, error);
	if (problems.n) {
		struct pv_buf more = PV_BUF(call->mem, PV_WEB_ANSWER_MAX);
		struct pv_out out = {.buf = &more, .more = true};
		pv_api_problems(&out, &problems);
		call->more = pv_buf_end(&more);
	}
	return status;
}

static enum pv_status get_in_force(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	const struct pv_policy *policy = NULL;
	const char *id = NULL;
	enum pv_status status = pv_api_organization_id(call, call->params[0], &id, error);
	if (status == PV_OK)
		status = pv_desk_policy_current(
			call->desk, call->mem, call->actor, id, &row, &policy, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	enum pv_status status = pv_desk_policy_find(
		call->desk, call->mem, call->actor, call->params[0], &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status post_adopt(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	int64_t at_us = PV_TIME_NONE;
	enum pv_status status = PV_API_ONLY(call->body, error, "effective_at");
	if (pv_api_time(call->body, "effective_at", &at_us, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_policy_adopt(
		call->desk, call->mem, call->actor, call->params[0], at_us, &row, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status post_check(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_problems problems = {0};
	const char *text = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "text");
	if (pv_api_text(call->body, "text", true, &text, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_policy_check(call->mem, text, &problems, error);
	if (status != PV_OK && status != PV_INVALID)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_api_problems(&call->out, &problems);
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status write_sample(
	struct pv_web_call *call, const struct pv_asset *asset, struct pv_error *error)
{
	struct pv_policy *policy = NULL;
	struct pv_policy_problems problems = {0};
	size_t size = (size_t)(asset->bytes_end - asset->bytes);
	const char *slash = strrchr(asset->path, '/') + 1;
	char *name = talloc_strndup(call->mem, slash, strcspn(slash, "."));
	char *text = talloc_strndup(call->mem, asset->bytes, size);
	if (!name || !text)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_policy_parse(call->mem, text, size, name, &policy, &problems, error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_out_text(&call->out, "name", name);
	pv_out_words(&call->out, "title", pv_policy_title(policy));
	pv_out_text(&call->out, "text", text);
	pv_out_close(&call->out, '}');
	return PV_OK;
}

static enum pv_status get_samples(struct pv_web_call *call, struct pv_error *error)
{
	pv_web_list_open(call);
	for (size_t i = 0; i < pv_assets_data_n; i++) {
		if (strncmp(pv_assets_data[i].path, "policies/", 9) != 0)
			continue;
		enum pv_status status = write_sample(call, &pv_assets_data[i], error);
		if (status != PV_OK)
			return status;
	}
	return pv_web_list_close(call, NULL, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/organizations/{}/policies", get_list},
	{PV_WEB_POST, "/api/v1/organizations/{}/policies", post_list, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, "/api/v1/organizations/{}/policy", get_in_force, .etag = true},
	{PV_WEB_GET, "/api/v1/policies/{}", get_one, .etag = true},
	{PV_WEB_POST, "/api/v1/policies/{}/adopt", post_adopt, .takes = PV_TAKES_MAYBE_JSON},
	{PV_WEB_POST, "/api/v1/policy-check", post_check, .takes = PV_TAKES_JSON, .reads = true},
	{PV_WEB_GET, "/api/v1/policy-samples", get_samples, .etag = true},
};
const struct pv_web_routes pv_web_policy_routes = PV_WEB_ROUTES(routes);
