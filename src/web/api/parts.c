/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/api/parts.h"

#include "desk/clock.h"
#include "desk/roles.h"
#include "networks/network.h"
#include "text/measure.h"

#include <stdio.h>

enum { LIST_SHOWN = 20, LIST_SHOWN_MAX = 100 };

/* ---- organisations and people ------------------------------------------------------------------ */

enum pv_status pv_api_seats(
	struct pv_web_call *call, struct pv_api_seats *out, struct pv_error *error)
{
	return pv_desk_organization_list(
		call->desk, call->mem, call->actor, &out->items, &out->n, error);
}

const struct pv_organization_row *pv_api_seat(const struct pv_api_seats *seats, const char *id)
{
	for (size_t i = 0; i < seats->n; i++)
		if (pv_streq(seats->items[i].organization.id, id))
			return &seats->items[i].organization;
	return NULL;
}

enum pv_status pv_api_organization_id(
	struct pv_web_call *call, const char *id_or_slug, const char **out, struct pv_error *error)
{
	struct pv_organization_row row;
	if (!id_or_slug || !*id_or_slug) {
		*out = NULL;
		return PV_OK;
	}
	enum pv_status status = pv_desk_organization_find(
		call->desk, call->mem, call->actor, id_or_slug, &row, error);
	if (status == PV_OK)
		*out = row.id;
	return status;
}

static enum pv_status need_house(struct pv_error *error)
{
	return pv_fail_field(
		error, "/organization", "Indiquez l'organisation.", "Give the organisation.");
}

enum pv_status pv_api_list_read(
	struct pv_web_call *call, unsigned what, struct pv_api_list *out, struct pv_error *error)
{
	struct pv_api_list list = {0};
	int shown = 0;
	enum pv_status status = PV_OK;
	if (what & PV_API_PAGED) {
		status = pv_web_limit(call->request, LIST_SHOWN, LIST_SHOWN_MAX, &shown, error);
		list.cursor = pv_web_query(call->request, "cursor");
		list.limit = shown + 1;
	}
	if (status == PV_OK)
		status = pv_api_organization_id(call, pv_web_query(call->request, "organization"),
			&list.organization_id, error);
	if (status == PV_OK && (what & PV_API_HOUSE) && !list.organization_id)
		status = need_house(error);
	if (status == PV_OK && (what & PV_API_SEATS))
		status = pv_api_seats(call, &list.seats, error);
	if (status == PV_OK)
		*out = list;
	return status;
}

void pv_api_list_open(struct pv_web_call *call, struct pv_api_list *list, size_t *n)
{
	list->more = list->limit && *n >= (size_t)list->limit;
	if (list->more)
		*n = (size_t)list->limit - 1;
	pv_web_list_open(call);
}

enum pv_status pv_api_remove(
	struct pv_web_call *call, pv_api_remover *remover, struct pv_error *error)
{
	enum pv_status status = remover(call->desk, call->actor, call->params[0], error);
	return status == PV_OK ? pv_web_answer_nothing(call) : status;
}

void pv_api_organization_begin(
	struct pv_out *out, const char *name, const struct pv_organization_row *row)
{
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "slug", row->slug);
	pv_out_text(out, "name", row->name);
	pv_out_text(out, "colour", row->colour);
	pv_out_text(out, "kind", row->kind);
}

void pv_api_organization_ref(
	struct pv_out *out, const char *name, const struct pv_organization_row *row)
{
	pv_api_organization_begin(out, name, row);
	pv_out_close(out, '}');
}

void pv_api_organization_of(
	struct pv_out *out, const char *name, const struct pv_api_seats *seats, const char *id)
{
	const struct pv_organization_row *row = pv_api_seat(seats, id);
	if (row)
		pv_api_organization_ref(out, name, row);
	else
		pv_out_null(out, name);
}

void pv_api_person_ref(
	struct pv_out *out, const char *name, const char *id, const char *slug, const char *shown)
{
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", id);
	pv_out_text(out, "slug", slug);
	pv_out_text(out, "name", shown);
	pv_out_close(out, '}');
}

void pv_api_person_of(struct pv_web_call *call, const char *name, const char *id)
{
	struct pv_person_row person;
	struct pv_error error = PV_ERROR_IN(call->mem);
	if (id && pv_desk_person_find(call->desk, call->mem, call->actor, id, &person, &error) ==
			  PV_OK)
		pv_api_person_ref(&call->out, name, person.id, person.slug, person.name);
	else
		pv_out_null(&call->out, name);
}

void pv_api_powers(struct pv_out *out, const char *role_name)
{
	static const struct {
		enum pv_power power;
		const char *name;
	} powers[] = {
		{PV_MAY_READ, "read"},
		{PV_MAY_ANALYSE, "analyse"},
		{PV_MAY_REVIEW, "review"},
		{PV_MAY_WRITE, "write"},
		{PV_MAY_PAUSE, "pause"},
		{PV_MAY_GOVERN, "govern"},
	};
	enum pv_role role = PV_ROLE_NONE;
	bool known = pv_role_parse(role_name, &role);
	pv_out_open(out, "powers", '[');
	for (size_t i = 0; known && i < PV_COUNT(powers); i++)
		if (pv_role_has(role, powers[i].power))
			pv_out_text(out, NULL, powers[i].name);
	pv_out_close(out, ']');
}

