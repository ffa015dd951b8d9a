/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/instant.h"
#include "base/mem.h"
#include "collect/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define NOW INT64_C(1780000000000000) /* 2026-05-28T20:26:40Z */

static enum pv_status parse(
	TALLOC_CTX *mem, const char *text, struct pv_feed *out, struct pv_error *error)
{
	*error = PV_ERROR_IN(mem);
	return pv_feed_parse(
		mem, text, strlen(text), "https://exemple.org/blog/feed", NOW, out, error);
}

static void assert_time(int64_t at_us, const char *expected)
{
	char text[PV_TIME_TEXT_SIZE];
	assert_string_equal(pv_time_format(at_us, text), expected);
}

static const char rss[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
	" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	"xmlns:atom=\"http://www.w3.org/2005/Atom\">\n"
	"<channel><title>La Coop &amp; ses voisins</title>"
	"<atom:link href=\"https://exemple.org/blog/feed\" rel=\"self\"/>"
	"<link>https://exemple.org/blog</link><language>fr-CA</language>\n"
	"<item><title>Les paniers d&#8217;&eacute;t&eacute;</title>"
	"<link>https://exemple.org/blog/paniers</link><dc:creator><![CDATA[Léa]]></dc:creator>"
	"<pubDate>Mon, 02 Mar 2026 12:00:00 -0500</pubDate><category><![CDATA[Saison]]></category>"
	"<guid isPermaLink=\"false\">https://exemple.org/?p=12</guid>"
	"<description><![CDATA[<p>Un mot des <b>producteurs</b> et de nous.</p>]]></description>"
	"<content:encoded><![CDATA[<p>Un mot des <b>producteurs</b>, pour vous et pour nous.</p>"
	"<img width=\"1\" src=\"/pixel.gif\"><img src=\"/photo.jpg\"><script>x()</script>"
	"<ul><li>choux</li><li>poireaux</li></ul>]]></content:encoded></item>\n"
	"<item><title>Sans identifiant</title><link>/relatif</link></item>\n"
	"<item><title>Encore</title><guid "
	"isPermaLink=\"false\">https://exemple.org/?p=12</guid></item>"
	"</channel></rss>";

static void rss_entries_are_read(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_feed feed;
	struct pv_error error;
	assert_int_equal(parse(scope, rss, &feed, &error), PV_OK);
	assert_string_equal(feed.title, "La Coop & ses voisins");
	assert_string_equal(feed.site, "https://exemple.org/blog");
	assert_string_equal(feed.language, "fr-ca");
	assert_int_equal(feed.n_items, 2); /* a guid once */
	const struct pv_feed_item *item = &feed.items[0];
	assert_string_equal(item->guid, "https://exemple.org/?p=12");
	assert_string_equal(item->url, "https://exemple.org/blog/paniers");
	assert_string_equal(item->author, "Léa");
	assert_string_equal(item->content,
		"Un mot des producteurs, pour vous et pour nous.\n\nchoux\npoireaux");
	assert_string_equal(item->summary, "Un mot des producteurs et de nous.");
	assert_string_equal(item->image, "https://exemple.org/photo.jpg");
	assert_string_equal(item->language, "fr");
	assert_int_equal(item->n_labels, 1);
	assert_string_equal(item->labels[0], "Saison");
	assert_time(item->published_at_us, "2026-03-02T17:00:00.000Z");
	assert_string_equal(feed.items[1].url, "https://exemple.org/relatif");
	assert_string_equal(feed.items[1].guid, "https://exemple.org/relatif");
	assert_int_equal(feed.items[1].published_at_us, NOW);
}

static const char atom[] =
	"<?xml version='1.0' encoding='UTF-8'?>"
	"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>"
	"<id>tag:blogger.com,1999:blog-1</id><title type='text'>Carnet &lt;de&gt; Marc</title>"
	"<link rel='self' href='https://exemple.org/feeds/posts/default'/>"
	"<link rel='alternate' type='text/html' href='https://exemple.org/'/>"
	"<author><name>Marc</name></author>"
	"<entry><id>tag:blogger.com,1999:blog-1.post-2</"
	"id><published>2026-02-01T08:30:00.000-05:00</published>"
	"<updated>2026-02-03T08:30:00.000-05:00</updated>"
	"<category scheme='http://www.blogger.com/atom/ns#' term='éthique'/>"
	"<title type='text'>L'autopromotion</title>"
	"<content type='html'>&lt;p&gt;The question is not whether it is relevant, and you know "
	"it.&lt;/p&gt;</content>"
	"<link rel='replies' href='https://exemple.org/feeds/2/comments'/>"
	"<link rel='edit' href='https://exemple.org/edit/2'/>"
	"<link rel='alternate' href='https://exemple.org/2026/02/auto.html'/></entry>"
	"<entry><id>x</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Un "
	"<em>mot</em></div></title>"
	"<summary>2 &lt; 3 &amp; 4</summary></entry></feed>";

static void atom_entries_are_read(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_feed feed;
	struct pv_error error;
	assert_int_equal(parse(scope, atom, &feed, &error), PV_OK);
	assert_string_equal(feed.title, "Carnet <de> Marc");
	assert_string_equal(feed.site, "https://exemple.org/");
	assert_int_equal(feed.n_items, 2);
	assert_string_equal(feed.items[0].url, "https://exemple.org/2026/02/auto.html");
	assert_string_equal(feed.items[0].author, "Marc");
	assert_string_equal(feed.items[0].language, "en");
	assert_string_equal(feed.items[0].labels[0], "éthique");
	assert_time(feed.items[0].published_at_us, "2026-02-01T13:30:00.000Z");
	assert_string_equal(feed.items[1].title, "Un mot");
	assert_string_equal(feed.items[1].summary, "2 < 3 & 4");
}

static void json_feed_is_read(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_feed feed;
	struct pv_error error;
	const char *text =
		"\xEF\xBB\xBF{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\","
		"\"home_page_url\":\"https://"
		"exemple.org\",\"authors\":[{\"name\":\"A\"}],\"items\":["
		"{\"id\":7,\"url\":\"/sept\",\"content_text\":\"a < b\",\"date_published\":"
		"\"2026-01-01T00:00:00Z\",\"tags\":[\"t\"]},"
		"{\"id\":\"futur\",\"date_published\":\"2099-01-01T00:00:00Z\"}]}";
	assert_int_equal(parse(scope, text, &feed, &error), PV_OK);
	assert_int_equal(feed.n_items, 2);
	assert_string_equal(feed.items[0].guid, "7");
	assert_string_equal(feed.items[0].url, "https://exemple.org/sept");
	assert_string_equal(feed.items[0].content, "a < b");
	assert_string_equal(feed.items[0].author, "A");
	assert_int_equal(feed.items[1].published_at_us, NOW); /* nobody publishes tomorrow */
}

static void what_is_no_feed_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *text, *word; /* a part of the English words */
		enum pv_status status;
	} rows[] = {
		{"", "nothing", PV_INVALID},
		{"  \n", "nothing", PV_INVALID},
		{"<!DOCTYPE html><html><body>x</body></html>", "a page, not to a feed", PV_INVALID},
		{"<rss><channel><item></rss>", "malformed, line 1", PV_INVALID},
		{"<opml version='1'></opml>", "begins with “opml”", PV_INVALID},
		{"{\"items\":[]}", "not a JSON Feed", PV_INVALID},
		{"{\"items\":[", "malformed, line 1", PV_INVALID},
		{"plain words", "malformed", PV_INVALID},
		{"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
		 "<rss><channel><title>&b;</title></channel></rss>",
			"entities of its own", PV_INVALID},
		{"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
		 "<rss><channel><title>&a;</title></channel></rss>",
			"entities of its own", PV_INVALID},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_feed feed;
		struct pv_error error;
		enum pv_status status = parse(scope, rows[i].text, &feed, &error);
		if (status != rows[i].status || !strstr(error.words.en, rows[i].word))
			fail_msg("row %zu: %d %s", i, (int)status, error.words.en);
		assert_non_null(error.words.fr);
	}
}

