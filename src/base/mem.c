/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"

void pv_scope_free(TALLOC_CTX **context)
{
	talloc_free(*context);
	*context = NULL;
}

TALLOC_CTX *pv_scope(TALLOC_CTX *parent)
{
	return talloc_new(parent);
}
