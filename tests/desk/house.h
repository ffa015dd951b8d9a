/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A desk with people in it, for tests of verbs: one organisation ("coop") with somebody in each
 * role, another ("obs") with an owner of its own, and someone who belongs to neither.
 *
 *	static void test_pause(struct pv_world *w)
 *	{
 *		struct pv_house *h = pv_house_build(w);
 *		assert_ok(pv_desk_organization_pause(h->desk, w->mem, &h->editor, h->coop, "why",
 *			&row, &w->error), w);
 *	}
 *
 * Everybody's password is PV_HOUSE_PASSWORD; logins are "editor@house.example" and so on.
 */
#ifndef PV_TESTS_DESK_HOUSE_H
#define PV_TESTS_DESK_HOUSE_H

#include "engines.h"

#include "base/json.h"
#include "desk/roles.h"

#define PV_HOUSE_PASSWORD "le porte-voix de la maison"

/* A sound policy of coop: everything is allowed. */
extern const char pv_house_policy[];

struct pv_house {
	struct pv_desk *desk;
	const char *coop, *obs; /* ids of organisations */
	struct pv_actor owner, editor, reviewer, analyst, reader;
	struct pv_actor outsider;  /* has an own space only */
	struct pv_actor obs_owner; /* owns obs, and is nobody in coop */
	struct pv_actor token;     /* the owner's, reading only */
	int told;                  /* changes told so far */
	char last_told[32];        /* the last one's kind */
};

struct pv_house *pv_house_build(struct pv_world *world);

/* Another thread's desk on the same database, with the real clock. */
struct pv_desk *pv_house_desk(struct pv_world *world, TALLOC_CTX *mem);

/* A person with PV_HOUSE_PASSWORD and no membership but their own space; the id. */
const char *pv_house_person(struct pv_house *house, struct pv_world *world, const char *slug);
/* Makes them a member. */
void pv_house_seat(struct pv_house *house, struct pv_world *world, const char *organization_id,
	const char *person_id, const char *role, const char *policy_roles);
/* An organisation of that slug, without people; the id. */
const char *pv_house_organization(
	struct pv_house *house, struct pv_world *world, const char *slug, const char *name);

/* A form out of JSON written with ' for "; released with the world. */
json_t *pv_form_of(struct pv_world *world, const char *text);

/* Does the error hold a problem at this pointer? */
bool pv_problem_at(const struct pv_error *error, const char *pointer);

#endif
