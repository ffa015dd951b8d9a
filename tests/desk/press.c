/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "press.h"

#include "desk/accounts.h"
#include "desk/organizations.h"
#include "desk/policy_life.h"
#include "desk/register.h"
#include "store/membership.h"

#include <stdio.h>
#include <string.h>

const char pv_press_policy[] =
	"policy: coop\n"
	"version: 1\n"
	"title: {fr: Essai, en: Trial}\n"
	"timezone: America/Toronto\n"
	"default: warn\n"
	"shorteners: [bit.ly]\n"
	"organisations:\n"
	"  coop: {names: [Coop du Faubourg], axes: [project, sharing, human],"
	" domains: [coop.example], handles: [\"@Coop\"]}\n"
	"  obs: {names: [Observatoire], axes: [project], domains: [obs.example],"
	" handles: [\"@Obs\"]}\n"
	"accounts:\n"
	"  coop-fb: {owner: coop, stance: organisation, platform: facebook}\n"
	"approvals: {by: [editor], count: 1, never: [author, same_interest], valid: 14 days}\n"
	"disclosures:\n"
	"  own-link:\n"
	"    position: anywhere\n"
	"    fr: [un proche de notre gestionnaire]\n"
	"    en: [a relative of our manager]\n"
	"rules:\n"
	"  - id: project\n"
	"    kind: category\n"
	"    label: {fr: \"Projet : permis.\", en: \"Project: allowed.\"}\n"
	"    when: {stance: organisation, interest: project}\n"
	"    then: allow\n"
	"  - id: own-creation\n"
	"    kind: category\n"
	"    label: {fr: \"Ses propres créations : non.\", en: \"One's own creations: no.\"}\n"
	"    when: {stance: organisation, origin: own_creation}\n"
	"    unless: {interest: project}\n"
	"    then: refuse\n"
	"  - id: own-project\n"
	"    kind: category\n"
	"    label: {fr: \"Création au service d'un projet : à confirmer.\", en: \"A creation for "
	"a project: to confirm.\"}\n"
	"    when: {stance: organisation, origin: own_creation, interest: project}\n"
	"    then: approve\n"
	"  - id: favourite\n"
	"    kind: category\n"
	"    label: {fr: \"Coup de cœur : à approuver.\", en: \"Favourite: to approve.\"}\n"
	"    when: {stance: organisation, interest: personal_favourite}\n"
	"    then: approve\n"
	"  - id: tie\n"
	"    kind: disclosure\n"
	"    label: {fr: \"Le lien est dit.\", en: \"The tie is said.\"}\n"
	"    when: {stance: organisation, relation: family}\n"
	"    say: own-link\n"
	"    then: disclose\n"
	"  - id: other-house\n"
	"    kind: neighbours\n"
	"    label: {fr: \"Pas une autre maison.\", en: \"Not another house.\"}\n"
	"    when: {stance: organisation}\n"
	"    then: refuse\n"
	"  - id: hidden\n"
	"    kind: links\n"
	"    label: {fr: \"Lien court inconnu.\", en: \"Short link unknown.\"}\n"
	"    forbid: unresolved\n"
	"    then: refuse\n"
	"  - id: rationed\n"
	"    kind: quota\n"
	"    label: {fr: \"Deux coups de cœur par 30 jours.\", en: \"Two favourites in 30 "
	"days.\"}\n"
	"    when: {stance: organisation}\n"
	"    count: {interest: personal_favourite}\n"
	"    at_most: 2\n"
	"    window: 30 days\n"
	"    then: refuse\n";

/* ---- the network ------------------------------------------------------------------------------- */

static void answer(TALLOC_CTX *mem, struct pv_http_response *out, int status, const char *body)
{
	*out = (struct pv_http_response){
		.outcome = PV_HTTP_ANSWERED,
		.status = status,
		.body = talloc_strdup(mem, body),
		.body_size = strlen(body),
		.final_url = "http://fake.example/",
	};
	out->headers = talloc_array(mem, struct pv_http_header, 2);
	out->headers[0] = (struct pv_http_header){
		"content-type", body[0] == '<' ? "text/html" : "application/json"};
	out->n_headers = 1;
	if (status == 429)
		out->headers[out->n_headers++] = (struct pv_http_header){"retry-after", "3600"};
}

static void silence(struct pv_http_response *out, bool sent)
{
	*out = (struct pv_http_response){
		.outcome = sent ? PV_HTTP_UNCERTAIN : PV_HTTP_NOT_SENT,
		.reason = sent ? "the connection was lost" : "nobody answers",
	};
}

static struct pv_press_post read_post(const struct pv_http_request *request)
{
	PV_JSON json_t *body = NULL;
	struct pv_press_post post;
	assert_int_equal(pv_json_parse(request->body, request->body_size, &body, NULL), PV_OK);
	const char *reply = pv_json_text(body, "reply_to");
	snprintf(post.key, sizeof post.key, "%s", pv_json_text(body, "key"));
	snprintf(post.text, sizeof post.text, "%s", pv_json_text(body, "text"));
	snprintf(post.reply_to, sizeof post.reply_to, "%s", reply ? reply : "");
	return post;
}

