/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Signing in: sessions (a cookie's secret and a CSRF value) and API tokens ("pv_…").
 *
 *	struct pv_sign_in typed = {.login = login, .password = password, .address = ip, .agent = ua};
 *	struct pv_signed_in in;
 *	if (pv_desk_sign_in(desk, mem, &typed, &in, error) == PV_THROTTLED)
 *		… Retry-After: in_s, from error …
 *
 * Wrong passwords are counted by login and by address. Each one beyond a few makes the next try wait
 * longer, up to PV_WAIT_MAX_US: nobody is locked out, sessions that stand are not touched, and
 * guessing a thousand passwords takes days. An unknown login takes the same time as a known one.
 */
#ifndef PV_DESK_SESSIONS_H
#define PV_DESK_SESSIONS_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/session.h"
#include "store/token.h"

enum {
	PV_FREE_TRIES_LOGIN = 5,
	PV_FREE_TRIES_ADDRESS = 20,
	PV_TOKENS_MAX = 50, /* live API tokens of a person */
	PV_AGENT_MAX = 300,
};
#define PV_WAIT_MAX_US (15 * PV_MINUTE_US)
#define PV_SESSION_US (30 * PV_DAY_US) /* from the last use */
#define PV_FAILURES_FORGOTTEN_US PV_DAY_US

/* Who a request speaks for. */
struct pv_login {
	struct pv_actor actor;       /* person_id points into `person` */
	struct pv_person_row person; /* without the password's hash */
	const char *session_id;      /* NULL for an API token */
	const char *csrf;            /* NULL for an API token: it needs none */
};

struct pv_sign_in {
	const char *login, *password;
	const char *address; /* of the caller, as text */
	const char *agent;   /* User-Agent, cut to PV_AGENT_MAX */
};

struct pv_signed_in {
	struct pv_login login;
	const char *secret; /* the cookie's value; kept nowhere else */
	int64_t expires_at_us;
};

/*
 * PV_UNAUTHENTICATED with one sentence for every reason; PV_THROTTLED before the password is even
 * looked at, its words say how long. `out_wait_s` (may be NULL) is written on PV_THROTTLED too.
 */
enum pv_status pv_desk_sign_in(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_sign_in *typed, struct pv_signed_in *out, int64_t *out_wait_s,
	struct pv_error *error);

/* A session without a password, for who has just taken an invitation or set the desk up. */
enum pv_status pv_desk_session_open(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char *address, const char *agent, struct pv_signed_in *out, struct pv_error *error);

/* The cookie's session; PV_UNAUTHENTICATED when it does not stand. Writes at most once in 5 min. */
enum pv_status pv_desk_session_check(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_login *out, struct pv_error *error);
bool pv_desk_csrf_right(const struct pv_login *login, const char *csrf);

enum pv_status pv_desk_sign_out(
	struct pv_desk *desk, const struct pv_login *login, struct pv_error *error);

/* One's own sessions, the latest seen first; `digest` is the id by which one is ended. */
enum pv_status pv_desk_session_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_session_row **out, size_t *out_n,
	struct pv_error *error);
enum pv_status pv_desk_session_end(struct pv_desk *desk, const struct pv_actor *actor,
	const char *session_id, struct pv_error *error);

/* ---- API tokens ------------------------------------------------------------------------------ */

/* "pv_…" of an Authorization header; PV_UNAUTHENTICATED when it does not stand. */
enum pv_status pv_desk_token_check(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_login *out, struct pv_error *error);

/* {name, scopes:["read"|"write"], expires_at?}; `out_secret` is shown once. Of the actor's own. */
enum pv_status pv_desk_token_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_token_row *out,
	const char **out_secret, struct pv_error *error);
/* For the command: the desk makes one for a person. */
enum pv_status pv_desk_token_add_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *person_id, const json_t *form,
	struct pv_token_row *out, const char **out_secret, struct pv_error *error);
enum pv_status pv_desk_token_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_token_row **out, size_t *out_n,
	struct pv_error *error);
enum pv_status pv_desk_token_end(struct pv_desk *desk, const struct pv_actor *actor,
	const char *token_id, struct pv_error *error);

/* Forgets expired sessions, old failures and old idempotency keys: once an hour, by the desk. */
enum pv_status pv_desk_sweep(struct pv_desk *desk, struct pv_error *error);

#endif
