/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/posts.h"

#include "base/json.h"
#include "desk/variants.h"
#include "store/conversation.h"
#include "store/item.h"
#include "store/person.h"

#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------- */

/* What was just made, to tell how a time that the clock shows twice was read; by id, in any order. */
struct made {
	const char *ids[PV_POST_VARIANTS_MAX];
	struct pv_words notices[PV_POST_VARIANTS_MAX];
	size_t n;
};

static const struct pv_words *notice_of(const struct made *made, const char *variant_id)
{
	for (size_t i = 0; made && i < made->n; i++)
		if (strcmp(made->ids[i], variant_id) == 0)
			return &made->notices[i];
	return NULL;
}

static enum pv_status post_view(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, const struct made *made, struct pv_desk_post **out, struct pv_error *error)
{
	struct pv_desk_post *post = talloc_zero(mem, struct pv_desk_post);
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_variant_row *rows = NULL;
	size_t n = 0;
	if (!post)
		return pv_fail_nomem(error);
	filter.post_id = id;
	filter.member_id = actor->is_desk ? NULL : actor->person_id;
	filter.limit = PV_POST_VARIANTS_MAX;
	enum pv_status status = pv_post_find(desk->db, mem, id, &post->row, error);
	if (status == PV_OK)
		status = pv_variant_list(desk->db, mem, &filter, &rows, &n, error);
	if (status != PV_OK)
		return status;
	bool is_author = actor->person_id && strcmp(actor->person_id, post->row.author_id) == 0;
	if (n == 0 && !is_author && !actor->is_desk)
		return pv_fail(error, PV_NOT_FOUND, "Cette publication n'existe pas.",
			"There is no such post.");
	post->variants = talloc_zero_array(mem, struct pv_desk_variant, n ? n : 1);
	if (!post->variants)
		return pv_fail_nomem(error);
	for (size_t i = 0; i < n; i++) {
		status = pv_variant_view(desk, mem, actor, rows[i].id, notice_of(made, rows[i].id),
			&post->variants[i], error);
		if (status != PV_OK)
			return status;
	}
	post->n_variants = n;
	*out = post;
	return PV_OK;
}

enum pv_status pv_desk_post_get(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *id, struct pv_desk_post **out, struct pv_error *error)
{
	return post_view(desk, mem, actor, id, NULL, out, error);
}

enum pv_status pv_desk_variant_get(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, struct pv_desk_variant **out,
	struct pv_error *error)
{
	struct pv_variant_row row;
	enum pv_status status = pv_variant_open(desk, mem, actor, id, PV_MAY_READ, &row, error);
	struct pv_desk_variant *view = talloc_zero(mem, struct pv_desk_variant);
	if (status != PV_OK)
		return status;
	if (!view)
		return pv_fail_nomem(error);
	status = pv_variant_view(desk, mem, actor, id, NULL, view, error);
	if (status == PV_OK)
		*out = view;
	return status;
}

enum pv_status pv_desk_variant_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_variant_filter filter, struct pv_variant_row **out,
	size_t *out_n, struct pv_error *error)
{
	if (filter.organization_id) {
		enum pv_status status =
			pv_desk_may(desk, actor, filter.organization_id, PV_MAY_READ, error);
		if (status != PV_OK)
			return status;
	}
	filter.member_id = actor->is_desk ? NULL : actor->person_id;
	if (filter.limit < 1 || filter.limit > PV_VARIANT_PAGE_MAX)
		filter.limit = 50;
	return pv_variant_list(desk->db, mem, &filter, out, out_n, error);
}

/* ---- making ------------------------------------------------------------------------------------ */

struct create {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const struct pv_post_in *in;
	struct pv_item_row item; /* item.id NULL: from scratch */
	const char *text, *title;
	const char *id;
	struct made made;
	const char *organizations[PV_POST_VARIANTS_MAX];
	bool bad;
};

