/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Judging what is being typed: nothing of it is a variant yet. */
#include "base/json.h"
#include "base/mem.h"
#include "desk/accounts.h"
#include "desk/judging.h"
#include "desk/sources.h"
#include "desk/variants.h"
#include "store/person.h"
#include "text/prose.h"

#include <string.h>

/* What a new variant knows before anything is said: where, and who. */
enum pv_status pv_variant_blank(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *account_name, struct pv_variant_row *out, struct pv_error *error)
{
	struct pv_account_row account;
	struct pv_organization_row house;
	struct pv_person_row author;
	enum pv_status status =
		pv_desk_account_named(desk, mem, actor, account_name, &account, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, account.organization_id, PV_MAY_WRITE, error);
	if (status == PV_OK)
		status =
			pv_organization_find(desk->db, mem, account.organization_id, &house, error);
	if (status == PV_OK && !actor->person_id)
		return pv_fail(error, PV_DENIED, "Une personne écrit, pas le bureau.",
			"A person writes, not the desk.");
	if (status == PV_OK)
		status = pv_person_find(desk->db, mem, actor->person_id, &author, error);
	if (status != PV_OK)
		return status;
	if (strcmp(account.state, "removed") == 0)
		return pv_fail(
			error, PV_NOT_FOUND, "Ce compte n'existe plus.", "This account is gone.");
	const char *languages = talloc_asprintf(mem, "[\"%s\"]", house.language);
	if (!languages)
		return pv_fail_nomem(error);
	*out = (struct pv_variant_row){
		.id = "",
		.organization_id = house.id,
		.post_id = "",
		.account_id = account.id,
		.author_id = author.id,
		.kind = "post",
		.text = "",
		.languages = languages,
		.media = "[]",
		.declared = "{}",
		.origin = "",
		.interest = "",
		.axis = "",
		.due_at_us = PV_TIME_NONE,
		.late = "publish",
		.stage = "draft",
		.digest = "",
		.verdict = "",
		.version = 1,
		.edited_at_us = PV_TIME_NONE,
		.submitted_at_us = PV_TIME_NONE,
		.removed_at_us = PV_TIME_NONE,
		.account_slug = account.slug,
		.account_name = account.name,
		.account_handle = account.handle,
		.account_network = account.network,
		.account_stance = account.stance,
		.account_server = account.server,
		.account_state = account.state,
		.organization_slug = house.slug,
		.organization_name = house.name,
		.organization_colour = house.colour,
		.organization_kind = house.kind,
		.organization_timezone = house.timezone,
		.author_slug = author.slug,
		.author_name = author.name,
		.post_title = "",
		.publication_state = "",
		.permalink = "",
		.published_at_us = PV_TIME_NONE,
	};
	return PV_OK;
}

static bool is_author(const struct pv_actor *actor, const struct pv_variant_row *row)
{
	return actor->person_id && strcmp(actor->person_id, row->author_id) == 0;
}

/* `item_id`: the article it is begun from, before there is a post; else NULL. */
static enum pv_status judge_now(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct pv_variant_row *row, const char *item_id, struct pv_desk_judgement *out,
	struct pv_error *error)
{
	struct pv_judging judging = {.row = row,
		.at_us = pv_variant_at(row, pv_env_now_us(desk->env)),
		.clues = is_author(actor, row),
		.item_id = item_id};
	struct pv_judged judged;
	enum pv_status status = pv_variant_judge(desk, mem, &judging, &judged, error);
	if (status == PV_OK)
		*out = judged.answer;
	return status;
}

enum pv_status pv_desk_judge_draft(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_draft *draft, struct pv_desk_judgement *out,
	struct pv_error *error)
{
	struct pv_variant_row row;
	enum pv_status status;
	if (draft->variant_id)
		status = pv_variant_open(
			desk, mem, actor, draft->variant_id, PV_MAY_WRITE, &row, error);
	else
		status = pv_variant_blank(desk, mem, actor, draft->account, &row, error);
	if (status != PV_OK)
		return status;
	struct pv_variant_in in = {
		.kind = draft->kind,
		.text = draft->text,
		.languages = draft->languages,
		.media = draft->media,
		.declared = draft->declared,
	};
	struct pv_words notice = {0};
	struct pv_item_row item = {0};
	if (draft->item) {
		status = pv_desk_item_get(desk, mem, actor, draft->item, &item, error);
		if (status != PV_OK)
			return status;
	}
	if (!draft->variant_id && draft->kind && strcmp(draft->kind, "reply") == 0)
		row.reply_to = ""; /* to some message: which one does not matter to the policy */
	if (!draft->variant_id || draft->due_at_us != PV_TIME_NONE)
		row.due_at_us = draft->due_at_us;
	status = pv_variant_take(desk, mem, actor, "", &in, &row, &notice, error);
	return status == PV_OK ? judge_now(desk, mem, actor, &row, item.id, out, error) : status;
}

enum pv_status pv_desk_judge_variant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *variant_id, struct pv_desk_judgement *out,
	struct pv_error *error)
{
	struct pv_variant_row row;
	enum pv_status status =
		pv_variant_open(desk, mem, actor, variant_id, PV_MAY_READ, &row, error);
	return status == PV_OK ? judge_now(desk, mem, actor, &row, NULL, out, error) : status;
}
