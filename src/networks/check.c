/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "networks/wire.h"

#include "text/measure.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

/* A picture's place in the form: "/media/0/alt". */
static const char *place(TALLOC_CTX *mem, size_t i, const char *name)
{
	const char *text = talloc_asprintf(mem, "/media/%zu%s", i, name);
	return text ? text : "/media";
}

static enum pv_status check_text(TALLOC_CTX *mem, const struct pv_network *network,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	struct pv_error *error)
{
	const struct pv_text_rules *known = pv_text_rules_find(network->measure);
	if (!known)
		return PV_OK;
	struct pv_text_rules rules = *known;
	struct pv_network_limits limits = pv_network_limits_of(network, account->settings);
	PV_JSON json_t *settings = NULL;
	if (account->settings)
		pv_json_parse(account->settings, strlen(account->settings), &settings, NULL);
	if (limits.text_max > 0)
		rules.limit = (uint32_t)limits.text_max;
	int64_t link = pv_json_int(settings, "link_length", 0);
	if (link > 0 && link < 100000)
		rules.link_length = (uint32_t)link;
	struct pv_measure measure;
	struct pv_error said = PV_ERROR_IN(mem);
	enum pv_status status = pv_measure(mem, &rules, pv_str(outgoing->text), &measure, &said);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	if (status != PV_OK)
		return pv_fail_field(
			error, "/text", "%s%.0s", "%.0s%s", said.words.fr, said.words.en);
	if (!measure.valid)
		return pv_fail_field(error, "/text",
			"Le texte compte %zu signes ; %s%.0s en accepte %zu.",
			"The text counts %zu characters; %.0s%s takes %zu.", measure.length,
			network->label.fr, network->label.en, measure.limit);
	return PV_OK;
}

static bool type_known(const char *const *types, const char *type)
{
	for (; *types; types++)
		if (pv_streq(*types, type))
			return true;
	return false;
}

static void check_picture(TALLOC_CTX *mem, const struct pv_network_limits *limits,
	const char *const *types, const struct pv_outgoing_media *media, size_t i,
	struct pv_error *error)
{
	if (!media->size || (limits->media_bytes_max && media->size > limits->media_bytes_max))
		pv_fail_field(error, place(mem, i, ""),
			"Cette image pèse %zu octets ; le réseau en accepte %zu.",
			"This picture has %zu bytes; the network takes %zu.", media->size,
			limits->media_bytes_max);
	if (!type_known(types, media->type))
		pv_fail_field(error, place(mem, i, "/type"),
			"Le réseau n'accepte pas les images de cette sorte (%s).",
			"The network does not take pictures of this kind (%s).",
			media->type ? media->type : "?");
	if (limits->alt_required && (!media->alt || !*media->alt))
		pv_fail_field(error, place(mem, i, "/alt"), "Décrivez l'image en quelques mots.",
			"Describe the picture in a few words.");
}

enum pv_status pv_wire_check(const struct pv_network *network,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	const char *const *types, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	if (!scope)
		return pv_fail_nomem(error);
	/* the count of problems is the answer, also for a caller without an error to fill */
	struct pv_error own = PV_ERROR_IN(scope);
	if (!error)
		error = &own;
	struct pv_network_limits limits = pv_network_limits_of(network, account->settings);
	if (!*outgoing->text && !outgoing->n_media && !outgoing->card.url)
		pv_fail_field(error, "/text", "Écrivez quelque chose, ou joignez une image.",
			"Write something, or add a picture.");
	if (check_text(scope, network, account, outgoing, error) == PV_NOMEM)
		return PV_NOMEM;
	if (outgoing->n_media > (size_t)limits.media_max)
		pv_fail_field(error, "/media", "%zu images sont jointes ; le réseau en accepte %d.",
			"There are %zu pictures; the network takes %d.", outgoing->n_media,
			limits.media_max);
	for (size_t i = 0; i < outgoing->n_media; i++)
		check_picture(scope, &limits, types, &outgoing->media[i], i, error);
	return error->n_problems ? PV_INVALID : PV_OK;
}
