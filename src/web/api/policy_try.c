/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Example posts against a policy's text that is being written. */
#include "desk/trying.h"

#include "web/api/parts.h"
#include "web/api/policy_parts.h"

static enum pv_status post_try(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_trying tried;
	const char *text = NULL;
	const json_t *given = json_object_get(call->body, "case");
	enum pv_status status = PV_API_ONLY(call->body, error, "text", "case");
	if (pv_api_text(call->body, "text", true, &text, error) != PV_OK)
		status = PV_INVALID;
	if (!json_is_object(given))
		status = pv_fail_field(error, "/case", "Donnez la publication à essayer.",
			"Give the post to try.");
	if (status == PV_OK)
		status = pv_desk_try(call->desk, call->mem, text, given, &tried, error);
	if (status != PV_OK)
		return status;
	pv_out_open(&call->out, NULL, '{');
	pv_api_text_problems(&call->out, tried.problems.items, tried.problems.n);
	pv_out_raw(&call->out, "judgement", tried.result, "null");
	pv_out_close(&call->out, '}');
	return pv_web_answer(call, 200, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_POST, "/api/v1/policy-try", post_try, .takes = PV_TAKES_JSON, .reads = true},
};
const struct pv_web_routes pv_web_policy_try_routes = PV_WEB_ROUTES(routes);
