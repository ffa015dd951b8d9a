/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where a desk's things stand, and opening it: what serve, demo, doctor and the other commands on a
 * data folder share.
 *
 *	struct pv_place place = {.data = optarg};
 *	if (pv_place_open(mem, &place, &desk, &error) != PV_OK)
 *		return pv_place_fail(&error);
 */
#ifndef PV_CLI_PLACE_H
#define PV_CLI_PLACE_H

#include "desk/desk.h"
#include "net/client.h"

enum { PV_EXIT_DONE = 0, PV_EXIT_NO = 1, PV_EXIT_USAGE = 2, PV_EXIT_FAILED = 3 };

struct pv_place {
	const char *data;     /* NULL: $PORTEVOIX_DATA, else "portevoix-data" here */
	const char *database; /* NULL: $PORTEVOIX_DATABASE, else SQLite in the data folder */
	const char *node;     /* NULL: the machine's name */
	struct pv_net_client *client; /* set by pv_place_reach */
};

/* Fills what is NULL. */
enum pv_status pv_place_settle(TALLOC_CTX *mem, struct pv_place *place, struct pv_error *error);

/* The desk on it, with a real environment; nothing outside can be reached yet. */
enum pv_status pv_place_open(
	TALLOC_CTX *mem, struct pv_place *place, struct pv_desk **out, struct pv_error *error);

/*
 * Lets the desk's environment reach the networks; `allow` are "host:port" of private addresses that
 * users' addresses may lead to.
 */
enum pv_status pv_place_reach(TALLOC_CTX *mem, struct pv_place *place, struct pv_desk *desk,
	const char *const *allow, size_t n_allow, struct pv_error *error);

/* Is it an example desk (made by `portevoix demo`)? */
bool pv_place_is_demo(TALLOC_CTX *mem, const char *data);
enum pv_status pv_place_mark_demo(TALLOC_CTX *mem, const char *data, struct pv_error *error);

/*
 * The note that a running desk leaves in its folder, for doctor: {"url","pid","node"}. Taken away at
 * the end; one that a killed desk left names an address where nobody answers.
 */
enum pv_status pv_place_note_write(
	TALLOC_CTX *mem, const struct pv_desk *desk, struct pv_error *error);
void pv_place_note_remove(TALLOC_CTX *mem, const struct pv_desk *desk);
/* The address of the running desk; NULL when there is no note. */
const char *pv_place_note_url(TALLOC_CTX *mem, const char *data);

/* Says it on standard error in the environment's language, with its problems; the exit status. */
int pv_place_fail(const struct pv_error *error);

#endif
