/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A Mastodon server in a press's simulated world: the stateful likeness of tests/networks, with the
 * time as it is (not as the desk's wall clock says) and troubles of its own.
 *
 *	struct masto *m = masto_open(p, true);
 *	m->moods[0] = PRESS_TAKE_LATE;
 *	… publish on m->account …
 *	assert_int_equal(masto_copies(m, "Bonjour."), 1);
 */
#ifndef PV_TESTS_DISPATCH_MASTO_H
#define PV_TESTS_DISPATCH_MASTO_H

#include "press.h"

#include "api.h"

enum {
	MASTO_LATE_S = 50,   /* at work on a write whose line was cut: less than anybody waits */
	MASTO_KEYS_S = 3600, /* a key is known for so long */
};

struct masto {
	struct pv_press *press;
	struct api *api;
	const char *account; /* coop-masto */
	int64_t at_us;       /* where it stands in time, by the clock that does not jump */
	json_t *keys_at;     /* key -> when it was first seen, by the same */
	/* PRESS_TAKE, _TAKE_SILENTLY, _TAKE_LATE, _LOSE, _UNREACHABLE; of the nth write */
	enum pv_press_mood moods[PRESS_POSTS_MAX];
	int n_writes;
	struct {
		char *body, *key;
		int64_t at_us; /* when it will be done */
	} late[PRESS_LATE_MAX];
	int n_late;
	bool blind;  /* reading back gives a page of HTML */
	bool closed; /* reading back is not allowed */
	/* While it works on a POST, or is read back; may be NULL. */
	void (*on_write)(struct masto *masto);
	void (*on_find)(struct masto *masto);
	void *state; /* of those two */
};

/* With an account of the press's house there; ends with the world. */
struct masto *masto_open(struct pv_press *press, bool honours_keys);
/* How often it shows this text, what it is still at work on included. */
int masto_copies(const struct masto *masto, const char *text);

#endif
