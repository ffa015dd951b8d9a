/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Parts that several resources of the API share, written as docs/openapi.yaml has them.
 */
#ifndef PV_WEB_API_PARTS_H
#define PV_WEB_API_PARTS_H

#include "desk/accounts.h"
#include "desk/identity.h"
#include "desk/publications.h"
#include "web/house.h"

/* Where the actor sits; read once a call. */
struct pv_api_seats {
	struct pv_seat_row *items;
	size_t n;
};
enum pv_status pv_api_seats(
	struct pv_web_call *call, struct pv_api_seats *out, struct pv_error *error);
/* By id; NULL when the actor does not sit there. */
const struct pv_organization_row *pv_api_seat(const struct pv_api_seats *seats, const char *id);

/*
 * The organisation that a query, path or body names by id or slug, as its id. NULL given: NULL.
 * PV_NOT_FOUND when it is not one of the actor's.
 */
enum pv_status pv_api_organization_id(
	struct pv_web_call *call, const char *id_or_slug, const char **out, struct pv_error *error);

/*
 * A list, as it is asked for and as it is answered:
 *
 *	struct pv_api_list list;
 *	enum pv_status status = pv_api_list_read(call, PV_API_PAGED | PV_API_SEATS, &list, error);
 *	if (status == PV_OK)
 *		status = …(list.organization_id, list.cursor, list.limit, &rows, &n, error);
 *	if (status != PV_OK)
 *		return status;
 *	pv_api_list_open(call, &list, &n);
 *	for (size_t i = 0; i < n; i++)
 *		write_row(call, &rows[i], &list.seats);
 *	return pv_web_list_close(call, list.more ? rows[n - 1].id : NULL, error);
 */
enum {
	PV_API_PAGED = 1 << 0, /* takes ?limit= and ?cursor= */
	PV_API_SEATS = 1 << 1, /* tells whose each thing is */
	PV_API_HOUSE = 1 << 2, /* of one organisation, which must be named */
};

struct pv_api_list {
	const char *organization_id; /* of ?organization=; NULL: all of the actor's */
	const char *cursor;          /* NULL: from the beginning */
	int limit;                   /* rows to ask for: one more than are shown */
	struct pv_api_seats seats;
	bool more; /* after the last one shown; set by pv_api_list_open */
};

enum pv_status pv_api_list_read(
	struct pv_web_call *call, unsigned what, struct pv_api_list *out, struct pv_error *error);
/* Begins the answer; *n becomes the number of rows to show. */
void pv_api_list_open(struct pv_web_call *call, struct pv_api_list *list, size_t *n);

/* Removes by one of the desk's verbs what the path names, and answers nothing. */
typedef enum pv_status pv_api_remover(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error);
enum pv_status pv_api_remove(
	struct pv_web_call *call, pv_api_remover *remover, struct pv_error *error);

/* An organisation as every resource begins to tell it (id, slug, name, colour, kind): not closed. */
void pv_api_organization_begin(
	struct pv_out *out, const char *name, const struct pv_organization_row *row);
void pv_api_organization_ref(
	struct pv_out *out, const char *name, const struct pv_organization_row *row);
/* Of an organisation known by id; null when the actor does not sit there. */
void pv_api_organization_of(
	struct pv_out *out, const char *name, const struct pv_api_seats *seats, const char *id);
void pv_api_person_ref(
	struct pv_out *out, const char *name, const char *id, const char *slug, const char *shown);
/* Looks the person up; null when there is none or the actor may not know them. */
void pv_api_person_of(struct pv_web_call *call, const char *name, const char *id);
void pv_api_powers(struct pv_out *out, const char *role);
void pv_api_journal_url(struct pv_web_call *call, const struct pv_organization_row *row);

/* The API's Account. */
void pv_api_account(struct pv_web_call *call, const char *name, const struct pv_account_row *row,
	const struct pv_api_seats *seats);
void pv_api_limits(struct pv_out *out, const char *name, const char *network, const char *settings);

/* {"fr","en"} kept as JSON, null when it is empty. */
void pv_api_words_json(struct pv_out *out, const char *name, const char *json);

/* {date,time,zone} of an instant, null without one. */
void pv_api_local_time(struct pv_out *out, const char *name, int64_t at_us, const char *zone_name);

/* The API's Measure of a text for a network, with the account's own limits. */
enum pv_status pv_api_measure(struct pv_web_call *call, const char *name, const char *network,
	const char *settings, const char *text, struct pv_error *error);

/* The API's Publication. */
void pv_api_publication(struct pv_web_call *call, const char *name,
	const struct pv_publication_row *row, const struct pv_attempt_row *attempts,
	size_t n_attempts, bool with_attempts);

/*
 * An instant among a body's members: PV_TIME_NONE when absent or null, a problem at "/name" when it
 * is no RFC 3339 date-time.
 */
enum pv_status pv_api_time(
	const json_t *body, const char *name, int64_t *out_us, struct pv_error *error);

/* A member's text; a problem when it is missing, not a text, or (unless `empty` may be) empty. */
enum pv_status pv_api_text(
	const json_t *body, const char *name, bool empty, const char **out, struct pv_error *error);

/* Problems for members that the resource does not know: a typing mistake is told, not left aside. */
enum pv_status pv_api_only(
	const json_t *body, const char *const *names, size_t n, struct pv_error *error);
#define PV_API_ONLY(body, error, ...)                         \
	pv_api_only(body, (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), error)

#endif
