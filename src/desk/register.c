/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/register.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/turn.h"

#include "base/id.h"
#include "base/instant.h"
#include "base/str.h"
#include "policy/case.h"
#include "policy/suffix.h"
#include "store/person.h"
#include "text/host.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- what is typed --------------------------------------------------------------------------- */

#define REFUSE(form, pointer, fr, en) \
	((form)->failed = true, pv_fail_field((form)->error, pointer, fr, en), (const char *)NULL)

/* An @ is a mail address's or a user's, unless it stands in the path: "host.example/@marc". */
static bool has_user(const char *text)
{
	const char *scheme = strstr(text, "://"), *host = scheme ? scheme + 3 : text;
	const char *at = strchr(host, '@');
	return at && at < host + strcspn(host, "/?#");
}

/* "https://www.Carnet.Example/" as people paste it: "carnet.example". */
static const char *keep_domain(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	struct pv_site site;
	(void)state;
	if (strpbrk(text, " \t\n") || has_user(text))
		return REFUSE(form, pointer, "Un domaine est attendu, comme carnet.example.",
			"A domain is expected, like carnet.example.");
	if (!pv_site_parse(form->mem, pv_str(text), &site)) {
		form->nomem = form->failed = true;
		return NULL;
	}
	const char *host = pv_str_dup(form->mem, site.host);
	const char *kept = talloc_asprintf(form->mem, "%.*s%.*s", (int)site.host.size,
		site.host.bytes, (int)site.path.size, site.path.bytes ? site.path.bytes : "");
	if (!host || !kept) {
		form->nomem = form->failed = true;
		return NULL;
	}
	if (!site.whole || !strchr(host, '.') || strlen(kept) > PV_DOMAIN_MAX)
		return REFUSE(form, pointer, "Un domaine est attendu, comme carnet.example.",
			"A domain is expected, like carnet.example.");
	if (pv_host_is_shared(host))
		return REFUSE(form, pointer,
			"Ceci couvrirait les sites de tout le monde; écrivez un domaine précis.",
			"This would cover everybody's sites; write a domain of one's own.");
	return kept;
}

/* "@Name", "@name@server", "name.bsky.social"; letters of any script. */
static const char *keep_handle(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	(void)state;
	text += *text == '@';
	bool fine = *text && *text != '@' && text[strlen(text) - 1] != '@';
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		fine &= *c >= 0x80 || isalnum(*c) || strchr("_.-@", *c);
	if (!fine)
		return REFUSE(form, pointer, "Un compte s'écrit @Nom ou @nom@serveur.",
			"An account is written @Name or @name@server.");
	const char *kept = talloc_asprintf(form->mem, "@%s", text);
	form->nomem |= !kept;
	form->failed |= !kept;
	return kept;
}

static const char *keep_feed(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	(void)state;
	const char *rest = strstr(text, "://");
	bool web = strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
	if (!web || !rest[3] || rest[3] == '/' || strpbrk(text, " \t\n\""))
		return REFUSE(form, pointer, "Une adresse http:// ou https:// est attendue.",
			"An http:// or https:// address is expected.");
	return text;
}

/* A day that exists, as it is written in policies. */
static const char *read_day(struct pv_form *form, const char *name)
{
	const char *text = pv_form_text(form, name, PV_NAME_MAX, PV_FORM_OPTIONAL);
	int year, month, day, y, m, d, end = 0;
	if (!text || !*text)
		return NULL;
	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 &&
		(size_t)end == strlen(text) && end == 10 && month >= 1 && month <= 12) {
		pv_civil_from_days(pv_days_from_civil(year, month, day), &y, &m, &d);
		if (y == year && m == month && d == day)
			return text;
	}
	pv_form_problem(form, name, "Un jour comme 2026-12-31 est attendu.",
		"A day like 2026-12-31 is expected.");
	return NULL;
}

static const char *relation_of(struct pv_form *form, enum pv_form_need need)
{
	const char *choices[PV_RELATIONS + 1] = {0};
	for (int i = 0; i < PV_RELATIONS; i++)
		choices[i] = pv_relation_names[i];
	return pv_form_choice(form, "relation", choices, need);
}

static const char *or_was(const char *now, const char *was)
{
	return now ? now : was;
}