void pv_api_journal_url(struct pv_web_call *call, const struct pv_organization_row *row)
{
	struct pv_error error = PV_ERROR_IN(call->mem);
	PV_JSON json_t *journal = NULL;
	if (pv_json_parse(row->journal, strlen(row->journal), &journal, &error) == PV_OK &&
		pv_json_bool(journal, "open", false))
		pv_out_text(&call->out, "journal_url",
			talloc_asprintf(call->mem, "%s/j/%s", call->desk->base_url, row->slug));
	else
		pv_out_null(&call->out, "journal_url");
}

void pv_api_words_json(struct pv_out *out, const char *name, const char *json)
{
	pv_out_raw(out, name, json, "null");
}

/* ---- accounts ---------------------------------------------------------------------------------- */

/* What an account's server said of itself stands in its settings. */
static int64_t setting(const char *settings, const char *name, int64_t otherwise)
{
	PV_JSON json_t *object = NULL;
	if (!settings || settings[0] != '{' || !settings[1] || settings[1] == '}')
		return otherwise;
	if (pv_json_parse(settings, strlen(settings), &object, NULL) != PV_OK)
		return otherwise;
	return pv_json_int(object, name, otherwise);
}

void pv_api_limits(struct pv_out *out, const char *name, const char *network, const char *settings)
{
	const struct pv_network *known = pv_network_find(network);
	struct pv_network_limits limits = known ? known->limits : (struct pv_network_limits){0};
	pv_out_open(out, name, '{');
	pv_out_int(out, "text_max", setting(settings, "text_max", limits.text_max));
	pv_out_int(out, "media_max", setting(settings, "media_max", limits.media_max));
	pv_out_int(out, "media_bytes_max", (int64_t)limits.media_bytes_max);
	pv_out_bool(out, "alt_required", limits.alt_required);
	pv_out_bool(out, "answers", limits.answers);
	pv_out_close(out, '}');
}

void pv_api_account(struct pv_web_call *call, const char *name, const struct pv_account_row *row,
	const struct pv_api_seats *seats)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "slug", row->slug);
	pv_api_organization_of(out, "organization", seats, row->organization_id);
	pv_out_text(out, "network", row->network);
	pv_out_text(out, "stance", row->stance);
	pv_out_text(out, "name", row->name);
	pv_out_text(out, "handle", row->handle);
	pv_out_text(out, "server", row->server);
	pv_out_text(out, "state", row->state);
	pv_api_words_json(out, "state_why", row->state_why);
	pv_api_limits(out, "limits", row->network, row->settings);
	pv_out_time(out, "checked_at", row->checked_at_us);
	pv_out_int(out, "version", row->version);
	pv_out_close(out, '}');
}

/* ---- times ------------------------------------------------------------------------------------- */

void pv_api_local_time(struct pv_out *out, const char *name, int64_t at_us, const char *zone_name)
{
	const struct pv_zone *zone;
	char date[16], time[16];
	if (at_us == PV_TIME_NONE || pv_clock_zone(zone_name, &zone, NULL) != PV_OK) {
		pv_out_null(out, name);
		return;
	}
	struct pv_civil local = pv_zone_local(zone, at_us);
	*pv_out_date(date, &local) = '\0';
	*pv_out_clock(time, &local, local.second != 0) = '\0';
	pv_out_open(out, name, '{');
	pv_out_text(out, "date", date);
	pv_out_text(out, "time", time);
	pv_out_text(out, "zone", zone_name);
	pv_out_close(out, '}');
}

/* ---- the measure of a text --------------------------------------------------------------------- */

static void write_marks(struct pv_web_call *call, const char *name,
	const struct pv_entities *entities, enum pv_entity_kind kind)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, name, '[');
	for (size_t i = 0; i < entities->n; i++) {
		const struct pv_entity *entity = &entities->items[i];
		if (entity->kind != kind)
			continue;
		pv_out_open(out, NULL, '{');
		pv_out_text(out, "text", pv_str_dup(call->mem, entity->text));
		pv_out_int(out, "start", (int64_t)entity->start_point);
		pv_out_int(out, "end", (int64_t)entity->end_point);
		pv_out_close(out, '}');
	}
	pv_out_close(out, ']');
}

