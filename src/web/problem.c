/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/problem.h"

#include "base/mem.h"
#include "web/out.h"

enum { PROBLEM_MAX = 256 << 10 };

static const struct {
	int code;
	struct pv_words title;
} kinds[] = {
	[PV_OK] = {500, {"Une erreur de notre part", "A mistake of ours"}},
	[PV_INVALID] = {422, {"La demande est à compléter ou à corriger",
				     "The request needs completing or correcting"}},
	[PV_UNAUTHENTICATED] = {401, {"Ouvrez une session", "Sign in"}},
	[PV_DENIED] = {403, {"Votre rôle ne le permet pas", "Your role does not allow it"}},
	[PV_NOT_FOUND] = {404, {"Introuvable", "Not found"}},
	[PV_CONFLICT] = {409, {"La situation a changé", "Things have changed"}},
	[PV_REFUSED] = {422, {"La politique éditoriale dit non", "The editorial policy says no"}},
	[PV_TOO_LARGE] = {413, {"Trop grand", "Too large"}},
	[PV_THROTTLED] = {429,
		{"Trop de demandes : attendez un peu", "Too many requests: wait a little"}},
	[PV_UNAVAILABLE] = {503, {"Indisponible pour le moment", "Not available right now"}},
	[PV_UNCERTAIN] = {503, {"L'issue n'est pas connue", "The outcome is not known"}},
	[PV_NOMEM] = {503, {"La mémoire manque pour le moment", "Out of memory right now"}},
	[PV_INTERNAL] = {500, {"Une erreur de notre part", "A mistake of ours"}},
};

static const char bare[] = "{\"type\":\"/problems/unavailable\",\"title\":\"Out of memory\","
			   "\"status\":503,\"detail\":\"La mémoire manque. Out of memory.\","
			   "\"errors\":[]}";

int pv_web_status_code(enum pv_status status)
{
	return (size_t)status < PV_COUNT(kinds) ? kinds[status].code : 500;
}

static const char *in_language(const struct pv_words *words, bool french)
{
	const char *text = french ? words->fr : words->en;
	return text ? text : "";
}

static enum pv_status known_status(const struct pv_error *error)
{
	return (size_t)error->status < PV_COUNT(kinds) ? error->status : PV_INTERNAL;
}

static void finish(struct pv_web_response *response, struct pv_buf *buf, int code, const char *type,
	bool french)
{
	const char *text = pv_buf_end(buf);
	response->status = text ? code : 503;
	response->type = text ? type : "application/problem+json";
	response->body = text ? text : bare;
	response->size = text ? buf->size : sizeof(bare) - 1;
	response->fixed = !text;
	response->file = 0;
	response->stream = NULL;
	response->cache = NULL;
	pv_web_add_header(response, "Content-Language", french ? "fr" : "en");
	pv_web_add_header(response, "Vary", "Accept, Accept-Language");
}

void pv_web_problem(TALLOC_CTX *mem, struct pv_web_response *response, const struct pv_error *error,
	int code, bool french, const char *more)
{
	enum pv_status status = known_status(error);
	struct pv_buf buf = PV_BUF(mem, PROBLEM_MAX);
	struct pv_out out = PV_OUT(&buf);
	if (!code)
		code = pv_web_status_code(status);
	pv_out_open(&out, NULL, '{');
	pv_buf_printf(&buf, "\"type\":\"/problems/%s\"", pv_status_name(status));
	out.more = true;
	pv_out_text(&out, "title", in_language(&kinds[status].title, french));
	pv_out_int(&out, "status", code);
	const char *detail = in_language(&error->words, french);
	if (!*detail && error->n_problems)
		detail = in_language(&error->problems[0].message, french);
	pv_out_text(&out, "detail", detail);
	pv_out_open(&out, "errors", '[');
	for (size_t i = 0; i < error->n_problems; i++) {
		pv_out_open(&out, NULL, '{');
		pv_out_text(&out, "pointer", error->problems[i].pointer);
		pv_out_text(&out, "message", in_language(&error->problems[i].message, french));
		pv_out_close(&out, '}');
	}
	pv_out_close(&out, ']');
	if (more)
		pv_buf_text(&buf, more);
	pv_out_close(&out, '}');
	finish(response, &buf, code, "application/problem+json", french);
}

void pv_web_problem_page(TALLOC_CTX *mem, struct pv_web_response *response,
	const struct pv_error *error, int code, bool french)
{
	enum pv_status status = known_status(error);
	struct pv_buf buf = PV_BUF(mem, PROBLEM_MAX);
	const char *title = in_language(&kinds[status].title, french);
	pv_buf_printf(&buf,
		"<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s · "
		"Portevoix</title>\n"
		"<h1>%s</h1>\n<p>",
		french ? "fr" : "en", title, title);
	pv_buf_html(&buf, in_language(&error->words, french));
	pv_buf_printf(&buf, "</p>\n<p><a href=\"/\">%s</a></p>\n</html>\n",
		french ? "Aller au bureau" : "Go to the desk");
	finish(response, &buf, code ? code : pv_web_status_code(status), "text/html; charset=utf-8",
		french);
}
