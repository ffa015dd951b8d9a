/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/exceptions.h"

#include "desk/audit.h"
#include "desk/check.h"
#include "desk/policies.h"
#include "desk/turn.h"
#include "desk/variants.h"
#include "policy/exceptions.h"
#include "text/zone.h"

#include "base/id.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* ---- days ------------------------------------------------------------------------------------ */

enum { DAY_LENGTH = 10 };

/* "2026-03-31" */
static const char *day_text(int32_t day, char out[PV_TIME_TEXT_SIZE])
{
	pv_time_format(day * PV_DAY_US, out);
	out[DAY_LENGTH] = '\0';
	return out;
}

/* Today where the policy counts its days: in its time zone, else the organisation's, else UTC. */
static int32_t today(struct pv_desk *desk, TALLOC_CTX *mem, const char *organization_id)
{
	struct pv_policy_row version;
	struct pv_organization_row house;
	const struct pv_policy *policy = NULL;
	struct pv_zone *zone = NULL;
	struct pv_error none = PV_ERROR_IN(mem);
	int64_t now_us = pv_env_now_us(desk->env);
	if (pv_desk_policy_in_force(desk, mem, organization_id, now_us, &version, &policy, &none) ==
		PV_OK)
		return pv_zone_day(pv_policy_zone(policy), now_us);
	if (pv_organization_find(desk->db, mem, organization_id, &house, &none) == PV_OK &&
		pv_zone_open(mem, house.timezone, &zone, &none) == PV_OK)
		return pv_zone_day(zone, now_us);
	return (int32_t)(now_us / PV_DAY_US);
}

static struct pv_desk_exception view(const struct pv_policy_exception_row *row, const char *day)
{
	bool live = strcmp(row->state, "asked") == 0 || strcmp(row->state, "granted") == 0;
	bool over = live && strcmp(row->until_day, day) < 0;
	return (struct pv_desk_exception){
		.row = *row,
		.state = over ? "expired" : row->state,
		.in_force = strcmp(row->state, "granted") == 0 && !over &&
			    strcmp(row->from_day, day) <= 0,
	};
}

/* ---- reading --------------------------------------------------------------------------------- */

enum pv_status pv_desk_exception_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const char *before_id, int limit,
	struct pv_desk_exception **out, size_t *out_n, struct pv_error *error)
{
	const char *id = NULL;
	struct pv_policy_exception_row *rows = NULL;
	size_t n = 0;
	char day[PV_TIME_TEXT_SIZE];
	enum pv_status status = pv_desk_organization_id(desk, mem, organization_id, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, PV_MAY_READ, error);
	if (status == PV_OK)
		status = pv_policy_exception_list(desk->db, mem, id, before_id,
			limit > 0 && limit <= 200 ? limit : 50, &rows, &n, error);
	if (status != PV_OK)
		return status;
	struct pv_desk_exception *items =
		talloc_zero_array(mem, struct pv_desk_exception, n ? n : 1);
	if (!items)
		return pv_fail_nomem(error);
	day_text(today(desk, mem, id), day);
	for (size_t i = 0; i < n; i++)
		items[i] = view(&rows[i], day);
	*out = items;
	*out_n = n;
	return PV_OK;
}

enum pv_status pv_desk_exception_find(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_exception *out,
	struct pv_error *error)
{
	struct pv_policy_exception_row row;
	char day[PV_TIME_TEXT_SIZE];
	enum pv_status status = pv_policy_exception_find(desk->db, mem, id, &row, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row.organization_id, PV_MAY_READ, error);
	if (status == PV_OK)
		*out = view(&row, day_text(today(desk, mem, row.organization_id), day));
	return status;
}

/* ---- asking ---------------------------------------------------------------------------------- */

struct asking {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const json_t *form;
	struct pv_policy_exception_row row;
};

static const char *keep_rule(
	struct pv_form *form, const char *pointer, const char *text, void *state)
{
	(void)state;
	if (*text)
		return text;
	form->failed = true;
	pv_fail_field(form->error, pointer, "Ici va l'identifiant d'une règle.",
		"Here goes a rule's id.");
	return NULL;
}

