/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/doc.h"
#include "policy/suffix.h"

#include <errno.h>
#include <stdlib.h>

enum { LIMIT_DIGITS_MAX = 9, DURATION_MAX = 4000 };

bool pv_doc_nomem(struct pv_doc *doc)
{
	doc->complaints->nomem = true;
	return false;
}

bool pv_doc_is(struct pv_doc *doc, const struct pv_yaml *node, enum pv_yaml_kind kind)
{
	static const struct pv_words wanted[] = {
		[PV_YAML_EMPTY] = {"« %s » n'attend rien.", "\"%s\" takes nothing."},
		[PV_YAML_SCALAR] = {"« %s » attend une seule valeur.",
			"\"%s\" takes a single value."},
		[PV_YAML_LIST] = {"« %s » attend une liste, par exemple [a, b].",
			"\"%s\" takes a list, for example [a, b]."},
		[PV_YAML_MAP] = {"« %s » attend des paires « clé: valeur ».",
			"\"%s\" takes \"key: value\" pairs."},
	};
	if (!node || node->kind == kind)
		return node != NULL;
	const char *key = node->key;
	for (const struct pv_yaml *up = node->parent; !key && up; up = up->parent)
		key = up->key;
	pv_complain(doc->complaints, node->line, node->column, wanted[kind].fr, wanted[kind].en,
		key ? key : "…");
	return false;
}

void pv_doc_keys(struct pv_doc *doc, const struct pv_yaml *map, const char *const *keys)
{
	for (size_t i = 0; map && map->kind == PV_YAML_MAP && i < map->n; i++) {
		const struct pv_yaml *value = map->items[i];
		const char *const *key = keys;
		while (*key && strcmp(*key, value->key) != 0)
			key++;
		if (!*key)
			pv_complain(doc->complaints, value->key_line, value->key_column,
				"La clé « %s » n'existe pas ici.", "There is no key \"%s\" here.",
				value->key);
	}
}

const struct pv_yaml *pv_doc_need(struct pv_doc *doc, const struct pv_yaml *map, const char *key)
{
	if (!map || map->kind != PV_YAML_MAP)
		return NULL;
	const struct pv_yaml *node = pv_yaml_get(map, key);
	if (!node)
		DOC_COMPLAIN(
			doc, map, "Il manque la clé « %s ».", "The key \"%s\" is missing.", key);
	return node;
}

const char *pv_doc_text(struct pv_doc *doc, const struct pv_yaml *node)
{
	if (!node)
		return NULL;
	if (node->kind == PV_YAML_EMPTY || (node->kind == PV_YAML_SCALAR && !node->text[0])) {
		if (node->key)
			pv_complain(doc->complaints, node->line, node->column,
				"« %s » attend une valeur.", "\"%s\" takes a value.", node->key);
		else
			DOC_COMPLAIN(
				doc, node, "Il manque une valeur ici.", "A value is missing here.");
		return NULL;
	}
	return pv_doc_is(doc, node, PV_YAML_SCALAR) ? node->text : NULL;
}

const char *pv_doc_id(struct pv_doc *doc, const struct pv_yaml *node)
{
	const char *text = pv_doc_text(doc, node);
	for (const char *c = text; c && *c; c++)
		if (!((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z') && !(*c >= '0' && *c <= '9') &&
			*c != '-' && *c != '_' && *c != '.') {
			DOC_COMPLAIN(doc, node,
				"« %s » sert d'identifiant : lettres sans accent, chiffres, - et _ "
				"seulement.",
				"\"%s\" is an identifier: plain letters, digits, - and _ only.",
				text);
			return NULL;
		}
	return text;
}

static bool read_int(const char *text, int64_t *out)
{
	if (!*text || strlen(text) > LIMIT_DIGITS_MAX)
		return false;
	int64_t value = 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
	}
	*out = value;
	return true;
}

bool pv_doc_int(
	struct pv_doc *doc, const struct pv_yaml *node, int64_t least, int64_t most, int64_t *out)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	int64_t value;
	if (!read_int(text, &value) || value < least || value > most) {
		DOC_COMPLAIN(doc, node, "« %1$s » n'est pas un nombre entier de %2$lld à %3$lld.",
			"\"%1$s\" is not a whole number from %2$lld to %3$lld.", text,
			(long long)least, (long long)most);
		return false;
	}
	*out = value;
	return true;
}

bool pv_doc_yes(struct pv_doc *doc, const struct pv_yaml *node, bool *out)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
	if (!yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
		DOC_COMPLAIN(doc, node, "Écrivez yes ou no, pas « %s ».",
			"Write yes or no, not \"%s\".", text);
		return false;
	}
	*out = yes;
	return true;
}

