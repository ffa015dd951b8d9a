/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/complaints.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void complain(struct pv_complaints *complaints, int line, int column, const char *fr,
	const char *en, va_list arguments)
{
	if (complaints->n >= PV_POLICY_PROBLEMS_MAX)
		return;
	struct pv_policy_problem *grown = talloc_realloc(
		complaints->mem, complaints->items, struct pv_policy_problem, complaints->n + 1);
	va_list again;
	va_copy(again, arguments);
	char *in_fr = grown ? talloc_vasprintf(grown, fr, arguments) : NULL;
	char *in_en = in_fr ? talloc_vasprintf(grown, en, again) : NULL;
	va_end(again);
	if (grown)
		complaints->items = grown;
	if (!in_en) {
		complaints->nomem = true;
		return;
	}
	grown[complaints->n++] = (struct pv_policy_problem){
		.line = line, .column = column, .message = {.fr = in_fr, .en = in_en}};
}

void pv_complain(
	struct pv_complaints *complaints, int line, int column, const char *fr, const char *en, ...)
{
	va_list arguments;
	va_start(arguments, en);
	complaints->grave = true;
	complain(complaints, line, column, fr, en, arguments);
	va_end(arguments);
}

void pv_complain_mildly(
	struct pv_complaints *complaints, int line, int column, const char *fr, const char *en, ...)
{
	va_list arguments;
	va_start(arguments, en);
	complain(complaints, line, column, fr, en, arguments);
	va_end(arguments);
}

static int by_place(const void *a, const void *b)
{
	const struct pv_policy_problem *one = a, *two = b;
	if (one->line != two->line)
		return one->line < two->line ? -1 : 1;
	if (one->column != two->column)
		return one->column < two->column ? -1 : 1;
	return strcmp(one->message.en, two->message.en);
}

void pv_complaints_sort(struct pv_complaints *complaints)
{
	if (complaints->n > 1)
		qsort(complaints->items, complaints->n, sizeof *complaints->items, by_place);
}
