/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/prose_scan.h"

enum { TOKENS_FIRST = 8 };

struct scan {
	TALLOC_CTX *mem;
	struct pv_prose *prose;
	pv_prose_named named;
	void *state;
	size_t room;
	bool failed;
	/* What a run of characters was found to hold, so that its every word need not look again. */
	size_t run_from, run_end;  /* the run that an address could take */
	size_t sign_from, sign_at; /* its first @ / \ ? or #, or its end */
	size_t hyphens_until;      /* only words and hyphens before it */
};

static void push(struct scan *scan, enum pv_token_kind kind, size_t start, size_t end)
{
	static const uint8_t flag[] = {
		[PV_TOKEN_LINK] = PV_CH_LINK,
		[PV_TOKEN_HANDLE] = PV_CH_HANDLE,
		[PV_TOKEN_HASHTAG] = PV_CH_HASHTAG,
	};
	struct pv_prose *prose = scan->prose;
	if (prose->n_tokens == scan->room) {
		size_t room = scan->room ? scan->room * 2 : TOKENS_FIRST;
		struct pv_token *grown =
			talloc_realloc(scan->mem, prose->tokens, struct pv_token, room);
		if (!grown) {
			scan->failed = true;
			return;
		}
		prose->tokens = grown;
		scan->room = room;
	}
	prose->tokens[prose->n_tokens++] =
		(struct pv_token){.kind = kind, .start = start, .end = end};
	for (size_t i = start; i < end; i++)
		prose->flags[i] |= flag[kind];
}

static inline bool is_word(const struct pv_prose *prose, size_t i)
{
	return i < prose->n && (prose->flags[i] & PV_CH_WORD);
}

/* UTS #46 reads all of them as one. */
static inline bool is_dot(uint32_t c)
{
	return c == '.' || c == 0x2024 || c == 0x3002 || c == 0xFF0E || c == 0xFF61;
}

static inline bool is_at(uint32_t c)
{
	return c == '@' || c == 0xFF20 || c == 0xFE6B;
}

/* What nobody sees in a name does not end it. */
static bool is_host_char(const struct pv_prose *prose, size_t i)
{
	return i < prose->n && (is_word(prose, i) || prose->raw[i] == '-' ||
				       is_dot(prose->raw[i]) || pv_prose_unseen(prose->raw[i]));
}

/* White space, quotation marks and brackets that no address holds. */
static bool ends_link(const struct pv_prose *prose, size_t i)
{
	uint32_t c = prose->raw[i];
	return (prose->flags[i] & PV_CH_SPACE) || c < 0x20 || c == 0x7F || c == '<' || c == '>' ||
	       c == '"' || c == 0xAB || c == 0xBB || c == 0x201C || c == 0x201D;
}

static size_t link_run(const struct pv_prose *prose, size_t i)
{
	while (i < prose->n && !ends_link(prose, i))
		i++;
	return i;
}

/* ')', ']' or '}' as 0, 1, 2; -1: none of them. */
static int closing_bracket(uint32_t c)
{
	return c == ')' ? 0 : c == ']' ? 1 : c == '}' ? 2 : -1;
}

/* How many more close than open, of each kind. */
static void count_brackets(const struct pv_prose *prose, size_t start, size_t end, ptrdiff_t out[3])
{
	memset(out, 0, 3 * sizeof *out);
	for (size_t i = start; i < end; i++) {
		uint32_t c = prose->raw[i];
		int kind = closing_bracket(c);
		if (kind >= 0)
			out[kind]++;
		else if (c == '(' || c == '[' || c == '{')
			out[c == '(' ? 0 : c == '[' ? 1 : 2]--;
	}
}

static bool ends_sentence(uint32_t c)
{
	return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == '\'' ||
	       c == '*' || c == 0x2019 || c == 0x2026 || c == 0x3002 || c == 0xFF01 ||
	       c == 0xFF0C || c == 0xFF1F;
}

