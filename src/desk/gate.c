/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The moment of sending: does everything still stand, and what becomes of the variant after. */
#include "desk/publications.h"
#include "desk/variants.h"
#include "store/conversation.h"
#include "store/counted.h"

#include <string.h>

static void shut(struct pv_gate_answer *out, enum pv_gate gate, const char *fr, const char *en)
{
	out->gate = gate;
	out->words = (struct pv_words){fr, en};
}

/* With what was said when it was paused: whoever waits for this post reads it there. */
static enum pv_status shut_paused(TALLOC_CTX *mem, const struct pv_organization_row *house,
	struct pv_gate_answer *out, struct pv_error *error)
{
	const char *why = house->paused_why ? house->paused_why : "";
	const char *fr =
		talloc_asprintf(mem, "%s a suspendu ses envois : « %s »", house->name, why);
	const char *en = talloc_asprintf(mem, "%s has paused its sending: “%s”", house->name, why);
	if (!fr || !en)
		return pv_fail_nomem(error);
	shut(out, PV_GATE_PAUSED, fr, en);
	return PV_OK;
}

/* Pause and account. */
static enum pv_status check_house(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_gate_answer *out,
	struct pv_error *error)
{
	struct pv_organization_row house;
	struct pv_account_row account;
	enum pv_status status =
		pv_organization_find(desk->db, mem, publication->organization_id, &house, error);
	if (status == PV_OK)
		status = pv_account_find(desk->db, mem, publication->account_id, &account, error);
	if (status != PV_OK)
		return status;
	if (strcmp(account.state, "removed") == 0)
		shut(out, PV_GATE_CHANGED, "Le compte a été retiré du bureau.",
			"The account was removed from the desk.");
	else if (house.paused_at_us != PV_TIME_NONE)
		return shut_paused(mem, &house, out, error);
	else if (strcmp(account.state, "paused") == 0)
		shut(out, PV_GATE_PAUSED, "Le compte est en pause.", "The account is paused.");
	else if (strcmp(account.state, "connected") != 0)
		shut(out, PV_GATE_ACCOUNT, "Le compte doit être connecté de nouveau.",
			"The account must be connected again.");
	return PV_OK;
}

/* Is it still, to the byte, what was planned? The digest is worked out again from what is there. */
static enum pv_status check_same(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_gate_answer *out,
	struct pv_error *error)
{
	const char *digest = "";
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status =
		pv_variant_find(desk->db, mem, publication->variant_id, &out->variant, &lost);
	if (status == PV_NOT_FOUND) {
		shut(out, PV_GATE_CHANGED, "La variante a été retirée.",
			"The variant was removed.");
		return PV_OK;
	}
	if (status == PV_OK)
		status = pv_variant_digest(mem, &out->variant, &digest, &lost);
	if (status != PV_OK) {
		if (error)
			*error = lost;
		return status;
	}
	bool same = strcmp(digest, publication->digest) == 0 &&
		    strcmp(digest, out->variant.digest) == 0 &&
		    strcmp(out->variant.account_id, publication->account_id) == 0 &&
		    strcmp(out->variant.stage, "scheduled") == 0;
	if (!same)
		shut(out, PV_GATE_CHANGED, "Ce qui partirait n'est plus ce qui a été approuvé.",
			"What would go out is no longer what was approved.");
	return PV_OK;
}

/* What the policy says now; a switch that is on is waited for. */
static enum pv_status check_policy(
	struct pv_desk *desk, TALLOC_CTX *mem, struct pv_gate_answer *out, struct pv_error *error)
{
	struct pv_judging judging = {.row = &out->variant,
		.at_us = pv_variant_at(&out->variant, pv_env_now_us(desk->env)),
		.sending = true};
	struct pv_judged judged;
	bool waits = false, fit = true;
	enum pv_status status = pv_variant_links_fit(mem, &out->variant, &fit, error);
	if (status == PV_OK && !fit) {
		shut(out, PV_GATE_POLICY, pv_words_too_many_links.fr, pv_words_too_many_links.en);
		return PV_OK;
	}
	if (status == PV_OK)
		status = pv_variant_judge_waits(desk, mem, &judging, &judged, &waits, error);
	if (status == PV_OK)
		status = pv_variant_keep_judged(desk, &out->variant, "sending", &judged, error);
	if (status != PV_OK || judged.verdict <= PV_VERDICT_WARN)
		return status;
	shut(out, waits ? PV_GATE_SWITCH : PV_GATE_POLICY, judged.answer.explanation.fr,
		judged.answer.explanation.en);
	out->review = judged.verdict == PV_VERDICT_APPROVE;
	return PV_OK;
}

