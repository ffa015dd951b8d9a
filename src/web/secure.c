/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/secure.h"

const char pv_web_policy_interface[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
	"img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'";

const char pv_web_policy_page[] = "default-src 'none'; style-src 'self'; font-src 'self'; img-src "
				  "'self'; form-action 'self'; "
				  "base-uri 'none'; frame-ancestors 'none'";

static const char policy_nothing[] =
	"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

void pv_web_secure(struct pv_web_response *response, bool https)
{
	pv_web_add_header(response, "X-Content-Type-Options", "nosniff");
	pv_web_add_header(response, "Content-Security-Policy",
		response->policy ? response->policy : policy_nothing);
	/* Not "no-referrer": a browser then sends a form of our own with `Origin: null`. */
	pv_web_add_header(response, "Referrer-Policy", "same-origin");
	pv_web_add_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	if (response->policy) {
		pv_web_add_header(response, "Cross-Origin-Opener-Policy", "same-origin");
		pv_web_add_header(response, "X-Frame-Options", "DENY");
		pv_web_add_header(response, "Permissions-Policy",
			"camera=(), geolocation=(), microphone=(), payment=(), usb=()");
	}
	if (https)
		pv_web_add_header(response, "Strict-Transport-Security", "max-age=31536000");
}
