/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/today.h"

#include "store/today.h"

#include <string.h>

enum { TITLE_MAX = 90 }; /* bytes of what it is about */

static const struct kind {
	const char *name, *route;
	struct pv_words lead;
} kinds[PV_WAITINGS] = {
	[PV_WAITING_UNCERTAIN] = {"uncertain", "variant", {"À trancher", "To settle"}},
	[PV_WAITING_SIGN_IN] = {"sign_in", "account",
		{"Compte à connecter de nouveau", "Account to connect again"}},
	[PV_WAITING_SENT_BACK] = {"sent_back", "variant",
		{"Renvoyé avec un mot", "Sent back with a word"}},
	[PV_WAITING_REVIEW] = {"review", "variant", {"À relire", "To review"}},
	[PV_WAITING_HELD_COMMENT] = {"held_comment", "conversation",
		{"Commentaire retenu", "Comment held"}},
	[PV_WAITING_CONVERSATION] = {"conversation", "conversation",
		{"On vous écrit", "Somebody wrote"}},
	[PV_WAITING_DUE_SOON] = {"due_soon", "variant", {"Part bientôt", "Leaves soon"}},
	[PV_WAITING_FEED_FAILING] = {"feed_failing", "source", {"Flux en panne", "Feed failing"}},
	[PV_WAITING_ITEM] = {"item", "item", {"Nouvel article", "New article"}},
};

/* Its first line, cut between characters. */
static const char *excerpt(TALLOC_CTX *mem, const char *text)
{
	size_t n = strcspn(text, "\r\n");
	bool whole = n <= TITLE_MAX && text[n] == 0;
	if (n > TITLE_MAX) {
		n = TITLE_MAX;
		while (n && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
	}
	return talloc_asprintf(mem, "%.*s%s", (int)n, text, whole ? "" : "…");
}

static bool add_item(TALLOC_CTX *mem, const struct kind *kind, const struct pv_waiting_row *row,
	struct pv_today_item *out)
{
	const char *about = excerpt(mem, row->words);
	*out = (struct pv_today_item){
		.kind = kind->name,
		.at_us = row->at_us,
		.organization_id = row->organization_id,
		.organization_slug = row->organization_slug,
		.organization_name = row->organization_name,
		.organization_colour = row->organization_colour,
		.route = kind->route,
		.id = row->id,
	};
	if (!about)
		return false;
	out->title.fr = talloc_asprintf(mem, "%s : %s", kind->lead.fr, about);
	out->title.en = talloc_asprintf(mem, "%s: %s", kind->lead.en, about);
	return out->title.fr && out->title.en;
}

enum pv_status pv_desk_today(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	struct pv_today *out, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	int64_t soon_us = now_us + PV_TODAY_DUE_SOON_H * PV_HOUR_US;
	if (!actor->person_id)
		return pv_fail(error, PV_DENIED, "Aujourd'hui est la page d'une personne.",
			"Today is a person's page.");
	struct pv_today today = {
		.items = talloc_array(mem, struct pv_today_item, PV_TODAY_MAX),
		.counts = talloc_array(mem, struct pv_today_count, PV_WAITINGS),
		.n_counts = PV_WAITINGS,
	};
	if (!today.items || !today.counts)
		return pv_fail_nomem(error);
	for (int i = 0; i < PV_WAITINGS; i++) {
		struct pv_waiting_row *rows = NULL;
		size_t n = 0;
		int room = PV_TODAY_MAX - (int)today.n_items;
		today.counts[i].kind = kinds[i].name;
		enum pv_status status =
			pv_waiting_list(desk->db, mem, (enum pv_waiting)i, actor->person_id, now_us,
				soon_us, room, &rows, &n, &today.counts[i].n, error);
		if (status != PV_OK)
			return status;
		for (size_t k = 0; k < n; k++)
			if (!add_item(mem, &kinds[i], &rows[k], &today.items[today.n_items++]))
				return pv_fail_nomem(error);
	}
	*out = today;
	return PV_OK;
}
