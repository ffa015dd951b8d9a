/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The month of an organisation, as JSON or as a spreadsheet's lines. */
#include "desk/report.h"

#include "web/api/parts.h"

static enum pv_status get_report(struct pv_web_call *call, struct pv_error *error)
{
	const char *format = pv_web_query(call->request, "format");
	const char *month = pv_web_query(call->request, "month");
	const char *table = pv_web_query(call->request, "table"), *text = NULL;
	const char *lang = pv_web_query(call->request, "lang");
	bool csv = format && strcmp(format, "csv") == 0;
	bool exceptions = table && strcmp(table, "exceptions") == 0;
	if (format && !csv && strcmp(format, "json") != 0)
		return pv_fail_field(
			error, "/format", "Au choix : json ou csv.", "Choose json or csv.");
	if (table && !exceptions && strcmp(table, "posts") != 0)
		return pv_fail_field(error, "/table", "Au choix : posts ou exceptions.",
			"Choose posts or exceptions.");
	if (lang && strcmp(lang, "fr") != 0 && strcmp(lang, "en") != 0)
		return pv_fail_field(error, "/lang", "Au choix : fr ou en.", "Choose fr or en.");
	const struct pv_report_asked asked = {.organization = call->params[0],
		.month = month,
		.form = !csv         ? PV_REPORT_JSON
			: exceptions ? PV_REPORT_EXCEPTIONS_CSV
				     : PV_REPORT_CSV,
		.french = lang ? strcmp(lang, "fr") == 0
			       : pv_web_wants_french(
					 pv_web_header(call->request, "accept-language"))};
	enum pv_status status =
		pv_desk_report(call->desk, call->mem, call->actor, &asked, &text, error);
	if (status != PV_OK)
		return status;
	if (csv && !lang)
		pv_web_add_header(call->response, "Vary", "Accept-Language");
	call->response->status = 200;
	call->response->type = csv ? "text/csv; charset=utf-8" : "application/json";
	call->response->body = text;
	call->response->size = strlen(text);
	return PV_OK;
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/organizations/{}/report", get_report, .etag = true},
};
const struct pv_web_routes pv_web_report_routes = PV_WEB_ROUTES(routes);
