/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who asks, and from where: the session's cookie or an API token, the CSRF value on every change,
 * the Host and Origin headers (DNS rebinding, cross-site requests).
 */
#ifndef PV_WEB_SESSION_H
#define PV_WEB_SESSION_H

#include "web/route.h"

#define PV_WEB_COOKIE "pv_session"

/*
 * Fills call->login, actor and signed_in from Authorization or Cookie. PV_UNAUTHENTICATED when the
 * route asks for somebody and nobody stands there.
 */
enum pv_status pv_web_who_asks(struct pv_web_call *call, struct pv_error *error);

/* For what changes something: CSRF value, Origin, and the token's scope. PV_DENIED says which. */
enum pv_status pv_web_may_change(struct pv_web_call *call, struct pv_error *error);

/* The Host header names this desk (or an address, or this machine). PV_DENIED otherwise. */
enum pv_status pv_web_right_host(
	struct pv_web *web, const struct pv_web_request *request, struct pv_error *error);

/* Set-Cookie for a session just opened; "" ends it. */
enum pv_status pv_web_set_cookie(struct pv_web_call *call, const char *secret,
	int64_t expires_at_us, struct pv_error *error);

#endif
