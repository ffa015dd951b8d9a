/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Many small things that go together: memory handed out from a few talloc blocks, freed with their
 * parent. Inside the policy room, where a judgement makes some hundred allocations.
 *
 *	struct pv_arena arena = {.mem = mem};
 *	struct pv_remark *remarks = pv_arena_array(&arena, struct pv_remark, n);
 *
 * Memory is zeroed. When it is out, `failed` stays set and every answer is NULL: callers may check
 * once, at the end, where that is enough.
 */
#ifndef PV_POLICY_ARENA_H
#define PV_POLICY_ARENA_H

#include "base/str.h"

#include <stdint.h>

enum { PV_ARENA_BLOCK = 16 << 10, PV_ARENA_ALIGN = 8 };

struct pv_arena {
	TALLOC_CTX *mem;
	char *at, *end;
	bool failed;
};

/* The rare way: another block. Not zeroed beyond `size`. */
void *pv_arena_grow(struct pv_arena *arena, size_t size);

static inline void *pv_arena_alloc(struct pv_arena *arena, size_t size)
{
	size = (size + PV_ARENA_ALIGN) & ~(size_t)(PV_ARENA_ALIGN - 1); /* never nothing */
	if (size > (size_t)(arena->end - arena->at))
		return pv_arena_grow(arena, size);
	void *at = arena->at;
	arena->at += size;
	return memset(at, 0, size);
}

#define pv_arena_new(arena, type) ((type *)pv_arena_alloc((arena), sizeof(type)))
#define pv_arena_array(arena, type, n) ((type *)pv_arena_alloc((arena), sizeof(type) * (n)))

/* A NUL-ended copy; NULL when memory is out. */
char *pv_arena_text(struct pv_arena *arena, struct pv_str text);

/*
 * Room for one more in an array that doubles: `items` has `n` elements of `size` bytes. NULL when
 * memory is out.
 */
void *pv_arena_more(struct pv_arena *arena, void *items, size_t n, size_t size);

#endif
