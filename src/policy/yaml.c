/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/yaml.h"

#include "base/str.h"
#include "base/utf8.h"

#include <libfyaml.h>
#include <string.h>

struct reader {
	struct pv_complaints *complaints;
	const char *text;
	size_t size;
	size_t *line_starts; /* byte offsets */
	size_t n_lines;
	struct pv_yaml *root, *at; /* `at`: the list or map being filled */
	const char *key;           /* a key waiting for its value */
	int key_line, key_column;
	size_t nodes, depth, documents;
	bool stop;
};

struct place {
	int line, column;
};

static bool read_lines(struct reader *r)
{
	size_t lines = 1;
	for (size_t i = 0; i < r->size; i++)
		lines += r->text[i] == '\n';
	r->line_starts = talloc_array(r->complaints->mem, size_t, lines);
	if (!r->line_starts)
		return false;
	r->line_starts[r->n_lines++] = 0;
	for (size_t i = 0; i < r->size; i++)
		if (r->text[i] == '\n')
			r->line_starts[r->n_lines++] = i + 1;
	return true;
}

static struct place place_of(const struct reader *r, size_t offset)
{
	size_t low = 0, high = r->n_lines;
	if (offset > r->size)
		offset = r->size;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (r->line_starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	int column = 1;
	for (size_t i = r->line_starts[low]; i < offset; i++)
		column += !pv_utf8_tail((unsigned char)r->text[i]);
	return (struct place){.line = (int)low + 1, .column = column};
}

/* libfyaml's mark of a quoted value stands behind its quote, of an anchor behind its sign. */
static struct place behind_sign(const struct reader *r, const struct fy_mark *mark)
{
	size_t at = mark->input_pos;
	if (at > 0 && at <= r->size && strchr("'\"&!", r->text[at - 1]))
		at--;
	return place_of(r, at);
}

static struct place event_place(const struct reader *r, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	if (mark && event->type == FYET_SCALAR)
		return behind_sign(r, mark);
	if (mark)
		return place_of(r, mark->input_pos);
	if (r->key)
		return (struct place){.line = r->key_line, .column = r->key_column};
	return r->at ? (struct place){.line = r->at->line, .column = r->at->column}
		     : (struct place){.line = 1, .column = 1};
}

/* The root's child, a list's next item, or the value of the waiting key. */
static struct pv_yaml *add_node(struct reader *r, enum pv_yaml_kind kind, struct place place)
{
	if (++r->nodes > PV_POLICY_NODES_MAX) {
		pv_complain(r->complaints, place.line, place.column,
			"Le document compte plus de %d clés et valeurs.",
			"The document has more than %d keys and values.", PV_POLICY_NODES_MAX);
		r->stop = true;
		return NULL;
	}
	struct pv_yaml *node = talloc_zero(r->complaints->mem, struct pv_yaml);
	if (!node) {
		r->complaints->nomem = r->stop = true;
		return NULL;
	}
	*node = (struct pv_yaml){.kind = kind,
		.line = place.line,
		.column = place.column,
		.parent = r->at,
		.key = r->key,
		.key_line = r->key_line,
		.key_column = r->key_column};
	r->key = NULL;
	if (!r->at) {
		r->root = node;
		return node;
	}
	struct pv_yaml *parent = r->at;
	if ((parent->n & (parent->n - 1)) == 0) { /* 0, 1, 2, 4…: double the room */
		struct pv_yaml **grown = talloc_realloc(r->complaints->mem, parent->items,
			struct pv_yaml *, parent->n ? parent->n * 2 : 1);
		if (!grown) {
			r->complaints->nomem = r->stop = true;
			return NULL;
		}
		parent->items = grown;
	}
	parent->items[parent->n++] = node;
	return node;
}

static void take_key(struct reader *r, const char *text, struct place place)
{
	for (size_t i = 0; i < r->at->n; i++)
		if (strcmp(r->at->items[i]->key, text) == 0)
			pv_complain(r->complaints, place.line, place.column,
				"« %1$s » est déjà écrit à la ligne %2$d; gardez-en un seul.",
				"\"%1$s\" is already written on line %2$d; keep only one.", text,
				r->at->items[i]->key_line);
	r->key = text;
	r->key_line = place.line;
	r->key_column = place.column;
}

/* What YAML would take and this format does not. */
static void check_scalar(struct reader *r, struct fy_event *event, struct place place,
	const char *text, bool *quoted)
{
	struct fy_token *token = fy_event_get_token(event);
	enum fy_scalar_style style = fy_token_scalar_style(token);
	*quoted = style == FYSS_DOUBLE_QUOTED;
	const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
	struct place last = start && end ? place_of(r, end->input_pos) : place;
	if (style == FYSS_LITERAL || style == FYSS_FOLDED || last.line != place.line) {
		pv_complain(r->complaints, place.line, place.column,
			"Une valeur tient sur une ligne.", "A value stands on one line.");
		return;
	}
	if (style == FYSS_SINGLE_QUOTED) {
		pv_complain(r->complaints, place.line, place.column,
			"Écrivez cette valeur entre guillemets doubles.",
			"Write this value in double quotes.");
		return;
	}
	if (*quoted) {
		if (memchr(r->text + start->input_pos, '\\', end->input_pos - start->input_pos))
			pv_complain(r->complaints, place.line, place.column,
				"Une valeur entre guillemets ne contient pas de « \\ ».",
				"A quoted value holds no \"\\\".");
		return;
	}
	size_t bad = strcspn(text, "#@{},");
	if (text[bad])
		pv_complain(r->complaints, place.line, place.column,
			"Cette valeur contient « %c »; écrivez-la entre guillemets doubles.",
			"This value holds \"%c\"; write it in double quotes.", text[bad]);
}

static void take_scalar(struct reader *r, struct fy_event *event)
{
	struct place place = event_place(r, event);
	struct fy_token *token = event->scalar.value;
	if (!token) {
		if (r->at && r->at->kind == PV_YAML_MAP && !r->key) {
			pv_complain(r->complaints, place.line, place.column,
				"Il manque une clé devant ce deux-points.",
				"A key is missing before this colon.");
			take_key(r, "", place);
			return;
		}
		add_node(r, PV_YAML_EMPTY, place);
		return;
	}
	size_t size = 0;
	const char *bytes = fy_token_get_text(token, &size);
	char *text = bytes ? talloc_strndup(r->complaints->mem, bytes, size) : NULL;
	if (!text) {
		r->complaints->nomem = r->stop = true;
		return;
	}
	bool quoted = false;
	check_scalar(r, event, place, text, &quoted);
	if (r->at && r->at->kind == PV_YAML_MAP && !r->key) {
		take_key(r, text, place);
		return;
	}
	struct pv_yaml *node =
		add_node(r, size == 0 && !quoted ? PV_YAML_EMPTY : PV_YAML_SCALAR, place);
	if (node) {
		node->text = text;
		node->quoted = quoted;
	}
}

static void open_node(struct reader *r, struct fy_event *event, enum pv_yaml_kind kind)
{
	struct place place = event_place(r, event);
	if (r->at && r->at->kind == PV_YAML_MAP && !r->key) {
		pv_complain(r->complaints, place.line, place.column,
			"Une clé est un mot, pas une liste ni un groupe.",
			"A key is a word, not a list or a map.");
		r->stop = true;
		return;
	}
	if (++r->depth > PV_POLICY_DEPTH_MAX) {
		pv_complain(r->complaints, place.line, place.column,
			"Le document s'emboîte sur plus de %d niveaux.",
			"The document nests more than %d levels.", PV_POLICY_DEPTH_MAX);
		r->stop = true;
		return;
	}
	struct pv_yaml *parent = r->at;
	struct pv_yaml *node = add_node(r, kind, place);
	if (!node)
		return;
	node->block = fy_event_get_node_style(event) == FYNS_BLOCK;
	if (node->block && parent && parent->block && place.column != parent->column + 2)
		pv_complain(r->complaints, place.line, place.column,
			"Décalez de deux espaces sous la ligne qui contient ceci.",
			"Indent by two spaces below the line that holds this.");
	r->at = node;
}

static void close_node(struct reader *r)
{
	r->depth--;
	r->at = r->at ? r->at->parent : NULL;
	r->key = NULL;
}

static void take_event(struct reader *r, struct fy_event *event)
{
	struct place place = event_place(r, event);
	int line = place.line, column = place.column;
	if (fy_event_get_anchor_token(event))
		pv_complain(r->complaints, line, column,
			"Les ancres (&) ne sont pas lues ici; répétez la valeur.",
			"Anchors (&) are not read here; repeat the value.");
	if (fy_event_get_tag_token(event))
		pv_complain(r->complaints, line, column,
			"Les étiquettes de type (!) ne sont pas lues ici.",
			"Tags (!) are not read here.");
	switch (event->type) {
	case FYET_DOCUMENT_START:
		if (++r->documents > 1) {
			pv_complain(r->complaints, line, column,
				"Un fichier contient une seule politique.",
				"A file holds a single policy.");
			r->stop = true;
		}
		break;
	case FYET_MAPPING_START: open_node(r, event, PV_YAML_MAP); break;
	case FYET_SEQUENCE_START: open_node(r, event, PV_YAML_LIST); break;
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END: close_node(r); break;
	case FYET_SCALAR: take_scalar(r, event); break;
	case FYET_ALIAS:
		pv_complain(r->complaints, line, column,
			"Les renvois (*) ne sont pas lus ici; répétez la valeur.",
			"Aliases (*) are not read here; repeat the value.");
		r->stop = true;
		break;
	default: break;
	}
}

/* libfyaml's own words are in English; the place is what matters. */
static void complain_syntax(struct reader *r, struct fy_diag *diag)
{
	void *previous = NULL;
	struct fy_diag_error *found = fy_diag_errors_iterate(diag, &previous);
	struct place place = {.line = (int)r->n_lines, .column = 1};
	if (found && found->line >= 1 && found->line <= (int)r->n_lines && found->column >= 1)
		place = (struct place){.line = found->line, .column = found->column};
	pv_complain(r->complaints, place.line, place.column,
		"À partir d'ici le texte n'est plus lisible; vérifiez les décalages, les "
		"deux-points, "
		"les crochets et les guillemets.",
		"From here the text cannot be read; check indents, colons, brackets and quotes.");
}

static void read_events(struct reader *r, struct fy_parser *parser, struct fy_diag *diag)
{
	struct fy_event *event;
	bool ended = false;
	while (!r->stop && (event = fy_parser_parse(parser)) != NULL) {
		ended = event->type == FYET_STREAM_END;
		take_event(r, event);
		fy_parser_event_free(parser, event);
		if (ended)
			return;
	}
	if (!r->stop)
		complain_syntax(r, diag);
	r->root = NULL;
}

/* Bytes no policy holds, and which libfyaml would report in its own ways. */
static bool check_bytes(struct reader *r)
{
	if (!pv_utf8_valid(r->text, r->size)) {
		size_t at = 0;
		uint32_t c;
		size_t step;
		while ((step = pv_utf8_decode(r->text + at, r->size - at, &c)) && c)
			at += step;
		struct place place = place_of(r, at);
		pv_complain(r->complaints, place.line, place.column,
			"Cet octet n'est pas de l'UTF-8.", "This byte is not UTF-8.");
		return false;
	}
	for (size_t i = 0; i < r->size; i++) {
		unsigned char c = (unsigned char)r->text[i];
		if (c >= ' ' || c == '\n' ||
			(c == '\r' && i + 1 < r->size && r->text[i + 1] == '\n'))
			continue;
		struct place place = place_of(r, i);
		pv_complain(r->complaints, place.line, place.column,
			c == '\t' ? "Utilisez des espaces, pas de tabulation."
				  : "Ce caractère de contrôle n'a pas sa place ici.",
			c == '\t' ? "Use spaces, not tabs."
				  : "This control character does not belong here.");
		return false;
	}
	return true;
}

static enum pv_status read_tree(struct reader *r, struct pv_error *error)
{
	struct fy_diag_cfg diag_cfg;
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	struct fy_diag *diag = fy_diag_create(&diag_cfg);
	if (!diag)
		return pv_fail_nomem(error);
	fy_diag_set_collect_errors(diag, true);
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE, .diag = diag};
	struct fy_parser *parser = fy_parser_create(&cfg);
	enum pv_status status = PV_OK;
	if (!parser || fy_parser_set_string(parser, r->text, r->size) != 0)
		status = pv_fail_nomem(error);
	else
		read_events(r, parser, diag);
	if (parser)
		fy_parser_destroy(parser);
	fy_diag_destroy(diag);
	return status;
}

enum pv_status pv_yaml_read(struct pv_complaints *complaints, const char *text, size_t size,
	struct pv_yaml **out, struct pv_error *error)
{
	if (size > PV_POLICY_BYTES_MAX)
		return pv_fail(error, PV_TOO_LARGE, "La politique dépasse %d octets.",
			"The policy is over %d bytes.", PV_POLICY_BYTES_MAX);
	struct reader r = {.complaints = complaints, .text = text, .size = size};
	if (!read_lines(&r))
		return pv_fail_nomem(error);
	*out = NULL;
	if (!check_bytes(&r))
		return complaints->nomem ? pv_fail_nomem(error) : PV_OK;
	enum pv_status status = read_tree(&r, error);
	if (status == PV_OK && complaints->nomem)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		*out = r.root;
	return status;
}

const struct pv_yaml *pv_yaml_get(const struct pv_yaml *map, const char *key)
{
	if (!map || map->kind != PV_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->items[i]->key, key) == 0)
			return map->items[i];
	return NULL;
}