static void billion_laughs_is_refused_in_little_memory(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *text = talloc_strdup(scope, "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY l0 'lol'>");
	for (int i = 1; i < 10; i++)
		text = talloc_asprintf_append(text,
			"<!ENTITY l%d '&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;&l%d;'>", i,
			i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	text = talloc_asprintf_append(text, "]><rss><channel><title>&l9;</title></channel></rss>");
	struct pv_feed feed;
	struct pv_error error;
	assert_int_equal(parse(scope, text, &feed, &error), PV_INVALID);
	assert_true(talloc_total_size(scope) < 1 << 20);
}

static void an_undeclared_entity_costs_only_itself(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_feed feed;
	struct pv_error error;
	assert_int_equal(
		parse(scope,
			"<rss><channel><title>a&nbsp;b</title><item><title>un</title></item>"
			"</channel></rss>",
			&feed, &error),
		PV_OK);
	assert_int_equal(feed.n_items, 1);
}

static void a_feed_of_too_many_is_cut_not_refused(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *text = talloc_strdup(scope, "<rss><channel>");
	for (int i = 0; i < PV_FEED_ITEMS_MAX + 50; i++)
		text = talloc_asprintf_append_buffer(
			text, "<item><guid>g%d</guid><title>t</title></item>", i);
	text = talloc_asprintf_append_buffer(text, "</channel></rss>");
	struct pv_feed feed;
	struct pv_error error;
	assert_int_equal(parse(scope, text, &feed, &error), PV_OK);
	assert_int_equal(feed.n_items, PV_FEED_ITEMS_MAX);
}

static void dates_of_mail_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected; /* NULL: not a date */
	} rows[] = {
		{"Mon, 02 Mar 2026 12:00:00 -0500", "2026-03-02T17:00:00.000Z"},
		{"Mon, 2 Mar 2026 12:00:00 GMT", "2026-03-02T12:00:00.000Z"},
		{"02 Mar 26 12:00 EST", "2026-03-02T17:00:00.000Z"},
		{"Sat, 07 Sep 02 00:00:01 PDT", "2002-09-07T07:00:01.000Z"},
		{"2 March 2026 12:00:00 +0000", "2026-03-02T12:00:00.000Z"},
		{"hier", NULL},
		{"Mon, 99 Mar 2026 12:00:00 GMT", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		int64_t at_us;
		bool read = pv_feed_date_parse(rows[i].text, &at_us);
		assert_int_equal(read, rows[i].expected != NULL);
		if (read)
			assert_time(at_us, rows[i].expected);
	}
}

