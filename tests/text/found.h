/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A table of texts and of what a dialect finds in them, written as "link=exemple.fr@4-14 tag=…":
 * kind, text, code points.
 */
#ifndef PV_TEST_TEXT_FOUND_H
#define PV_TEST_TEXT_FOUND_H

#include "base/mem.h"
#include "text/entities.h"

struct found_row {
	const char *text, *found;
};

static inline const char *found_in(TALLOC_CTX *mem, enum pv_dialect dialect, struct pv_str text)
{
	static const char *const kinds[] = {"link", "mention", "list", "tag", "cash"};
	struct pv_entities found;
	assert_int_equal(pv_entities_find(mem, dialect, text, &found, NULL), PV_OK);
	struct pv_buf out = PV_BUF(mem, 1 << 20);
	for (size_t i = 0; i < found.n; i++) {
		const struct pv_entity *item = &found.items[i];
		pv_buf_printf(&out, "%s%s=%.*s@%zu-%zu", i ? " " : "", kinds[item->kind],
			(int)item->text.size, item->text.bytes, item->start_point, item->end_point);
		/* the text ends where the entity does, and lies inside it */
		assert_ptr_equal(item->text.bytes + item->text.size, text.bytes + item->end);
		assert_true(item->start <= (size_t)(item->text.bytes - text.bytes));
	}
	return pv_buf_end(&out);
}

static inline void expect_found(enum pv_dialect dialect, const struct found_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
		const char *found = found_in(scope, dialect, pv_str(rows[i].text));
		if (strcmp(found, rows[i].found) != 0)
			fail_msg("%s\n  found:    %s\n  expected: %s", rows[i].text, found,
				rows[i].found);
	}
}

#endif
