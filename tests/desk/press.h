/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A house that publishes: a policy in force, an account on the trial network and a journal, a
 * manager who writes (and has a blog in their register), a head who may approve, and a simulated
 * network that takes, refuses, delays and loses posts as told.
 *
 *	struct pv_press *p = pv_press_build(w);
 *	const char *id = pv_press_write(p, "Bonjour.", "{'interest':'project'}");
 *	assert_ok(pv_desk_variant_publish_now(p->desk, w->mem, &p->manager, id, &v, &w->error), w);
 */
#ifndef PV_TESTS_DESK_PRESS_H
#define PV_TESTS_DESK_PRESS_H

#include "house.h"

#include "desk/posts.h"
#include "desk/publications.h"
#include "desk/replay.h"
#include "desk/reviews.h"

/* What the simulated network does with the next write. */
enum pv_press_mood {
	PRESS_TAKE,          /* 201 */
	PRESS_TAKE_SILENTLY, /* keeps it, no answer comes */
	PRESS_LOSE,          /* does not keep it, no answer comes */
	PRESS_UNREACHABLE,   /* nothing was sent */
	PRESS_REFUSE,        /* 422 */
	PRESS_SLOW_DOWN,     /* 429, retry in an hour */
	PRESS_SIGN_IN,       /* 401 */
	PRESS_BROKEN,        /* 500, kept or not: not kept */
	PRESS_HTML,          /* 200 and a page of HTML, kept */
	PRESS_TAKE_LATE,     /* no answer comes; kept PRESS_LATE_MS after the line was cut */
	PRESS_DUPLICATE,     /* 409: "you said that already"; not kept */
};

enum {
	PRESS_POSTS_MAX = 1000,
	PRESS_LATE_MAX = 20,
	PRESS_LATE_MS = 250, /* < find_tries * find_pause of the trial network */
};

struct pv_press_post {
	char key[80], text[200];
	char reply_to[80];
};

/* A server still at work on it. */
struct pv_press_late {
	struct pv_press_post post;
	int64_t at_us; /* by the clock that does not jump */
};

struct pv_press {
	struct pv_world *w;
	struct pv_house *h;
	struct pv_desk *desk;
	struct pv_env *env;
	const char *account;     /* coop-fake */
	const char *journal;     /* coop-journal */
	struct pv_actor manager; /* writes; role editor; policy role manager */
	struct pv_actor head;    /* role reviewer; policy role editor */
	struct pv_actor cousin;  /* the same, but tied to the bakery too */
	/* the network */
	enum pv_press_mood moods[PRESS_POSTS_MAX]; /* of the nth write; PRESS_TAKE after */
	int n_writes;                              /* POSTs that arrived */
	bool blind;                                /* reading back answers 500 */
	struct pv_press_post posts[PRESS_POSTS_MAX];
	int n_posts;
	struct pv_press_late late[PRESS_LATE_MAX];
	int n_late;
	/* While the network works on a POST, or is read back; may be NULL. */
	void (*on_write)(struct pv_press *press);
	void (*on_find)(struct pv_press *press);
	/* Another network, for every address that does not begin with PRESS_ADDRESS; may be NULL. */
	void (*other)(void *state, TALLOC_CTX *mem, const struct pv_http_request *request,
		struct pv_http_response *out);
	void *other_state;
};

#define PRESS_ADDRESS "http://fake.example"

extern const char pv_press_policy[];

struct pv_press *pv_press_build(struct pv_world *world);

/* A variant on the trial account; `declared` is JSON with ' for "; the id. */
const char *pv_press_write(struct pv_press *press, const char *text, const char *declared);
/* The same with everything. */
const char *pv_press_write_in(struct pv_press *press, const struct pv_variant_in *in);
struct pv_desk_variant *pv_press_see(struct pv_press *press, const char *variant_id);
/* Fails the test unless it stands there. */
void pv_press_stage(struct pv_press *press, const char *variant_id, const char *stage);
void pv_press_state(struct pv_press *press, const char *variant_id, const char *state);
/* The owner replays a version over the last months; what it came to is kept with it. */
struct pv_desk_replay *pv_press_replay(struct pv_press *press, const char *policy_id);
/* Another text becomes the policy in force, replayed first. */
void pv_press_adopt(struct pv_press *press, const char *text);
void pv_press_advance(struct pv_press *press, int64_t by_us);
/* How often the network holds this text, what it is still at work on included. */
int pv_press_copies(const struct pv_press *press, const char *text);
/* The time as it is, whatever the desk's wall clock says. */
int64_t pv_press_true_us(const struct pv_press *press);

#endif