/* "(see https://a.example/b_(c).)": the final ".)" is not the link's, the "(c)" is. */
static size_t link_trim(const struct pv_prose *prose, size_t start, size_t end)
{
	ptrdiff_t unopened[3];
	bool counted = false;
	for (; end > start; end--) {
		uint32_t c = prose->raw[end - 1];
		int kind = closing_bracket(c);
		if (kind < 0 && !ends_sentence(c))
			return end;
		if (kind < 0)
			continue;
		if (!counted)
			count_brackets(prose, start, end, unopened);
		counted = true;
		if (unopened[kind]-- <= 0)
			return end;
	}
	return end;
}

/* "http://" or "https://" at i: the characters it takes, else 0. */
static size_t scheme_at(const struct pv_prose *prose, size_t i)
{
	static const char scheme[] = "http";
	if (prose->n - i < 8)
		return 0;
	for (size_t k = 0; k < 4; k++)
		if (prose->fold[i + k] != (uint32_t)scheme[k])
			return 0;
	size_t at = i + 4 + (prose->fold[i + 4] == 's');
	if (at + 2 >= prose->n || prose->raw[at] != ':' || prose->raw[at + 1] != '/' ||
		prose->raw[at + 2] != '/')
		return 0;
	return at + 3 - i;
}

static size_t scan_address(struct scan *scan, size_t start, size_t scheme)
{
	struct pv_prose *prose = scan->prose;
	size_t end = link_trim(prose, start + scheme, link_run(prose, start + scheme));
	if (end == start + scheme)
		return end;
	push(scan, PV_TOKEN_LINK, start, end);
	return end;
}

static size_t scan_handle(struct scan *scan, size_t start)
{
	struct pv_prose *prose = scan->prose;
	uint32_t before = start ? prose->raw[start - 1] : ' ';
	size_t at = start + 1;
	bool free = !(start && is_word(prose, start - 1)) && before != '-' && before != '/' &&
		    !is_at(before) && !(before == '.' && start > 1 && is_word(prose, start - 2));
	while (is_host_char(prose, at))
		at++;
	size_t end = at;
	while (end > start + 1 && !is_word(prose, end - 1))
		end--;
	if (end == start + 1)
		return start + 1;
	/* "@name@server" is one handle of the fediverse. */
	if (end == at && end < prose->n && is_at(prose->raw[end]) && is_word(prose, end + 1)) {
		at = end + 1;
		while (is_host_char(prose, at))
			at++;
		end = at;
		while (!is_word(prose, end - 1))
			end--;
	}
	if (free)
		push(scan, PV_TOKEN_HANDLE, start, end);
	return end;
}

static size_t scan_hashtag(struct scan *scan, size_t start)
{
	struct pv_prose *prose = scan->prose;
	size_t end = start + 1;
	bool letter = false;
	while (is_word(prose, end)) {
		letter |= (prose->flags[end] & PV_CH_LETTER) != 0;
		end++;
	}
	bool free = !(start && (is_word(prose, start - 1) || prose->raw[start - 1] == '&'));
	if (letter && free)
		push(scan, PV_TOKEN_HASHTAG, start, end);
	return end;
}

static size_t run_end(struct scan *scan, size_t i)
{
	if (i < scan->run_from || i > scan->run_end || !scan->run_end) {
		scan->run_from = i;
		scan->run_end = link_run(scan->prose, i);
	}
	return scan->run_end;
}

/* Where the run at i first has what a host does not, its end when it never has. */
static size_t sign_of_run(struct scan *scan, size_t i)
{
	size_t end = run_end(scan, i), at = i;
	if (i >= scan->sign_from && i <= scan->sign_at && scan->sign_at)
		return scan->sign_at;
	for (; at < end; at++) {
		uint32_t c = scan->prose->raw[at];
		if (c == '@' || c == '/' || c == '\\' || c == '?' || c == '#')
			break;
	}
	scan->sign_from = i;
	scan->sign_at = at;
	return at;
}

