/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Values of a case's JSON, read with the cursor of base/jsonl.h: inside case_read.c. Each reader
 * answers false when the value is not what belongs there, with the words noted in the cursor and
 * the place in `bad_at`. A null is as good as nothing: the thing stays as it was.
 */
#ifndef PV_POLICY_CASE_JSON_H
#define PV_POLICY_CASE_JSON_H

#include "base/jsonl.h"
#include "policy/arena.h"

struct pv_case;
struct pv_case_past;
struct pv_case_exception;
struct pv_case_place;

struct pv_case_reader {
	struct pv_arena arena;
	struct pv_jsonl_cursor c;
	const char *bad_at; /* of a value that is JSON but not what belongs here */
	struct pv_str id;   /* as JSON text */
	struct pv_case *out;
	struct pv_case_past *past; /* NULL: its members are passed over */
	unsigned seen;             /* members that must be there */
};

/* A member of an object: reads the value into the thing at hand. False stops. */
typedef bool (*pv_cj_member)(struct pv_case_reader *r, struct pv_str name, void *thing);

/* Notes the first complaint and its place; false. */
bool pv_cj_bad(struct pv_case_reader *r, const char *at, const char *fr, const char *en);
/* Where the next value begins. */
const char *pv_cj_value_at(struct pv_case_reader *r);
bool pv_cj_skip(struct pv_case_reader *r);
bool pv_cj_null(struct pv_case_reader *r);
/* Inline, so that the size of a literal is known when it is compiled. */
static inline bool pv_cj_is(struct pv_str name, const char *text)
{
	size_t size = strlen(text);
	return name.size == size && memcmp(name.bytes, text, size) == 0;
}
bool pv_cj_text(struct pv_case_reader *r, struct pv_str *out);
bool pv_cj_object(struct pv_case_reader *r, pv_cj_member member, void *thing);
/* Each item is read into a fresh element of `size` bytes; `endless` lifts PV_CASE_LIST_MAX. */
bool pv_cj_list(struct pv_case_reader *r, bool (*item)(struct pv_case_reader *r, void *thing),
	size_t size, bool endless, const void **out, size_t *out_n);
bool pv_cj_texts(struct pv_case_reader *r, const struct pv_str **out, size_t *out_n);
/* A list, or one text that stands for a list of one. */
bool pv_cj_texts_or_one(struct pv_case_reader *r, const struct pv_str **out, size_t *out_n);
bool pv_cj_instant(struct pv_case_reader *r, int64_t *out);
bool pv_cj_choice(struct pv_case_reader *r, const char *const *names, int n, int *out);
bool pv_cj_bits(struct pv_case_reader *r, const char *const *names, int n, unsigned *out);
/* true, false, "yes", "no" */
bool pv_cj_yes(struct pv_case_reader *r, bool *out);
/* A whole number, 0 or more. */
bool pv_cj_figure(struct pv_case_reader *r, int64_t *out);
/* A whole number of at least 1. */
bool pv_cj_times(struct pv_case_reader *r, uint32_t *out);

/* case_exceptions.c: a list of them. */
bool pv_cj_exceptions(
	struct pv_case_reader *r, const struct pv_case_exception **out, size_t *out_n);

/* What a reader's false comes to: PV_INVALID with the words and the place, or PV_NOMEM. */
enum pv_status pv_cj_fail(
	struct pv_case_reader *r, struct pv_case_place *place, struct pv_error *error);

#endif