static void keep_late(struct pv_press *press, const struct pv_press_post *post)
{
	assert_true(press->n_late < PRESS_LATE_MAX);
	press->late[press->n_late++] = (struct pv_press_late){
		.post = *post, .at_us = pv_env_monotonic_us(press->env) + PRESS_LATE_MS * 1000};
}

/* What a server was still at work on is done, once its time is there. */
static void catch_up(struct pv_press *press)
{
	int64_t now_us = pv_env_monotonic_us(press->env);
	for (int i = 0; i < press->n_late;) {
		if (press->late[i].at_us > now_us) {
			i++;
			continue;
		}
		press->posts[press->n_posts++] = press->late[i].post;
		press->late[i] = press->late[--press->n_late];
	}
}

static void take_post(struct pv_press *press, TALLOC_CTX *mem,
	const struct pv_http_request *request, struct pv_http_response *out)
{
	enum pv_press_mood mood = press->moods[press->n_writes++];
	struct pv_press_post post = read_post(request);
	if (press->on_write)
		press->on_write(press);
	if (mood == PRESS_TAKE || mood == PRESS_TAKE_SILENTLY || mood == PRESS_HTML)
		press->posts[press->n_posts++] = post;
	if (mood == PRESS_TAKE_LATE)
		keep_late(press, &post);
	switch (mood) {
	case PRESS_TAKE:
		answer(mem, out, 201,
			talloc_asprintf(mem, "{\"id\":\"p%d\",\"url\":\"http://fake.example/p%d\"}",
				press->n_posts, press->n_posts));
		break;
	case PRESS_REFUSE: answer(mem, out, 422, "{\"error\":\"no\"}"); break;
	case PRESS_DUPLICATE: answer(mem, out, 409, "{\"error\":\"already\"}"); break;
	case PRESS_SLOW_DOWN: answer(mem, out, 429, "{}"); break;
	case PRESS_SIGN_IN: answer(mem, out, 401, "{}"); break;
	case PRESS_BROKEN: answer(mem, out, 500, "{}"); break;
	case PRESS_HTML: answer(mem, out, 200, "<html>hello</html>"); break;
	case PRESS_UNREACHABLE: silence(out, false); break;
	default: silence(out, true);
	}
}

static void find_posts(
	struct pv_press *press, TALLOC_CTX *mem, const char *key, struct pv_http_response *out)
{
	char *list = talloc_strdup(mem, "");
	if (press->on_find)
		press->on_find(press);
	if (press->blind) {
		answer(mem, out, 404, "<html>gone</html>");
		return;
	}
	for (int i = 0; i < press->n_posts; i++)
		if (strcmp(press->posts[i].key, key) == 0)
			list = talloc_asprintf_append(list,
				"%s{\"id\":\"p%d\",\"url\":\"http://fake.example/p%d\"}",
				*list ? "," : "", i + 1, i + 1);
	answer(mem, out, 200, talloc_asprintf(mem, "{\"posts\":[%s]}", list));
}

static enum pv_status network(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
	struct pv_http_response *out, struct pv_error *error)
{
	(void)error;
	struct pv_press *press = state;
	const char *key = strstr(request->url, "/posts?key=");
	catch_up(press);
	if (press->other && strncmp(request->url, PRESS_ADDRESS, strlen(PRESS_ADDRESS)) != 0)
		press->other(press->other_state, mem, request, out);
	else if (strcmp(request->method, "POST") == 0)
		take_post(press, mem, request, out);
	else if (key)
		find_posts(press, mem, key + strlen("/posts?key="), out);
	else if (strstr(request->url, "/account"))
		answer(mem, out, 200, "{\"id\":\"a1\",\"handle\":\"@coop\",\"name\":\"Coop\"}");
	else
		answer(mem, out, 404, "{}");
	return PV_OK;
}

/* ---- the house --------------------------------------------------------------------------------- */

static const char *add_account(struct pv_press *p, const char *network_name, const char *slug)
{
	struct pv_world *w = p->w;
	struct pv_account_row row;
	struct pv_account_link link = {.name = "Coop",
		.handle = "@coop",
		.server = strcmp(network_name, "journal") == 0 ? "" : "http://fake.example",
		.remote_id = slug,
		.secrets = "{\"token\":\"secret-token\"}"};
	json_t *form = pv_form_of(
		w, talloc_asprintf(w->mem,
			   "{'organization':'%s','network':'%s','slug':'%s','name':'Coop'}",
			   p->h->coop, network_name, slug));
	assert_ok(pv_desk_account_add(p->desk, w->mem, &p->h->owner, form, &link, &row, &w->error),
		w);
	return row.id;
}

static void give_role(struct pv_press *p, const struct pv_actor *actor, const char *role,
	const char *policy_roles)
{
	struct pv_membership_row row = {.organization_id = p->h->coop,
		.person_id = actor->person_id,
		.role = role,
		.policy_roles = policy_roles};
	assert_ok(pv_membership_update(p->w->db, &row, &p->w->error), p->w);
}

