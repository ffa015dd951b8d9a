/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Domains that belong to nobody: suffixes under which strangers register ("com", "co.uk"), and
 * those under which a service gives each of its users one ("github.io").
 */
#ifndef PV_POLICY_SUFFIX_H
#define PV_POLICY_SUFFIX_H

#include "base/str.h"

/* `host` in lower case and in ASCII (text/host.h); the ICANN half of publicsuffix.org's list. */
bool pv_host_is_suffix(const char *host);
/* The whole list: "github.io" too. */
bool pv_host_is_shared(const char *host);

/* Below the same registrable domain: www.a.example and b.a.example, not a.github.io and b.github.io. */
bool pv_host_same_owner(TALLOC_CTX *mem, struct pv_str a, struct pv_str b);

/* The label registered under a suffix: "carnet" of www.carnet.co.uk; empty: none. */
struct pv_str pv_host_registered_label(TALLOC_CTX *mem, struct pv_str host);

#endif
