/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What pages say of themselves, and addresses inside others: whole, odd, broken and hostile ones. */
#include "net/page.h"
#include "net/wrap.h"
#include "base/mem.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define URL "https://news.example/2026/billet"

static struct pv_net_page read_as(TALLOC_CTX *mem, const char *bytes, size_t size, const char *type)
{
	struct pv_net_page page;
	const struct pv_net_page_in in = {.bytes = bytes, .size = size, .type = type, .url = URL};
	assert_int_equal(pv_net_page_read(mem, &in, &page, NULL), PV_OK);
	return page;
}

/* "Name<url url> Name<> me:url canonical:url refresh:url" */
static char *told(TALLOC_CTX *mem, const struct pv_net_page *page)
{
	char *out = talloc_strdup(mem, "");
	for (size_t i = 0; i < page->n_authors; i++) {
		out = talloc_asprintf_append(out, "%s%s<", *out ? " " : "", page->authors[i].name);
		for (size_t u = 0; u < page->authors[i].n_urls; u++)
			out = talloc_asprintf_append(
				out, "%s%s", u ? " " : "", page->authors[i].urls[u]);
		out = talloc_strdup_append(out, ">");
	}
	for (size_t i = 0; i < page->n_me; i++)
		out = talloc_asprintf_append(out, " me:%s", page->me[i]);
	if (*page->canonical)
		out = talloc_asprintf_append(out, " canonical:%s", page->canonical);
	if (*page->refresh)
		out = talloc_asprintf_append(out, " refresh:%s", page->refresh);
	assert_true(pv_utf8_valid(out, strlen(out)));
	return *out == ' ' ? out + 1 : out;
}

#define LD(json) "<script type='application/ld+json'>" json "</script>"

