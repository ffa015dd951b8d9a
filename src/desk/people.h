/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * People and their memberships: invited by an owner through a link, never given a password by
 * anyone else; each has a space of their own, whose owner they are.
 */
#ifndef PV_DESK_PEOPLE_H
#define PV_DESK_PEOPLE_H

#include "base/json.h"
#include "desk/roles.h"
#include "store/membership.h"

enum {
	PV_PASSWORD_MIN = 10,   /* characters */
	PV_PASSWORD_MAX = 1000, /* bytes */
	PV_LOGIN_MAX = 254,     /* bytes of an e-mail address (RFC 5321) */
	PV_POLICY_ROLES_MAX = 20,
};
#define PV_INVITATION_US (14 * PV_DAY_US)

/* Oneself: the person and where they sit. PV_UNAUTHENTICATED for the desk. */
struct pv_me {
	struct pv_person_row person; /* without the password's hash */
	struct pv_organization_row home;
	struct pv_seat_row *seats; /* the home among them, last */
	size_t n_seats;
};
enum pv_status pv_desk_me(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_me *out, struct pv_error *error);

/*
 * {name?, language?, theme?, password?:{old, new}}. Changing the password ends the person's other
 * sessions, `kept_session` (NULL: none) stays.
 */
enum pv_status pv_desk_me_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, const char *kept_session,
	struct pv_person_row *out, struct pv_error *error);

/* A person by id, for showing a name: someone who sits with the actor somewhere. */
enum pv_status pv_desk_person_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_person_row *out,
	struct pv_error *error);

/* An organisation's people; `person.password` is NULL while invited, "set" after. PV_MAY_READ. */
enum pv_status pv_desk_people_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_member_row **out,
	size_t *out_n, struct pv_error *error);

/*
 * {name, login, role, policy_roles?, language?, slug?}. Someone the desk knows by that login becomes
 * a member at once. `out_link` is NULL then, else the address to hand to the person; it works once,
 * for PV_INVITATION_US. Inviting again someone who has not answered makes a new link and ends the
 * older. PV_CONFLICT when they are a member and have answered. PV_MAY_GOVERN.
 */
enum pv_status pv_desk_person_invite(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_member_row *out, const char **out_link, struct pv_error *error);

/* {role?, policy_roles?}. The last owner stays one (PV_CONFLICT). PV_MAY_GOVERN. */
enum pv_status pv_desk_member_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *person_id,
	const json_t *form, struct pv_member_row *out, struct pv_error *error);

/* Takes someone out. PV_MAY_GOVERN, or oneself (never the last owner, never one's own space). */
enum pv_status pv_desk_member_remove(struct pv_desk *desk, const struct pv_actor *actor,
	const char *organization_id, const char *person_id, struct pv_error *error);

/* Shown to who holds the link. PV_NOT_FOUND when it was used, replaced or has expired. */
struct pv_invitation {
	const char *person_id;
	const char *login, *name, *language;
	const char *organization; /* the name of one that invites, "" when none any more */
	int64_t expires_at_us;
};
enum pv_status pv_desk_invitation_find(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_invitation *out, struct pv_error *error);
/* {password, name?, language?} */
enum pv_status pv_desk_invitation_accept(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	const json_t *form, struct pv_person_row *out, struct pv_error *error);

/*
 * For the command on the desk's own machine (is_desk only, PV_DENIED otherwise).
 * add: {name, login, slug?, language?, timezone?, password?}; without a password `out_link` is an
 * invitation's address. disable: ends sessions and tokens too; what they wrote stays.
 */
enum pv_status pv_desk_person_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *form, struct pv_person_row *out,
	const char **out_link, struct pv_error *error);
enum pv_status pv_desk_person_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_person_row **out, size_t *out_n,
	struct pv_error *error);
enum pv_status pv_desk_person_disable(struct pv_desk *desk, const struct pv_actor *actor,
	const char *person_id, bool disabled, struct pv_error *error);

#endif
