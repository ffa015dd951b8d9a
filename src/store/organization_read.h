/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Columns of organisations and people, for queries that join them. Private to src/store. */
#ifndef PV_STORE_ORGANIZATION_READ_H
#define PV_STORE_ORGANIZATION_READ_H

#include "store/organization.h"
#include "store/person.h"

#define PV_ORGANIZATION_COLUMNS(o)                                                             \
	o "id, " o "slug, " o "kind, " o "name, " o "colour, " o "timezone, " o "language, " o \
	  "paused_at, " o "paused_why, " o "switches, " o "journal, " o "version, " o "created_at"
enum { PV_ORGANIZATION_WIDTH = 13 };
void pv_organization_read(
	struct pv_rows *rows, TALLOC_CTX *mem, int at, struct pv_organization_row *out);

#define PV_PERSON_COLUMNS(p)                                                                   \
	p "id, " p "slug, " p "login, " p "name, " p "password, " p "language, " p "theme, " p \
	  "home_id, " p "disabled_at, " p "created_at"
enum { PV_PERSON_WIDTH = 10 };
void pv_person_read(struct pv_rows *rows, TALLOC_CTX *mem, int at, struct pv_person_row *out);

#endif
