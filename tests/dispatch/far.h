/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Networks far away in a press's simulated world: the stateful likenesses of tests/networks, with the
 * time as it is (not as the desk's wall clock says) and troubles of their own.
 *
 *	struct far *m = far_open(p, FAR_MASTODON);
 *	m->moods[0] = PRESS_TAKE_LATE;
 *	… publish on m->account …
 *	assert_int_equal(far_copies(m, "Bonjour."), 1);
 */
#ifndef PV_TESTS_DISPATCH_FAR_H
#define PV_TESTS_DISPATCH_FAR_H

#include "press.h"

#include "api.h"

enum far_kind {
	FAR_MASTODON, /* answers a key that it knows with the status it made */
	FAR_KEYLESS,  /* speaks Mastodon's language and knows no keys */
	FAR_BLUESKY,  /* one record a key, for ever */
};

enum {
	FAR_LATE_S = 50,   /* at work on a write whose line was cut: less than anybody waits */
	FAR_KEYS_S = 3600, /* Mastodon knows a key for so long */
};

struct far {
	struct pv_press *press;
	enum far_kind kind;
	struct api *api;
	const char *account; /* of the press's organisation, there */
	int64_t at_us;       /* where it stands in time, by the clock that does not jump */
	json_t *keys_at;     /* Mastodon: key -> when it was first seen, by the same */
	/* PRESS_TAKE, _TAKE_SILENTLY, _TAKE_LATE, _LOSE, _UNREACHABLE; of the nth write */
	enum pv_press_mood moods[PRESS_POSTS_MAX];
	int n_writes;
	struct {
		char *head, *body;
		int64_t at_us; /* when it will be done */
	} late[PRESS_LATE_MAX];
	int n_late;
	bool blind;  /* reading back gives a page of HTML */
	bool closed; /* reading back is not allowed */
	/* While it works on a write, or is read back; may be NULL. */
	void (*on_write)(struct far *far);
	void (*on_find)(struct far *far);
	struct far *next; /* of the same press */
};

/* With an account of the press's house there; ends with the world. One of a kind's network. */
struct far *far_open(struct pv_press *press, enum far_kind kind);
/* How often it shows this text, what it is still at work on included. */
int far_copies(const struct far *far, const char *text);

#endif
