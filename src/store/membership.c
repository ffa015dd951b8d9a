/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/membership.h"
#include "store/list.h"
#include "store/organization_read.h"

#define COLUMNS "m.organization_id, m.person_id, m.role, m.policy_roles, m.created_at"
enum { WIDTH = 5 };

static void read_membership(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_membership_row *out)
{
	*out = (struct pv_membership_row){
		.organization_id = pv_row_copy(rows, mem, 0),
		.person_id = pv_row_copy(rows, mem, 1),
		.role = pv_row_copy(rows, mem, 2),
		.policy_roles = pv_row_copy(rows, mem, 3),
		.created_at_us = pv_row_int(rows, 4),
	};
}

static void read_member(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_member_row *out)
{
	read_membership(rows, mem, &out->membership);
	pv_person_read(rows, mem, WIDTH, &out->person);
}

static void read_seat(struct pv_rows *rows, TALLOC_CTX *mem, struct pv_seat_row *out)
{
	read_membership(rows, mem, &out->membership);
	pv_organization_read(rows, mem, WIDTH, &out->organization);
}

enum pv_status pv_membership_insert(
	struct pv_db *db, const struct pv_membership_row *row, struct pv_error *error)
{
	static const char sql[] = "INSERT INTO membership (organization_id, person_id, role,"
				  " policy_roles, created_at) VALUES ($1, $2, $3, $4, $5)";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->organization_id), PV_TEXT(row->person_id),
			PV_TEXT(row->role), PV_TEXT(row->policy_roles), PV_INT(row->created_at_us)),
		NULL, error);
}

enum pv_status pv_membership_find(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	const char *person_id, struct pv_membership_row *out, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS " FROM membership m"
				  " WHERE m.organization_id = $1 AND m.person_id = $2";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(person_id)), &rows, error);
	if (status != PV_OK)
		return status;
	struct pv_membership_row row;
	read_membership(rows, mem, &row);
	status = pv_rows_end(rows, error);
	if (status == PV_OK)
		*out = row;
	return status;
}

enum pv_status pv_membership_update(
	struct pv_db *db, const struct pv_membership_row *row, struct pv_error *error)
{
	static const char sql[] = "UPDATE membership SET role = $1, policy_roles = $2"
				  " WHERE organization_id = $3 AND person_id = $4";
	return pv_db_exec(db, sql,
		PV_PARAMS(PV_TEXT(row->role), PV_TEXT(row->policy_roles),
			PV_TEXT(row->organization_id), PV_TEXT(row->person_id)),
		NULL, error);
}

enum pv_status pv_membership_delete(struct pv_db *db, const char *organization_id,
	const char *person_id, struct pv_error *error)
{
	static const char sql[] =
		"DELETE FROM membership WHERE organization_id = $1 AND person_id = $2";
	return pv_db_exec(
		db, sql, PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(person_id)), NULL, error);
}

enum pv_status pv_membership_people(struct pv_db *db, TALLOC_CTX *mem, const char *organization_id,
	struct pv_member_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS ", " PV_PERSON_COLUMNS(
		"p.") " FROM membership m JOIN person p ON p.id = m.person_id"
		      " WHERE m.organization_id = $1 ORDER BY p.name, p.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status =
		pv_db_query(db, sql, PV_PARAMS(PV_TEXT(organization_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_member, out, out_n, error);
}

enum pv_status pv_membership_seats(struct pv_db *db, TALLOC_CTX *mem, const char *person_id,
	struct pv_seat_row **out, size_t *out_n, struct pv_error *error)
{
	static const char sql[] = "SELECT " COLUMNS ", " PV_ORGANIZATION_COLUMNS(
		"o.") " FROM membership m JOIN organization o ON o.id = m.organization_id"
		      " WHERE m.person_id = $1 ORDER BY o.kind, o.name, o.id";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_query(db, sql, PV_PARAMS(PV_TEXT(person_id)), &rows, error);
	if (status != PV_OK)
		return status;
	PV_LIST_READ(rows, mem, read_seat, out, out_n, error);
}

enum pv_status pv_membership_count_role(struct pv_db *db, const char *organization_id,
	const char *role, const char *without_person_id, int64_t *out, struct pv_error *error)
{
	static const char sql[] =
		"SELECT COUNT(*) FROM membership m JOIN person p ON p.id = m.person_id"
		" WHERE m.organization_id = $1 AND m.role = $2 AND m.person_id <> $3"
		" AND p.disabled_at IS NULL AND p.password IS NOT NULL";
	PV_ROWS struct pv_rows *rows = NULL;
	enum pv_status status = pv_db_first(db, sql,
		PV_PARAMS(PV_TEXT(organization_id), PV_TEXT(role),
			PV_TEXT(without_person_id ? without_person_id : "")),
		&rows, error);
	if (status == PV_OK)
		*out = pv_row_int(rows, 0);
	return status;
}
