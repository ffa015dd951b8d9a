/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A network's other side for tests: a loopback server that keeps what was published and answers as
 * the real API does, with one trouble to order.
 *
 *	struct api *api = bluesky_api_start();
 *	api->trouble = (struct trouble){.method = "POST", .path = "/xrpc/com.atproto.repo.putRecord",
 *		.accepted = true, .answer = {.fault = LOOP_RESET}, .times = 1};
 */
#ifndef PV_TESTS_NETWORKS_API_H
#define PV_TESTS_NETWORKS_API_H

#include "server.h"

#include <jansson.h>

/* Meets the next `times` requests of that method whose target begins with `path`. */
struct trouble {
	const char *method, *path;
	bool accepted; /* the request is carried out first: only its answer suffers */
	struct loop_answer
		answer; /* status 0 and no body: the answer it would have had, with the fault */
	unsigned times;
};

struct api {
	struct loop_server *server;
	struct trouble trouble;
	/* Carries out a request; the JSON answer (owned by the caller, may be NULL) and its status. */
	json_t *(*serve)(struct api *api, const struct loop_request *request, int *out_status);
	void (*end)(struct api *api);
	void *state;
	char *body;          /* of the last answer */
	const char *headers; /* more header lines for good answers */
	unsigned served;     /* requests carried out */
};

struct api *api_start(
	json_t *(*serve)(struct api *, const struct loop_request *, int *), void *state);
/* The same without a server: whoever has it calls `serve` itself. */
struct api *api_make(
	json_t *(*serve)(struct api *, const struct loop_request *, int *), void *state);
void api_stop(struct api *api);

/* A parameter of the target's query, percent-decoded, or NULL; owned by the caller. */
char *api_query(const struct loop_request *request, const char *name);
/* Does the target, without its query, begin with this? The rest of it, or NULL. */
const char *api_path(const struct loop_request *request, const char *method, const char *path);
/* "Bearer X": is it this one? */
bool api_bearer(const struct loop_request *request, const char *token);
/* Standard error bodies: {"error": name, "message": message} */
json_t *api_error(int status, const char *name, const char *message, int *out_status);
/* A new reference to a JSON text of a test; asserts that it is well-formed. */
json_t *api_json(const char *text);

/* ---- Bluesky: one account, "alice.test" / "app-pass-word", and whoever else answers ------------ */

struct bluesky_api {
	const char *did, *handle;
	char access[64], refresh[64]; /* the living ones */
	unsigned generation;          /* of tokens */
	bool dead;                    /* the refresh token is dead too */
	bool no_appview;
	json_t *records;       /* uri -> {"cid","value"} */
	json_t *notifications; /* newest first */
	unsigned writes, blobs, refreshes;
};
struct api *bluesky_api_start(void);
struct api *bluesky_api_make(void); /* without a server */
/* Somebody answers a post of ours; NULL uri: a mention out of the blue. */
void bluesky_api_answer(struct api *api, const char *uri, const char *text);
unsigned bluesky_api_posts(const struct api *api);

/* ---- Mastodon: account 7, "@desk@…", token "masto-token" --------------------------------------- */

struct mastodon_api {
	json_t *statuses;      /* newest first */
	json_t *notifications; /* newest first */
	json_t *keys;          /* Idempotency-Key -> id */
	json_t *media;         /* id -> looks left before it is ready */
	bool ignores_keys;     /* as GoToSocial does */
	unsigned next_id, writes;
	int64_t clock_behind_us;
	/* What time it is there; NULL: the machine's, less clock_behind_us. */
	int64_t (*clock)(void *state);
	void *clock_state;
};
struct api *mastodon_api_start(void);
struct api *mastodon_api_make(void); /* without a server */
void mastodon_api_answer(struct api *api, const char *id, const char *text);
unsigned mastodon_api_posts(const struct api *api);

/* ---- the fake's own ---------------------------------------------------------------------------- */

struct fake_api {
	json_t *posts; /* oldest first: {"id","url","key",…} */
	json_t *messages;
	unsigned next_id;
	const char *token;
};
struct api *fake_api_start(void);
void fake_api_answer(struct api *api, const char *id, const char *text);
unsigned fake_api_posts(const struct api *api);

#endif
