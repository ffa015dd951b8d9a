/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is kept beside the policy: guarantees, cases, exceptions. */
#include "desk/exceptions.h"
#include "desk/policy_life.h"

#include "web/api/parts.h"
#include "web/api/policy_parts.h"

void pv_api_text_problems(struct pv_out *out, const struct pv_policy_problem *problems, size_t n)
{
	pv_out_open(out, "problems", '[');
	for (size_t i = 0; i < n; i++) {
		pv_out_open(out, NULL, '{');
		pv_out_int(out, "line", problems[i].line);
		pv_out_int(out, "column", problems[i].column);
		pv_out_words(out, "message", &problems[i].message);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
}

/* ---- guarantees -------------------------------------------------------------------------------- */

static void write_guarantee(
	struct pv_web_call *call, const struct pv_guarantee_row *row, const char *in_force)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "text", row->text);
	pv_out_text(out, "note", row->note);
	pv_api_person_of(call, "created_by", row->created_by);
	pv_out_time(out, "created_at", row->created_at_us);
	if (in_force)
		pv_out_text(out, "in_force", in_force);
	pv_out_close(out, '}');
}

static enum pv_status get_guarantees(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_guarantee_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_guarantee_list(
		call->desk, call->mem, call->actor, call->params[0], &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_web_list_open(call);
	for (size_t i = 0; i < n; i++)
		write_guarantee(call, &rows[i], NULL);
	return pv_web_list_close(call, NULL, error);
}

static enum pv_status post_guarantee(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_guarantee_row row;
	const char *text = NULL, *in_force, *note = pv_json_text(call->body, "note");
	enum pv_status status = PV_API_ONLY(call->body, error, "text", "note");
	if (pv_api_text(call->body, "text", false, &text, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_guarantee_add(call->desk, call->mem, call->actor, call->params[0], text,
		note ? note : "", &row, &in_force, error);
	if (status != PV_OK)
		return status;
	write_guarantee(call, &row, in_force);
	return pv_web_answer(call, 201, error);
}

static enum pv_status delete_guarantee(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status = pv_desk_guarantee_remove(
		call->desk, call->mem, call->actor, call->params[0], error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

/* ---- cases ------------------------------------------------------------------------------------- */

static enum pv_status write_glance(
	struct pv_web_call *call, const struct pv_policy_case_row *row, struct pv_error *error)
{
	PV_JSON json_t *whole = NULL;
	enum pv_status status = pv_json_parse(row->line, strlen(row->line), &whole, error);
	if (status != PV_OK)
		return status;
	const json_t *title = json_object_get(whole, "title");
	bool told = json_is_string(title) || json_is_object(title);
	PV_JSON json_t *glance = json_pack("{s:s, s:O?, s:O}", "id", row->name, "title",
		told ? title : NULL, "expected", json_object_get(whole, "expect"));
	char *text = glance ? pv_json_dump(call->mem, glance) : NULL;
	if (!text)
		return pv_fail_nomem(error);
	pv_out_raw(&call->out, NULL, text, "{}");
	return PV_OK;
}

static enum pv_status answer_cases(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_case_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_desk_cases_list(
		call->desk, call->mem, call->actor, call->params[0], &rows, &n, error);
	struct pv_buf text = PV_BUF(call->mem, PV_WEB_ANSWER_MAX);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		pv_buf_text(&text, rows[i].line);
		pv_buf_char(&text, '\n');
	}
	if (status == PV_OK && text.failed)
		return pv_fail_nomem(error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_out_text(&call->out, "text", n ? pv_buf_end(&text) : "");
	pv_out_open(&call->out, "items", '[');
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = write_glance(call, &rows[i], error);
	pv_out_close(&call->out, ']');
	pv_out_close(&call->out, '}');
	return status == PV_OK ? pv_web_answer(call, 200, error) : status;
}

static enum pv_status put_cases(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_case_problems problems = {0};
	const char *text = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "text");
	if (pv_api_text(call->body, "text", true, &text, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_cases_replace(call->desk, call->mem, call->actor, call->params[0], text,
		strlen(text), &problems, error);
	if (status == PV_OK)
		return answer_cases(call, error);
	if (problems.n) {
		struct pv_buf more = PV_BUF(call->mem, PV_WEB_ANSWER_MAX);
		struct pv_out out = {.buf = &more, .more = true};
		pv_api_text_problems(&out, problems.items, problems.n);
		call->more = pv_buf_end(&more);
	}
	return status;
}

static enum pv_status post_case(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_policy_case_row row;
	enum pv_status status = pv_desk_cases_add(
		call->desk, call->mem, call->actor, call->params[0], call->body, &row, error);
	if (status == PV_OK)
		status = write_glance(call, &row, error);
	return status == PV_OK ? pv_web_answer(call, 201, error) : status;
}

/* ---- exceptions -------------------------------------------------------------------------------- */

static void write_exception(struct pv_web_call *call, const struct pv_desk_exception *exception,
	const struct pv_api_seats *seats)
{
	const struct pv_policy_exception_row *row = &exception->row;
	struct pv_out *out = &call->out;
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "id", row->id);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_raw(out, "lifts", row->lifts, "[]");
	pv_out_raw(out, "when", row->condition, "{}");
	pv_out_text(out, "from", row->from_day);
	pv_out_text(out, "until", row->until_day);
	pv_out_raw(out, "reason", row->reason, "{}");
	pv_out_text_or_null(out, "variant", row->variant_id);
	pv_out_text(out, "state", exception->state);
	pv_out_bool(out, "in_force", exception->in_force);
	pv_api_person_of(call, "asked_by", row->asked_by);
	pv_out_time(out, "asked_at", row->asked_at_us);
	pv_api_person_of(call, "decided_by", row->decided_by);
	pv_out_time(out, "decided_at", row->decided_at_us);
	pv_api_person_of(call, "ended_by", row->ended_by);
	pv_out_time(out, "ended_at", row->ended_at_us);
	pv_out_text(out, "word", row->word);
	pv_out_close(out, '}');
}

static enum pv_status answer_exception(struct pv_web_call *call,
	const struct pv_desk_exception *exception, int code, struct pv_error *error)
{
	struct pv_api_seats seats;
	enum pv_status status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	write_exception(call, exception, &seats);
	return pv_web_answer(call, code, error);
}

static enum pv_status get_exceptions(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception *items = NULL;
	struct pv_api_seats seats;
	size_t n = 0;
	int limit = 0;
	enum pv_status status = pv_web_limit(call->request, 50, 100, &limit, error);
	if (status == PV_OK)
		status = pv_desk_exception_list(call->desk, call->mem, call->actor, call->params[0],
			pv_web_query(call->request, "cursor"), limit + 1, &items, &n, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	size_t shown = n > (size_t)limit ? (size_t)limit : n;
	pv_web_list_open(call);
	for (size_t i = 0; i < shown; i++)
		write_exception(call, &items[i], &seats);
	return pv_web_list_close(call, n > shown ? items[shown - 1].row.id : NULL, error);
}

static enum pv_status post_exception(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception exception;
	enum pv_status status = pv_desk_exception_ask(
		call->desk, call->mem, call->actor, call->params[0], call->body, &exception, error);
	return status == PV_OK ? answer_exception(call, &exception, 201, error) : status;
}

static enum pv_status get_exception(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception exception;
	enum pv_status status = pv_desk_exception_find(
		call->desk, call->mem, call->actor, call->params[0], &exception, error);
	return status == PV_OK ? answer_exception(call, &exception, 200, error) : status;
}

static enum pv_status post_grant(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception exception;
	enum pv_status status = pv_desk_exception_grant(
		call->desk, call->mem, call->actor, call->params[0], &exception, error);
	return status == PV_OK ? answer_exception(call, &exception, 200, error) : status;
}

static enum pv_status post_refuse(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception exception;
	const char *word = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "word");
	if (pv_api_text(call->body, "word", true, &word, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = pv_desk_exception_refuse(
		call->desk, call->mem, call->actor, call->params[0], word, &exception, error);
	return status == PV_OK ? answer_exception(call, &exception, 200, error) : status;
}

static enum pv_status post_end(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_exception exception;
	enum pv_status status = PV_API_ONLY(call->body, error, "word");
	if (status == PV_OK)
		status = pv_desk_exception_end(call->desk, call->mem, call->actor, call->params[0],
			pv_json_text(call->body, "word"), &exception, error);
	return status == PV_OK ? answer_exception(call, &exception, 200, error) : status;
}

#define HOUSE "/api/v1/organizations/{}"
/* A megabyte of cases, their quotation marks escaped. */
enum { CASES_BODY_MAX = 4 << 20 };

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, HOUSE "/guarantees", get_guarantees},
	{PV_WEB_POST, HOUSE "/guarantees", post_guarantee, .takes = PV_TAKES_JSON, .slow = true},
	{PV_WEB_DELETE, "/api/v1/guarantees/{}", delete_guarantee},
	{PV_WEB_GET, HOUSE "/cases", answer_cases},
	{PV_WEB_PUT, HOUSE "/cases", put_cases, .takes = PV_TAKES_JSON, .body_max = CASES_BODY_MAX},
	{PV_WEB_POST, HOUSE "/cases", post_case, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, HOUSE "/exceptions", get_exceptions},
	{PV_WEB_POST, HOUSE "/exceptions", post_exception, .takes = PV_TAKES_JSON},
	{PV_WEB_GET, "/api/v1/exceptions/{}", get_exception},
	{PV_WEB_POST, "/api/v1/exceptions/{}/grant", post_grant, .takes = PV_TAKES_MAYBE_JSON},
	{PV_WEB_POST, "/api/v1/exceptions/{}/refuse", post_refuse, .takes = PV_TAKES_JSON},
	{PV_WEB_POST, "/api/v1/exceptions/{}/end", post_end, .takes = PV_TAKES_MAYBE_JSON},
};
const struct pv_web_routes pv_web_policy_life_routes = PV_WEB_ROUTES(routes);
