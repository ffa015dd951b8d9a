/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The log, on standard error, one line an event, as text for a person or as JSON for a collector:
 *
 *	pv_log(PV_LOG_INFO, "publication sent", "publication", id, "network", "bluesky", NULL);
 *
 * Names and values alternate and end with NULL; a NULL value is written as empty. Secrets are never
 * values. Only programs and the outer loops log, libraries return errors. Safe from any thread.
 */
#ifndef PV_BASE_LOG_H
#define PV_BASE_LOG_H

#include <stdbool.h>

enum pv_log_level { PV_LOG_DEBUG, PV_LOG_INFO, PV_LOG_WARNING, PV_LOG_ERROR };

/* From which level lines are written (default PV_LOG_INFO), and in which form (default text). */
void pv_log_setup(enum pv_log_level level, bool json);

void pv_log(enum pv_log_level level, const char *event, ...) __attribute__((sentinel));

#endif
