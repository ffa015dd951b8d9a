/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a version of a policy would have said of past posts. */
#include "desk/replay.h"

#include "web/api/parts.h"
#include "web/house.h"

/* JSON escapes may double a text; the desk has the last word on its size. */
enum { REPLAY_BODY_MAX = PV_REPLAY_CASES_MAX + (1 << 20) };

/* A member that is of this kind, absent or null; a problem at "/name" otherwise. */
static enum pv_status check_kind(
	const json_t *body, const char *name, json_type type, struct pv_error *error)
{
	const json_t *value = json_object_get(body, name);
	bool bool_asked = type == JSON_TRUE;
	if (!value || json_is_null(value) ||
		(bool_asked ? json_is_boolean(value) : json_typeof(value) == type))
		return PV_OK;
	char pointer[32];
	snprintf(pointer, sizeof pointer, "/%s", name);
	if (bool_asked)
		return pv_fail_field(error, pointer, "true ou false.", "true or false.");
	return type == JSON_INTEGER
		       ? pv_fail_field(error, pointer, "Un nombre entier.", "A whole number.")
		       : pv_fail_field(error, pointer, "Un texte.", "A text.");
}

static enum pv_status read_in(const json_t *body, struct pv_replay_in *out, struct pv_error *error)
{
	static const struct {
		const char *name;
		json_type type;
	} members[] = {{"months", JSON_INTEGER}, {"against", JSON_STRING}, {"cases", JSON_STRING},
		{"sequence", JSON_TRUE}};
	enum pv_status status = PV_API_ONLY(body, error, "months", "against", "cases", "sequence");
	for (size_t i = 0; i < PV_COUNT(members); i++)
		if (check_kind(body, members[i].name, members[i].type, error) != PV_OK)
			status = PV_INVALID;
	int64_t months = pv_json_int(body, "months", PV_REPLAY_MONTHS);
	*out = (struct pv_replay_in){
		.against = pv_json_text(body, "against"),
		.months = months >= 1 && months <= PV_REPLAY_MONTHS_MAX ? (int)months : -1,
		.cases = pv_json_text(body, "cases"),
		.own_histories = !pv_json_bool(body, "sequence", true),
	};
	return status;
}

static void write_version(struct pv_out *out, const char *name, const struct pv_policy_row *row)
{
	if (!row->id) {
		pv_out_null(out, name);
		return;
	}
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_int(out, "version", row->version);
	pv_out_close(out, '}');
}

static void write_figure(struct pv_out *out, const char *name, int64_t figure)
{
	if (figure < 0)
		pv_out_null(out, name);
	else
		pv_out_int(out, name, figure);
}

static void write_changed(struct pv_out *out, const struct pv_replay_post_row *row)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "variant", row->variant_id);
	pv_out_open(out, "account", '{');
	pv_out_text(out, "slug", row->account);
	pv_out_text(out, "name", row->account_name);
	pv_out_text(out, "network", row->network);
	pv_out_close(out, '}');
	pv_out_text(out, "text", row->text);
	pv_out_time(out, "at", row->at_us);
	pv_out_text(out, "was", pv_verdict_name(row->was));
	pv_out_text(out, "is", pv_verdict_name(row->is));
	pv_out_open(out, "decided_by", '[');
	for (size_t i = 0; i < row->n_decided_by; i++)
		pv_out_text(out, NULL, row->decided_by[i]);
	pv_out_close(out, ']');
	pv_out_bool(out, "human", row->human);
	write_figure(out, "reads", row->reads);
	write_figure(out, "comments", row->comments);
	pv_out_text_or_null(out, "permalink", row->permalink);
	pv_out_close(out, '}');
}

static void write_problem(struct pv_out *out, const struct pv_replay_problem *problem)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", problem->id);
	write_figure(out, "line", problem->line ? (int64_t)problem->line : -1);
	write_figure(out, "column", problem->line ? (int64_t)problem->column : -1);
	pv_out_words(out, "message", &problem->message);
	pv_out_close(out, '}');
}

static void write_replay(struct pv_out *out, const struct pv_desk_replay *replay)
{
	pv_out_open(out, NULL, '{');
	write_version(out, "policy", &replay->to);
	write_version(out, "against", &replay->from);
	pv_out_bool(out, "imported", replay->imported);
	pv_out_bool(out, "older", replay->older);
	pv_out_bool(out, "kept", replay->kept);
	pv_out_raw(out, "summary", replay->summary, "{}");
	pv_out_open(out, "changed", '[');
	for (size_t i = 0; i < replay->n_changed; i++)
		write_changed(out, &replay->changed[i]);
	pv_out_close(out, ']');
	pv_out_int(out, "changed_left_out", (int64_t)replay->changed_left_out);
	pv_out_open(out, "problems", '[');
	for (size_t i = 0; i < replay->n_problems; i++)
		write_problem(out, &replay->problems[i]);
	pv_out_close(out, ']');
	pv_out_int(out, "problems_left_out", (int64_t)replay->problems_left_out);
	pv_out_close(out, '}');
}

/* To whoever looks at the organisation's pages, long before this call has its answer. */
static bool tell(void *state, const struct pv_policy_row *version, int64_t done, int64_t total)
{
	const struct pv_web_call *call = state;
	const struct pv_change change = {.kind = "replay",
		.organization_id = version->organization_id,
		.object_id = version->id,
		.done = done,
		.total = total};
	pv_web_changed(call->web, &change);
	return !pv_web_is_stopping(call->web);
}

static enum pv_status post_replay(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_replay_in in;
	struct pv_desk_replay *replay = NULL;
	if (read_in(call->body, &in, error) != PV_OK)
		return PV_INVALID;
	in.progress = tell;
	in.progress_state = call;
	enum pv_status status = pv_desk_policy_replay(
		call->desk, call->mem, call->actor, call->params[0], &in, &replay, error);
	if (status != PV_OK)
		return status;
	write_replay(&call->out, replay);
	return pv_web_answer(call, 200, error);
}

/* A million posts take some twenty seconds: other connections go on meanwhile. */
static const struct pv_web_route routes[] = {
	{PV_WEB_POST, "/api/v1/policies/{}/replay", post_replay, .takes = PV_TAKES_MAYBE_JSON,
		.body_max = REPLAY_BODY_MAX, .slow = PV_WEB_LONG, .reads = true},
};
const struct pv_web_routes pv_web_replay_routes = PV_WEB_ROUTES(routes);
