/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "policy/suffix.h"

#include <libpsl.h>

bool pv_host_is_suffix(const char *host)
{
	return psl_is_public_suffix2(psl_builtin(), host, PSL_TYPE_ICANN);
}

bool pv_host_is_shared(const char *host)
{
	return psl_is_public_suffix2(psl_builtin(), host, PSL_TYPE_PRIVATE);
}
