/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One variant and what may be done with it; judging while it is typed. */
#include "collect/collector.h"
#include "desk/judging.h"
#include "desk/reviews.h"
#include "web/api/variant_parts.h"

static enum pv_status get_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	enum pv_status status = pv_desk_variant_get(
		call->desk, call->mem, call->actor, call->params[0], &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

static enum pv_status patch_one(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	struct pv_variant_in in = {0};
	int64_t version = pv_json_int(call->body, "version", -1);
	enum pv_status status = pv_api_variant_in(call->body, "", &in, error);
	if (version < 0)
		status = pv_fail_field(error, "/version", "Indiquez la version que vous avez lue.",
			"Give the version that you read.");
	if (in.account && status == PV_OK)
		status = pv_fail_field(error, "/account",
			"Une variante garde son compte : faites-en une autre pour un autre compte.",
			"A variant keeps its account: make another one for another account.");
	if (status == PV_OK)
		status = pv_desk_variant_edit(call->desk, call->mem, call->actor, call->params[0],
			version, &in, &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

static enum pv_status delete_one(struct pv_web_call *call, struct pv_error *error)
{
	return pv_api_remove(call, pv_desk_variant_remove, error);
}

/* ---- acts -------------------------------------------------------------------------------------- */

typedef enum pv_status variant_verb(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error);

static enum pv_status act(struct pv_web_call *call, variant_verb *verb, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	enum pv_status status =
		verb(call->desk, call->mem, call->actor, call->params[0], &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

/*
 * Where its links end is asked of the web before the policy is asked: an unknown end may be refused,
 * and a page may have changed since it was typed.
 */
static enum pv_status look(struct pv_web_call *call, struct pv_error *error)
{
	return pv_collect_variant_links(call->desk, call->mem, call->actor, call->params[0], error);
}

static enum pv_status post_submit(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status = look(call, error);
	return status == PV_OK ? act(call, pv_desk_variant_submit, error) : status;
}

static enum pv_status post_withdraw(struct pv_web_call *call, struct pv_error *error)
{
	return act(call, pv_desk_variant_withdraw, error);
}

static enum pv_status post_unschedule(struct pv_web_call *call, struct pv_error *error)
{
	return act(call, pv_desk_variant_unschedule, error);
}

static enum pv_status post_publish_now(struct pv_web_call *call, struct pv_error *error)
{
	enum pv_status status = look(call, error);
	return status == PV_OK ? act(call, pv_desk_variant_publish_now, error) : status;
}

static enum pv_status post_schedule(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	struct pv_due due;
	enum pv_status status = PV_API_ONLY(call->body, error, "due_at", "due_local");
	if (pv_api_due(call->body, "", &due, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = look(call, error);
	if (status == PV_OK)
		status = pv_desk_variant_schedule(
			call->desk, call->mem, call->actor, call->params[0], &due, &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

static enum pv_status post_approve(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	const char *digest = NULL, *word = pv_json_text(call->body, "word");
	enum pv_status status = PV_API_ONLY(call->body, error, "digest", "word");
	if (pv_api_text(call->body, "digest", false, &digest, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	status = look(call, error);
	if (status == PV_OK)
		status = pv_desk_review_approve(call->desk, call->mem, call->actor, call->params[0],
			digest, word ? word : "", &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

static enum pv_status post_send_back(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_desk_variant *variant = NULL;
	const char *digest = NULL, *word = NULL;
	enum pv_status status = PV_API_ONLY(call->body, error, "digest", "word");
	if (pv_api_text(call->body, "digest", false, &digest, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_text(call->body, "word", false, &word, error) != PV_OK)
		status = PV_INVALID;
	if (status != PV_OK)
		return status;
	status = pv_desk_review_send_back(
		call->desk, call->mem, call->actor, call->params[0], digest, word, &variant, error);
	return status == PV_OK ? pv_api_answer_variant(call, variant, 200, error) : status;
}

static enum pv_status post_resolve(struct pv_web_call *call, struct pv_error *error)
{
	static const struct {
		const char *name;
		enum pv_decision decision;
	} decisions[] = {
		{"published", PV_DECISION_PUBLISHED},
		{"retry", PV_DECISION_RETRY},
		{"drop", PV_DECISION_DROP},
	};
	struct pv_desk_publication *publication = NULL;
	const char *name = NULL, *permalink = pv_json_text(call->body, "permalink");
	enum pv_status status = PV_API_ONLY(call->body, error, "decision", "permalink");
	if (pv_api_text(call->body, "decision", false, &name, error) != PV_OK || status != PV_OK)
		return PV_INVALID;
	for (size_t i = 0; i < PV_COUNT(decisions); i++) {
		if (strcmp(decisions[i].name, name) != 0)
			continue;
		if (decisions[i].decision == PV_DECISION_RETRY)
			status = look(call, error);
		if (status == PV_OK)
			status = pv_desk_publication_resolve(call->desk, call->mem, call->actor,
				call->params[0], decisions[i].decision, permalink, &publication,
				error);
		return status == PV_OK ? get_one(call, error) : status;
	}
	return pv_fail_field(error, "/decision", "Choisissez published, retry ou drop.",
		"Choose published, retry or drop.");
}

/* ---- while typing ------------------------------------------------------------------------------ */

static enum pv_status post_judge(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_draft draft = {
		.variant_id = pv_json_text(call->body, "variant"),
		.kind = pv_json_text(call->body, "kind"),
		.item = pv_json_text(call->body, "item"),
		.languages = json_object_get(call->body, "languages"),
		.media = json_object_get(call->body, "media"),
		.declared = json_object_get(call->body, "declared"),
	};
	struct pv_desk_judgement judgement;
	struct pv_account_row account = {0};
	enum pv_status status = PV_API_ONLY(call->body, error, "account", "text", "languages",
		"media", "declared", "kind", "due_at", "item", "variant");
	if (pv_api_text(call->body, "account", false, &draft.account, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_text(call->body, "text", true, &draft.text, error) != PV_OK)
		status = PV_INVALID;
	if (pv_api_time(call->body, "due_at", &draft.due_at_us, error) != PV_OK)
		status = PV_INVALID;
	if (status == PV_OK)
		status = pv_desk_account_named(
			call->desk, call->mem, call->actor, draft.account, &account, error);
	draft.account = account.id;
	/* Nothing is stored: a token that only reads may ask too. */
	struct pv_actor asks = *call->actor;
	asks.may_write = true;
	if (status == PV_OK)
		status = pv_desk_judge_draft(
			call->desk, call->mem, &asks, &draft, &judgement, error);
	if (status != PV_OK)
		return status;
	if (judgement.follow)
		pv_web_follow_links(
			call->web, account.organization_id, account.id, judgement.follow);
	pv_out_open(&call->out, NULL, '{');
	pv_out_raw(&call->out, "judgement", judgement.result, "null");
	status = pv_api_measure(
		call, "measure", account.network, account.settings, draft.text, error);
	pv_out_close(&call->out, '}');
	return status == PV_OK ? pv_web_answer(call, 200, error) : status;
}

/* What may let a post go out follows its links, which is slow. */
static const struct pv_web_route routes[] = {
	{PV_WEB_POST, "/api/v1/judge", post_judge, .takes = PV_TAKES_JSON, .reads = true},
	{PV_WEB_GET, "/api/v1/variants/{}", get_one},
	{PV_WEB_PATCH, "/api/v1/variants/{}", patch_one, .takes = PV_TAKES_JSON},
	{PV_WEB_DELETE, "/api/v1/variants/{}", delete_one},
	{PV_WEB_POST, "/api/v1/variants/{}/submit", post_submit, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_POST, "/api/v1/variants/{}/withdraw", post_withdraw, .takes = PV_TAKES_MAYBE_JSON},
	{PV_WEB_POST, "/api/v1/variants/{}/approve", post_approve, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_POST, "/api/v1/variants/{}/send_back", post_send_back, .takes = PV_TAKES_JSON},
	{PV_WEB_POST, "/api/v1/variants/{}/schedule", post_schedule, .takes = PV_TAKES_MAYBE_JSON,
		.slow = PV_WEB_NETWORK},
	{PV_WEB_POST, "/api/v1/variants/{}/unschedule", post_unschedule,
		.takes = PV_TAKES_MAYBE_JSON},
	{PV_WEB_POST, "/api/v1/variants/{}/publish_now", post_publish_now,
		.takes = PV_TAKES_MAYBE_JSON, .slow = PV_WEB_NETWORK},
	{PV_WEB_POST, "/api/v1/variants/{}/resolve", post_resolve, .takes = PV_TAKES_JSON,
		.slow = PV_WEB_NETWORK},
};
const struct pv_web_routes pv_web_variant_routes = PV_WEB_ROUTES(routes);
