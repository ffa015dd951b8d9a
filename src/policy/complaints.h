/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The complaints about a document, gathered while it is read: inside the policy room.
 *
 *	pv_complain(complaints, node->line, node->column, "… « %s » …", "… \"%s\" …", text);
 *
 * `grave` is set by every complaint but pv_complain_mildly's: what remains is then no policy.
 */
#ifndef PV_POLICY_COMPLAINTS_H
#define PV_POLICY_COMPLAINTS_H

#include "policy/document.h"

struct pv_complaints {
	TALLOC_CTX *mem;
	struct pv_policy_problem *items;
	size_t n;
	bool grave;
	bool nomem;
};

/* printf, the same arguments for both languages; beyond PV_POLICY_PROBLEMS_MAX they are dropped. */
void pv_complain(struct pv_complaints *complaints, int line, int column, const char *fr,
	const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));
void pv_complain_mildly(struct pv_complaints *complaints, int line, int column, const char *fr,
	const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* In the order of the text. */
void pv_complaints_sort(struct pv_complaints *complaints);

#endif
