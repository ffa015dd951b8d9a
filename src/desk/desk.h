/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The desk: what the house can do, as verbs. Web, commands, dispatcher and collectors all come
 * through here; whoever asks, a role is checked once, by the verb, before anything is read or
 * written (roles.h).
 *
 *	struct pv_actor actor = {.person_id = session.person_id, .may_write = true};
 *	pv_desk_variant_submit(desk, mem, &actor, variant_id, &variant, error);
 *
 * A thing of an organisation the actor does not belong to is PV_NOT_FOUND, never PV_DENIED: nobody
 * learns what exists elsewhere. Every verb that changes something writes its audit entry in the
 * same transaction.
 *
 * Words: docs/ARCHITECTURE.md. One header a subject: identity.h (people, organisations, sessions,
 * tokens), register.h (interests), policies.h, accounts.h, sources.h, posts.h (posts and variants),
 * judging.h, reviews.h, publications.h, conversations.h, journal.h, audit.h.
 */
#ifndef PV_DESK_DESK_H
#define PV_DESK_DESK_H

#include "base/crypto.h"
#include "base/env.h"
#include "base/error.h"
#include "store/db.h"

/* Something changed that somebody may be waiting for: a browser, the dispatcher, a collector. */
struct pv_change {
	const char *kind; /* "variant", "publication", "message", "item", "policy", "pause"… */
	const char *organization_id; /* "" : everybody's */
	const char *object_id;
	int64_t done, total; /* of work that is under way, "replay" alone; 0, 0 otherwise */
};

/*
 * One a thread: it holds that thread's database connection. Everything else is shared and
 * does not change after start.
 */
struct pv_desk {
	struct pv_env *env;
	struct pv_db *db;
	const struct pv_key *key; /* seals networks' tokens */
	const char *data_dir;
	const char *database_url; /* for another thread's connection (setup.h) */
	const char *node;         /* this process's name among several */
	const char *base_url;     /* how the desk is reached, no final slash */
	/* After a commit; must return at once. NULL: nobody listens. */
	void (*changed)(void *state, const struct pv_change *change);
	void *changed_state;
};

/* Who asks. A person with a session or an API token, or the desk itself (dispatcher, collectors). */
struct pv_actor {
	const char *person_id; /* NULL: the desk itself */
	bool may_write;        /* false: a token whose scope is to read */
	bool is_desk;
};

extern const struct pv_actor pv_actor_desk;

/* After the commit that made it so. */
void pv_desk_changed(
	struct pv_desk *desk, const char *kind, const char *organization_id, const char *object_id);

#endif
