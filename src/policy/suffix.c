/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/suffix.h"

#include <libpsl.h>

bool pv_host_is_suffix(const char *host)
{
	return psl_is_public_suffix2(psl_builtin(), host, PSL_TYPE_ICANN);
}

bool pv_host_is_shared(const char *host)
{
	return psl_is_public_suffix2(psl_builtin(), host, PSL_TYPE_ANY);
}

/* Numbers are nobody's name: "192.0.2.1", "[2001:db8::1]". */
static bool is_number(struct pv_str host)
{
	char last = host.bytes[host.size - 1];
	return (last >= '0' && last <= '9') || last == ']';
}

/* "a.example" of "www.a.example"; NULL: the host is a suffix itself, or no name. */
static const char *registrable(TALLOC_CTX *mem, struct pv_str host)
{
	char *text = host.size && !is_number(host) ? pv_str_dup(mem, host) : NULL;
	return text ? psl_registrable_domain(psl_builtin(), text) : NULL;
}

bool pv_host_same_owner(TALLOC_CTX *mem, struct pv_str a, struct pv_str b)
{
	if (pv_str_equal(a, b))
		return true;
	const char *one = registrable(mem, a), *other = registrable(mem, b);
	return one && other && strcmp(one, other) == 0;
}

struct pv_str pv_host_registered_label(TALLOC_CTX *mem, struct pv_str host)
{
	const char *domain = registrable(mem, host);
	if (!domain)
		return (struct pv_str){0};
	return (struct pv_str){.bytes = domain, .size = strcspn(domain, ".")};
}
