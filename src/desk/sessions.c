/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/sessions.h"
#include "desk/audit.h"
#include "desk/check.h"
#include "desk/people.h"
#include "desk/people_make.h"
#include "desk/turn.h"
#include "desk/waiting.h"

#include "base/str.h"
#include "store/idempotency.h"
#include "store/throttle.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#define SEEN_EVERY_US (5 * PV_MINUTE_US)
#define IDEMPOTENCY_KEPT_US (2 * PV_DAY_US)

/* ---- how long to wait ------------------------------------------------------------------------ */

struct counters {
	const char *login, *address; /* names in the table */
	int64_t address_until_us;    /* as it was before this try */
	bool address_known;          /* this person has signed in from there */
};

static enum pv_status counters_name(TALLOC_CTX *mem, const struct pv_sign_in *typed,
	const char *login, struct counters *out, struct pv_error *error)
{
	char digest[PV_DIGEST_SIZE];
	pv_digest(login, strlen(login), digest);
	*out = (struct counters){
		.login = talloc_asprintf(mem, "login:%s", digest),
		.address = talloc_asprintf(mem, "address:%.100s", typed->address),
	};
	return out->login && out->address ? PV_OK : pv_fail_nomem(error);
}

static enum pv_status address_known(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char *address, bool *out, struct pv_error *error)
{
	struct pv_session_row *rows = NULL;
	size_t n = 0;
	enum pv_status status = pv_session_list(
		desk->db, mem, person_id, pv_env_now_us(desk->env), &rows, &n, error);
	for (size_t i = 0; status == PV_OK && i < n; i++)
		*out |= strcmp(rows[i].address, address) == 0;
	return status;
}

/*
 * An address from which this person has signed in does not wait for the failures of others: guessing
 * from elsewhere keeps nobody out.
 */
static enum pv_status take_a_try(
	struct pv_desk *desk, struct counters *c, int64_t *out_wait_s, struct pv_error *error)
{
	int64_t until_us = 0;
	struct pv_throttle_row login = {0}, address = {0};
	enum pv_status status = pv_throttle_find(desk->db, c->login, &login, error);
	if (status == PV_OK)
		status = pv_throttle_find(desk->db, c->address, &address, error);
	if (status != PV_OK)
		return status;
	if (!c->address_known)
		until_us = login.until_at_us;
	if (address.until_at_us > until_us)
		until_us = address.until_at_us;
	status = pv_waiting_over(desk, until_us, out_wait_s, error);
	c->address_until_us = address.until_at_us;
	if (status == PV_OK)
		status = pv_waiting_count(desk, c->login, PV_FREE_TRIES_LOGIN, error);
	if (status == PV_OK)
		status = pv_waiting_count(desk, c->address, PV_FREE_TRIES_ADDRESS, error);
	return status;
}

/* ---- signing in ------------------------------------------------------------------------------ */

static pthread_once_t nobody_once = PTHREAD_ONCE_INIT;
static char nobody_hash[200]; /* "": memory was out; nothing matches it */

static void nobody_make(void)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	char *hash = NULL;
	if (pv_password_hash(scope, "nobody signs in with this", &hash, NULL) == PV_OK)
		strncpy(nobody_hash, hash, sizeof nobody_hash - 1);
}

/* The same work for a login nobody has as for a wrong password. */
static bool password_right(const struct pv_person_row *person, const char *password)
{
	pthread_once(&nobody_once, nobody_make);
	const char *hash = person && person->password ? person->password : nobody_hash;
	bool right =
		hash && strlen(password) <= PV_PASSWORD_MAX && pv_password_matches(hash, password);
	return right && person && person->password && person->disabled_at_us == PV_TIME_NONE;
}

