/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The links of a variant, and what is known of where they lead. */
#include "base/json.h"
#include "base/mem.h"
#include "desk/variants.h"
#include "text/prose.h"

#include <string.h>

/* ---- which ------------------------------------------------------------------------------------- */

const char *pv_variant_said(TALLOC_CTX *mem, const struct pv_variant_row *row)
{
	json_t *parsed = NULL;
	char *said = talloc_strdup(mem, row->text);
	if (!row->media || pv_json_parse(row->media, strlen(row->media), &parsed, NULL) != PV_OK)
		return said;
	PV_JSON json_t *media = parsed;
	for (size_t i = 0; said && i < json_array_size(media); i++) {
		const char *alt = pv_json_text(json_array_get(media, i), "alt");
		if (alt && *alt)
			said = talloc_asprintf_append_buffer(said, "\n%s", alt);
	}
	return said;
}

struct listing {
	TALLOC_CTX *mem;
	const struct pv_prose *prose;
	const char **links;
	size_t n;
	bool more;
};

static bool list_link(struct listing *listing, size_t start, size_t end)
{
	const char *url = pv_str_dup(listing->mem, pv_prose_slice(listing->prose, start, end));
	if (!url)
		return false;
	if (pv_word_is(url, listing->links, listing->n))
		return true;
	listing->more = listing->n == PV_JUDGE_LINKS_MAX;
	if (!listing->more)
		listing->links[listing->n++] = url;
	return true;
}

/* To a network the link may end at what nobody sees in it: that is a link, too. */
static bool list_token(struct listing *listing, const struct pv_token *token)
{
	size_t seen = pv_prose_seen_until(listing->prose, token->start, token->end);
	if (token->kind != PV_TOKEN_LINK)
		return true;
	return list_link(listing, token->start, token->end) &&
	       (seen == token->end || seen <= token->start + 1 ||
		       list_link(listing, token->start, seen));
}

enum pv_status pv_variant_links(TALLOC_CTX *mem, const char *text, const char ***out, size_t *out_n,
	bool *out_more, struct pv_error *error)
{
	struct pv_prose prose;
	struct listing listing = {.mem = mem,
		.prose = &prose,
		.links = talloc_array(mem, const char *, PV_JUDGE_LINKS_MAX)};
	if (!pv_utf8_valid(text, strlen(text)))
		return pv_fail(error, PV_INVALID, "Ce texte n'est pas de l'UTF-8 bien formé.",
			"This text is not well-formed UTF-8.");
	if (!listing.links || !pv_prose_read(mem, pv_str(text), NULL, NULL, &prose))
		return pv_fail_nomem(error);
	for (size_t i = 0; i < prose.n_tokens && !listing.more; i++)
		if (!list_token(&listing, &prose.tokens[i]))
			return pv_fail_nomem(error);
	*out = listing.links;
	*out_n = listing.n;
	*out_more = listing.more;
	return PV_OK;
}

_Static_assert(PV_JUDGE_LINKS_MAX == 50, "the words say so");
#define TOO_MANY_FR \
	"Ce texte a plus de 50 liens : le bureau ne peut pas tous les vérifier. Retirez-en."
#define TOO_MANY_EN \
	"This text has more than 50 links: the desk cannot check them all. Take some out."
const struct pv_words pv_words_too_many_links = {TOO_MANY_FR, TOO_MANY_EN};

static enum pv_status fit(TALLOC_CTX *mem, const char *said, bool *out, struct pv_error *error)
{
	const char **links;
	size_t n;
	bool more;
	if (!said)
		return pv_fail_nomem(error);
	enum pv_status status = pv_variant_links(mem, said, &links, &n, &more, error);
	if (status == PV_OK)
		*out = !more;
	return status;
}

enum pv_status pv_variant_links_fit(
	TALLOC_CTX *mem, const struct pv_variant_row *row, bool *out, struct pv_error *error)
{
	return fit(mem, pv_variant_said(mem, row), out, error);
}

enum pv_status pv_desk_links_check(TALLOC_CTX *mem, const char *said, struct pv_error *error)
{
	bool fits = false;
	enum pv_status status = fit(mem, said, &fits, error);
	if (status == PV_OK && !fits)
		return pv_fail_field(error, "/text", TOO_MANY_FR, TOO_MANY_EN);
	return status;
}

/* ---- what is known of them --------------------------------------------------------------------- */

enum pv_status pv_desk_links_to_resolve(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	int64_t fresh_us, const char ***out, size_t *out_n, struct pv_error *error)
{
	const char **links;
	size_t n, kept = 0;
	bool more;
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_variant_links(mem, text, &links, &n, &more, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++) {
		struct pv_resolution_row found;
		status = pv_resolution_find(desk->db, mem, links[i], &found, error);
		if (status != PV_OK && status != PV_NOT_FOUND)
			return status;
		if (status == PV_NOT_FOUND || now_us - found.resolved_at_us > fresh_us)
			links[kept++] = links[i];
	}
	*out = links;
	*out_n = kept;
	return PV_OK;
}

enum pv_status pv_desk_resolution_keep(struct pv_desk *desk, const char *url, const char *final_url,
	const char *why_json, const char *page_json, struct pv_error *error)
{
	struct pv_resolution_row row = {
		.url = url,
		.final_url = final_url ? final_url : "",
		.why = why_json ? why_json : "",
		.page = page_json,
		.resolved_at_us = pv_env_now_us(desk->env),
	};
	return pv_resolution_put(desk->db, &row, error);
}

enum pv_status pv_desk_resolution_known(struct pv_desk *desk, TALLOC_CTX *mem, const char *url,
	int64_t fresh_us, const char **out_end, struct pv_error *error)
{
	struct pv_resolution_row found;
	enum pv_status status = pv_resolution_find(desk->db, mem, url, &found, error);
	if (status != PV_OK && status != PV_NOT_FOUND)
		return status;
	*out_end = NULL;
	if (status == PV_NOT_FOUND || !*found.final_url)
		return PV_OK;
	/* Whoever saw its end read the page there, and a later silence has left that as it was. */
	int64_t known_us = *found.why ? found.page_at_us : found.resolved_at_us;
	if (known_us != PV_TIME_NONE && pv_env_now_us(desk->env) - known_us <= fresh_us)
		*out_end = found.final_url;
	return PV_OK;
}
