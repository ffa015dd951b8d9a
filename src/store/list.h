/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Growing an array of rows while a query is read. */
#ifndef PV_STORE_LIST_H
#define PV_STORE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/*
 * Room for element `n` of a talloc array (doubling from 8); NULL when memory is out, the old array
 * then still stands below `mem`.
 */
static inline void *pv_list_room(TALLOC_CTX *mem, void *items, size_t n, size_t size)
{
	bool full = !items || (n >= 8 && (n & (n - 1)) == 0);
	return full ? talloc_realloc_size(mem, items, size * (n < 8 ? 8 : n * 2)) : items;
}

/* Rows by `read` into *out below `mem`. */
#define PV_LIST_READ(rows, mem, read, out, out_n, error)                                \
	do {                                                                            \
		__typeof__(*(out)) pv_items = NULL;                                     \
		size_t pv_n = 0;                                                        \
		while (pv_rows_next(rows)) {                                            \
			pv_items = pv_list_room(mem, pv_items, pv_n, sizeof *pv_items); \
			if (!pv_items)                                                  \
				return pv_fail_nomem(error);                            \
			read(rows, mem, &pv_items[pv_n++]);                             \
		}                                                                       \
		enum pv_status pv_ended = pv_rows_end(rows, error);                     \
		if (pv_ended == PV_OK) {                                                \
			*(out) = pv_items;                                              \
			*(out_n) = pv_n;                                                \
		}                                                                       \
		return pv_ended;                                                        \
	} while (0)

#endif
