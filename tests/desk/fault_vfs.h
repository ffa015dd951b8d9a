/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A disk that fails on demand, for SQLite: the Nth write, sync or truncation from now answers an
 * error, once or from then on. What reads is left alone unless asked for.
 */
#ifndef PV_TESTS_DESK_FAULT_VFS_H
#define PV_TESTS_DESK_FAULT_VFS_H

#include <stdbool.h>

void pv_fault_install(void); /* before anything is opened; the default from then on */
/* `code` (SQLITE_IOERR_WRITE, SQLITE_FULL…) at the `nth` operation, counted from 1; 0: never. */
void pv_fault_set(int nth, int code, bool from_then_on);
bool pv_fault_happened(void);
/* Counts reading, and the locks that reading takes, as operations too. */
void pv_fault_reads_too(bool yes);

#endif