enum pv_status pv_api_measure(struct pv_web_call *call, const char *name, const char *network,
	const char *settings, const char *text, struct pv_error *error)
{
	const struct pv_network *known = pv_network_find(network);
	const struct pv_text_rules *found =
		pv_text_rules_find(known && known->measure ? known->measure : network);
	struct pv_measure measure;
	if (!found)
		found = pv_text_rules_find("journal");
	struct pv_text_rules rules = *found;
	rules.limit = (uint32_t)setting(settings, "text_max", rules.limit);
	rules.link_length = (uint32_t)setting(settings, "link_length", rules.link_length);
	enum pv_status status = pv_measure(call->mem, &rules, pv_str(text), &measure, error);
	if (status != PV_OK)
		return status;
	struct pv_out *out = &call->out;
	pv_out_open(out, name, '{');
	pv_out_int(out, "length", (int64_t)measure.length);
	pv_out_int(out, "limit", (int64_t)measure.limit);
	pv_out_bool(out, "valid", measure.valid);
	pv_out_int(out, "bytes", (int64_t)measure.bytes);
	write_marks(call, "links", &measure.entities, PV_ENTITY_LINK);
	write_marks(call, "mentions", &measure.entities, PV_ENTITY_MENTION);
	write_marks(call, "hashtags", &measure.entities, PV_ENTITY_HASHTAG);
	write_marks(call, "cashtags", &measure.entities, PV_ENTITY_CASHTAG);
	pv_out_close(out, '}');
	return PV_OK;
}

/* ---- publications ------------------------------------------------------------------------------ */

static void write_attempt(struct pv_out *out, const struct pv_attempt_row *row)
{
	pv_out_open(out, NULL, '{');
	pv_out_int(out, "number", row->number);
	pv_out_text(out, "outcome", row->outcome);
	pv_out_text(out, "class", row->reason_class);
	if (row->http_status)
		pv_out_int(out, "http_status", row->http_status);
	else
		pv_out_null(out, "http_status");
	pv_out_text(out, "evidence", row->evidence);
	pv_out_time(out, "written_at", row->written_at_us);
	pv_out_time(out, "closed_at", row->closed_at_us);
	pv_out_close(out, '}');
}

void pv_api_publication(struct pv_web_call *call, const char *name,
	const struct pv_publication_row *row, const struct pv_attempt_row *attempts,
	size_t n_attempts, bool with_attempts)
{
	struct pv_out *out = &call->out;
	pv_out_open(out, name, '{');
	pv_out_text(out, "id", row->id);
	pv_out_text(out, "variant_id", row->variant_id);
	pv_out_open(out, "account", '{');
	pv_out_text(out, "id", row->account_id);
	pv_out_text(out, "slug", row->account_slug);
	pv_out_text(out, "network", row->network);
	pv_out_text(out, "name", row->account_name);
	pv_out_text(out, "handle", row->account_handle);
	pv_out_close(out, '}');
	pv_out_text(out, "state", row->state);
	pv_out_time(out, "due_at", row->due_at_us);
	pv_out_time(out, "published_at", row->published_at_us);
	pv_out_text_or_null(out, "permalink", row->permalink);
	pv_out_raw(out, "reason", row->reason, "null");
	if (row->lateness_us >= 0)
		pv_out_int(out, "lateness_ms", row->lateness_us / 1000);
	else
		pv_out_null(out, "lateness_ms");
	if (with_attempts) {
		pv_out_time(out, "next_at", row->next_at_us);
		pv_out_open(out, "attempts", '[');
		for (size_t i = 0; i < n_attempts; i++)
			write_attempt(out, &attempts[i]);
		pv_out_close(out, ']');
	}
	if (!with_attempts)
		return; /* a row of a list: the caller adds its own members and closes */
	pv_out_close(out, '}');
}

/* ---- what comes in ----------------------------------------------------------------------------- */

enum pv_status pv_api_time(
	const json_t *body, const char *name, int64_t *out_us, struct pv_error *error)
{
	const json_t *value = json_object_get(body, name);
	if (!value || json_is_null(value)) {
		*out_us = PV_TIME_NONE;
		return PV_OK;
	}
	if (json_is_string(value) &&
		pv_time_parse(json_string_value(value), json_string_length(value), out_us))
		return PV_OK;
	char pointer[64];
	snprintf(pointer, sizeof(pointer), "/%s", name);
	return pv_fail_field(error, pointer,
		"Écrivez l'instant avec son décalage : 2026-03-02T17:00:00Z.",
		"Write the instant with its offset: 2026-03-02T17:00:00Z.");
}

enum pv_status pv_api_text(
	const json_t *body, const char *name, bool empty, const char **out, struct pv_error *error)
{
	const char *text = pv_json_text(body, name);
	char pointer[64];
	snprintf(pointer, sizeof(pointer), "/%s", name);
	if (!text)
		return pv_fail_field(
			error, pointer, "Ce texte est demandé.", "This text is asked for.");
	if (!*text && !empty)
		return pv_fail_field(error, pointer, "Ce texte est vide.", "This text is empty.");
	*out = text;
	return PV_OK;
}

enum pv_status pv_api_only(
	const json_t *body, const char *const *names, size_t n, struct pv_error *error)
{
	const char *name;
	json_t *value;
	enum pv_status status = PV_OK;
	json_object_foreach((json_t *)(uintptr_t)body, name, value)
	{
		bool known = false;
		for (size_t i = 0; i < n && !known; i++)
			known = strcmp(names[i], name) == 0;
		if (known)
			continue;
		char pointer[80];
		snprintf(pointer, sizeof(pointer), "/%.70s", name);
		status = pv_fail_field(error, pointer, "Ce membre n'existe pas ici.",
			"There is no such member here.");
	}
	return status;
}