/* A text stands for both languages; both are needed otherwise. */
static const char *read_reason(struct pv_form *form)
{
	static const char *const known[] = {"fr", "en", NULL};
	const json_t *reason = json_object_get(form->object, "reason");
	const char *fr = NULL, *en = NULL;
	if (json_is_object(reason)) {
		struct pv_form inner;
		pv_form_begin(&inner, form->mem, reason, known, form->error);
		inner.prefix = "/reason";
		fr = pv_form_text(&inner, "fr", PV_EXCEPTION_REASON_MAX, PV_FORM_NEEDED);
		en = pv_form_text(&inner, "en", PV_EXCEPTION_REASON_MAX, PV_FORM_NEEDED);
		form->failed |= inner.failed;
		form->nomem |= inner.nomem;
	} else
		fr = en = pv_form_text(form, "reason", PV_EXCEPTION_REASON_MAX, PV_FORM_NEEDED);
	return fr && en ? pv_audit_pack(form->mem, "{s:s,s:s}", "fr", fr, "en", en) : NULL;
}

static void read_when(struct pv_form *form, struct pv_policy_exception_row *row)
{
	const json_t *when = json_object_get(form->object, "when");
	row->condition = json_object_size(when) > 0 ? pv_json_dump(form->mem, when) : NULL;
	if (!row->condition)
		pv_form_problem(form, "when", "Dites pour quelles publications : {\"topic\": …}.",
			"Say for which posts: {\"topic\": …}.");
	else if (strlen(row->condition) > PV_EXCEPTION_BYTES_MAX)
		pv_form_problem(form, "when", "Cette condition est trop longue.",
			"This condition is too "
			"long.");
}

static enum pv_status read_form(struct asking *asking, struct pv_error *error)
{
	static const char *const known[] = {
		"lifts", "when", "from", "until", "reason", "variant", NULL};
	struct pv_policy_exception_row *row = &asking->row;
	struct pv_form form;
	pv_form_begin(&form, asking->mem, asking->form, known, error);
	row->lifts =
		pv_form_texts(&form, "lifts", PV_EXCEPTION_LIFTS_MAX, PV_NAME_MAX, keep_rule, NULL);
	if (!form.failed && (!row->lifts || strcmp(row->lifts, "[]") == 0))
		pv_form_problem(&form, "lifts", "Dites quelles règles sont écartées.",
			"Say which rules are set aside.");
	read_when(&form, row);
	row->from_day = pv_form_text(&form, "from", DAY_LENGTH, PV_FORM_NEEDED);
	row->until_day = pv_form_text(&form, "until", DAY_LENGTH, PV_FORM_NEEDED);
	row->reason = read_reason(&form);
	row->variant_id = pv_form_text(&form, "variant", PV_ID_LENGTH, PV_FORM_OPTIONAL);
	return pv_form_status(&form);
}

/* As the policy reads it: its shape, then whether it would set anything aside. */
static enum pv_status read_exception(
	struct asking *asking, struct pv_case_exception **out, struct pv_error *error)
{
	const struct pv_policy_exception_row *row = &asking->row;
	struct pv_error said = PV_ERROR_IN(asking->mem);
	const char *json = talloc_asprintf(asking->mem,
		"{\"lifts\":%s,\"when\":%s,\"from\":\"2026-01-01\",\"until\":\"2026-01-01\","
		"\"reason\":%s}",
		row->lifts, row->condition, row->reason);
	if (!json)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_case_exception_parse(asking->mem, json, strlen(json), out, NULL, &said);
	if (status == PV_INVALID)
		return pv_fail_field(
			error, "/when", "%1$s%2$.0s", "%1$.0s%2$s", said.words.fr, said.words.en);
	if (status != PV_OK && error)
		*error = said;
	return status;
}

static bool day_of(const char *text, int32_t *out)
{
	int64_t at_us;
	char whole[32];
	snprintf(whole, sizeof whole, "%sT00:00:00Z", text);
	if (strlen(text) != DAY_LENGTH || !pv_time_parse(whole, strlen(whole), &at_us))
		return false;
	*out = (int32_t)(at_us / PV_DAY_US);
	return true;
}