/* Is the host [start, *end) named? Where not, *end may come back to what nobody sees in it. */
static bool is_named(const struct scan *scan, size_t start, size_t *end)
{
	const struct pv_prose *prose = scan->prose;
	if (!scan->named)
		return false;
	if (scan->named(scan->state, pv_prose_slice(prose, start, *end)))
		return true;
	size_t seen = pv_prose_seen_until(prose, start, *end);
	if (seen == *end || !scan->named(scan->state, pv_prose_slice(prose, start, seen)))
		return false;
	*end = seen;
	return true;
}

/*
 * A word, or a host written bare. Unless it is named, a host's path is passed over, so that a
 * domain in the path of another address is not taken for a link; and so is what stands before "@".
 */
static size_t scan_word(struct scan *scan, size_t start)
{
	struct pv_prose *prose = scan->prose;
	size_t at = start;
	while (is_word(prose, at)) {
		if (prose->fold[at] == 'h' && at > start && scheme_at(prose, at))
			return at; /* "voirhttps://…": the address begins here all the same */
		at++;
	}
	if (at == prose->n || is_word(prose, at) || !is_host_char(prose, at) ||
		at < scan->hyphens_until)
		return at;
	size_t word_end = at, dots = 0;
	while (is_host_char(prose, at))
		at++;
	size_t end = at;
	while (!is_word(prose, end - 1))
		end--;
	for (size_t i = start; i < end; i++)
		dots += is_dot(prose->raw[i]);
	if (!dots) {
		scan->hyphens_until = at;
		return word_end;
	}
	size_t rest = run_end(scan, end), sign = sign_of_run(scan, end);
	if (sign < rest && prose->raw[sign] == '@')
		return rest; /* all this is a user's name, or a mail address */
	if (is_named(scan, start, &end)) {
		uint32_t next = end < prose->n ? prose->raw[end] : ' ';
		bool goes_on = next == '/' || next == ':' || next == '?' || next == '#' ||
			       next == '\\' || is_dot(next);
		size_t tail = goes_on ? link_trim(prose, end, rest) : end;
		push(scan, PV_TOKEN_LINK, start, tail);
		return tail;
	}
	return end < prose->n && (prose->raw[end] == '/' || prose->raw[end] == '\\') ? rest : end;
}

/* Two hashtags or more that end the text, nothing but separators among and after them. */
static void mark_closing(struct pv_prose *prose)
{
	size_t at = prose->n, first = prose->n_tokens, run = 0;
	for (size_t t = prose->n_tokens; t > 0; t--) {
		const struct pv_token *token = &prose->tokens[t - 1];
		if (token->kind != PV_TOKEN_HASHTAG)
			break;
		bool apart = true;
		for (size_t i = token->end; i < at && apart; i++) {
			uint32_t c = prose->raw[i];
			bool sentence_end =
				c == '.' || c == '!' || c == '?' || c == ':' || c == 0x2026;
			apart = !(prose->flags[i] & (PV_CH_WORD | PV_CH_LINK)) &&
				(run == 0 || !sentence_end);
		}
		if (!apart)
			break;
		first = t - 1;
		at = token->start;
		run++;
	}
	if (run < 2)
		return;
	for (size_t t = first; t < prose->n_tokens; t++)
		for (size_t i = prose->tokens[t].start; i < prose->tokens[t].end; i++)
			prose->flags[i] |= PV_CH_CLOSING;
}

bool pv_prose_scan(TALLOC_CTX *mem, struct pv_prose *prose, pv_prose_named named, void *state)
{
	struct scan scan = {.mem = mem, .prose = prose, .named = named, .state = state};
	for (size_t i = 0; i < prose->n && !scan.failed;) {
		uint32_t c = prose->fold[i];
		size_t scheme = c == 'h' ? scheme_at(prose, i) : 0;
		if (scheme)
			i = scan_address(&scan, i, scheme);
		else if (is_at(c))
			i = scan_handle(&scan, i);
		else if (c == '#' || c == 0xFF03)
			i = scan_hashtag(&scan, i);
		else if (prose->flags[i] & PV_CH_WORD)
			i = scan_word(&scan, i);
		else
			i++;
	}
	mark_closing(prose);
	return !scan.failed;
}
