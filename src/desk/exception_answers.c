/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An exception granted, refused or ended: who may, and what it sets going. */
#include "desk/audit.h"
#include "desk/exceptions.h"
#include "desk/holds.h"
#include "desk/organizations.h"
#include "desk/policies.h"
#include "desk/turn.h"
#include "desk/variants.h"

#include "base/str.h"
#include "store/person.h"

#include <string.h>

/* ---- who may answer -------------------------------------------------------------------------- */

struct answering {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *id, *word;
	struct pv_desk_exception was;
};

static bool governs(const struct answering *answering)
{
	struct pv_error none = PV_ERROR_IN(answering->mem);
	return pv_desk_may(answering->desk, answering->actor, answering->was.row.organization_id,
		       PV_MAY_GOVERN, &none) == PV_OK;
}

/* One of the roles whose approval the policy in force asks for. */
static enum pv_status has_policy_role(
	struct answering *answering, bool *out, struct pv_error *error)
{
	struct pv_desk *desk = answering->desk;
	const char *organization_id = answering->was.row.organization_id;
	struct pv_membership_row seat;
	struct pv_policy_row version;
	const struct pv_policy *policy = NULL;
	PV_JSON json_t *roles = NULL;
	enum pv_status status = pv_membership_find(desk->db, answering->mem, organization_id,
		answering->actor->person_id, &seat, error);
	if (status == PV_OK)
		status = pv_desk_policy_in_force(desk, answering->mem, organization_id,
			pv_env_now_us(desk->env), &version, &policy, error);
	if (status == PV_OK)
		status = pv_json_parse(seat.policy_roles, strlen(seat.policy_roles), &roles, error);
	*out = false;
	for (size_t i = 0; status == PV_OK && i < json_array_size(roles); i++) {
		const char *role = json_string_value(json_array_get(roles, i));
		*out |= role && pv_policy_approves(policy, role);
	}
	return status;
}

/* Not one's own post, nor one that leads to what one is tied to. */
static enum pv_status apart_from_post(struct answering *answering, struct pv_error *error)
{
	struct pv_variant_row variant;
	struct pv_person_row person;
	struct pv_error lost = PV_ERROR_IN(answering->mem);
	bool shares = false;
	if (!answering->was.row.variant_id)
		return PV_OK;
	enum pv_status status = pv_variant_find(answering->desk->db, answering->mem,
		answering->was.row.variant_id, &variant, &lost);
	if (status == PV_NOT_FOUND) /* removed since: nothing is at stake in it */
		return PV_OK;
	if (status == PV_OK && strcmp(variant.author_id, answering->actor->person_id) == 0)
		return pv_fail(error, PV_DENIED,
			"C'est pour votre propre publication : une autre personne l'accorde.",
			"It is for a post of your own: another person grants it.");
	if (status == PV_OK)
		status = pv_person_find(answering->desk->db, answering->mem,
			answering->actor->person_id, &person, &lost);
	if (status == PV_OK)
		status = pv_variant_shares_interest(
			answering->desk, answering->mem, &variant, &person, &shares, &lost);
	if (status != PV_OK && error)
		*error = lost;
	if (status == PV_OK && shares)
		return pv_fail(error, PV_DENIED,
			"Vous partagez l'intérêt en cause : une autre personne l'accorde.",
			"You share the interest at stake: another person grants it.");
	return status;
}

static enum pv_status may_answer(struct answering *answering, struct pv_error *error)
{
	const struct pv_actor *actor = answering->actor;
	bool named = false;
	enum pv_status status = pv_desk_may(
		answering->desk, actor, answering->was.row.organization_id, PV_MAY_REVIEW, error);
	if (status != PV_OK)
		return status;
	if (!actor->person_id)
		return pv_fail(error, PV_DENIED, "Une personne répond, pas le bureau.",
			"A person answers, not the desk.");
	if (strcmp(actor->person_id, answering->was.row.asked_by) == 0)
		return pv_fail(error, PV_DENIED,
			"Vous l'avez demandée : une autre personne y répond.",
			"You asked for it: another person answers.");
	if (!governs(answering)) {
		status = has_policy_role(answering, &named, error);
		if (status == PV_OK && !named)
			return pv_fail(error, PV_DENIED,
				"Y répond une personne responsable, ou d'un rôle dont la politique "
				"demande l'approbation.",
				"An owner answers, or someone in a role whose approval the policy "
				"asks for.");
	}
	return status == PV_OK ? apart_from_post(answering, error) : status;
}

/* ---- answering ------------------------------------------------------------------------------- */

static enum pv_status fail_over(const struct pv_desk_exception *was, struct pv_error *error)
{
	if (strcmp(was->state, "expired") == 0)
		return pv_fail(error, PV_CONFLICT, "Le dernier jour de cette dérogation est passé.",
			"This exception's last day is past.");
	return pv_fail(error, PV_CONFLICT, "Cette dérogation a déjà reçu sa réponse.",
		"This exception has been answered already.");
}

static enum pv_status move(struct answering *answering, const struct pv_policy_exception_row *row,
	const char *verb, struct pv_error *error)
{
	const struct pv_policy_exception_row *was = &answering->was.row;
	struct pv_desk *desk = answering->desk;
	enum pv_status status = pv_policy_exception_move(desk->db, row, was->state, error);
	bool acted = strcmp(row->state, "granted") == 0 || strcmp(was->state, "granted") == 0;
	if (status == PV_OK && acted)
		status = pv_desk_rejudge_ask(desk, row->organization_id, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = row->organization_id,
		.verb = verb,
		.object = row->id,
		.before = pv_audit_pack(answering->mem, "{s:s}", "state", was->state),
		.after = pv_audit_pack(answering->mem, "{s:s,s:s,s:s,s:s}", "state", row->state,
			"lifts", row->lifts, "from", row->from_day, "until", row->until_day),
		.why = answering->word};
	return pv_desk_audit(desk, answering->actor, &note, error);
}

