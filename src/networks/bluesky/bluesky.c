/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/bluesky/bluesky.h"

#include "base/crypto.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/webp", NULL};

void pv_bluesky_tid(int64_t at_us, unsigned clock_id, char out[PV_BLUESKY_TID_LENGTH + 1])
{
	static const char alphabet[] = "234567abcdefghijklmnopqrstuvwxyz";
	uint64_t us = at_us > 0 ? (uint64_t)at_us : 0;
	uint64_t tid = (us & ((UINT64_C(1) << 53) - 1)) << 10 | (clock_id & 1023);
	for (int i = PV_BLUESKY_TID_LENGTH - 1; i >= 0; i--, tid >>= 5)
		out[i] = alphabet[tid & 31];
	out[PV_BLUESKY_TID_LENGTH] = '\0';
}

/*
 * The millisecond is the attempt's; the microseconds within it and the clock id come from
 * publication and attempt, so that two writes of one millisecond do not meet (1 in a million).
 */
char *pv_bluesky_make_key(TALLOC_CTX *mem, const struct pv_outgoing *outgoing)
{
	char number[16], digest[PV_DIGEST_SIZE], eight[9];
	snprintf(number, sizeof number, "%d", outgoing->attempt);
	const char *const fields[] = {"bluesky-tid", outgoing->publication_id, number};
	pv_digest_fields(fields, 3, digest);
	snprintf(eight, sizeof eight, "%.8s", digest);
	unsigned long mixed = strtoul(eight, NULL, 16);
	char *text = talloc_array(mem, char, PV_BLUESKY_TID_LENGTH + 1);
	if (!text)
		return NULL;
	pv_bluesky_tid(outgoing->written_at_us / 1000 * 1000 + (int64_t)(mixed % 1000),
		(unsigned)(mixed / 1000), text);
	return text;
}

static enum pv_status bluesky_check(const struct pv_network_account *account,
	const struct pv_outgoing *outgoing, struct pv_error *error)
{
	return pv_wire_check(&pv_network_bluesky, account, outgoing, types, error);
}

bool pv_bluesky_uri_parse(TALLOC_CTX *mem, const char *text, struct pv_bluesky_uri *out)
{
	if (!text || strncmp(text, "at://did:", 9) != 0)
		return false;
	const char *did = text + 5;
	const char *collection = strchr(did, '/');
	const char *rkey = collection ? strchr(collection + 1, '/') : NULL;
	if (!rkey || rkey == collection + 1 || !rkey[1] || strpbrk(rkey + 1, "/?#"))
		return false;
	struct pv_bluesky_uri uri = {
		.did = talloc_strndup(mem, did, (size_t)(collection - did)),
		.collection = talloc_strndup(mem, collection + 1, (size_t)(rkey - collection - 1)),
		.rkey = talloc_strdup(mem, rkey + 1),
	};
	if (!uri.did || !uri.collection || !uri.rkey)
		return false;
	*out = uri;
	return true;
}

char *pv_bluesky_permalink(TALLOC_CTX *mem, const char *did, const char *rkey)
{
	return talloc_asprintf(mem, "https://bsky.app/profile/%s/post/%s", did, rkey);
}

const struct pv_network pv_network_bluesky = {
	.name = "bluesky",
	.label = {"Bluesky", "Bluesky"},
	.measure = "bluesky",
	/* app.bsky.feed.post and app.bsky.embed.images; pictures were 1,000,000 bytes until 2026 */
	.limits = {.text_max = 300, .media_max = 4, .media_bytes_max = 1000000, .answers = true},
	/* putRecord of the same record at the same key changes nothing, for as long as it is there */
	.idempotent_us = 30 * PV_DAY_US,
	.find_tries = 4, /* 80 s: each attempt has a key of its own */
	.find_pause_us = 20 * PV_SECOND_US,
	.connect = pv_bluesky_connect,
	.check_account = pv_bluesky_check_account,
	.check = bluesky_check,
	.make_key = pv_bluesky_make_key,
	.publish = pv_bluesky_publish,
	.find = pv_bluesky_find,
	.withdraw = pv_bluesky_withdraw,
	.metrics = pv_bluesky_metrics,
	.conversation = pv_bluesky_conversation,
};
