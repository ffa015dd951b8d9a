/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/today.h"
#include "base/instant.h"
#include "desk/check.h"
#include "desk/reviews.h"
#include "store/today.h"
#include "text/unicode.h"

#include <string.h>

enum { ROWS_MAX = 20, WORDS_MAX = 60 };

/* How a kind is shown, and where it leads; the words have one place for the thing's first words. */
static const struct shown {
	const char *kind, *route;
	enum pv_today_kind from; /* PV_TODAY_KINDS: reviews, which the desk counts itself */
	struct pv_words title;
} shown[] = {
	{"uncertain", "publication", PV_TODAY_UNCERTAIN,
		{"Est-ce parti? « %s »", "Did it leave? “%s”"}},
	{"undecided", "publication", PV_TODAY_UNDECIDED,
		{"Attend votre décision : « %s »", "Waits for your decision: “%s”"}},
	{"sign_in", "account", PV_TODAY_SIGN_IN,
		{"%s : connectez de nouveau ce compte", "%s: connect this account again"}},
	{"lapsed", "variant", PV_TODAY_LAPSED,
		{"Pas parti, faute d'approbation à temps : « %s »",
			"Did not leave, for want of approval in time: “%s”"}},
	{"sent_back", "variant", PV_TODAY_SENT_BACK,
		{"À revoir : « %s »", "To look at again: “%s”"}},
	{"held", "variant", PV_TODAY_HELD,
		{"Retenu par la politique : « %s »", "Held by the policy: “%s”"}},
	{"review", "variant", PV_TODAY_KINDS,
		{"Attend votre approbation : « %s »", "Waits for your approval: “%s”"}},
	{"held_comment", "conversation", PV_TODAY_HELD_COMMENT,
		{"Commentaire à lire : « %s »", "A comment to read: “%s”"}},
	{"conversation", "conversation", PV_TODAY_CONVERSATION,
		{"On vous a écrit : « %s »", "Someone wrote: “%s”"}},
	{"due_soon", "variant", PV_TODAY_DUE_SOON, {"Part bientôt : « %s »", "Leaves soon: “%s”"}},
	{"feed_failing", "source", PV_TODAY_FEED_FAILING,
		{"Ce flux ne se lit plus : %s", "This feed can no longer be read: %s"}},
	{"item", "item", PV_TODAY_ITEM, {"Nouvel article : « %s »", "A new article: “%s”"}},
	{"open_conversation", NULL, PV_TODAY_OPEN, {NULL, NULL}}, /* a figure; no item of its own */
};

static enum pv_status add(struct pv_today *today, TALLOC_CTX *mem, const struct shown *as,
	const struct pv_today_row *row, struct pv_error *error)
{
	if (today->n_items >= PV_TODAY_MAX)
		return PV_OK;
	char *words = NULL;
	enum pv_status status = pv_text_excerpt(mem, pv_str(row->text), WORDS_MAX, &words, error);
	if (status != PV_OK)
		return status;
	struct pv_today_item item = {
		.kind = as->kind,
		.at_us = row->at_us,
		.organization_id = row->organization_id,
		.organization_slug = row->organization_slug,
		.organization_name = row->organization_name,
		.organization_colour = row->organization_colour,
		.title = {talloc_asprintf(mem, as->title.fr, words),
			talloc_asprintf(mem, as->title.en, words)},
		.route = as->route,
		.id = row->id,
	};
	if (!item.title.fr || !item.title.en)
		return pv_fail_nomem(error);
	today->items[today->n_items++] = item;
	return PV_OK;
}

/* Those this person may indeed approve. */
static enum pv_status add_reviews(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct shown *as, struct pv_today *today,
	int64_t *out_total, struct pv_error *error)
{
	struct pv_desk_variant *waiting;
	size_t n;
	enum pv_status status = pv_desk_review_waiting(desk, mem, actor, &waiting, &n, error);
	*out_total = 0;
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		const struct pv_variant_row *row = &waiting[i].row;
		if (!waiting[i].acts.review)
			continue;
		++*out_total;
		const struct pv_today_row shown_row = {
			.id = row->id,
			.organization_id = row->organization_id,
			.organization_slug = row->organization_slug,
			.organization_name = row->organization_name,
			.organization_colour = row->organization_colour,
			.at_us = row->due_at_us == PV_TIME_NONE ? row->submitted_at_us
								: row->due_at_us,
			.text = row->text,
		};
		status = add(today, mem, as, &shown_row, error);
	}
	return status;
}

static enum pv_status add_kind(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const struct shown *as, struct pv_today *today, int64_t *out_total, struct pv_error *error)
{
	if (as->from == PV_TODAY_KINDS)
		return add_reviews(desk, mem, actor, as, today, out_total, error);
	struct pv_today_row *rows;
	size_t n;
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_today_waiting(desk->db, mem, as->from, actor->person_id, now_us,
		now_us + PV_TODAY_DUE_SOON_H * PV_HOUR_US, as->route ? ROWS_MAX : 0, &rows, &n,
		out_total, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		status = add(today, mem, as, &rows[i], error);
	return status;
}

enum pv_status pv_desk_today(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_today *out, struct pv_error *error)
{
	const char *person_id;
	struct pv_today today = {
		.items = talloc_zero_array(mem, struct pv_today_item, PV_TODAY_MAX),
		.counts = talloc_zero_array(mem, struct pv_today_count, PV_COUNT(shown)),
		.n_counts = PV_COUNT(shown),
	};
	enum pv_status status = pv_desk_person_of(actor, false, &person_id, error);
	if (status == PV_OK && (!today.items || !today.counts))
		status = pv_fail_nomem(error);
	for (size_t i = 0; status == PV_OK && i < PV_COUNT(shown); i++) {
		today.counts[i].kind = shown[i].kind;
		status = add_kind(desk, mem, actor, &shown[i], &today, &today.counts[i].n, error);
	}
	if (status == PV_OK)
		*out = today;
	return status;
}
