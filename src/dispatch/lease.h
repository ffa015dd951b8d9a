/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Under which name this process holds leases. The name is kept in the data folder with a lock that
 * dies with the process: whoever gets the lock knows that the name's earlier holder is dead, and may
 * take up its leases at once instead of waiting for them to end.
 */
#ifndef PV_DISPATCH_LEASE_H
#define PV_DISPATCH_LEASE_H

#include "desk/desk.h"

struct pv_lease {
	const char *node; /* publication.lease_node */
	bool sole;        /* the lock is ours: leases under this name are nobody's */
	int fd;
};

/*
 * A talloc object: freeing it gives the lock back. Without a data folder, or when another process
 * has the lock, the name is one's own and `sole` false.
 */
enum pv_status pv_lease_open(
	TALLOC_CTX *mem, struct pv_desk *desk, struct pv_lease **out, struct pv_error *error);

#endif