/* "Title\n\naddress": where one starts from. */
static enum pv_status from_item(struct create *create, struct pv_error *error)
{
	enum pv_status status = pv_item_find(
		create->desk->db, create->mem, create->in->item_id, &create->item, error);
	if (status == PV_OK)
		status = pv_desk_may(create->desk, create->actor, create->item.organization_id,
			PV_MAY_READ, error);
	if (status != PV_OK)
		return status;
	if (!create->text)
		create->text = talloc_asprintf(create->mem, "%s%s%s", create->item.title,
			*create->item.title && *create->item.url ? "\n\n" : "", create->item.url);
	if (!create->title)
		create->title = create->item.title;
	return create->text ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status insert_post(struct create *create, struct pv_error *error)
{
	struct pv_person_row author;
	enum pv_status status = pv_person_find(
		create->desk->db, create->mem, create->actor->person_id, &author, error);
	if (status != PV_OK)
		return status;
	int64_t now_us = pv_env_now_us(create->desk->env);
	struct pv_post_row row = {
		.id = create->id,
		.organization_id = author.home_id,
		.author_id = author.id,
		.item_id = create->item.id,
		.title = create->title ? create->title : "",
		.text = create->text ? create->text : "",
		.version = 1,
		.created_at_us = now_us,
		.updated_at_us = now_us,
		.removed_at_us = PV_TIME_NONE,
	};
	status = pv_post_insert(create->desk->db, &row, error);
	if (status == PV_OK && create->item.id && strcmp(create->item.state, "new") == 0)
		status = pv_item_set_state(create->desk->db, create->item.id,
			create->item.organization_id, "used", error);
	return status;
}

/* The message that is answered must have come to this account. */
static enum pv_status check_reply_to(struct pv_desk *desk, TALLOC_CTX *mem, const char *prefix,
	const struct pv_variant_row *row, struct pv_error *error)
{
	struct pv_message_row message;
	if (!row->reply_to)
		return PV_OK;
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_message_find(desk->db, mem, row->reply_to, &message, &lost);
	if (status == PV_OK && strcmp(message.account_id, row->account_id) == 0)
		return PV_OK;
	if (status != PV_OK && status != PV_NOT_FOUND) {
		if (error)
			*error = lost;
		return status;
	}
	const char *pointer = talloc_asprintf(mem, "%s/reply_to", prefix);
	return pv_fail_field(error, pointer ? pointer : "/reply_to",
		"Ce compte n'a pas reçu ce message.", "This account received no such message.");
}

enum pv_status pv_variant_new(struct pv_desk *desk, TALLOC_CTX *mem, const struct pv_actor *actor,
	const char *post_id, const char *prefix, const struct pv_variant_in *in, const char *text,
	const char *language, struct pv_variant_row *out, struct pv_words *notice,
	struct pv_error *error)
{
	struct pv_variant_row row;
	struct pv_error lost = PV_ERROR_IN(mem);
	enum pv_status status = pv_variant_blank(desk, mem, actor, in->account, &row, &lost);
	if (status == PV_NOT_FOUND) {
		const char *pointer = talloc_asprintf(mem, "%s/account", prefix);
		return pv_fail_field(error, pointer ? pointer : "/account",
			"Ce compte n'existe pas.", "There is no such account.");
	}
	if (status != PV_OK) {
		if (error)
			*error = lost;
		return status;
	}
	struct pv_variant_in whole = *in;
	if (!whole.text)
		whole.text = text;
	if (language && *language) {
		row.languages = talloc_asprintf(mem, "[\"%s\"]", language);
		if (!row.languages)
			return pv_fail_nomem(error);
	}
	int64_t now_us = pv_env_now_us(desk->env);
	row.id = pv_id_make(mem, desk->env);
	row.post_id = post_id;
	row.reply_to = in->reply_to;
	row.edited_at_us = now_us;
	row.created_at_us = now_us;
	if (!row.id)
		return pv_fail_nomem(error);
	status = check_reply_to(desk, mem, prefix, &row, error);
	if (status == PV_OK)
		status = pv_variant_take(desk, mem, actor, prefix, &whole, &row, notice, error);
	if (status == PV_OK)
		status = pv_variant_insert(desk->db, &row, error);
	if (status == PV_OK)
		status = pv_desk_audit(desk, actor,
			&(struct pv_audit_note){.organization_id = row.organization_id,
				.verb = "variant.create",
				.object = row.id,
				.after = talloc_asprintf(mem,
					"{\"account\":\"%s\",\"digest\":\"%s\"}", row.account_id,
					row.digest)},
			error);
	if (status == PV_OK)
		*out = row;
	return status;
}

static enum pv_status insert_variants(struct create *create, struct pv_error *error)
{
	struct made *made = &create->made;
	made->n = 0;
	for (size_t i = 0; i < create->in->n_variants; i++) {
		char prefix[40];
		struct pv_variant_row row;
		struct pv_words notice = {0};
		snprintf(prefix, sizeof prefix, "/variants/%zu", i);
		enum pv_status status = pv_variant_new(create->desk, create->mem, create->actor,
			create->id, prefix, &create->in->variants[i], create->text,
			create->item.id ? create->item.language : NULL, &row, &notice, error);
		/* Go on: a person mends all fields at once. */
		create->bad = create->bad || status == PV_INVALID;
		if (status != PV_OK && status != PV_INVALID)
			return status;
		if (status != PV_OK)
			continue;
		create->organizations[i] = row.organization_id;
		made->notices[made->n] = notice;
		made->ids[made->n++] = row.id;
	}
	if (create->bad)
		return pv_fail(error, PV_INVALID, "Certains champs sont à revoir.",
			"Some fields need another look.");
	return PV_OK;
}

static enum pv_status check_post(const char *title, const char *text, struct pv_error *error)
{
	bool bad = false;
	if (title && (strlen(title) > PV_POST_TITLE_MAX || !pv_utf8_valid(title, strlen(title)))) {
		pv_fail_field(error, "/title",
			"Ce titre dépasse %d octets, ou n'est pas de l'UTF-8.",
			"This title is longer than %d bytes, or is not UTF-8.", PV_POST_TITLE_MAX);
		bad = true;
	}
	if (text && (strlen(text) > PV_POST_TEXT_MAX || !pv_utf8_valid(text, strlen(text)))) {
		pv_fail_field(error, "/text",
			"Ce texte dépasse %d octets, ou n'est pas de l'UTF-8.",
			"This text is longer than %d bytes, or is not UTF-8.", PV_POST_TEXT_MAX);
		bad = true;
	}
	if (bad)
		return pv_fail(error, PV_INVALID, "Certains champs sont à revoir.",
			"Some fields need another look.");
	return PV_OK;
}

static enum pv_status create_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct create *create = state;
	create->bad = false;
	create->text = create->in->text;
	create->title = create->in->title;
	enum pv_status status = create->in->item_id ? from_item(create, error) : PV_OK;
	if (status == PV_OK)
		status = insert_post(create, error);
	return status == PV_OK ? insert_variants(create, error) : status;
}

