/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What several forms of the identity half ask for: the tables of choices and a few checks. */
#ifndef PV_DESK_CHECK_H
#define PV_DESK_CHECK_H

#include "desk/form.h"
#include "desk/organizations.h"
#include "desk/roles.h"
#include "store/organization.h"

extern const char *const pv_languages[]; /* fr, en */
extern const char *const pv_themes[];    /* auto, light, dark */
extern const char *const pv_role_names[];

/* An e-mail address in lower case; NULL and a problem when it cannot be one. */
const char *pv_form_login(struct pv_form *form, const char *name, enum pv_form_need need);
/* An IANA zone that ICU knows. */
const char *pv_form_zone(struct pv_form *form, const char *name, enum pv_form_need need);
/* A new password: PV_PASSWORD_MIN characters at least, and not the login itself. */
const char *pv_form_password(
	struct pv_form *form, const char *name, const char *login, enum pv_form_need need);
/* A JSON list of policy roles. */
const char *pv_form_policy_roles(struct pv_form *form, const char *name);

/* The actor's person; PV_DENIED for the desk itself, and for a token that only reads if `writes`. */
enum pv_status pv_desk_person_of(
	const struct pv_actor *actor, bool writes, const char **out, struct pv_error *error);
enum pv_status pv_desk_only(const struct pv_actor *actor, struct pv_error *error);

/* The id of an organisation given by id or slug; no role is asked. */
enum pv_status pv_desk_organization_id(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *id_or_slug, const char **out, struct pv_error *error);

/* The same for an actor who may do `power` there. */
enum pv_status pv_desk_organization_may(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, enum pv_power power, const char **out,
	struct pv_error *error);

/*
 * A slug that neither an organisation nor a person has: `wanted`, or with a number behind it.
 * `strict`: PV_CONFLICT with a problem at /slug instead of a number. In a writing transaction.
 */
enum pv_status pv_desk_slug_free(struct pv_desk *desk, TALLOC_CTX *mem, const char *wanted,
	bool strict, const char **out, struct pv_error *error);
/* Fills what a new organisation begins with (id, journal, dates…) and inserts it. */
enum pv_status pv_desk_organization_insert(struct pv_desk *desk, TALLOC_CTX *mem,
	struct pv_organization_row *row, struct pv_error *error);

/* "https://desk.example/#/invitation?token=…"; NULL when memory is out. */
const char *pv_desk_link(
	const struct pv_desk *desk, TALLOC_CTX *mem, const char *place, const char *secret);

#endif
