/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Publications and their attempts: what goes out, when, and how each write to a network ended.
 *
 * The states and moves are dispatch/machine.h's. Every move here is one guarded UPDATE: it names
 * the state it leaves, and (for a move made under a lease) the fence of the claim; a statement that
 * changes no row is PV_CONFLICT, and the caller has lost its claim.
 */
#ifndef PV_STORE_PUBLICATION_H
#define PV_STORE_PUBLICATION_H

#include "store/db.h"

struct pv_publication_row {
	const char *id;
	const char *organization_id;
	const char *variant_id;
	const char *account_id;
	const char *network;
	const char *state;  /* dispatch/machine.h */
	const char *digest; /* of what was approved and will be sent */
	int64_t due_at_us;
	int64_t next_at_us; /* when the dispatcher looks at it again */
	const char *late;   /* publish | ask | drop */
	int64_t attempts;
	int64_t checks; /* read-backs made of the uncertain attempt */
	int64_t fence;
	const char *lease_node;
	int64_t lease_until_us;
	const char *remote_id;
	const char *permalink;
	const char *reason;                  /* "" or JSON {"class","fr","en","evidence"} */
	int64_t sent_at_us, published_at_us; /* PV_TIME_NONE: not yet */
	int64_t lateness_us;                 /* -1: not yet */
	int64_t created_at_us;
	/* brought along */
	const char *account_slug, *account_name, *account_handle;
	const char *organization_slug, *organization_name, *organization_colour;
	const char *text;
};

struct pv_attempt_row {
	const char *id;
	const char *organization_id;
	const char *publication_id;
	int64_t number;
	int64_t fence;
	const char *digest;
	const char *write_key;
	int64_t written_at_us;
	const char *outcome; /* open | yes | no | later | unknown | absent */
	const char *reason_class;
	int64_t http_status;
	const char *evidence;
	const char *node;
	int64_t closed_at_us; /* PV_TIME_NONE: open */
};

#endif
