/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Connecting accounts: the adapter speaks with the network, the desk (desk/accounts.h) keeps what it
 * answered, the secrets sealed. What a person types is never kept.
 *
 *	{"organization": id, "network": "bluesky", "typed": {"handle": …, "password": …}}
 *	pv_dispatch_account_connect(desk, mem, actor, form, &account, error);
 */
#ifndef PV_DISPATCH_CONNECT_H
#define PV_DISPATCH_CONNECT_H

#include "desk/accounts.h"
#include "networks/network.h"

/* What the adapters may use of this desk: secrets saved sealed, the journal in the store. */
void pv_dispatch_context(struct pv_desk *desk, struct pv_network_context *out);

/* An account as its adapter sees it; its secrets lie open below `mem`. */
enum pv_status pv_dispatch_account_open(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_account_row *row, struct pv_network_account *out, struct pv_error *error);

/*
 * pv_desk_account_add's form with `typed`: asks whether the actor may, signs in, keeps. When the
 * network does not know what was typed: PV_INVALID, and which field.
 */
enum pv_status pv_dispatch_account_connect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_account_row *out,
	struct pv_error *error);

/* Signs in again to an account that is there; it must be the same account of the network. */
enum pv_status pv_dispatch_account_reconnect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *account_id, const json_t *typed,
	struct pv_account_row *out, struct pv_error *error);

/* Does the token still live? The answer becomes the account's state; what waited for it goes on. */
enum pv_status pv_dispatch_account_check(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *account_id, struct pv_account_row *out,
	struct pv_error *error);

#endif
