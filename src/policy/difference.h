/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What two versions of a policy say differently, in words for a person. The order of a document
 * never matters, so a rule that only moved is no difference.
 *
 *	struct pv_policy_changes changes;
 *	if (pv_policy_difference(mem, was, is, &changes, error) == PV_OK)
 *		for (size_t i = 0; i < changes.n; i++)
 *			… changes.items[i].words.fr: "Verdict : approbation requise devient refusé." …
 */
#ifndef PV_POLICY_DIFFERENCE_H
#define PV_POLICY_DIFFERENCE_H

#include "policy/document.h"

enum pv_change_kind { PV_CHANGE_ADDED, PV_CHANGE_REMOVED, PV_CHANGE_CHANGED };

extern const char *const pv_change_kind_names[3]; /* "added", "removed", "changed" */

struct pv_policy_change {
	enum pv_change_kind kind;
	const char *part; /* top organisation account approvals disclosure topic rule exception */
	const char *id;   /* of the rule, account…; of `top`, the key: "default" */
	struct pv_words label;
	struct pv_words words;
};

/* From the top of the document down; what was removed comes last of its part. */
struct pv_policy_changes {
	struct pv_policy_change *items;
	size_t n;
};

/* All of it below `mem`. PV_NOMEM at worst. */
enum pv_status pv_policy_difference(TALLOC_CTX *mem, const struct pv_policy *was,
	const struct pv_policy *is, struct pv_policy_changes *out, struct pv_error *error);

#endif
