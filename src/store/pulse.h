/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the desk is doing: counts for /healthz, /metrics and doctor, over all organisations. */
#ifndef PV_STORE_PULSE_H
#define PV_STORE_PULSE_H

#include "store/db.h"

struct pv_pulse_count {
	const char *name; /* a publication's state */
	int64_t n;
};

/* Something that keeps due posts from leaving. */
struct pv_pulse_hold {
	const char *organization; /* name */
	const char *subject;      /* an account's name, or "" */
	const char *detail;       /* its network, or why the organisation is paused */
	int64_t waiting;          /* publications that wait for it */
};

enum { PV_PULSE_LATEST = 100, PV_PULSE_HOLDS_MAX = 50 };

enum pv_status pv_pulse_states(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_count **out,
	size_t *out_n, struct pv_error *error);
/* The oldest planned publication whose time has passed; PV_TIME_NONE: none. */
enum pv_status pv_pulse_oldest_due(
	struct pv_db *db, int64_t now_us, int64_t *out_us, struct pv_error *error);
/* Over the PV_PULSE_LATEST newest published ones; -1 when there are none. */
enum pv_status pv_pulse_lateness(
	struct pv_db *db, int64_t *out_mean_us, int64_t *out_worst_us, struct pv_error *error);
/* Accounts to be connected again; paused organisations; those without a policy that plan posts. */
enum pv_status pv_pulse_sign_in(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_pulse_paused(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error);
/* Accounts with publications that wait for a person's decision: `waiting` of them. */
enum pv_status pv_pulse_asking(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error);
enum pv_status pv_pulse_no_policy(struct pv_db *db, TALLOC_CTX *mem, struct pv_pulse_hold **out,
	size_t *out_n, struct pv_error *error);
/* A real write, whose outcome is durable when this returns PV_OK. */
enum pv_status pv_pulse_write(struct pv_db *db, int64_t now_us, struct pv_error *error);

#endif