static const struct {
	const char *what, *html, *told;
} pages[] = {
	{"nothing", "<p>Bonjour", ""},
	{"no bytes", "", ""},
	{"meta author", "<meta name=Author content='  Marc \n Tremblay '>", "Marc Tremblay<>"},
	{"an address for a name", "<meta property=article:author content=https://a.example/m>",
		"<https://a.example/m>"},
	{"an account", "<meta name=twitter:creator content=@marc>", "<@marc>"},
	{"an account on a server", "<meta name=fediverse:creator content=@marc@social.example>",
		"<@marc@social.example>"},
	{"a sign alone", "<meta name=twitter:creator content='@'>", "@<>"},
	{"an author twice", "<meta name=author content=Marc><meta name=dc.creator content=Marc>",
		"Marc<>"},
	{"no content", "<meta name=author><meta name=author content=' '>", ""},
	{"rel=author", "<a rel='nofollow Author' href=/marc>Marc</a>",
		"<https://news.example/marc>"},
	{"rel=me", "<link rel=me href=https://a.example><a rel='me' href='//b.example/@m'>",
		"me:https://a.example/ me:https://b.example/@m"},
	{"what readers wrote", "<a rel='me ugc' href=https://a.example>", ""},
	{"what is no page",
		"<a rel=me href=mailto:m@a.example><a rel=me href='javascript:1'><a rel=me>", ""},
	{"canonical", "<link rel=canonical href='../a?b#c'>",
		"canonical:https://news.example/a?b#c"},
	{"the first of two", "<link rel=canonical href=/a><link rel=canonical href=/b>",
		"canonical:https://news.example/a"},
	{"not of an anchor", "<a rel=canonical href=/a>", ""},
	{"a base", "<base href=https://cdn.example/x/><link rel=canonical href=a>",
		"canonical:https://cdn.example/x/a"},
	{"a base that is none", "<base href='data:,'><link rel=canonical href=/a>",
		"canonical:https://news.example/a"},
	{"moving on", "<meta http-equiv=refresh content='0; URL=\"/b\"'>",
		"refresh:https://news.example/b"},
	{"moving on later", "<meta http-equiv=refresh content='30; url=/b'>", ""},
	{"reloading", "<meta http-equiv=refresh content='5'>", ""},
	{"a shortener without scripts",
		"<noscript><meta http-equiv=refresh content='0; "
		"url=https://a.example/'></noscript>",
		"refresh:https://a.example/"},
	{"in comments of the source", "<!-- <meta name=author content=Marc> -->", ""},
	{"in a text area", "<textarea><a rel=me href=/a></TextArea ><a rel=me href=/b>",
		"me:https://news.example/b"},
	{"an entity",
		"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><meta name=author "
		"content='&x;&eacute;'>",
		"&x;é<>"},
	/* JSON-LD */
	{"a person",
		LD("{'@type':'Article','author':{'@type':'Person','name':'Marc','url':'/m',"
		   "'sameAs':['https://a.example','https://x.com/marc']}}"),
		"Marc<https://news.example/m https://a.example/ https://x.com/marc>"},
	{"people", LD("[{'@type':['NewsArticle'],'author':[{'name':'A'},{'name':['B','C']}]}]"),
		"A<> B<>"},
	{"a text", LD("{'@type':'BlogPosting','creator':'Marc'}"), "Marc<>"},
	{"an address", LD("{'@type':'BlogPosting','author':'https://a.example/m'}"),
		"<https://a.example/m>"},
	{"a graph with references",
		LD("{'@context':'https://schema.org','@graph':[{'@type':'WebPage','@id':'" URL "'},"
		   "{'@type':'Article','author':{'@id':'https://news.example/#marc'}},"
		   "{'@type':'Person','@id':'https://news.example/#marc','name':'Marc','url':"
		   "'https://a.example/'}]}"),
		"Marc<https://a.example/ https://news.example/#marc>"},
	{"a reference to nothing",
		LD("{'@type':'Article','author':{'@id':'https://a.example/#me'}}"),
		"<https://a.example/#me>"},
	{"a main entity",
		LD("{'@type':'WebPage','mainEntity':{'@type':'Article','author':'Marc'}}"),
		"Marc<>"},
	{"a comment's author",
		LD("{'@type':'Article','author':'Marc','comment':[{'@type':'Comment',"
		   "'author':'Luc'}]}"),
		"Marc<>"},
	{"a comment in the graph", LD("{'@graph':[{'@type':'Comment','author':'Luc'}]}"), ""},
	{"a list of other articles",
		LD("[{'@type':'BlogPosting','url':'/a','author':'A'},"
		   "{'@type':'BlogPosting','url':'/b','author':'B'}]"),
		""},
	{"this article among others",
		LD("[{'@type':'BlogPosting','url':'/a','author':'A'},{'@type':'BlogPosting',"
		   "'mainEntityOfPage':{'@id':'https://www.news.example/2026/billet/"
		   "'},'author':'B'}]"),
		"B<>"},
	{"this article by its canonical address",
		LD("[{'@type':'BlogPosting','url':'/a','author':'A'},{'@type':'BlogPosting',"
		   "'url':'/b','author':'B'}]") "<link rel=canonical href=/b>",
		"B<> canonical:https://news.example/b"},
	{"one article with an odd address",
		LD("{'@type':'Article','url':'https://other.example/','author':'Marc'}"), "Marc<>"},
	{"a name twice: the last one", LD("{'@type':'Article','author':'A','author':'B'}"), "B<>"},
	{"broken", LD("{'@type':'Article','author':'Marc'"), ""},
	{"a number", LD("7"), ""},
	{"odd types", LD("{'author':7,'creator':[null,[1],{'name':{},'url':[{}],'sameAs':8}]}"),
		""},
	{"another script", "<script>{'author':'Marc'}</script>", ""},
};

static void claims(void **state)
{
	(void)state;
	for (size_t i = 0; i < PV_COUNT(pages); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *html = talloc_strdup(scope, pages[i].html);
		if (strstr(html, "ld+json")) /* ' for ", but around the attribute */
			for (char *at = strstr(html, "ld+json") + 9; *at; at++)
				*at = *at == '\'' ? '"' : *at;
		struct pv_net_page page = read_as(scope, html, strlen(html), "text/html");
		const char *is = told(scope, &page);
		if (strcmp(is, pages[i].told) != 0)
			fail_msg("%s: %s", pages[i].what, is);
	}
}

