/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings of the desk itself, by name. */
#ifndef PV_STORE_SETTING_H
#define PV_STORE_SETTING_H

#include "store/db.h"

/* PV_NOT_FOUND, without words, when it was never set. */
enum pv_status pv_setting_get(struct pv_db *db, TALLOC_CTX *mem, const char *name, const char **out,
	struct pv_error *error);
enum pv_status pv_setting_set(
	struct pv_db *db, const char *name, const char *value, struct pv_error *error);

#endif
