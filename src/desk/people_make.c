/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a person comes to be: their row, their own space, their invitation. */
#include "desk/people_make.h"
#include "desk/audit.h"
#include "desk/check.h"

#include "base/id.h"

#include <string.h>

enum pv_status pv_desk_person_insert(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_person_row *person, bool strict_slug,
	const char *timezone, struct pv_error *error)
{
	const char *wanted = strict_slug ? person->slug : pv_slug_make(mem, person->name);
	struct pv_organization_row home = {.kind = "person",
		.name = person->name,
		.colour = "none",
		.timezone = timezone ? timezone : "America/Toronto",
		.language = person->language};
	enum pv_status status = wanted ? PV_OK : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_desk_slug_free(desk, mem, wanted, strict_slug, &person->slug, error);
	home.slug = person->slug;
	if (status == PV_OK)
		status = pv_desk_organization_insert(desk, mem, &home, error);
	if (status != PV_OK)
		return status;
	person->id = pv_id_make(mem, desk->env);
	person->home_id = home.id;
	person->theme = "auto";
	person->disabled_at_us = PV_TIME_NONE;
	person->created_at_us = home.created_at_us;
	const struct pv_membership_row seat = {.organization_id = home.id,
		.person_id = person->id,
		.role = "owner",
		.policy_roles = "[]",
		.created_at_us = home.created_at_us};
	status = person->id ? pv_person_insert(desk->db, person, error) : pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_membership_insert(desk->db, &seat, error);
	if (status != PV_OK)
		return status;
	const struct pv_audit_note note = {.organization_id = home.id,
		.verb = "person.add",
		.object = person->id,
		.after = pv_audit_pack(
			mem, "{s:s,s:s}", "slug", person->slug, "login", person->login)};
	return pv_desk_audit(desk, actor, &note, error);
}

enum pv_status pv_desk_invitation_make(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char **out_link, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	const char *secret = pv_secret_new(mem, desk->env);
	const char *id = pv_id_make(mem, desk->env);
	char digest[PV_DIGEST_SIZE];
	if (!secret || !id)
		return pv_fail_nomem(error);
	pv_digest(secret, strlen(secret), digest);
	const struct pv_token_row token = {.id = id,
		.digest = digest,
		.kind = "invitation",
		.person_id = person_id,
		.name = "",
		.scopes = "[]",
		.created_at_us = now_us,
		.used_at_us = PV_TIME_NONE,
		.expires_at_us = now_us + PV_INVITATION_US,
		.revoked_at_us = PV_TIME_NONE};
	enum pv_status status =
		pv_token_revoke_kind(desk->db, "invitation", person_id, now_us, error);
	if (status == PV_OK)
		status = pv_token_insert(desk->db, &token, error);
	const char *link = pv_desk_link(desk, mem, "invitation", secret);
	if (status == PV_OK && !link)
		status = pv_fail_nomem(error);
	if (status == PV_OK)
		*out_link = link;
	return status;
}

void pv_person_hide(struct pv_person_row *person)
{
	if (person->password)
		person->password = "set";
}
