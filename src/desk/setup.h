/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An empty desk becomes somebody's: `portevoix serve` on an empty folder prints a one-time link,
 * who follows it becomes the first owner.
 *
 *	const char *link;
 *	if (pv_desk_setup_link(desk, mem, &link, error) == PV_OK && link)
 *		printf("%s\n", link);
 */
#ifndef PV_DESK_SETUP_H
#define PV_DESK_SETUP_H

#include "base/json.h"
#include "desk/sessions.h"

#define PV_SETUP_US PV_DAY_US

/* Opens the desk on a data folder: key, database (NULL url: sqlite in the folder), tables. */
enum pv_status pv_desk_open(TALLOC_CTX *mem, struct pv_env *env, const char *data_dir,
	const char *database_url, struct pv_desk **out, struct pv_error *error);
/* Another thread's: its own connection, everything else shared with `desk`. */
enum pv_status pv_desk_open_again(
	TALLOC_CTX *mem, const struct pv_desk *desk, struct pv_desk **out, struct pv_error *error);

/* Is there nobody yet? */
enum pv_status pv_desk_setup_is_open(struct pv_desk *desk, bool *out, struct pv_error *error);

/* A new link (older ones end); NULL when the desk has people already. */
enum pv_status pv_desk_setup_link(
	struct pv_desk *desk, TALLOC_CTX *mem, const char **out, struct pv_error *error);

/*
 * {token, name, login, password, language?, timezone?}: the first owner and their own space.
 * PV_CONFLICT when somebody was faster.
 */
enum pv_status pv_desk_setup(struct pv_desk *desk, TALLOC_CTX *mem, const json_t *form,
	struct pv_person_row *out, struct pv_error *error);

#endif
