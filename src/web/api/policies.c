/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Editorial policies: versions and their lives, the one in force, samples to start from. */
#include "desk/policy_life.h"
#include "desk/replay.h"

#include "web/api/parts.h"
#include "web/api/policy_parts.h"
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
	pv_out_time(out, "edited_at", row->edited_at_us);
	pv_api_person_of(call, "adopted_by", row->adopted_by);
	pv_out_time(out, "adopted_at", row->adopted_at_us);
	pv_out_time(out, "effective_at", row->effective_at_us);
}

/* The document as the desk reads it, as far as it does; its problems. */
static enum pv_status write_document(
	struct pv_web_call *call, const char *text, struct pv_error *error)
{
	struct pv_policy *policy = NULL;
	struct pv_policy_problems problems = {0};
	struct pv_error said = PV_ERROR_IN(call->mem);
	size_t size = strlen(text);
	enum pv_status status = PV_INVALID;
	if (pv_utf8_valid(text, size))
		status =
			pv_policy_parse(call->mem, text, size, "policy", &policy, &problems, &said);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	PV_JSON json_t *document = policy ? pv_policy_to_json(policy) : NULL;
	char *shown = document ? pv_json_dump(call->mem, document) : NULL;
	if (policy && !shown)
		return pv_fail_nomem(error);
	pv_out_raw(&call->out, "document", shown, "null");
	pv_api_text_problems(&call->out, problems.items, problems.n);
	return PV_OK;
}

/* The check that is kept, and whether it still speaks of what is there. */
static enum pv_status write_checked(
	struct pv_web_call *call, const struct pv_policy_row *row, struct pv_error *error)
{
	PV_JSON json_t *checked = NULL;
	bool current = false;
	if (!row->checked || !*row->checked) {
		pv_out_null(&call->out, "checked");
		return PV_OK;
	}
	enum pv_status status = pv_json_parse(row->checked, strlen(row->checked), &checked, error);
	if (status == PV_OK)
		status = pv_desk_policy_check_is_current(
			call->desk, call->mem, row, &current, error);
	if (status != PV_OK)
		return status;
	json_object_set_new(checked, "current", json_boolean(current));
	char *text = pv_json_dump(call->mem, checked);
	if (!text)
		return pv_fail_nomem(error);
	pv_out_raw(&call->out, "checked", text, "null");
	return PV_OK;
}

/* The replay that is kept, be it of an earlier text, and whether adopting waits for one. */
static enum pv_status write_replayed(
	struct pv_web_call *call, const struct pv_policy_row *row, struct pv_error *error)
{
	PV_JSON json_t *replayed = NULL;
	char *text = NULL;
	bool due = false;
	enum pv_status status = pv_desk_policy_replay_due(call->desk, row, &due, error);
	if (status == PV_OK && row->replayed && *row->replayed) {
		status = pv_json_parse(row->replayed, strlen(row->replayed), &replayed, error);
		json_object_set_new(
			replayed, "current", json_boolean(pv_desk_policy_replay_is_current(row)));
		text = replayed ? pv_json_dump(call->mem, replayed) : NULL;
		if (status == PV_OK && !text)
			status = pv_fail_nomem(error);
	}
	pv_out_raw(&call->out, "replayed", text, "null");
	pv_out_bool(&call->out, "replay_due", due);
	return status;
}