static void html_becomes_plain(void **state)
{
	(void)state;
	static const struct {
		const char *html, *plain;
		size_t limit;
	} rows[] = {
		{"un  deux\n trois", "un deux trois", 100},
		{"<p>un <b>deux</b> trois</p><p>quatre</p>", "un deux trois\n\nquatre", 100},
		{"a<br>b<br/>c", "a\nb\nc", 100},
		{"L&rsquo;&eacute;t&eacute; &amp; &#233;", "L’été & é", 100},
		{"<style>p{}</style><p>x</p><script>y</script>", "x", 100},
		{"<div><div><p>x</p></div></div><div>y</div>", "x\n\ny", 100},
		{"un deux trois", "un deux", 10},
		{"2 < 3 et 4 > 3", "2 < 3 et 4 > 3", 100},
		{"a<!-- <p>b --><!x><?y?></ z>c<", "ac<", 100},
		{"AT&T &amp &nope; &#1;", "AT&T &amp &nope; &#1;", 100},
		{"<svg><svg>x</svg>y</svg>z <object data='/'>f</object><svg/>w", "z w", 100},
		{"<template>x", "x", 100}, /* it never ends: nothing says what is in it */
		{"<script src=a />x<script>y<p>z", "xy\n\nz", 100},
		{"<textarea>a <b>&amp;</textarea>c", "a <b>&c", 100},
		{"<p title='>'>x</P >y", "x\n\ny", 100},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *plain = pv_feed_plain(scope, rows[i].html, rows[i].limit);
		if (!plain || strcmp(plain, rows[i].plain) != 0)
			fail_msg("row %zu: «%s»", i, plain ? plain : "(null)");
	}
}