enum pv_status pv_desk_post_create(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const struct pv_post_in *in, struct pv_desk_post **out,
	struct pv_error *error)
{
	struct create create = {.desk = desk, .mem = mem, .actor = actor, .in = in};
	if (!actor->person_id || !actor->may_write)
		return pv_fail(error, PV_DENIED, "Écrire demande une personne qui en a le droit.",
			"Writing takes a person who may.");
	if (in->n_variants < 1 || in->n_variants > PV_POST_VARIANTS_MAX)
		return pv_fail_field(error, "/variants", "Choisissez de un à %d comptes.",
			"Choose one to %d accounts.", PV_POST_VARIANTS_MAX);
	enum pv_status status = check_post(in->title, in->text, error);
	create.id = pv_id_make(mem, desk->env);
	if (status == PV_OK && !create.id)
		return pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_db_transaction(desk->db, create_work, &create, error);
	if (status != PV_OK)
		return status;
	for (size_t i = 0; i < in->n_variants; i++)
		pv_desk_changed(desk, "variant", create.organizations[i], create.id);
	return post_view(desk, mem, actor, create.id, &create.made, out, error);
}

/* ---- changing, removing ------------------------------------------------------------------------ */

enum pv_status pv_desk_post_edit(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, const char *id, int64_t version, const char *title,
	const char *text, struct pv_desk_post **out, struct pv_error *error)
{
	struct pv_post_row row;
	enum pv_status status = pv_post_find(desk->db, mem, id, &row, error);
	if (status == PV_OK && !(actor->person_id && strcmp(actor->person_id, row.author_id) == 0))
		return pv_fail(error, PV_NOT_FOUND, "Cette publication n'existe pas.",
			"There is no such post.");
	if (status == PV_OK && !actor->may_write)
		return pv_fail(
			error, PV_DENIED, "Ce jeton ne fait que lire.", "This token only reads.");
	if (status == PV_OK)
		status = check_post(title, text, error);
	if (status != PV_OK)
		return status;
	row.version = version;
	row.title = title ? title : row.title;
	row.text = text ? text : row.text;
	row.updated_at_us = pv_env_now_us(desk->env);
	status = pv_post_update(desk->db, &row, error);
	return status == PV_OK ? post_view(desk, mem, actor, id, NULL, out, error) : status;
}

struct removal {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	const struct pv_actor *actor;
	const char *id;
	const char *organization_id;
};

