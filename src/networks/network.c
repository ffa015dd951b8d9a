/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/network.h"

#include "base/json.h"
#include "base/mem.h"

#include <string.h>

const char *pv_answer_name(enum pv_answer answer)
{
	static const char *const names[] = {
		[PV_ANSWER_YES] = "yes",
		[PV_ANSWER_NO] = "no",
		[PV_ANSWER_LATER] = "later",
		[PV_ANSWER_UNKNOWN] = "unknown",
	};
	return names[answer];
}

static const struct {
	const char *name;
	struct pv_words words;
} reasons[] = {
	[PV_REASON_NONE] = {"none", {"", ""}},
	[PV_REASON_PERMANENT] = {"permanent",
		{"Le réseau ne prend pas cette publication telle qu'elle est.",
			"The network does not take this post as it stands."}},
	[PV_REASON_SIGN_IN] = {"sign_in",
		{"Le réseau ne reconnaît plus ce compte : connectez-le de nouveau.",
			"The network no longer knows this account: connect it again."}},
	[PV_REASON_PERMISSION] = {"permission",
		{"Ce compte n'a pas le droit de faire cela sur le réseau.",
			"This account may not do that on the network."}},
	[PV_REASON_DUPLICATE] = {"duplicate",
		{"Le réseau dit avoir déjà cette publication.",
			"The network says that it has this post already."}},
	[PV_REASON_TOO_LARGE] = {"too_large",
		{"Le texte ou une image dépasse ce que le réseau accepte.",
			"The text or a picture is over what the network takes."}},
	[PV_REASON_RULES] = {"rules",
		{"Le réseau refuse cette publication au nom de ses propres règles.",
			"The network refuses this post by its own rules."}},
	[PV_REASON_RATE_LIMIT] = {"rate_limit",
		{"Le réseau demande d'attendre : la publication partira plus tard.",
			"The network asks to wait: the post will leave later."}},
	[PV_REASON_OUTAGE] = {"outage",
		{"Le réseau ne répond pas ; rien n'est parti. Un nouvel essai suivra.",
			"The network cannot be reached; nothing has left. It will be tried "
			"again."}},
	[PV_REASON_NO_ANSWER] = {"no_answer",
		{"La publication est partie et aucune réponse entière n'est revenue : le bureau "
		 "vérifie.",
			"The post has left and no whole answer came back: the desk is checking."}},
	[PV_REASON_ODD_ANSWER] = {"odd_answer",
		{"La publication est partie et la réponse ne se comprend pas : le bureau vérifie.",
			"The post has left and the answer cannot be understood: the desk is "
			"checking."}},
};

const char *pv_reason_name(enum pv_reason reason)
{
	return reasons[reason].name;
}

struct pv_words pv_reason_words(enum pv_reason reason)
{
	return reasons[reason].words;
}

/* Those a person may connect come first; lists end before the fake. */
static const struct pv_network *const networks[] = {
	&pv_network_journal,
	&pv_network_bluesky,
	&pv_network_mastodon,
	&pv_network_fake,
};

const struct pv_network *pv_network_find(const char *name)
{
	for (size_t i = 0; name && i < PV_COUNT(networks); i++)
		if (strcmp(networks[i]->name, name) == 0)
			return networks[i];
	return NULL;
}

const struct pv_network *const *pv_network_all(size_t *out_n)
{
	*out_n = PV_COUNT(networks) - 1;
	return networks;
}

int64_t pv_network_idempotent_us(
	const struct pv_network *network, const struct pv_network_account *account)
{
	return network->idempotent_for ? network->idempotent_for(account) : network->idempotent_us;
}

static int64_t setting(const json_t *settings, const char *name, int64_t otherwise, int64_t most)
{
	int64_t value = pv_json_int(settings, name, otherwise);
	return value > 0 && value <= most ? value : otherwise;
}

struct pv_network_limits pv_network_limits_of(
	const struct pv_network *network, const char *settings)
{
	struct pv_network_limits limits = network->limits;
	PV_JSON json_t *read = NULL;
	if (!settings || pv_json_parse(settings, strlen(settings), &read, NULL) != PV_OK)
		return limits;
	limits.text_max = (int)setting(read, "text_max", limits.text_max, 10000000);
	limits.media_max = (int)setting(read, "media_max", limits.media_max, 100);
	limits.media_bytes_max = (size_t)setting(
		read, "media_bytes_max", (int64_t)limits.media_bytes_max, INT64_C(1) << 30);
	limits.alt_required = pv_json_bool(read, "alt_required", limits.alt_required);
	return limits;
}
