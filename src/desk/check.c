/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/check.h"
#include "desk/people.h"
#include "desk/organizations.h"

#include "base/id.h"
#include "base/utf8.h"
#include "store/organization.h"
#include "text/zone.h"

#include <ctype.h>
#include <string.h>

const char *const pv_languages[] = {"fr", "en", NULL};
const char *const pv_themes[] = {"auto", "light", "dark", NULL};
const char *const pv_role_names[] = {"owner", "editor", "reviewer", "analyst", "reader", NULL};

/* Something, an @, a name with a dot or not, no blanks: the rest only sending would tell. */
static bool login_valid(const char *login)
{
	const char *at = strrchr(login, '@');
	if (!at || at == login || !at[1])
		return false;
	for (const unsigned char *c = (const unsigned char *)login; *c; c++)
		if (*c <= ' ' || *c == 0x7F || strchr("<>()[],;:\\\"", *c))
			return false;
	return at[1] != '.' && at[strlen(at) - 1] != '.';
}

const char *pv_form_login(struct pv_form *form, const char *name, enum pv_form_need need)
{
	const char *typed = pv_form_text(form, name, PV_LOGIN_MAX, need);
	char *login = typed && *typed ? talloc_strdup(form->mem, typed) : NULL;
	if (!login)
		return NULL;
	for (char *c = login; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (login_valid(login))
		return login;
	pv_form_problem(form, name, "Une adresse de courriel est attendue (nom@exemple.org).",
		"An e-mail address is expected (name@example.org).");
	return NULL;
}

const char *pv_form_zone(struct pv_form *form, const char *name, enum pv_form_need need)
{
	const char *zone = pv_form_text(form, name, PV_NAME_MAX, need);
	struct pv_zone *opened = NULL;
	if (!zone || !*zone)
		return NULL;
	enum pv_status status = pv_zone_open(form->mem, zone, &opened, NULL);
	if (status == PV_NOMEM)
		form->nomem = form->failed = true;
	if (status != PV_OK)
		pv_form_problem(form, name,
			"Ce fuseau n'est pas connu; écrivez-le comme America/Toronto.",
			"This time zone is not known; write it like America/Toronto.");
	talloc_free(opened);
	return status == PV_OK ? zone : NULL;
}

static size_t characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += !pv_utf8_tail((unsigned char)*text);
	return n;
}

const char *pv_form_password(
	struct pv_form *form, const char *name, const char *login, enum pv_form_need need)
{
	const char *password = pv_form_secret(form, name, PV_PASSWORD_MAX, need);
	if (!password)
		return NULL;
	if (characters(password) < PV_PASSWORD_MIN) {
		pv_form_problem(form, name,
			"Dix caractères au moins; une phrase entière convient bien.",
			"Ten characters at least; a whole sentence does well.");
		return NULL;
	}
	if (login && strcasecmp(password, login) == 0) {
		pv_form_problem(form, name, "Choisissez autre chose que votre adresse.",
			"Choose something else than your address.");
		return NULL;
	}
	return password;
}

const char *pv_form_policy_roles(struct pv_form *form, const char *name)
{
	return pv_form_texts(form, name, PV_POLICY_ROLES_MAX, PV_SLUG_MAX, NULL, NULL);
}

enum pv_status pv_desk_person_of(
	const struct pv_actor *actor, bool writes, const char **out, struct pv_error *error)
{
	if (actor->is_desk)
		return pv_fail(error, PV_DENIED, "Il faut dire pour qui.", "Say for whom.");
	if (!actor->person_id)
		return pv_fail(
			error, PV_UNAUTHENTICATED, "Ouvrez d'abord une session.", "Sign in first.");
	if (writes && !actor->may_write)
		return pv_fail(error, PV_DENIED, "Ce jeton ne permet que de lire.",
			"This token allows reading only.");
	*out = actor->person_id;
	return PV_OK;
}

enum pv_status pv_desk_only(const struct pv_actor *actor, struct pv_error *error)
{
	if (actor->is_desk)
		return PV_OK;
	return pv_fail(error, PV_DENIED, "Cela se fait sur la machine du bureau, par commande.",
		"This is done on the desk's own machine, by command.");
}

enum pv_status pv_desk_organization_id(struct pv_desk *desk, TALLOC_CTX *mem,
	const char *id_or_slug, const char **out, struct pv_error *error)
{
	struct pv_organization_row row;
	if (pv_id_valid(id_or_slug)) {
		*out = id_or_slug;
		return PV_OK;
	}
	enum pv_status status = pv_organization_find_slug(desk->db, mem, id_or_slug, &row, error);
	if (status == PV_OK)
		*out = row.id;
	return status;
}

enum pv_status pv_desk_organization_may(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id_or_slug, enum pv_power power, const char **out,
	struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_organization_id(desk, mem, id_or_slug, &id, error);
	if (status == PV_OK)
		status = pv_desk_may(desk, actor, id, power, error);
	if (status == PV_OK)
		*out = id;
	return status;
}

const char *pv_desk_link(
	const struct pv_desk *desk, TALLOC_CTX *mem, const char *place, const char *secret)
{
	return talloc_asprintf(
		mem, "%s/#/%s?token=%s", desk->base_url ? desk->base_url : "", place, secret);
}