static const char *lower(TALLOC_CTX *mem, const char *text)
{
	char *copy = talloc_strndup(mem, text, PV_LOGIN_MAX + 1);
	for (char *c = copy; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static enum pv_status insert_session(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_person_row *person, const char *address, const char *agent,
	struct pv_signed_in *out, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	const char *secret = pv_secret_new(mem, desk->env);
	char *digest = talloc_array(mem, char, PV_DIGEST_SIZE);
	const struct pv_session_row row = {
		.digest = digest,
		.person_id = person->id,
		.csrf = pv_secret_new(mem, desk->env),
		.agent = talloc_strndup(mem, agent ? agent : "", PV_AGENT_MAX),
		.address = talloc_strndup(mem, address ? address : "", 100),
		.created_at_us = now_us,
		.seen_at_us = now_us,
		.expires_at_us = now_us + PV_SESSION_US,
	};
	if (!secret || !digest || !row.csrf || !row.agent || !row.address)
		return pv_fail_nomem(error);
	pv_digest(secret, strlen(secret), digest);
	enum pv_status status = pv_session_insert(desk->db, &row, error);
	const struct pv_actor self = {.person_id = person->id, .may_write = true};
	const struct pv_audit_note note = {.organization_id = person->home_id,
		.verb = "session.open",
		.object = person->id,
		.after = pv_audit_pack(mem, "{s:s}", "address", row.address)};
	if (status == PV_OK)
		status = pv_desk_audit(desk, &self, &note, error);
	if (status != PV_OK)
		return status;
	*out = (struct pv_signed_in){
		.login = {.actor = self, .person = *person, .session_id = digest, .csrf = row.csrf},
		.secret = secret,
		.expires_at_us = row.expires_at_us,
	};
	pv_person_hide(&out->login.person);
	return PV_OK;
}

static enum pv_status wrong(struct pv_error *error)
{
	return pv_fail(error, PV_UNAUTHENTICATED, "L'adresse ou le mot de passe n'est pas le bon.",
		"The address or the password is not right.");
}

/* What is known of the login before a password is looked at. */
static enum pv_status sign_in_begin(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_sign_in *typed, struct counters *counters, struct pv_person_row *person,
	bool *out_known, int64_t *out_wait_s, struct pv_error *error)
{
	struct pv_error absent = PV_ERROR_IN(mem);
	const char *login = lower(mem, typed->login);
	struct pv_turn turn;
	if (!login)
		return pv_fail_nomem(error);
	enum pv_status status = counters_name(mem, typed, login, counters, error);
	if (status == PV_OK)
		status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_person_find_login(desk->db, mem, login, person, &absent);
	*out_known = status == PV_OK;
	if (status == PV_OK)
		status = address_known(
			desk, mem, person->id, typed->address, &counters->address_known, error);
	else if (status == PV_NOT_FOUND)
		status = PV_OK;
	else
		pv_fail(error, status, absent.words.fr, absent.words.en, "");
	if (status == PV_OK)
		status = take_a_try(desk, counters, out_wait_s, error);
	return pv_turn_end(&turn, status, error);
}

/* The right password: its login's failures are forgotten, and this try was none of the address's. */
static enum pv_status sign_in_end(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_sign_in *typed, const struct counters *counters,
	const struct pv_person_row *person, struct pv_signed_in *out, struct pv_error *error)
{
	struct pv_turn turn;
	struct pv_person_row present;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status != PV_OK)
		return status;
	status = pv_person_find(desk->db, mem, person->id, &present, error);
	if (status == PV_OK && (present.disabled_at_us != PV_TIME_NONE ||
				       !pv_streq(present.password, person->password)))
		status = wrong(error);
	if (status == PV_OK)
		status = pv_throttle_clear(desk->db, counters->login, error);
	if (status == PV_OK)
		status = pv_throttle_undo(
			desk->db, counters->address, counters->address_until_us, error);
	if (status == PV_OK)
		status = insert_session(
			desk, mem, &present, typed->address, typed->agent, out, error);
	return pv_turn_end(&turn, status, error);
}

enum pv_status pv_desk_sign_in(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_sign_in *typed, struct pv_signed_in *out, int64_t *out_wait_s,
	struct pv_error *error)
{
	struct counters counters = {0};
	struct pv_person_row person;
	struct pv_signed_in in;
	bool known = false;
	enum pv_status status =
		sign_in_begin(desk, mem, typed, &counters, &person, &known, out_wait_s, error);
	if (status != PV_OK)
		return status;
	if (!password_right(known ? &person : NULL, typed->password))
		return wrong(error);
	status = sign_in_end(desk, mem, typed, &counters, &person, &in, error);
	if (status == PV_OK)
		*out = in;
	return status;
}

enum pv_status pv_desk_session_open(struct pv_desk *desk, TALLOC_CTX *mem, const char *person_id,
	const char *address, const char *agent, struct pv_signed_in *out, struct pv_error *error)
{
	struct pv_person_row person;
	struct pv_signed_in in;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_person_find(desk->db, mem, person_id, &person, error);
	if (status == PV_OK && person.disabled_at_us != PV_TIME_NONE)
		status = wrong(error);
	if (status == PV_OK)
		status = insert_session(desk, mem, &person, address, agent, &in, error);
	status = pv_turn_end(&turn, status, error);
	if (status == PV_OK)
		*out = in;
	return status;
}

/* ---- sessions that stand --------------------------------------------------------------------- */

enum pv_status pv_desk_session_check(struct pv_desk *desk, TALLOC_CTX *mem, const char *secret,
	struct pv_login *out, struct pv_error *error)
{
	struct pv_session_row session;
	struct pv_person_row person;
	char digest[PV_DIGEST_SIZE];
	int64_t now_us = pv_env_now_us(desk->env);
	pv_digest(secret, strlen(secret), digest);
	enum pv_status status =
		pv_session_find(desk->db, mem, digest, now_us, &session, &person, error);
	if (status == PV_NOT_FOUND)
		return pv_fail(error, PV_UNAUTHENTICATED, "Ouvrez une session.", "Sign in.");
	if (status != PV_OK)
		return status;
	/* Seldom: every other request only reads; and a full disk keeps nobody from reading. */
	if (now_us - session.seen_at_us > SEEN_EVERY_US)
		pv_session_touch(desk->db, digest, now_us, now_us + PV_SESSION_US, NULL);
	pv_person_hide(&person);
	*out = (struct pv_login){
		.actor = {.person_id = person.id, .may_write = true},
		.person = person,
		.session_id = session.digest,
		.csrf = session.csrf,
	};
	return PV_OK;
}

bool pv_desk_csrf_right(const struct pv_login *login, const char *csrf)
{
	return login->csrf && csrf && pv_secret_equal(login->csrf, csrf);
}

static enum pv_status end_session(
	struct pv_desk *desk, const char *person_id, const char *session_id, struct pv_error *error)
{
	int64_t deleted = 0;
	enum pv_status status = pv_session_delete(desk->db, person_id, session_id, &deleted, error);
	if (status == PV_OK && deleted == 0)
		return pv_fail(error, PV_NOT_FOUND, "Il n'y a pas de telle session.",
			"There is no such session.");
	return status;
}

static enum pv_status end_audited(struct pv_desk *desk, const struct pv_actor *actor,
	const char *session_id, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_person_row person;
	struct pv_turn turn;
	enum pv_status status = pv_turn_begin(&turn, desk, error);
	if (status == PV_OK)
		status = pv_person_find(desk->db, scope, actor->person_id, &person, error);
	if (status == PV_OK)
		status = end_session(desk, actor->person_id, session_id, error);
	if (status == PV_OK) {
		const struct pv_audit_note note = {.organization_id = person.home_id,
			.verb = "session.end",
			.object = person.id};
		status = pv_desk_audit(desk, actor, &note, error);
	}
	return pv_turn_end(&turn, status, error);
}

enum pv_status pv_desk_sign_out(
	struct pv_desk *desk, const struct pv_login *login, struct pv_error *error)
{
	if (!login->session_id)
		return PV_OK;
	return end_audited(desk, &login->actor, login->session_id, error);
}

enum pv_status pv_desk_session_list(struct pv_desk *desk, TALLOC_CTX *mem,
	const struct pv_actor *actor, struct pv_session_row **out, size_t *out_n,
	struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_person_of(actor, false, &id, error);
	if (status != PV_OK)
		return status;
	return pv_session_list(desk->db, mem, id, pv_env_now_us(desk->env), out, out_n, error);
}

enum pv_status pv_desk_session_end(struct pv_desk *desk, const struct pv_actor *actor,
	const char *session_id, struct pv_error *error)
{
	const char *id = NULL;
	enum pv_status status = pv_desk_person_of(actor, true, &id, error);
	return status == PV_OK ? end_audited(desk, actor, session_id, error) : status;
}

enum pv_status pv_desk_sweep(struct pv_desk *desk, struct pv_error *error)
{
	int64_t now_us = pv_env_now_us(desk->env);
	enum pv_status status = pv_session_sweep(desk->db, now_us, error);
	if (status == PV_OK)
		status = pv_throttle_sweep(desk->db, now_us - PV_FAILURES_FORGOTTEN_US, error);
	if (status == PV_OK)
		status = pv_idempotency_sweep(desk->db, now_us - IDEMPOTENCY_KEPT_US, error);
	return status;
}