static enum pv_status check_word(const char *word, bool needed, struct pv_error *error)
{
	bool blank = !word || strspn(word, " \t\r\n") == strlen(word);
	if (needed && blank)
		return pv_fail_field(
			error, "/word", "Dites en un mot pourquoi.", "Say in a word why.");
	if (word && (strlen(word) > PV_WHY_MAX || !pv_utf8_valid(word, strlen(word))))
		return pv_fail_field(error, "/word", "%d octets de texte au plus.",
			"At most %d bytes of text.", PV_WHY_MAX);
	return PV_OK;
}

/* Whoever grants it has read the post that it was asked for; another text asks anew. */
static enum pv_status check_as_asked(struct answering *answering, struct pv_error *error)
{
	const struct pv_policy_exception_row *was = &answering->was.row;
	struct pv_variant_row variant;
	struct pv_error lost = PV_ERROR_IN(answering->mem);
	if (!was->variant_id)
		return PV_OK;
	enum pv_status status = pv_variant_find(
		answering->desk->db, answering->mem, was->variant_id, &variant, &lost);
	if (status == PV_NOT_FOUND || (status == PV_OK && variant.edited_at_us > was->asked_at_us))
		return pv_fail(error, PV_CONFLICT,
			"Le texte pour lequel elle a été demandée a changé, ou n'est plus là : "
			"qu'on la demande de nouveau.",
			"The text it was asked for has changed, or is gone: let it be asked for "
			"again.");
	if (status != PV_OK && error)
		*error = lost;
	return status;
}

static enum pv_status decide(
	struct answering *answering, const char *state, const char *verb, struct pv_error *error)
{
	enum pv_status status = pv_desk_exception_find(answering->desk, answering->mem,
		answering->actor, answering->id, &answering->was, error);
	if (status == PV_OK)
		status = may_answer(answering, error);
	if (status == PV_OK)
		status = check_word(answering->word, strcmp(state, "refused") == 0, error);
	if (status == PV_OK && strcmp(answering->was.state, "asked") != 0)
		return fail_over(&answering->was, error);
	if (status == PV_OK && strcmp(state, "granted") == 0)
		status = check_as_asked(answering, error);
	if (status != PV_OK)
		return status;
	struct pv_policy_exception_row row = answering->was.row;
	row.state = state;
	row.decided_by = answering->actor->person_id;
	row.decided_at_us = pv_env_now_us(answering->desk->env);
	row.word = answering->word ? answering->word : "";
	return move(answering, &row, verb, error);
}

static enum pv_status end(struct answering *answering, struct pv_error *error)
{
	const struct pv_policy_exception_row *was = &answering->was.row;
	const char *person = answering->actor->person_id;
	enum pv_status status = pv_desk_exception_find(answering->desk, answering->mem,
		answering->actor, answering->id, &answering->was, error);
	if (status != PV_OK)
		return status;
	bool asked = strcmp(answering->was.state, "asked") == 0;
	const char *owner = asked ? was->asked_by : was->decided_by;
	bool own = person && owner && strcmp(person, owner) == 0;
	if (!own || !answering->actor->may_write)
		status = pv_desk_may(answering->desk, answering->actor, was->organization_id,
			PV_MAY_GOVERN, error);
	if (status == PV_OK)
		status = check_word(answering->word, false, error);
	if (status == PV_OK && !asked && strcmp(answering->was.state, "granted") != 0)
		return fail_over(&answering->was, error);
	if (status != PV_OK)
		return status;
	struct pv_policy_exception_row row = *was;
	row.state = "ended";
	row.ended_by = person ? person : "desk";
	row.ended_at_us = pv_env_now_us(answering->desk->env);
	row.word = answering->word ? answering->word : "";
	return move(answering, &row, "exception.end", error);
}

/* In a turn; then told, and read again. */
static enum pv_status answer(struct answering *answering, const char *state, const char *verb,
	struct pv_desk_exception *out, struct pv_error *error)
{
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, answering->desk, error);
	if (status == PV_OK)
		status = state ? decide(answering, state, verb, error) : end(answering, error);
	status = pv_turn_end(&turn, status, error);
	if (status != PV_OK)
		return status;
	pv_desk_changed(
		answering->desk, "exception", answering->was.row.organization_id, answering->id);
	return pv_desk_exception_find(
		answering->desk, answering->mem, answering->actor, answering->id, out, error);
}

enum pv_status pv_desk_exception_grant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_exception *out,
	struct pv_error *error)
{
	struct answering answering = {.desk = desk, .mem = mem, .actor = actor, .id = id};
	return answer(&answering, "granted", "exception.grant", out, error);
}

enum pv_status pv_desk_exception_refuse(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *word,
	struct pv_desk_exception *out, struct pv_error *error)
{
	struct answering answering = {
		.desk = desk, .mem = mem, .actor = actor, .id = id, .word = word};
	return answer(&answering, "refused", "exception.refuse", out, error);
}

enum pv_status pv_desk_exception_end(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, const char *word,
	struct pv_desk_exception *out, struct pv_error *error)
{
	struct answering answering = {
		.desk = desk, .mem = mem, .actor = actor, .id = id, .word = word};
	return answer(&answering, NULL, NULL, out, error);
}