static enum pv_status answer_one(
	struct pv_web_call *call, const struct pv_policy_row *row, int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_version(call, row, &seats);
	pv_out_text(&call->out, "text", row->text);
	status = write_document(call, row->text, error);
	if (status == PV_OK)
		status = write_checked(call, row, error);
	if (status == PV_OK)
		status = write_replayed(call, row, error);
	pv_out_close(&call->out, '}');
	return status == PV_OK ? pv_web_answer(call, code, error) : status;
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
	return status == PV_OK ? answer_one(call, &row, 201, error) : status;
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

/* A member's text, NULL when it is absent or null. */
static enum pv_status maybe_text(
	const json_t *body, const char *name, const char **out, struct pv_error *error)
{
	const json_t *value = json_object_get(body, name);
	*out = NULL;
	return value && !json_is_null(value) ? pv_api_text(body, name, true, out, error) : PV_OK;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_policy_edit edit = {0};
	enum pv_status status = PV_API_ONLY(call->body, error, "text", "note", "version_seen");
	if (maybe_text(call->body, "text", &edit.text, error) != PV_OK ||
		maybe_text(call->body, "note", &edit.note, error) != PV_OK ||
		maybe_text(call->body, "version_seen", &edit.seen, error) != PV_OK ||
		status != PV_OK)
		return PV_INVALID;
	status = pv_desk_policy_edit(
		call->desk, call->mem, call->actor, call->params[0], &edit, &row, &problems, error);
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status =
		pv_desk_policy_drop(call->desk, call->mem, call->actor, call->params[0], error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

static enum pv_status post_run_check(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_check check;
	PV_JSON json_t *answer = NULL;
	enum pv_status status = pv_desk_policy_run_check(
		call->desk, call->mem, call->actor, call->params[0], &row, &check, error);
	if (status == PV_OK)
		status = pv_json_parse(check.json, strlen(check.json), &answer, error);
	if (status != PV_OK)
		return status;
	json_object_set_new(answer, "current", json_true());
	json_object_set_new(answer, "state", json_string(row.state));
	char *text = pv_json_dump(call->mem, answer);
	if (!text)
		return pv_fail_nomem(error);
	pv_out_raw(&call->out, NULL, text, "{}");
	return pv_web_answer(call, 200, error);
}

static enum pv_status get_difference(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_changes changes = {0};
	struct pv_out *out = &call->out;
	const char *with = pv_web_query(call->request, "with");
	if (!with)
		return pv_fail_field(error, "/with", "Dites avec quelle version la comparer.",
			"Say which version to compare it with.");
	enum pv_status status = pv_desk_policy_difference(
		call->desk, call->mem, call->actor, with, call->params[0], &changes, error);
	if (status != PV_OK)
		return status;
	pv_out_open(out, NULL, '{');
	pv_out_open(out, "changes", '[');
	for (size_t i = 0; i < changes.n; i++) {
		const struct pv_policy_change *change = &changes.items[i];
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "kind", pv_change_kind_names[change->kind]);
		pv_out_text(out, "part", change->part);
		pv_out_text(out, "id", change->id);
		pv_out_words(out, "label", &change->label);
		pv_out_words(out, "words", &change->words);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
	pv_out_close(out, '}');
	return pv_web_answer(call, 200, error);
}

static enum pv_status post_adopt(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_row row;
	struct pv_policy_check check = {0};
	int64_t at_us = PV_TIME_NONE;
	enum pv_status status = PV_API_ONLY(call->body, error, "effective_at");
	if (pv_api_time(call->body, "effective_at", &at_us, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_policy_adopt(
		call->desk, call->mem, call->actor, call->params[0], at_us, &row, &check, error);
	if (status != PV_OK && check.json && *check.json && !check.passes)
		call->more = talloc_asprintf(call->mem, ",\"broken\":%s", check.json);
	if (status == PV_CONFLICT && check.replay_due)
		call->more = ",\"replay_due\":true";
	return status == PV_OK ? answer_one(call, &row, 200, error) : status;
}

static enum pv_status post_check(struct pv_web_call *call, struct pv_error *error)
{
	const char *text = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "text");
	if (pv_api_text(call->body, "text", true, &text, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	pv_out_open(&call->out, NULL, '{');
	status = write_document(call, text, error);
	pv_out_close(&call->out, '}');
	return status == PV_OK ? pv_web_answer(call, 200, error) : status;
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
	{PV_WEB_PATCH, "/api/v1/policies/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/policies/{}", delete_one},
	{PV_WEB_POST, "/api/v1/policies/{}/check", post_run_check, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_LONG},
	{PV_WEB_GET, "/api/v1/policies/{}/difference", get_difference},
	{PV_WEB_POST, "/api/v1/policies/{}/adopt", post_adopt, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_LONG},
	{PV_WEB_POST, "/api/v1/policy-check", post_check, .takes = PV_TAKES_JSON, .reads = true},
	{PV_WEB_GET, "/api/v1/policy-samples", get_samples, .etag = true},
};
const struct pv_web_routes pv_web_policy_routes = PV_WEB_ROUTES(routes);
