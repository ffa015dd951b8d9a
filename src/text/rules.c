/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/measure.h"

#include <string.h>

/*
 * One row a network. Where a network does not say what it counts, UTF-16 units are taken, the
 * strictest of the usual answers.
 */
const struct pv_text_rules pv_network_text_rules[] = {
	/* docs.x.com, counting characters; twitter-text config/v3.json */
	{.network = "x", .unit = PV_UNIT_WEIGHT, .dialect = PV_DIALECT_X, .limit = 280},
	/* not documented: 63,206 by common experience */
	{.network = "facebook", .unit = PV_UNIT_UTF16, .dialect = PV_DIALECT_X, .limit = 63206},
	/* commentary of a post; the unit is not documented */
	{.network = "linkedin", .unit = PV_UNIT_UTF16, .dialect = PV_DIALECT_X, .limit = 3000},
	/* description of a Pin, API v5: maxLength of JSON Schema, which is code points */
	{.network = "pinterest", .unit = PV_UNIT_POINT, .dialect = PV_DIALECT_X, .limit = 800},
	/* StatusLengthValidator of Mastodon 4; a server's own numbers come from /api/v2/instance */
	{.network = "mastodon",
		.unit = PV_UNIT_STATUS,
		.dialect = PV_DIALECT_MASTODON,
		.limit = 500,
		.link_length = 23},
	/* lexicon app.bsky.feed.post: maxGraphemes and maxLength */
	{.network = "bluesky",
		.unit = PV_UNIT_GRAPHEME,
		.dialect = PV_DIALECT_BLUESKY,
		.limit = 300,
		.bytes_limit = 3000},
	/* the contracts of Blogger v3 and of WordPress name no limit */
	{.network = "blogger", .unit = PV_UNIT_POINT, .dialect = PV_DIALECT_X},
	{.network = "wordpress", .unit = PV_UNIT_POINT, .dialect = PV_DIALECT_X},
	/* caption; 30 hashtags and 20 mentions at most */
	{.network = "instagram",
		.unit = PV_UNIT_UTF16,
		.dialect = PV_DIALECT_X,
		.limit = 2200,
		.hashtags_limit = 30,
		.mentions_limit = 20},
	/* developers.facebook.com/docs/threads: 500 characters, emoji by their bytes */
	{.network = "threads", .unit = PV_UNIT_THREADS, .dialect = PV_DIALECT_X, .limit = 500},
	/* ours: an article in full, and a page that still loads at once */
	{.network = "journal",
		.unit = PV_UNIT_GRAPHEME,
		.dialect = PV_DIALECT_JOURNAL,
		.limit = 10000},
	{.network = NULL},
};

const struct pv_text_rules *pv_text_rules_find(const char *network)
{
	for (const struct pv_text_rules *row = pv_network_text_rules; row->network; row++)
		if (strcmp(row->network, network) == 0)
			return row;
	return NULL;
}