static void enter_interest(struct pv_press *p, const struct pv_actor *actor, const char *json)
{
	struct pv_interest_row row;
	assert_ok(pv_desk_interest_add(
			  p->desk, p->w->mem, actor, pv_form_of(p->w, json), &row, &p->w->error),
		p->w);
}

struct pv_desk_replay *pv_press_replay(struct pv_press *p, const char *policy_id)
{
	struct pv_desk_replay *replay = NULL;
	const struct pv_replay_in in = {0};
	assert_ok(pv_desk_policy_replay(
			  p->desk, p->w->mem, &p->h->owner, policy_id, &in, &replay, &p->w->error),
		p->w);
	return replay;
}

void pv_press_adopt(struct pv_press *p, const char *text)
{
	struct pv_world *w = p->w;
	struct pv_policy_row row;
	struct pv_policy_problems problems = {0};
	struct pv_policy_check check;
	enum pv_status status = pv_desk_policy_draft(
		p->desk, w->mem, &p->h->owner, p->h->coop, text, "", &row, &problems, &w->error);
	for (size_t i = 0; i < problems.n; i++)
		print_message("# %d:%d %s\n", problems.items[i].line, problems.items[i].column,
			problems.items[i].message.en);
	assert_ok(status, w);
	pv_press_replay(p, row.id);
	assert_ok(pv_desk_policy_adopt(p->desk, w->mem, &p->h->owner, row.id, PV_TIME_NONE, &row,
			  &check, &w->error),
		w);
}

struct pv_press *pv_press_build(struct pv_world *w)
{
	struct pv_press *p = talloc_zero(w->mem, struct pv_press);
	p->w = w;
	p->h = pv_house_build(w);
	p->desk = p->h->desk;
	assert_ok(pv_env_sim(w->mem, 7, PV_WORLD_START, network, p, &p->env, &w->error), w);
	p->desk->env = p->env;
	p->manager = p->h->editor;
	p->head = p->h->reviewer;
	p->cousin.person_id = pv_house_person(p->h, w, "cousin");
	p->cousin.may_write = true;
	pv_house_seat(p->h, w, p->h->coop, p->cousin.person_id, "reviewer", "[\"editor\"]");
	give_role(p, &p->manager, "editor", "[\"manager\"]");
	give_role(p, &p->head, "reviewer", "[\"editor\"]");
	enter_interest(p, &p->manager,
		"{'names':['Carnet'],'relation':'author','domains':['carnet.example']}");
	enter_interest(p, &p->manager,
		"{'names':['Boulangerie'],'relation':'family','domains':['pain.example']}");
	enter_interest(p, &p->cousin,
		"{'names':['Boulangerie'],'relation':'owner','domains':['pain.example']}");
	pv_press_adopt(p, pv_press_policy);
	p->account = add_account(p, "fake", "coop-fake");
	p->journal = add_account(p, "journal", "coop-journal");
	pv_press_advance(p, PV_SECOND_US);
	return p;
}

const char *pv_press_write_in(struct pv_press *p, const struct pv_variant_in *in)
{
	struct pv_desk_post *post;
	struct pv_post_in whole = {.variants = in, .n_variants = 1};
	assert_ok(pv_desk_post_create(p->desk, p->w->mem, &p->manager, &whole, &post, &p->w->error),
		p->w);
	pv_press_advance(p, PV_SECOND_US);
	return post->variants[0].row.id;
}

const char *pv_press_write(struct pv_press *p, const char *text, const char *declared)
{
	struct pv_variant_in in = {.account = p->account,
		.text = text,
		.declared = declared ? pv_form_of(p->w, declared) : NULL};
	return pv_press_write_in(p, &in);
}

struct pv_desk_variant *pv_press_see(struct pv_press *p, const char *variant_id)
{
	struct pv_desk_variant *view;
	assert_ok(pv_desk_variant_get(
			  p->desk, p->w->mem, &p->h->owner, variant_id, &view, &p->w->error),
		p->w);
	return view;
}

void pv_press_stage(struct pv_press *p, const char *variant_id, const char *stage)
{
	assert_string_equal(pv_press_see(p, variant_id)->row.stage, stage);
}

void pv_press_state(struct pv_press *p, const char *variant_id, const char *state)
{
	struct pv_desk_variant *view = pv_press_see(p, variant_id);
	assert_non_null(view->publication);
	if (strcmp(view->publication->state, state) != 0)
		print_message("# reason %s\n", view->publication->reason);
	assert_string_equal(view->publication->state, state);
}

void pv_press_advance(struct pv_press *p, int64_t by_us)
{
	pv_env_sim_advance(p->env, by_us);
}

int64_t pv_press_true_us(const struct pv_press *p)
{
	return PV_WORLD_START + pv_env_monotonic_us(p->env);
}

int pv_press_copies(const struct pv_press *p, const char *text)
{
	int n = 0;
	for (int i = 0; i < p->n_late; i++)
		n += strcmp(p->late[i].post.text, text) == 0;
	for (int i = 0; i < p->n_posts; i++)
		n += strcmp(p->posts[i].text, text) == 0;
	return n;
}