static void deep_html_does_not_exhaust_the_stack(void **state)
{
	(void)state;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	enum { DEEP = 200000 };
	char *html = talloc_size(scope, DEEP * 5 + 2);
	for (int i = 0; i < DEEP; i++)
		memcpy(html + i * 5, "<div>", 5);
	memcpy(html + DEEP * 5, "x", 2);
	assert_non_null(pv_feed_plain(scope, html, 100));
	assert_non_null(pv_feed_picture(scope, html));
}

static void pictures_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *html, *picture;
	} rows[] = {
		{"<p>x", ""},
		{"<img width=1 src=a><IMG SRC='b?c=1&amp;d'>", "b?c=1&d"},
		{"<!-- <img src=a> --><noscript><img src=b></noscript>", "b"},
		{"<img src=data:x><img width='2' src=c><img width=40% src=d>", "d"},
		{"<script>\"<img src=a>\"</script><img alt=x>", ""},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *picture = pv_feed_picture(scope, rows[i].html);
		if (!picture || strcmp(picture, rows[i].picture) != 0)
			fail_msg("row %zu: «%s»", i, picture ? picture : "(null)");
	}
}

/* Each took time in the square of its size: the first minutes for this megabyte. */
static void hostile_html_takes_little_time(void **state)
{
	(void)state;
	enum { BYTES = 1 << 20, SECONDS_MAX = 20 }; /* in a program full of checks */
	static const char *const rows[][2] = {
		{"<a ", "a%zu=1 "}, /* each of another name */
		{"<p>x", "<script>"},
		{"<p>x", "<svg>"},
		{"<p>x", "</i>"},
		{"x", "&"},
		{"x", "<"},
		{"x", "<!--"},
		{"<img ", "src='"},
		{"<img>", "<img>"},
	};
	for (size_t i = 0; i < PV_COUNT(rows); i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		char *html = talloc_size(scope, BYTES + 32);
		size_t size = (size_t)sprintf(html, "%s", rows[i][0]);
		for (size_t n = 0; size < BYTES; n++)
			size += (size_t)snprintf(html + size, 32, rows[i][1], n);
		clock_t from = clock();
		assert_non_null(pv_feed_plain(scope, html, PV_FEED_TEXT_MAX));
		assert_non_null(pv_feed_picture(scope, html));
		if ((clock() - from) / CLOCKS_PER_SEC > SECONDS_MAX)
			fail_msg("row %zu: %ld s", i, (long)((clock() - from) / CLOCKS_PER_SEC));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rss_entries_are_read),
		cmocka_unit_test(atom_entries_are_read),
		cmocka_unit_test(json_feed_is_read),
		cmocka_unit_test(what_is_no_feed_is_told),
		cmocka_unit_test(billion_laughs_is_refused_in_little_memory),
		cmocka_unit_test(an_undeclared_entity_costs_only_itself),
		cmocka_unit_test(a_feed_of_too_many_is_cut_not_refused),
		cmocka_unit_test(dates_of_mail_are_read),
		cmocka_unit_test(html_becomes_plain),
		cmocka_unit_test(pictures_are_found),
		cmocka_unit_test(deep_html_does_not_exhaust_the_stack),
		cmocka_unit_test(hostile_html_takes_little_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
