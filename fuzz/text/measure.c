/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever is typed, measured for every network: what is promised of lengths and offsets holds. */
#include "base/mem.h"
#include "text/measure.h"
#include "text/unicode.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
	if (!promise)
		__builtin_trap();
}

/* A place between two code points. */
static bool is_place(struct pv_str text, size_t at)
{
	return at == text.size || (at < text.size && (text.bytes[at] & 0xC0) != 0x80);
}

static void check_entity(struct pv_str text, const struct pv_entity *item)
{
	require(item->start < item->end && is_place(text, item->start) &&
		is_place(text, item->end));
	require(item->start_point == pv_text_point_of_byte(text, item->start));
	require(item->end_point == pv_text_point_of_byte(text, item->end));
	require(item->text.bytes + item->text.size == text.bytes + item->end);
	require(item->text.size > 0 && item->text.size <= item->end - item->start);
}

static void check_excerpt(TALLOC_CTX *mem, struct pv_str text)
{
	char *excerpt;
	struct pv_str composed, again;
	require(pv_text_excerpt(mem, text, 20, &excerpt, NULL) == PV_OK);
	require(pv_text_graphemes(pv_str(excerpt)) <= 20);
	require(pv_text_nfc(mem, text, &composed, NULL) == PV_OK);
	require(pv_text_nfc(mem, composed, &again, NULL) == PV_OK);
	require(pv_str_equal(composed, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct pv_str text = {(const char *)bytes, size};
	bool well_formed = pv_text_ill_formed(text.bytes, size) == size;
	for (const struct pv_text_rules *rules = pv_network_text_rules; rules->network; rules++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		struct pv_error error = PV_ERROR_IN(scope);
		struct pv_measure measure;
		struct pv_text_rules small = *rules;
		if (size & 1)
			small.limit = 5;
		enum pv_status status = pv_measure(scope, &small, text, &measure, &error);
		require(status == (well_formed ? PV_OK : PV_INVALID));
		if (status != PV_OK)
			continue;
		require(is_place(text, measure.fits));
		require(!small.limit || !measure.valid || measure.length <= small.limit);
		for (size_t i = 0; i < measure.entities.n; i++)
			check_entity(text, &measure.entities.items[i]);
	}
	if (well_formed && size) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		check_excerpt(scope, text);
		pv_x_username_valid(text);
		pv_x_url_valid(text, true);
		pv_x_url_valid(text, false);
		pv_x_reply_to(text);
	}
	return 0;
}