int pv_doc_choice(struct pv_doc *doc, const struct pv_yaml *node, const char *const *names, int n)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return -1;
	int index = pv_name_index(names, n, pv_str(text));
	if (index >= 0)
		return index;
	struct pv_buf list = PV_BUF(doc->policy, 4096);
	for (int i = 0; i < n; i++)
		if (names[i]) {
			if (list.size)
				pv_buf_text(&list, ", ");
			pv_buf_text(&list, names[i]);
		}
	const char *listed = pv_buf_end(&list);
	DOC_COMPLAIN(doc, node, "« %1$s » n'est pas connu ici; au choix : %2$s.",
		"\"%1$s\" is not known here; choose from: %2$s.", text, listed ? listed : "");
	talloc_free(list.bytes);
	return -1;
}

void pv_doc_texts(struct pv_doc *doc, const struct pv_yaml *node, bool one_too, struct pv_strs *out)
{
	*out = (struct pv_strs){0};
	if (!node)
		return;
	bool one = one_too && node->kind == PV_YAML_SCALAR;
	if (!one && !pv_doc_is(doc, node, PV_YAML_LIST))
		return;
	size_t n = one ? 1 : node->n;
	out->items = talloc_array(doc->policy, const char *, n ? n : 1);
	if (!out->items) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const char *text = pv_doc_text(doc, one ? node : node->items[i]);
		char *copy = text ? talloc_strdup(out->items, text) : NULL;
		if (copy)
			out->items[out->n++] = copy;
		else if (text)
			pv_doc_nomem(doc);
	}
}

/* A suffix under which strangers register ("co.uk") is nobody's domain. */
static void check_site(struct pv_doc *doc, const struct pv_yaml *node, const char *text,
	const struct pv_site *site)
{
	const char *scheme = strstr(text, "://");
	bool blank = false;
	for (const char *c = text; *c; c++)
		blank |= *c == ' ' || *c == '@';
	char *host = talloc_strndup(doc->policy, site->host.bytes, site->host.size);
	if (!host) {
		pv_doc_nomem(doc);
		return;
	}
	if (scheme)
		DOC_COMPLAIN(doc, node, "Écrivez le domaine sans « http:// » : %s.",
			"Write the domain without \"http://\": %s.", scheme + 3);
	else if (blank || !site->whole || !strchr(host, '.'))
		DOC_COMPLAIN(
			doc, node, "« %s » n'est pas un domaine.", "\"%s\" is not a domain.", text);
	else if (pv_host_is_suffix(host))
		DOC_COMPLAIN(doc, node,
			"« %s » couvrirait les sites de tout le monde; écrivez un domaine précis.",
			"\"%s\" would cover everybody's sites; write a domain of one's own.", text);
	talloc_free(host);
}

void pv_doc_sites(struct pv_doc *doc, const struct pv_yaml *node, struct pv_sites *out)
{
	*out = (struct pv_sites){0};
	pv_doc_texts(doc, node, false, &out->texts);
	out->items =
		talloc_zero_array(doc->policy, struct pv_site, out->texts.n ? out->texts.n : 1);
	if (!out->items) {
		out->texts.n = 0;
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < out->texts.n; i++) {
		if (!pv_site_parse(out->items, pv_str(out->texts.items[i]), &out->items[i]))
			pv_doc_nomem(doc);
		else if (out->texts.n == node->n)
			check_site(doc, node->items[i], out->texts.items[i], &out->items[i]);
	}
}

void pv_doc_words(struct pv_doc *doc, const struct pv_yaml *node, struct pv_words *out)
{
	static const char *const keys[] = {"fr", "en", NULL};
	*out = (struct pv_words){"", ""};
	if (!pv_doc_is(doc, node, PV_YAML_MAP))
		return;
	pv_doc_keys(doc, node, keys);
	const char *fr = pv_doc_text(doc, pv_doc_need(doc, node, "fr"));
	const char *en = pv_doc_text(doc, pv_doc_need(doc, node, "en"));
	out->fr = talloc_strdup(doc->policy, fr ? fr : "");
	out->en = talloc_strdup(doc->policy, en ? en : "");
	if (!out->fr || !out->en) {
		*out = (struct pv_words){"", ""};
		pv_doc_nomem(doc);
	}
}

static bool is_language(const char *key)
{
	size_t n = strlen(key);
	for (size_t i = 0; i < n; i++)
		if (key[i] < 'a' || key[i] > 'z')
			return false;
	return n == 2;
}

void pv_doc_needles(struct pv_doc *doc, const struct pv_strs *texts, struct pv_needle **out)
{
	*out = talloc_zero_array(doc->policy, struct pv_needle, texts->n ? texts->n : 1);
	for (size_t i = 0; *out && i < texts->n; i++)
		if (!pv_needle_read(*out, pv_str(texts->items[i]), &(*out)[i]))
			pv_doc_nomem(doc);
	if (!*out)
		pv_doc_nomem(doc);
}

