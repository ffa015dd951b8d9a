/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/arena.h"

void *pv_arena_grow(struct pv_arena *arena, size_t size)
{
	bool large = size > PV_ARENA_BLOCK / 4;
	char *block = arena->failed ? NULL : talloc_size(arena->mem, large ? size : PV_ARENA_BLOCK);
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	memset(block, 0, size);
	if (!large) { /* what was left of the block before is given up */
		arena->at = block + size;
		arena->end = block + PV_ARENA_BLOCK;
	}
	return block;
}

char *pv_arena_text(struct pv_arena *arena, struct pv_str text)
{
	char *copy = pv_arena_alloc(arena, text.size + 1);
	if (copy && text.size)
		memcpy(copy, text.bytes, text.size);
	return copy;
}

void *pv_arena_more(struct pv_arena *arena, void *items, size_t n, size_t size)
{
	if (n > 0 && (n & (n - 1)) != 0)
		return items;
	void *grown = pv_arena_alloc(arena, size * (n ? n * 2 : 1));
	if (grown && n)
		memcpy(grown, items, size * n);
	return grown;
}
