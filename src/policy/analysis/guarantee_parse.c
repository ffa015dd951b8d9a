/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One line: never: FACT VALUE | VALUE, …, verdict below VERDICT "fr" / "en" */
#include "policy/analysis/guarantee.h"

#include "base/mem.h"
#include "base/utf8.h"

struct reader {
	TALLOC_CTX *mem;
	const struct pv_policy *policy;
	const char *start, *at, *end;
	struct pv_guarantee *out;
	struct pv_error *error;
	struct pv_guarantee_place *place;
	enum pv_status status;
	bool has_verdict;
};

static bool bad(
	struct reader *r, const char *at, const char *fr, const char *en, struct pv_str word)
{
	int column = 1;
	for (const char *p = r->start; p < at; p++)
		column += !pv_utf8_tail((unsigned char)*p);
	if (r->place)
		*r->place = (struct pv_guarantee_place){.line = 1, .column = column};
	r->status =
		pv_fail(r->error, PV_INVALID, fr, en, (int)word.size, word.bytes ? word.bytes : "");
	return false;
}

static bool plain(struct reader *r, const char *at, const char *fr, const char *en)
{
	return bad(r, at, fr, en, (struct pv_str){0});
}

static bool nomem(struct reader *r)
{
	r->status = pv_fail_nomem(r->error);
	return false;
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
		r->at++;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

/* The next word, empty where there is none. */
static struct pv_str peek(struct reader *r)
{
	skip_blanks(r);
	const char *p = r->at;
	while (p < r->end && is_word(*p))
		p++;
	return (struct pv_str){.bytes = r->at, .size = (size_t)(p - r->at)};
}

static struct pv_str take(struct reader *r)
{
	struct pv_str word = peek(r);
	r->at += word.size;
	return word;
}

static bool take_char(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool is(struct pv_str word, const char *text)
{
	return pv_str_equal(word, pv_str(text));
}

/* ---- values -------------------------------------------------------------------------------------- */

static bool known_owner(const struct pv_policy *policy, struct pv_str id)
{
	if (pv_policy_organisation(policy, id))
		return true;
	for (size_t i = 0; i < policy->n_accounts; i++)
		if (is(id, policy->accounts[i].owner))
			return true;
	return false;
}

static bool known_axis(const struct pv_policy *policy, struct pv_str id)
{
	for (size_t i = 0; i < policy->n_organisations; i++)
		for (size_t a = 0; a < policy->organisations[i].axes.n; a++)
			if (is(id, policy->organisations[i].axes.items[a]))
				return true;
	return false;
}

static bool known_topic(const struct pv_policy *policy, struct pv_str id)
{
	for (size_t i = 0; i < policy->n_topics; i++)
		if (is(id, policy->topics[i].id))
			return true;
	return false;
}

static bool known_language(struct pv_str tag)
{
	size_t first = 0;
	while (first < tag.size && ((tag.bytes[first] | 0x20) >= 'a') &&
		((tag.bytes[first] | 0x20) <= 'z'))
		first++;
	return (first == 2 || first == 3) && (first == tag.size || tag.bytes[first] == '-');
}

static bool known_value(const struct pv_policy *policy, enum pv_fact fact, struct pv_str value)
{
	if (is(value, "any") || is(value, "none"))
		return true;
	switch (fact) {
	case PV_FACT_ACCOUNT: return pv_policy_account(policy, value) != NULL;
	case PV_FACT_OWNER: return known_owner(policy, value);
	case PV_FACT_AXES:
	case PV_FACT_AXIS: return known_axis(policy, value);
	case PV_FACT_TOPIC: return known_topic(policy, value);
	case PV_FACT_LANG: return known_language(value);
	case PV_FACT_STANCE: return pv_name_index(pv_stance_names, PV_STANCES, value) >= 0;
	case PV_FACT_KIND: return pv_name_index(pv_post_kind_names, PV_POST_KINDS, value) >= 0;
	case PV_FACT_FORM: return pv_name_index(pv_form_names, 2, value) >= 0;
	case PV_FACT_ORIGIN: return pv_name_index(pv_origin_names, PV_ORIGINS, value) >= 0;
	case PV_FACT_INTEREST: return pv_name_index(pv_interest_names, PV_INTERESTS, value) >= 0;
	case PV_FACT_RELATION: return pv_name_index(pv_relation_names, PV_RELATIONS, value) >= 0;
	case PV_FACT_HUMAN: return pv_name_index(pv_human_names, PV_HUMANS, value) >= 0;
	case PV_FACT_RELEVANCE: return pv_name_index(pv_relevance_names, PV_RELEVANCES, value) >= 0;
	case PV_FACT_SPONSORED:
	case PV_FACT_CONSENT: return is(value, "yes") || is(value, "no");
	default: return true; /* a platform is any word */
	}
}

/* ---- items --------------------------------------------------------------------------------------- */

static bool read_value(struct reader *r, struct pv_line *line)
{
	struct pv_str value = take(r);
	if (value.size == 0)
		return plain(r, r->at, "Il manque une valeur ici.", "A value is missing here.");
	if (!known_value(r->policy, line->fact, value))
		return bad(r, value.bytes,
			"« %.*s » n'est pas une valeur que la politique connaît ici.",
			"\"%.*s\" is not a value that the policy knows here.", value);
	const char **items =
		talloc_realloc(r->out, line->values.items, const char *, line->values.n + 1);
	char *copy = items ? talloc_strndup(items, value.bytes, value.size) : NULL;
	if (items)
		line->values.items = items;
	if (!copy)
		return nomem(r);
	items[line->values.n++] = copy;
	return true;
}

static bool or_again(struct reader *r)
{
	if (take_char(r, '|'))
		return true;
	struct pv_str word = peek(r);
	if (!is(word, "or") && !is(word, "ou"))
		return false;
	take(r);
	return true;
}

static bool read_fact(struct reader *r, struct pv_str name)
{
	struct pv_condition *facts = &r->out->facts;
	int fact = pv_name_index(pv_fact_names, PV_FACTS, name);
	if (fact < 0)
		return bad(r, name.bytes,
			"« %.*s » n'est pas un fait; écrivez par exemple origin, stance ou "
			"verdict.",
			"\"%.*s\" is not a fact; write for example origin, stance or verdict.",
			name);
	for (size_t i = 0; i < facts->n_lines; i++)
		if ((int)facts->lines[i].fact == fact)
			return bad(r, name.bytes,
				"« %.*s » est déjà demandé; séparez les valeurs par « | ».",
				"\"%.*s\" is asked already; put \"|\" between the values.", name);
	struct pv_line *line = &facts->lines[facts->n_lines++];
	*line = (struct pv_line){.fact = (enum pv_fact)fact};
	do {
		if (!read_value(r, line))
			return false;
	} while (or_again(r));
	return true;
}

static bool read_verdict(struct reader *r, struct pv_str name)
{
	static const char *const tests[] = {"below", "above", "is"};
	if (r->has_verdict)
		return plain(r, name.bytes, "Le verdict est déjà demandé.",
			"The verdict is asked already.");
	struct pv_str word = take(r);
	int test = word.size ? pv_name_index(tests, PV_COUNT(tests), word) : -1;
	if (test < 0)
		return bad(r, word.bytes,
			"Après « verdict » vient below, above ou is, pas « %.*s ».",
			"After \"verdict\" comes below, above or is, not \"%.*s\".", word);
	word = take(r);
	char text[16] = {0};
	if (word.size < sizeof text)
		memcpy(text, word.bytes, word.size);
	if (!pv_verdict_parse(text, &r->out->verdict))
		return bad(r, word.bytes,
			"« %.*s » n'est pas un verdict : allow, warn, disclose, approve ou "
			"refuse.",
			"\"%.*s\" is not a verdict: allow, warn, disclose, approve or refuse.",
			word);
	r->out->test = (enum pv_guarantee_test)test;
	if ((r->out->test == PV_GUARANTEE_BELOW && r->out->verdict == PV_VERDICT_ALLOW) ||
		(r->out->test == PV_GUARANTEE_ABOVE && r->out->verdict == PV_VERDICT_REFUSE))
		return bad(r, word.bytes,
			"Rien n'est au-delà de « %.*s » : cette garantie ne dit rien.",
			"Nothing is beyond \"%.*s\": this guarantee says nothing.", word);
	r->has_verdict = true;
	return true;
}

static bool read_quoted(struct reader *r, const char **out)
{
	if (!take_char(r, '"'))
		return plain(r, r->at, "Ici va un texte entre guillemets droits.",
			"Here goes a text in straight quotes.");
	const char *close = memchr(r->at, '"', (size_t)(r->end - r->at));
	if (!close || close == r->at)
		return plain(r, r->at - 1, "Ce texte n'est pas fermé, ou il est vide.",
			"This text is not closed, or it is empty.");
	*out = talloc_strndup(r->out, r->at, (size_t)(close - r->at));
	r->at = close + 1;
	return *out || nomem(r);
}

static bool read_label(struct reader *r)
{
	if (!read_quoted(r, &r->out->label.fr))
		return false;
	if (!take_char(r, '/'))
		return plain(r, r->at, "Le libellé s'écrit \"en français\" / \"en anglais\".",
			"A label is written \"in French\" / \"in English\".");
	r->out->labelled = read_quoted(r, &r->out->label.en);
	return r->out->labelled;
}

static bool read_items(struct reader *r)
{
	struct pv_str never = take(r);
	const char *facts_start = never.bytes;
	if (!is(never, "never") || !take_char(r, ':'))
		return plain(r, never.bytes, "Une garantie commence par « never: ».",
			"A guarantee begins with \"never:\".");
	do {
		struct pv_str name = take(r);
		if (name.size == 0)
			return plain(r, r->at, "Il manque un fait ici, par exemple origin.",
				"A fact is missing here, for example origin.");
		if (is(name, "verdict") ? !read_verdict(r, name) : !read_fact(r, name))
			return false;
	} while (take_char(r, ','));
	const char *facts_end = r->at;
	skip_blanks(r);
	if (r->at < r->end && *r->at == '"' && !read_label(r))
		return false;
	skip_blanks(r);
	if (r->at < r->end && *r->at != '#')
		return plain(r, r->at, "Ceci est de trop; les faits se séparent par des virgules.",
			"This is too much; facts are separated by commas.");
	if (!r->has_verdict)
		return plain(r, facts_end,
			"Il manque le verdict, par exemple « verdict below approve ».",
			"The verdict is missing, for example \"verdict below approve\".");
	while (facts_end > facts_start && (facts_end[-1] == ' ' || facts_end[-1] == '\t'))
		facts_end--;
	r->out->text = talloc_strndup(r->out, facts_start, (size_t)(facts_end - facts_start));
	return r->out->text || nomem(r);
}

enum pv_status pv_guarantee_parse(TALLOC_CTX *mem, const struct pv_policy *policy, const char *text,
	size_t size, struct pv_guarantee **out, struct pv_guarantee_place *place,
	struct pv_error *error)
{
	if (place)
		*place = (struct pv_guarantee_place){.line = 1, .column = 1};
	if (size > PV_GUARANTEE_BYTES_MAX)
		return pv_fail(error, PV_INVALID, "Une garantie tient en %d octets au plus.",
			"A guarantee is %d bytes long at most.", PV_GUARANTEE_BYTES_MAX);
	if (!pv_utf8_valid(text, size))
		return pv_fail(error, PV_INVALID,
			"Cette ligne n'est pas lisible : elle n'est pas en UTF-8.",
			"This line cannot be read: it is not UTF-8.");
	struct pv_guarantee *guarantee = talloc_zero(mem, struct pv_guarantee);
	if (!guarantee)
		return pv_fail_nomem(error);
	guarantee->policy = policy;
	guarantee->facts.lines = talloc_zero_array(guarantee, struct pv_line, PV_FACTS);
	struct reader r = {.mem = mem,
		.policy = policy,
		.start = text,
		.at = text,
		.end = text + size,
		.out = guarantee,
		.error = error,
		.place = place};
	if (!guarantee->facts.lines)
		nomem(&r);
	else if (read_items(&r)) {
		*out = guarantee;
		return PV_OK;
	}
	talloc_free(guarantee);
	return r.status;
}

enum pv_status pv_guarantees_parse(TALLOC_CTX *mem, const struct pv_policy *policy,
	const char *text, size_t size, struct pv_guarantees *out, struct pv_guarantee_place *place,
	struct pv_error *error)
{
	struct pv_guarantees list = {0};
	int line = 1;
	for (const char *at = text, *end = text + size; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		const char *first = at;
		while (first < stop && (*first == ' ' || *first == '\t' || *first == '\r'))
			first++;
		struct pv_guarantee **items = list.items;
		if (first < stop && *first != '#') {
			struct pv_guarantee_place where = {.line = 1, .column = 1};
			enum pv_status status = PV_OK;
			if (list.n == PV_GUARANTEES_MAX)
				status = pv_fail(error, PV_INVALID, "Il y a plus de %d garanties.",
					"There are more than %d guarantees.", PV_GUARANTEES_MAX);
			items = status == PV_OK ? talloc_realloc(mem, items, struct pv_guarantee *,
							  list.n + 1)
						: NULL;
			if (status == PV_OK && !items)
				status = pv_fail_nomem(error);
			if (status == PV_OK)
				status = pv_guarantee_parse(items, policy, at, (size_t)(stop - at),
					&items[list.n], &where, error);
			if (place)
				*place = (struct pv_guarantee_place){
					.line = line, .column = where.column};
			if (status != PV_OK) {
				talloc_free(items ? items : list.items);
				return status;
			}
			list.items = items;
			list.n++;
		}
		at = stop + 1;
	}
	*out = list;
	return PV_OK;
}

const char *pv_guarantee_text(const struct pv_guarantee *guarantee)
{
	return guarantee->text;
}

const struct pv_words *pv_guarantee_label(const struct pv_guarantee *guarantee)
{
	static const struct pv_words none;
	return guarantee->labelled ? &guarantee->label : &none;
}