static enum pv_status check_days(struct asking *asking, struct pv_error *error)
{
	const struct pv_policy_exception_row *row = &asking->row;
	int32_t from, until;
	int32_t now = today(asking->desk, asking->mem, row->organization_id);
	if (!day_of(row->from_day, &from))
		return pv_fail_field(error, "/from", "Ici va une date, par exemple 2026-03-31.",
			"Here goes a date, for example 2026-03-31.");
	if (!day_of(row->until_day, &until))
		return pv_fail_field(error, "/until", "Ici va une date, par exemple 2026-03-31.",
			"Here goes a date, for example 2026-03-31.");
	if (until < from)
		return pv_fail_field(error, "/until", "La dérogation finit avant de commencer.",
			"The exception ends before it begins.");
	if (until < now)
		return pv_fail_field(error, "/until", "Ce jour est passé.", "That day is past.");
	if (until - from >= PV_EXCEPTION_DAYS_MAX)
		return pv_fail_field(error, "/until",
			"Une dérogation dure %d jours au plus; au-delà, changez la politique.",
			"An exception lasts %d days at most; beyond that, change the policy.",
			PV_EXCEPTION_DAYS_MAX);
	return PV_OK;
}

/* The post it is asked for is one of that organisation's. */
static enum pv_status check_variant(struct asking *asking, struct pv_error *error)
{
	struct pv_variant_row variant;
	const struct pv_policy_exception_row *row = &asking->row;
	if (!row->variant_id)
		return PV_OK;
	enum pv_status status = pv_variant_open(asking->desk, asking->mem, asking->actor,
		row->variant_id, PV_MAY_READ, &variant, error);
	if (status == PV_OK && strcmp(variant.organization_id, row->organization_id) != 0)
		return pv_fail_field(error, "/variant", "Cette publication n'est pas d'ici.",
			"This post is not of this organisation.");
	return status;
}

static enum pv_status check_asked(struct asking *asking, struct pv_error *error)
{
	struct pv_policy_row version;
	const struct pv_policy *policy = NULL;
	struct pv_case_exception *exception = NULL;
	enum pv_status status = read_form(asking, error);
	if (status == PV_OK)
		status = pv_desk_policy_in_force(asking->desk, asking->mem,
			asking->row.organization_id, pv_env_now_us(asking->desk->env), &version,
			&policy, error);
	if (status == PV_OK)
		status = read_exception(asking, &exception, error);
	if (status == PV_OK)
		status = check_days(asking, error);
	if (status == PV_OK)
		status = pv_exception_check(policy, exception, error);
	return status == PV_OK ? check_variant(asking, error) : status;
}

static enum pv_status ask_work(struct asking *asking, struct pv_error *error)
{
	struct pv_policy_exception_row *row = &asking->row;
	struct pv_desk *desk = asking->desk;
	char day[PV_TIME_TEXT_SIZE];
	int64_t n = 0;
	row->id = pv_id_make(asking->mem, desk->env);
	row->asked_at_us = pv_env_now_us(desk->env);
	day_text(today(desk, asking->mem, row->organization_id), day);
	if (!row->id)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_desk_may(desk, asking->actor, row->organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = pv_policy_exception_count(desk->db, row->organization_id, day, &n, error);
	if (status == PV_OK && n >= PV_EXCEPTIONS_MAX)
		return pv_fail(error, PV_TOO_LARGE,
			"Il y a déjà %d dérogations demandées ou accordées.",
			"There are %d exceptions asked for or granted already.", PV_EXCEPTIONS_MAX);
	if (status == PV_OK)
		status = pv_policy_exception_insert(desk->db, row, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = "exception.ask",
		.object = row->id,
		.after = pv_audit_pack(asking->mem, "{s:s,s:s,s:s,s:s,s:s,s:s?}", "lifts",
			row->lifts, "when", row->condition, "from", row->from_day, "until",
			row->until_day, "reason", row->reason, "variant", row->variant_id)};
	return pv_desk_audit(desk, asking->actor, &note, error);
}

enum pv_status pv_desk_exception_ask(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *organization_id, const json_t *form,
	struct pv_desk_exception *out, struct pv_error *error)
{
	struct asking asking = {.desk = desk, .mem = mem, .actor = actor, .form = form};
	struct pv_policy_exception_row *row = &asking.row;
	struct pv_turn turn;
	enum pv_status status =
		pv_desk_organization_id(desk, mem, organization_id, &row->organization_id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, row->organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status = check_asked(&asking, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	row->state = "asked";
	row->asked_by = actor->person_id ? actor->person_id : "desk";
	row->decided_at_us = row->ended_at_us = PV_TIME_NONE;
	row->word = "";
	status = pv_turn_end(&turn, ask_work(&asking, error), error);
	if (status != PV_OK)
		return status;
	pv_desk_changed(desk, "exception", row->organization_id, row->id);
	return pv_desk_exception_find(desk, mem, actor, row->id, out, error);
}
