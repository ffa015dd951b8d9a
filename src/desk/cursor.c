/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/cursor.h"

#include "base/id.h"
#include "base/instant.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

char *pv_desk_cursor(TALLOC_CTX *mem, int64_t at_us, const char *id)
{
	return talloc_asprintf(mem, "%" PRId64 ":%s", at_us, id);
}

enum pv_status pv_desk_cursor_read(
	const char *cursor, int64_t *out_at_us, const char **out_id, struct pv_error *error)
{
	if (!cursor || !*cursor) {
		*out_at_us = PV_TIME_NONE;
		*out_id = NULL;
		return PV_OK;
	}
	char *end = NULL;
	errno = 0;
	int64_t at_us = strtoll(cursor, &end, 10);
	if (errno || end == cursor || *end != ':' || !pv_id_valid(end + 1))
		return pv_fail_field(error, "/cursor",
			"Ce curseur n'est pas d'une page précédente.",
			"This cursor is not a previous page's.");
	*out_at_us = at_us;
	*out_id = end + 1;
	return PV_OK;
}
