/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Domains that belong to nobody: suffixes under which strangers register ("com", "co.uk"). */
#ifndef PV_POLICY_SUFFIX_H
#define PV_POLICY_SUFFIX_H

#include <stdbool.h>

/* `host` in lower case and in ASCII (text/host.h); the ICANN half of publicsuffix.org's list. */
bool pv_host_is_suffix(const char *host);
/* A host under which strangers have their sites all the same: the list's private half ("github.io"). */
bool pv_host_is_shared(const char *host);

#endif
