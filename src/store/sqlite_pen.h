/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The turn to write one SQLite file, within this process. SQLite's own wait between connections
 * sleeps and looks again; threads of one process wait here instead, and are woken at once.
 */
#ifndef PV_STORE_SQLITE_PEN_H
#define PV_STORE_SQLITE_PEN_H

#include <stdbool.h>

struct pv_pen;

/* One a file (by device and number), shared by all who ask; NULL when memory is out. */
struct pv_pen *pv_pen_join(const char *path);
void pv_pen_leave(struct pv_pen *pen); /* NULL is fine */

bool pv_pen_take(struct pv_pen *pen, int timeout_ms); /* NULL: always */
void pv_pen_give(struct pv_pen *pen);

#endif
