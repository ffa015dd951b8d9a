/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What every answer says to browsers: no script or style but our own files, no frame, no guessing of
 * types, no address given away (OWASP Secure Headers; CSP Level 3).
 */
#ifndef PV_WEB_SECURE_H
#define PV_WEB_SECURE_H

#include "web/request.h"

/* For the interface: its own scripts, styles, fonts and pictures, and nothing inline. */
extern const char pv_web_policy_interface[];
/* For the journals' public pages: a style and pictures, no script at all; forms to the desk. */
extern const char pv_web_policy_page[];

/* Adds them; `https` adds Strict-Transport-Security. response->policy NULL: nothing may be loaded. */
void pv_web_secure(struct pv_web_response *response, bool https);

#endif