/* Out of the plan and out of sight; what went out stays in the house's memory. */
static enum pv_status remove_variant(
	struct removal *removal, const struct pv_variant_row *row, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(removal->desk->env);
	enum pv_status status = pv_variant_unplan(removal->desk, removal->mem, row, error);
	if (status == PV_OK)
		status = pv_review_void(removal->desk->db, row->id, row->organization_id, NULL,
			now_us, "withdrawn", error);
	if (status == PV_OK)
		status = pv_variant_remove(
			removal->desk->db, row->id, row->organization_id, now_us, error);
	if (status == PV_OK)
		status = pv_desk_audit(removal->desk, removal->actor,
			&(struct pv_audit_note){.organization_id = row->organization_id,
				.verb = "variant.remove",
				.object = row->id,
				.before = talloc_asprintf(
					removal->mem, "{\"digest\":\"%s\"}", row->digest)},
			error);
	return status;
}

static enum pv_status remove_variant_work(struct pv_db *db, void *state, struct pv_error *error)
{
	(void)db;
	struct removal *removal = state;
	struct pv_variant_row row;
	enum pv_role role = PV_ROLE_OWNER;
	enum pv_status status = pv_variant_open(removal->desk, removal->mem, removal->actor,
		removal->id, PV_MAY_WRITE, &row, error);
	if (status == PV_OK && !removal->actor->is_desk)
		status = pv_desk_role(
			removal->desk, removal->actor, row.organization_id, &role, error);
	if (status != PV_OK)
		return status;
	bool is_author =
		removal->actor->person_id && strcmp(removal->actor->person_id, row.author_id) == 0;
	if (!is_author && role != PV_ROLE_OWNER)
		return pv_fail(error, PV_DENIED, "Seul·e l'auteur·e, ou un·e responsable, retire.",
			"Only its author, or an owner, removes it.");
	removal->organization_id = row.organization_id;
	return remove_variant(removal, &row, error);
}

enum pv_status pv_desk_variant_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct removal removal = {desk, scope, actor, id, NULL};
	enum pv_status status = pv_db_transaction(desk->db, remove_variant_work, &removal, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "variant", removal.organization_id, id);
	return status;
}

/* An author who has left a house, or only reads there now, does not empty its plan. */
static enum pv_status may_remove(
	struct removal *removal, const struct pv_variant_row *row, struct pv_error *error)
{
	enum pv_status status = pv_desk_may(
		removal->desk, removal->actor, row->organization_id, PV_MAY_WRITE, error);
	if (status != PV_NOT_FOUND && status != PV_DENIED)
		return status;
	return pv_fail(error, PV_DENIED,
		"Une variante de cette publication est à une organisation où vous n'écrivez plus : "
		"c'est à elle de la retirer.",
		"A variant of this post belongs to an organisation where you no longer write: it "
		"is for them to remove it.");
}

static enum pv_status remove_post_work(struct pv_db *db, void *state, struct pv_error *error)
{
	struct removal *removal = state;
	struct pv_post_row post;
	struct pv_variant_filter filter = PV_VARIANT_FILTER;
	struct pv_variant_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_post_find(db, removal->mem, removal->id, &post, error);
	const char *person = removal->actor->person_id;
	if (status == PV_OK && !(person && strcmp(person, post.author_id) == 0))
		return pv_fail(error, PV_NOT_FOUND, "Cette publication n'existe pas.",
			"There is no such post.");
	filter.post_id = removal->id;
	filter.limit = PV_POST_VARIANTS_MAX * 2;
	if (status == PV_OK)
		status = pv_variant_list(db, removal->mem, &filter, &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++) {
		if (strcmp(rows[i].stage, "done") == 0)
			continue;
		status = may_remove(removal, &rows[i], error);
		if (status == PV_OK)
			status = remove_variant(removal, &rows[i], error);
	}
	removal->organization_id = post.organization_id;
	return status == PV_OK ? pv_post_remove(db, post.id, post.organization_id,
					 pv_env_now_us(removal->desk->env), error)
			       : status;
}

enum pv_status pv_desk_post_remove(
	struct pv_desk *desk, const struct pv_actor *actor, const char *id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct removal removal = {desk, scope, actor, id, NULL};
	if (!actor->may_write)
		return pv_fail(
			error, PV_DENIED, "Ce jeton ne fait que lire.", "This token only reads.");
	enum pv_status status = pv_db_transaction(desk->db, remove_post_work, &removal, error);
	if (status == PV_OK)
		pv_desk_changed(desk, "variant", removal.organization_id, id);
	return status;
}
