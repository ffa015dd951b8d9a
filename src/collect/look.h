/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Links looked at, once more before their post leaves; collector.h is for everybody else. */
#ifndef PV_COLLECT_LOOK_H
#define PV_COLLECT_LOOK_H

#include "base/id.h"
#include "desk/desk.h"

struct pv_collect_look {
	size_t left;  /* not looked at: the time was over. A site that says nothing was. */
	bool changed; /* something is known that was not, or known otherwise */
};

/* Looks at what nobody looked at for `fresh_s`, for `timeout_ms` in all. */
enum pv_status pv_collect_look(struct pv_desk *desk, TALLOC_CTX *mem, const char *text,
	int64_t fresh_s, int64_t timeout_ms, struct pv_collect_look *out, struct pv_error *error);

/* Where the next turn begins, so that slow sites do not keep the others from being asked. */
struct pv_soon {
	char after[PV_ID_SIZE]; /* the publication that was looked at last; "": from the first */
};

/*
 * The links of what leaves within PV_COLLECT_SOON_S, and, less often, of what is held and may leave
 * at any time; what then reads otherwise is judged again. *out_more: the time was over before all
 * were looked at.
 */
enum pv_status pv_soon_look(struct pv_desk *desk, TALLOC_CTX *mem, struct pv_soon *soon,
	bool *out_more, struct pv_error *error);

#endif