/* What is written on the bytes may be wrong; what comes out is UTF-8 all the same. */
static void charsets(void **state)
{
	(void)state;
#define NAMED(bytes) "<meta name=author content='" bytes "'>"
	static const struct {
		const char *type, *html, *told;
	} rows[] = {
		{"text/html; charset=utf-8", NAMED("\xc3\x89va"), "Éva<>"},
		{"text/html", NAMED("\xc3\x89va"), "Éva<>"},
		{"text/html; charset=iso-8859-1", NAMED("\xc3\x89va"), "Éva<>"},
		{"text/html; charset=iso-8859-1", NAMED("\xc9va"), "Éva<>"},
		{"text/html; charset=\"ISO-8859-1\"", NAMED("\xc9va"), "Éva<>"},
		{"text/html", "<meta charset=iso-8859-1>" NAMED("\xc9va"), "Éva<>"},
		{"text/html; charset=utf-8", NAMED("\xc9va"), "Éva<>"},
		{"text/html", "<meta charset=utf-8>" NAMED("\xc9va"), "Éva<>"},
		{"text/html; charset=no-such", NAMED("\xc9va"), "Éva<>"},
		{"text/html; charset=", NAMED("\xc9va"), "Éva<>"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_net_page page =
			read_as(scope, rows[i].html, strlen(rows[i].html), rows[i].type);
		if (strcmp(told(scope, &page), rows[i].told) != 0)
			fail_msg("%zu: %s", i, told(scope, &page));
	}
	/* lies that leave nothing to read leave nothing to claim */
	static const char *const types[] = {"text/html; charset=utf-8", "text/html; charset=utf-16",
		"text/html; charset=utf-7", NULL};
	static const char bytes[] = "<meta name=author content='\xff\xfe\0\xc3\x28'>\0<a rel=me "
				    "href='https://\xff.example'>";
	for (size_t i = 0; i < PV_COUNT(types); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_net_page page = read_as(scope, bytes, sizeof bytes - 1, types[i]);
		told(scope, &page);
	}
}

static char *repeated(
	TALLOC_CTX *mem, const char *before, const char *one, size_t n, const char *after)
{
	struct pv_buf buf = PV_BUF(mem, 8 << 20);
	pv_buf_text(&buf, before);
	for (size_t i = 0; i < n; i++)
		pv_buf_text(&buf, one);
	pv_buf_text(&buf, after);
	assert_false(buf.failed);
	return buf.bytes;
}

static void hostile(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	static const char by[] = "<meta name=author content=Marc>";
	const struct {
		const char *what, *html, *told;
	} rows[] = {
		{"10,000 nested lists",
			repeated(scope,
				"<meta name=author content=Marc><script "
				"type='application/ld+json'>",
				"[", 10000, "</script>"),
			"Marc<>"},
		{"10,000 nested lists that close",
			repeated(scope, LD("[[[[[[[[[[{\"author\":\"Luc\"}]]]]]]]]]]"), "<b>",
				10000, "</b>"),
			""},
		{"nested within the limit", LD("[[[{\"@graph\":[[{\"author\":\"Luc\"}]]}]]]"),
			"Luc<>"},
		{"a block of 300 KB",
			repeated(scope,
				"<script type='application/ld+json'>{\"author\":\"Luc\",\"x\":\"",
				"0123456789", 30000, "\"}</script><meta name=author content=Marc>"),
			"Marc<>"},
		{"10,000 nested elements", repeated(scope, by, "<div>", 10000, ""), "Marc<>"},
		{"a claim beyond the first megabyte",
			repeated(scope, "<p>", "0123456789", 110000, by), ""},
		{"a hundred thousand attributes",
			repeated(scope, "<meta name=author content=Marc><a ", "b1 c2 d3 ", 110000,
				">"),
			"Marc<>"},
		{"attributes before those that matter",
			repeated(scope, "<a ", "b=1 ", 40, " rel=me href=/a>"), ""},
		{"signs alone", repeated(scope, by, "<", 1000000, ""), "Marc<>"},
		{"ends alone", repeated(scope, by, "<!--", 200000, ""), "Marc<>"},
		{"elements that never end", repeated(scope, by, "<script></", 100000, ""),
			"Marc<>"},
		{"an attribute of a megabyte",
			repeated(scope, "<meta name=author content='", "0123456789", 100000, "'>"),
			NULL},
		{"an address too long",
			repeated(scope, "<link rel=canonical href='/", "0123456789", 300, "'>"),
			""},
		{"1,000 authors",
			repeated(scope, LD("{\"@type\":\"Article\",\"author\":[\"A\",\"B\"]}"),
				"<a rel=author href=/a><a rel=author href=/b>", 1000, ""),
			"<https://news.example/a> <https://news.example/b> A<> B<>"},
		{"100 blocks",
			repeated(
				scope, "", LD("{\"@type\":\"Article\",\"author\":\"A\"}"), 100, by),
			"Marc<> A<>"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		struct pv_net_page page =
			read_as(scope, rows[i].html, strlen(rows[i].html), "text/html");
		const char *is = told(scope, &page);
		if (rows[i].told && strcmp(is, rows[i].told) != 0)
			fail_msg("%s: %.200s", rows[i].what, is);
		for (size_t a = 0; a < page.n_authors; a++)
			assert_true(strlen(page.authors[a].name) <= PV_NET_PAGE_NAME_MAX);
	}
	/* many different ones stop at their limits */
	char *html = talloc_strdup(scope, "");
	for (int i = 0; i < 100; i++)
		html = talloc_asprintf_append(
			html, "<meta name=author content=M%d><a rel=me href=/m%d>", i, i);
	struct pv_net_page page = read_as(scope, html, strlen(html), NULL);
	assert_int_equal(page.n_authors, PV_NET_PAGE_AUTHORS_MAX);
	assert_int_equal(page.n_me, PV_NET_PAGE_URLS_MAX);
}

static void kinds(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		bool html;
	} rows[] = {{NULL, true}, {"", true}, {"text/html", true}, {"Text/HTML;charset=x", true},
		{"application/xhtml+xml", true}, {"text/htmlx", false}, {"application/json", false},
		{"video/mp4", false}};
	for (size_t i = 0; i < PV_COUNT(rows); i++)
		assert_int_equal(pv_net_page_is_html(rows[i].type), rows[i].html);
}

static void wrapped(void **state)
{
	(void)state;
	static const struct {
		const char *url, *inside; /* NULL: none */
	} rows[] = {
		{"https://carnet-example.cdn.ampproject.org/c/s/carnet.example/a?b=1",
			"https://carnet.example/a?b=1"},
		{"https://x.cdn.ampproject.org/v/carnet.example/a", "http://carnet.example/a"},
		{"https://www.google.com/amp/s/carnet.example/a", "https://carnet.example/a"},
		{"https://www.google.co.uk/amp/s/carnet.example/", "https://carnet.example/"},
		{"https://www.google.fr/url?sa=t&q=https%3A%2F%2Fcarnet.example%2Fa",
			"https://carnet.example/a"},
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fcarnet.example%2F%3Fa%3Db&h=1",
			"https://carnet.example/?a=b"},
		{"https://l.instagram.com/?u=https%3A%2F%2Fcarnet.example%2F",
			"https://carnet.example/"},
		{"https://carnet.example/", NULL},
		{"https://cdn.ampproject.org/c/s/carnet.example/", NULL},
		{"https://evil.example/c/s/carnet.example/", NULL},
		{"https://google.evil.example/url?q=https://carnet.example/", NULL},
		{"https://google.evil/url?q=https://carnet.example/", NULL},
		{"https://www.google.com.evil.example/url?q=https://carnet.example/", NULL},
		{"https://www.google.com/search?q=https://carnet.example/", NULL},
		{"https://l.facebook.com/l.php?u=javascript%3A1", NULL},
		{"https://l.facebook.com/l.php?u=%00", NULL},
		{"https://l.facebook.com/l.php?xu=https://carnet.example/", NULL},
		{"https://l.facebook.com/l.php", NULL},
		{"https://x.cdn.ampproject.org/c/s/", NULL},
		{"mailto:a@b", NULL},
		/* ways out, with and without "www.", a final slash or a scheme */
		{"https://lm.facebook.com/l.php?h=1&u=https%3A%2F%2Fcarnet.example%2F",
			"https://carnet.example/"},
		{"https://www.facebook.com/l.php?u=https://carnet.example/a",
			"https://carnet.example/a"},
		{"https://google.com/url?url=https://carnet.example/a", "https://carnet.example/a"},
		{"https://out.reddit.com/t3_1?url=https%3A%2F%2Fcarnet.example%2F&token=x",
			"https://carnet.example/"},
		{"https://t.umblr.com/redirect?z=https%3A%2F%2Fcarnet.example%2F&t=x",
			"https://carnet.example/"},
		{"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcarnet."
		 "example%2F&data=1",
			"https://carnet.example/"},
		{"https://www.linkedin.com/safety/go/?url=https%3A%2F%2Fcarnet.example",
			"https://carnet.example/"},
		{"https://vk.com/away.php?to=https://carnet.example/", "https://carnet.example/"},
		{"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fcarnet.example%2F",
			"https://carnet.example/"},
		{"https://youtube.com/watch?q=https://carnet.example/", NULL},
		{"https://t.me/iv?url=https%3A%2F%2Fcarnet.example%2Fa&rhash=1",
			"https://carnet.example/a"},
		{"https://href.li/?https://carnet.example/a?b=1", "https://carnet.example/a?b=1"},
		{"https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:carnet."
		 "example/a+mot+autre&hl=fr",
			"http://carnet.example/a"},
		{"https://webcache.googleusercontent.com/"
		 "search?q=cache:https://carnet.example/a",
			"https://carnet.example/a"},
		{"https://webcache.googleusercontent.com/search?q=carnet", NULL},
		/* translators */
		{"https://translate.google.com/translate?sl=fr&tl=en&u=https%3A%2F%2Fcarnet."
		 "example%2Fa%3Fb%3D1",
			"https://carnet.example/a?b=1"},
		{"https://translate.google.fr/translate?u=carnet.example",
			"http://carnet.example/"},
		{"https://translate.google.com/?text=https://carnet.example/", NULL},
		{"https://carnet-example.translate.goog/a?b=1&_x_tr_sl=fr&_x_tr_tl=en#c",
			"https://carnet.example/a?b=1"},
		{"https://carnet-example.translate.goog/?_x_tr_sl=fr", "https://carnet.example/"},
		{"https://mon--carnet-de--marc-example.translate.goog/",
			"https://mon-carnet.de-marc.example/"},
		{"https://1-cn--carnet-example.translate.goog/a?_x_tr_enc=1",
			"https://cn-carnet.example/a"},
		{"https://0-carnet--fta-example.translate.goog/?_x_tr_enc=0&_x_tr_hl=fr",
			"https://xn--carnet-fta.example/"},
		{"https://e-example.translate.goog/?_x_tr_hp=un-carn", "https://un.carne.example/"},
		{"https://translate.goog/", NULL},
		{"https://carnet-example.translate.goog.evil.example/", NULL},
		/* archives and readers */
		{"https://web.archive.org/web/20200102030405/https://carnet.example/a?b=1",
			"https://carnet.example/a?b=1"},
		{"https://web.archive.org/web/20200102030405id_/http://carnet.example/",
			"http://carnet.example/"},
		{"https://web.archive.org/web/2020if_/carnet.example/a", "http://carnet.example/a"},
		{"https://web.archive.org/web/*/https://carnet.example/",
			"https://carnet.example/"},
		{"https://web.archive.org/web/https:/carnet.example/a", "https://carnet.example/a"},
		{"https://web.archive.org/https%3A%2F%2Fcarnet.example%2Fa",
			"https://carnet.example/a"},
		{"https://web.archive.org/about/faq", NULL},
		{"https://archive.org/details/https", NULL},
		{"https://archive.ph/newest/https://carnet.example/a", "https://carnet.example/a"},
		{"https://archive.is/20200102030405/https://carnet.example/a",
			"https://carnet.example/a"},
		{"https://archive.today/?run=1&url=https%3A%2F%2Fcarnet.example%2F",
			"https://carnet.example/"},
		{"https://archive.ph/AbC12", NULL},
		{"https://r.jina.ai/https://carnet.example/a", "https://carnet.example/a"},
		{"https://12ft.io/carnet.example/a", "http://carnet.example/a"},
		{"https://12ft.io/proxy?q=https%3A%2F%2Fcarnet.example%2F",
			"https://carnet.example/"},
		{"https://12ft.io/about", NULL},
		{"https://xr.jina.ai/https://carnet.example/a", NULL},
	};
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		char *inside;
		assert_int_equal(pv_net_wrap_inside(scope, rows[i].url, &inside, NULL), PV_OK);
		if (!pv_streq(inside, rows[i].inside))
			fail_msg("%s: %s", rows[i].url, inside ? inside : "none");
	}
	assert_true(pv_net_is_shortener("bit.ly"));
	assert_true(pv_net_is_shortener("www.tinyurl.com"));
	assert_false(pv_net_is_shortener("mybit.ly"));
	assert_false(pv_net_is_shortener("bit.ly.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims),
		cmocka_unit_test(charsets),
		cmocka_unit_test(hostile),
		cmocka_unit_test(kinds),
		cmocka_unit_test(wrapped),
	};
	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
