/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What went out, or is about to. */
#include "desk/publications.h"

#include "web/api/parts.h"

enum { FIRST_WORDS = 140 };

/* The beginning of a text, cut between code points. */
static const char *first_words(TALLOC_CTX *mem, const char *text)
{
	size_t at = 0, points = 0;
	if (!text)
		return "";
	while (text[at] && points < FIRST_WORDS) {
		at++;
		while (((unsigned char)text[at] & 0xC0) == 0x80)
			at++;
		points++;
	}
	return text[at] ? talloc_strndup(mem, text, at) : text;
}

static enum pv_status get_list(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_publication_row *rows = NULL;
	struct pv_api_seats seats;
	struct pv_out *out = &call->out;
	size_t n = 0;
	int limit = 0;
	struct pv_publication_filter filter = {
		.account_id = pv_web_query(call->request, "account"),
		.state = pv_web_query(call->request, "state"),
		.before_id = pv_web_query(call->request, "cursor"),
	};
	enum pv_status status = pv_web_limit(call->request, 20, 100, &limit, error);
	if (status == PV_OK)
		status = pv_api_organization_id(call, pv_web_query(call->request, "organization"),
			&filter.organization_id, error);
	filter.limit = limit + 1;
	if (status == PV_OK)
		status = pv_desk_publication_list(
			call->desk, call->mem, call->actor, &filter, &rows, &n, error);
	if (status == PV_OK)
		status = pv_api_seats(call, &seats, error);
	if (status != PV_OK)
		return status;
	size_t shown = n > (size_t)limit ? (size_t)limit : n;
	pv_web_list_open(call);
	for (size_t i = 0; i < shown; i++) {
		pv_api_publication(call, NULL, &rows[i], NULL, 0, false);
		pv_api_organization_of(out, "organization", &seats, rows[i].organization_id);
		pv_out_text(out, "text", first_words(call->mem, rows[i].text));
		pv_out_close(out, '}');
	}
	return pv_web_list_close(call, n > shown ? rows[shown - 1].id : NULL, error);
}

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_publication *whole = NULL;
	enum pv_status status = pv_desk_publication_get(
		call->desk, call->mem, call->actor, call->params[0], &whole, error);
	if (status != PV_OK)
		return status;
	pv_api_publication(call, NULL, &whole->row, whole->attempts, whole->n_attempts, true);
	return pv_web_answer(call, 200, error);
}

static const struct pv_web_route routes[] = {
	{PV_WEB_GET, "/api/v1/publications", get_list},
	{PV_WEB_GET, "/api/v1/publications/{}", get_one},
};
const struct pv_web_routes pv_web_publication_routes = PV_WEB_ROUTES(routes);
