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
	struct pv_api_list list;
	struct pv_out *out = &call->out;
	size_t n = 0;
	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_SEATS, &list, error);
	if (status != PV_OK)
		return status;
	const struct pv_publication_filter filter = {
		.organization_id = list.organization_id,
		.account_id = pv_web_query(call->request, "account"),
		.state = pv_web_query(call->request, "state"),
		.before_id = list.cursor,
		.limit = list.limit,
	};
	status = pv_desk_publication_list(
		call->desk, call->mem, call->actor, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	pv_api_list_open(call, &list, &n);
	for (size_t i = 0; i < n; i++) {
		pv_api_publication(call, NULL, &rows[i], NULL, 0, false);
		pv_api_organization_of(out, "organization", &list.seats, rows[i].organization_id);
		pv_out_text(out, "text", first_words(call->mem, rows[i].text));
		pv_out_close(out, '}');
	}
	return pv_web_list_close(call, list.more ? rows[n - 1].id : NULL, error);
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