/* What is typed over what was (`row` of zeroes: a new entry). */
static enum pv_status read_entry(TALLOC_CTX *mem, const json_t *json, struct pv_interest_row *row,
	const char **out_organization, struct pv_error *error)
{
	static const char *const known[] = {"names", "relation", "org", "domains", "handles",
		"feeds", "until", "organization", NULL};
	bool fresh = !row->names;
	struct pv_form form;
	pv_form_begin(&form, mem, json, known, error);
	const char *organization =
		pv_form_text(&form, "organization", PV_NAME_MAX, PV_FORM_OPTIONAL);
	if (organization && !fresh)
		pv_form_problem(&form, "organization", "Une inscription ne change pas de registre.",
			"An entry does not move to another register.");
	const char *names =
		pv_form_texts(&form, "names", PV_INTEREST_LIST_MAX, PV_NAME_MAX, NULL, NULL);
	if ((names && strcmp(names, "[]") == 0) || (fresh && !pv_form_has(&form, "names")))
		pv_form_problem(
			&form, "names", "Donnez au moins un nom.", "Give at least one name.");
	row->names = or_was(names, row->names);
	row->relation = or_was(
		relation_of(&form, fresh ? PV_FORM_NEEDED : PV_FORM_OPTIONAL), row->relation);
	row->domains = or_was(pv_form_texts(&form, "domains", PV_INTEREST_LIST_MAX, PV_FEED_MAX,
				      keep_domain, NULL),
		or_was(row->domains, "[]"));
	row->handles = or_was(pv_form_texts(&form, "handles", PV_INTEREST_LIST_MAX, PV_HANDLE_MAX,
				      keep_handle, NULL),
		or_was(row->handles, "[]"));
	row->feeds = or_was(
		pv_form_texts(&form, "feeds", PV_INTEREST_LIST_MAX, PV_FEED_MAX, keep_feed, NULL),
		or_was(row->feeds, "[]"));
	if (json_object_get(json, "org"))
		row->org = pv_form_slug(&form, "org", PV_FORM_OPTIONAL);
	if (json_object_get(json, "until"))
		row->until_day = read_day(&form, "until");
	if (out_organization)
		*out_organization = organization;
	return pv_form_status(&form);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum pv_status pv_desk_register_at(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *person_id, int64_t at_us,
	struct pv_interest_row **out, size_t *out_n, struct pv_error *error)
{
	return pv_interest_list(
		desk->db, mem, organization_id, person_id, at_us, out, out_n, error);
}

static bool counts(const struct pv_interest_row *row, int64_t at_us)
{
	if (row->created_at_us > at_us)
		return false;
	if (row->ended_at_us == PV_TIME_NONE || row->ended_at_us > at_us)
		return true;
	bool slip = row->ended_at_us - row->created_at_us < PV_INTEREST_SLIP_H * PV_HOUR_US;
	return !slip && at_us - row->ended_at_us < PV_INTEREST_GRACE_DAYS * PV_DAY_US;
}

enum pv_status pv_desk_register_counting(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *organization_id, const char *person_id, int64_t at_us,
	struct pv_interest_row **out, size_t *out_n, struct pv_error *error)
{
	struct pv_interest_row *rows;
	size_t n, kept = 0;
	enum pv_status status = pv_interest_list(
		desk->db, mem, organization_id, person_id, PV_TIME_NONE, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		if (counts(&rows[i], at_us))
			rows[kept++] = rows[i];
	*out = rows;
	*out_n = kept;
	return PV_OK;
}

enum pv_status pv_desk_interest_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, struct pv_interest_row **out,
	size_t *out_n, struct pv_error *error)
{
	const char *id = NULL, *person_id = NULL;
	enum pv_status status;
	if (organization_id) {
		status = pv_desk_organization_may(
			desk, mem, actor, organization_id, PV_MAY_READ, &id, error);
	} else {
		status = pv_desk_person_of(actor, false, &person_id, error);
	}
	if (status != PV_OK)
		return status;
	return pv_interest_list(
		desk->db, mem, id, person_id, pv_env_now_us(desk->env), out, out_n, error);
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char *entry_text(TALLOC_CTX *mem, const struct pv_interest_row *row)
{
	return pv_audit_pack(mem, "{s:s,s:s,s:s?,s:s,s:s,s:s,s:s?}", "names", row->names,
		"relation", row->relation, "org", row->org, "domains", row->domains, "handles",
		row->handles, "feeds", row->feeds, "until", row->until_day);
}

/* Whose register the entry stands in, and may this actor write there? */
static enum pv_status may_write(struct pv_desk *desk, const struct pv_actor *actor,
	const struct pv_interest_row *row, struct pv_error *error)
{
	if (!row->person_id)
		return pv_desk_may(desk, actor, row->organization_id, PV_MAY_GOVERN, error);
	if (actor->is_desk)
		return PV_OK;
	const char *id = NULL;
	enum pv_status status = pv_desk_person_of(actor, true, &id, error);
	if (status == PV_OK && strcmp(id, row->person_id) != 0)
		return pv_fail(error, PV_NOT_FOUND,
			"Il n'y a pas de telle inscription au registre.",
			"There is no such entry in the register.");
	return status;
}

static enum pv_status room_left(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_interest_row *row, struct pv_error *error)
{
	struct pv_interest_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_interest_list(desk->db, mem, row->organization_id,
		row->person_id, pv_env_now_us(desk->env), &rows, &n, error);
	if (status == PV_OK && n >= PV_INTERESTS_MAX)
		return pv_fail(error, PV_TOO_LARGE,
			"Ce registre a %d inscriptions : c'est la limite.",
			"This register has %d entries: that is the limit.", PV_INTERESTS_MAX);
	return status;
}

static enum pv_status insert_entry(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_interest_row *row, const char *verb,
	const char *before, struct pv_error *error)
{
	row->id = pv_id_make(mem, desk->env);
	row->created_at_us = pv_env_now_us(desk->env);
	row->ended_at_us = PV_TIME_NONE;
	enum pv_status status = row->id ? room_left(desk, mem, row, error) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_interest_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = verb,
		.object = row->id,
		.before = before,
		.after = entry_text(mem, row)};
	return pv_desk_audit(desk, actor, &note, error);
}

/* The register it goes to: a person's, in their own space, or an organisation's. */
static enum pv_status choose_register(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char *organization, struct pv_interest_row *row, struct pv_error *error)
{
	struct pv_person_row person;
	if (organization)
		return pv_desk_organization_id(
			desk, mem, organization, &row->organization_id, error);
	enum pv_status status = pv_person_find(desk->db, mem, person_id, &person, error);
	if (status == PV_OK) {
		row->organization_id = person.home_id;
		row->person_id = person.id;
	}
	return status;
}

static enum pv_status add(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *person_id, const char *organization, struct pv_interest_row *row,
	struct pv_interest_row *out, struct pv_error *error)
{
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = choose_register(desk, mem, person_id, organization, row, error);
	if (status == PV_OK)
		status = may_write(desk, actor, row, error);
	if (status == PV_OK)
		status = insert_entry(desk, mem, actor, row, "interest.add", "", error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = *row;
	pv_desk_changed(desk, "interest", row->organization_id, row->id);
	return PV_OK;
}

enum pv_status pv_desk_interest_add(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const json_t *json, struct pv_interest_row *out,
	struct pv_error *error)
{
	struct pv_interest_row row = {0};
	const char *organization = NULL, *person_id = NULL;
	enum pv_status status = read_entry(mem, json, &row, &organization, error);
	if (status == PV_OK && !organization)
		status = pv_desk_person_of(actor, true, &person_id, error);
	if (status != PV_OK)
		return status;
	return add(desk, mem, actor, person_id, organization, &row, out, error);
}

enum pv_status pv_desk_interest_add_for(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *person_id, const json_t *json,
	struct pv_interest_row *out, struct pv_error *error)
{
	struct pv_interest_row row = {0};
	enum pv_status status = pv_desk_only(actor, error);
	if (status == PV_OK)
		status = read_entry(mem, json, &row, NULL, error);
	if (status != PV_OK)
		return status;
	return add(desk, mem, actor, person_id, NULL, &row, out, error);
}

static enum pv_status find_standing(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_interest_row *out,
	struct pv_error *error)
{
	enum pv_status status = pv_interest_find(desk->db, mem, id, out, error);
	if (status == PV_OK)
		status = may_write(desk, actor, out, error);
	if (status == PV_OK && out->ended_at_us != PV_TIME_NONE)
		return pv_fail(error, PV_CONFLICT, "Cette inscription est terminée.",
			"This entry has ended.");
	return status;
}

enum pv_status pv_desk_interest_change(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const json_t *json,
	struct pv_interest_row *out, struct pv_error *error)
{
	struct pv_interest_row row;
	const char *before = "";
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = find_standing(desk, mem, actor, id, &row, error);
	if (status == PV_OK) {
		before = entry_text(mem, &row);
		status = read_entry(mem, json, &row, NULL, error);
	}
	if (status == PV_OK)
		status = pv_interest_end(
			desk->db, id, row.organization_id, pv_env_now_us(desk->env), error);
	if (status == PV_OK)
		status = insert_entry(desk, mem, actor, &row, "interest.change", before, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	*out = row;
	pv_desk_changed(desk, "interest", row.organization_id, row.id);
	return PV_OK;
}

enum pv_status pv_desk_interest_end(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_interest_row row;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = find_standing(desk, scope, actor, id, &row, error);
	if (status == PV_OK)
		status = pv_interest_end(
			desk->db, id, row.organization_id, pv_env_now_us(desk->env), error);
	if (status == PV_OK) {
		const struct pv_audit_note note = {.organization_id = row.organization_id,
			.verb = "interest.end",
			.object = row.id,
			.before = entry_text(scope, &row)};
		status = pv_desk_audit(desk, actor, &note, error);
	}
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "interest", row.organization_id, row.id);
	return status;
}