void pv_doc_langs(struct pv_doc *doc, const struct pv_yaml *map, const char *const *others,
	struct pv_langs *out)
{
	*out = (struct pv_langs){0};
	if (!pv_doc_is(doc, map, PV_YAML_MAP))
		return;
	out->items = talloc_zero_array(doc->policy, struct pv_lang_words, map->n ? map->n : 1);
	if (!out->items) {
		pv_doc_nomem(doc);
		return;
	}
	for (size_t i = 0; i < map->n; i++) {
		const struct pv_yaml *value = map->items[i];
		bool other = false;
		for (size_t o = 0; others && others[o]; o++)
			other |= strcmp(others[o], value->key) == 0;
		if (other)
			continue;
		if (!is_language(value->key)) {
			pv_complain(doc->complaints, value->key_line, value->key_column,
				"La clé « %s » n'existe pas ici; une langue s'écrit fr ou en.",
				"There is no key \"%s\" here; a language is written fr or en.",
				value->key);
			continue;
		}
		struct pv_lang_words *lang = &out->items[out->n++];
		lang->lang = talloc_strdup(doc->policy, value->key);
		pv_doc_texts(doc, value, false, &lang->texts);
		pv_doc_needles(doc, &lang->texts, &lang->needles);
		if (!lang->lang || !lang->needles) {
			out->n--;
			pv_doc_nomem(doc);
		}
	}
}

bool pv_doc_duration(struct pv_doc *doc, const struct pv_yaml *node, struct pv_duration *out)
{
	static const char *const units[] = {"minute", "hour", "day"};
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	char *after;
	errno = 0;
	long n = text[0] >= '0' && text[0] <= '9' ? strtol(text, &after, 10) : 0;
	for (int unit = 0; n > 0 && n <= DURATION_MAX && unit < 3; unit++) {
		size_t size = strlen(units[unit]);
		if (*after == ' ' && strncmp(after + 1, units[unit], size) == 0 &&
			(strcmp(after + 1 + size, "s") == 0 || after[1 + size] == '\0')) {
			out->unit = unit;
			out->n = (int)n;
			return true;
		}
	}
	DOC_COMPLAIN(doc, node,
		"« %s » n'est pas une durée; écrivez par exemple 30 days, 24 hours, 10 minutes.",
		"\"%s\" is not a length of time; write for example 30 days, 24 hours, 10 minutes.",
		text);
	return false;
}

/* "12.5" as 125/10. */
static bool read_decimal(const char *text, size_t size, int64_t *top, int64_t *bottom)
{
	int64_t value = 0, scale = 1;
	size_t digits = 0;
	bool point = false;
	for (size_t i = 0; i < size; i++) {
		char c = text[i];
		if (c == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || ++digits > LIMIT_DIGITS_MAX)
			return false;
		value = value * 10 + (c - '0');
		if (point)
			scale *= 10;
	}
	if (digits == 0 || text[size - 1] == '.')
		return false;
	*top = value;
	*bottom = scale;
	return true;
}

static bool read_limit(const char *text, struct pv_limit *out)
{
	size_t size = strlen(text);
	int64_t top, bottom;
	const char *slash = strchr(text, '/');
	if (size > 1 && text[size - 1] == '%') {
		out->share = true;
		if (!read_decimal(text, size - 1, &top, &bottom))
			return false;
		out->top = top;
		out->bottom = bottom * 100;
		return out->top <= out->bottom;
	}
	if (slash) {
		char *first = strndup(text, (size_t)(slash - text));
		out->share = true;
		bool good = first && read_int(first, &out->top) &&
			    read_int(slash + 1, &out->bottom) && out->bottom > 0;
		free(first);
		return good && out->top <= out->bottom;
	}
	out->share = false;
	out->bottom = 1;
	return read_int(text, &out->top);
}

void pv_doc_limit(struct pv_doc *doc, const struct pv_yaml *node, struct pv_limit *out)
{
	const char *text = pv_doc_text(doc, node);
	*out = (struct pv_limit){.bottom = 1, .text = ""};
	if (!text)
		return;
	if (!read_limit(text, out)) {
		*out = (struct pv_limit){.bottom = 1, .text = ""};
		DOC_COMPLAIN(doc, node,
			"« %s » n'est pas une limite; écrivez un nombre (2), une part (25%% ou "
			"1/3) "
			"d'au plus un entier.",
			"\"%s\" is not a limit; write a number (2) or a share (25%% or 1/3), one "
			"whole at most.",
			text);
	}
	out->text = talloc_strdup(doc->policy, text);
	if (!out->text)
		pv_doc_nomem(doc);
}

bool pv_doc_percent(struct pv_doc *doc, const struct pv_yaml *node, int64_t *top, int64_t *bottom)
{
	const char *text = pv_doc_text(doc, node);
	if (!text)
		return false;
	size_t size = strlen(text);
	if (size > 1 && text[size - 1] == '%')
		size--;
	if (!read_decimal(text, size, top, bottom) || *top > 100 * *bottom) {
		DOC_COMPLAIN(doc, node, "« %s » n'est pas un pourcentage de 0 à 100.",
			"\"%s\" is not a percentage from 0 to 100.", text);
		return false;
	}
	return true;
}
