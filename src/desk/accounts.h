/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Accounts: the places to publish. Connecting talks to a network, which the desk does not do: the
 * caller (dispatch/connect.h) signs in through the adapter and hands what it learned here.
 *
 *	struct pv_account_link link = {.handle = …, .server = …, .remote_id = …, .secrets = json};
 *	pv_desk_account_add(desk, mem, &actor, form, &link, &account, error);
 *
 * Secrets are sealed with the data folder's key and opened only by pv_desk_account_open_secrets.
 */
#ifndef PV_DESK_ACCOUNTS_H
#define PV_DESK_ACCOUNTS_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/account.h"

/* What connecting learned; NULL members read as "". */
struct pv_account_link {
	const char *name; /* shown on the network */
	const char *handle, *server, *remote_id;
	const char *secrets;  /* JSON in clear, sealed here; NULL: none (the journal) */
	const char *settings; /* JSON object; NULL: {} */
};

/* Those of an organisation, or (NULL) of all of the actor's; removed ones are left out. */
enum pv_status pv_desk_account_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_account_row **out,
	size_t *out_n, struct pv_error *error);
/* `secrets` is never given out in a row: NULL, or "sealed". PV_MAY_READ. */
enum pv_status pv_desk_account_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_account_row *out,
	struct pv_error *error);

/*
 * The same by id, or by slug among the actor's. A slug is one organisation's: where two of them
 * have it, guessing would sooner or later publish on the wrong account, and it is PV_CONFLICT.
 */
enum pv_status pv_desk_account_named(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *name, struct pv_account_row *out,
	struct pv_error *error);

/*
 * May this actor add or reconnect accounts there? Asked before the network is, so that nobody
 * signs in for nothing. PV_MAY_GOVERN; `form` is add's, its problems are told.
 */
enum pv_status pv_desk_account_may_add(struct pv_desk *desk, const struct pv_actor *actor,
	const json_t *form, struct pv_error *error);

/*
 * {organization, network, slug?, name?, stance?, typed?}: `typed` is the caller's, left aside. The
 * stance is personal in one's own space and organisation elsewhere, unless it says "hosted".
 * PV_CONFLICT when the slug, or this very account of the network, is there already.
 */
enum pv_status pv_desk_account_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, const struct pv_account_link *link,
	struct pv_account_row *out, struct pv_error *error);

/* Signed in again: new secrets, state connected. Another remote_id is PV_CONFLICT. GOVERN. */
enum pv_status pv_desk_account_reconnect(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const struct pv_account_link *link,
	struct pv_account_row *out, struct pv_error *error);

/* {version?, name?, slug?, stance?, state?: "paused"|"connected"}. GOVERN; state alone: PAUSE. */
enum pv_status pv_desk_account_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const json_t *form,
	struct pv_account_row *out, struct pv_error *error);
/* Its secrets are erased; its posts stay. PV_MAY_GOVERN. */
enum pv_status pv_desk_account_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);

/* ---- for dispatcher and collectors (is_desk) ------------------------------------------------- */

enum pv_status pv_desk_account_open_secrets(struct pv_desk *desk, TALLOC_CTX *mem, const char *id,
	const char **out_json, struct pv_error *error);
/* A refreshed token, kept before it is used. */
enum pv_status pv_desk_account_save_secrets(
	struct pv_desk *desk, const char *id, const char *json, struct pv_error *error);
/*
 * What a check found: the state (connected | sign_in), why, and settings read again (NULL: as they
 * were). A paused or removed account stays so. Tells "account" when something changed.
 */
enum pv_status pv_desk_account_checked(struct pv_desk *desk, const char *id, const char *state,
	const struct pv_words *why, const char *settings, struct pv_error *error);

#endif