enum pv_status pv_desk_publication_gate(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_gate_answer *out,
	struct pv_error *error)
{
	struct pv_gate_answer answer = {.gate = PV_GATE_OPEN};
	enum pv_status status = check_same(desk, mem, publication, &answer, error);
	if (status == PV_OK && answer.gate == PV_GATE_OPEN)
		status = check_house(desk, mem, publication, &answer, error);
	if (status == PV_OK && answer.gate == PV_GATE_OPEN)
		status = check_policy(desk, mem, &answer, error);
	if (status == PV_OK)
		*out = answer;
	return status;
}

/* ---- after ------------------------------------------------------------------------------------- */

/* The variant behind a publication, gone or not; *found false when it was removed. */
static enum pv_status find_variant(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_variant_row *out, bool *found,
	struct pv_error *error)
{
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_variant_find(desk->db, mem, publication->variant_id, out, &lost);
	*found = status == PV_OK;
	if (status == PV_NOT_FOUND)
		return PV_OK;
	if (status != PV_OK && error)
		*error = lost;
	return status;
}

/* An answer stands in its conversation as "out", under the message it answers. */
static enum pv_status join_conversation(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, const struct pv_variant_row *variant,
	struct pv_error *error)
{
	struct pv_message_row parent;
	struct pv_conversation_row conversation;
	enum pv_status status = pv_message_find(desk->db, mem, variant->reply_to, &parent, error);
	if (status == PV_OK)
		status = pv_conversation_find(
			desk->db, mem, parent.conversation_id, &conversation, error);
	if (status != PV_OK)
		return status;
	char digest[PV_DIGEST_SIZE];
	char id[PV_ID_SIZE];
	bool is_new;
	const char *remote = *publication->remote_id ? publication->remote_id : publication->id;
	pv_digest(remote, strlen(remote), digest);
	struct pv_message_row row = {
		.id = pv_id_new(desk->env, id),
		.organization_id = publication->organization_id,
		.conversation_id = parent.conversation_id,
		.account_id = publication->account_id,
		.remote_id = remote,
		.remote_digest = digest,
		.parent_remote = parent.remote_id,
		.direction = "out",
		.author_name = variant->account_name,
		.author_handle = variant->account_handle,
		.url = publication->permalink,
		.text = variant->text,
		.language = "",
		.state = "shown",
		.publication_id = publication->id,
		.said_at_us = publication->published_at_us,
		.seen_at_us = pv_env_now_us(desk->env),
	};
	status = pv_message_keep(desk->db, &row, &is_new, error);
	if (status != PV_OK)
		return status;
	conversation.state = "answered";
	conversation.unread = 0;
	if (row.said_at_us > conversation.last_at_us)
		conversation.last_at_us = row.said_at_us;
	return pv_conversation_update(desk->db, &conversation, error);
}

enum pv_status pv_desk_variant_sent(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_error *error)
{
	struct pv_variant_row variant;
	bool found;
	enum pv_status status = find_variant(desk, mem, publication, &variant, &found, error);
	if (status != PV_OK || !found)
		return status;
	status = pv_variant_move(
		desk->db, &variant, variant.stage, "done", variant.submitted_at_us, error);
	/* It was counted when it was planned, with what the judgement found: only its time moves. */
	bool counted = true;
	if (status == PV_OK)
		status = pv_counted_move(desk->db, variant.id, variant.organization_id,
			publication->published_at_us, &counted, error);
	if (status == PV_OK && !counted)
		status = pv_variant_count(
			desk, mem, &variant, publication->published_at_us, NULL, error);
	if (status == PV_OK && variant.reply_to)
		status = join_conversation(desk, mem, publication, &variant, error);
	return status;
}

static enum pv_status leave(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, const char *stage, struct pv_error *error)
{
	struct pv_variant_row variant;
	bool found;
	enum pv_status status = find_variant(desk, mem, publication, &variant, &found, error);
	if (status == PV_OK && found)
		status = pv_variant_move(
			desk->db, &variant, variant.stage, stage, variant.submitted_at_us, error);
	if (status != PV_OK)
		return status;
	return pv_counted_remove(
		desk->db, publication->variant_id, publication->organization_id, error);
}

enum pv_status pv_desk_variant_stopped(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, struct pv_error *error)
{
	return leave(desk, mem, publication, "stopped", error);
}

enum pv_status pv_desk_variant_returned(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_publication_row *publication, bool review, struct pv_error *error)
{
	return leave(desk, mem, publication, review ? "review" : "sent_back", error);
}
