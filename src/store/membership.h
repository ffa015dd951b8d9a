/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memberships: a person in an organisation, with a role of the house and roles of its policy. */
#ifndef PV_STORE_MEMBERSHIP_H
#define PV_STORE_MEMBERSHIP_H

#include "store/organization.h"
#include "store/person.h"

struct pv_membership_row {
	const char *organization_id;
	const char *person_id;
	const char *role;         /* owner | editor | reviewer | analyst | reader */
	const char *policy_roles; /* JSON list */
	int64_t created_at_us;
};

/* A membership with the other end of it. */
struct pv_member_row {
	struct pv_membership_row membership;
	struct pv_person_row person;
};
struct pv_seat_row {
	struct pv_membership_row membership;
	struct pv_organization_row organization;
};

enum pv_status pv_membership_insert(
	struct pv_db *db, const struct pv_membership_row *row, struct pv_error *error);
/* PV_NOT_FOUND, without words, when there is none. */
enum pv_status pv_membership_find(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, struct pv_membership_row *out, struct pv_error *error);
/* Writes role and policy_roles. */
enum pv_status pv_membership_update(
	struct pv_db *db, const struct pv_membership_row *row, struct pv_error *error);
enum pv_status pv_membership_delete(struct pv_db *db, const char *organization_id,
	const char *person_id, struct pv_error *error);
/* The people of an organisation, by name; disabled ones included. */
enum pv_status pv_membership_people(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_member_row **out, size_t *out_n, struct pv_error *error);
/* The organisations of a person, by name, their own space last. */
enum pv_status pv_membership_seats(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	struct pv_seat_row **out, size_t *out_n, struct pv_error *error);
/* How many people of that role there can sign in, one left out. */
enum pv_status pv_membership_count_role(struct pv_db *db, const char *organization_id,
	const char *role, const char *without_person_id, int64_t *out, struct pv_error *error);

#endif
