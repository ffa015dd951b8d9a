/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The fence around libmicrohttpd: nothing else in the house knows it. It accepts connections, reads
 * a request whole within the limits it is given, asks the house for the answer, and sends it.
 *
 *	const struct pv_web_house house = {.admit = admit, .answer = answer, .done = done};
 *	pv_web_server_listen(mem, &options, &house, web, &server, error);
 *	pv_web_server_start(server, error);
 *
 * A few threads, each with its own poll set, answer one request at a time. What takes long is done
 * aside while the connection sleeps, so that one slow account does not keep the others waiting: what
 * asks a network by two threads, what hashes a password by two others, so that feeds that hang keep
 * nobody from signing in.
 */
#ifndef PV_WEB_SERVER_H
#define PV_WEB_SERVER_H

#include "base/env.h"
#include "web/request.h"

enum {
	PV_WEB_THREADS = 3,
	PV_WEB_ASIDE_THREADS = 2,            /* of each kind */
	PV_WEB_ASIDE_QUEUE = 64,             /* slow requests that wait; one more is told 429 */
	PV_WEB_CONNECTIONS = 1024,           /* at once */
	PV_WEB_CONNECTIONS_ADDRESS = 256,    /* of one address: a proxy is one */
	PV_WEB_TIMEOUT_S = 20,               /* without a byte in either direction */
	PV_WEB_CONNECTION_MEMORY = 24 << 10, /* of a connection: bounds its headers */
	PV_WEB_STACK = 512 << 10,            /* of a thread: ICU and SQLite stay far below */
	PV_WEB_REQUEST_S = 120,              /* a whole request must have come by then */
	PV_WEB_DISCARD_MAX = 8 << 20,        /* of a body too large, read to say so politely */
};

/* How long a request may take, and by whom it is then answered. */
enum pv_web_slow {
	PV_WEB_QUICK,
	PV_WEB_NETWORK, /* waits for somebody else's server */
	PV_WEB_HASH,    /* argon2 */
	PV_WEB_LONG,    /* the desk's own work for seconds: a policy checked, replayed */
	PV_WEB_SLOWS,
};

struct pv_web_server_options {
	struct pv_env *env;
	const char *host;  /* address or name; NULL: 127.0.0.1 */
	int port;          /* 0: any free one */
	int threads;       /* 0: PV_WEB_THREADS */
	bool behind_proxy; /* the last X-Forwarded-For is the caller */
};

/* What is known of a request once its head has come. */
struct pv_web_plan {
	size_t body_max;
	enum pv_web_slow slow;
	const void *route; /* the house's own */
};

struct pv_web_house {
	/* The head has come: request->path, segments, query, headers and address stand. */
	void (*admit)(void *state, struct pv_web_request *request, struct pv_web_plan *out);
	/* The whole request has come (`too_large`: its body was over the plan's and is left out). */
	void (*answer)(void *state, struct pv_web_request *request, const struct pv_web_plan *plan,
		bool too_large, struct pv_web_response *out);
	/* The answer's head has been handed over. */
	void (*done)(
		void *state, const struct pv_web_request *request, int status, int64_t took_us);
};

struct pv_web_server;

/* Takes the address: who connects waits until the server is started. */
enum pv_status pv_web_server_listen(TALLOC_CTX *mem, const struct pv_web_server_options *options,
	const struct pv_web_house *house, void *state, struct pv_web_server **out,
	struct pv_error *error);

enum pv_status pv_web_server_start(struct pv_web_server *server, struct pv_error *error);

int pv_web_server_port(const struct pv_web_server *server);
/* Connections open now. */
unsigned pv_web_server_connections(const struct pv_web_server *server);

/*
 * Takes no more connections, ends the streams, lets requests under way be answered for at most
 * `grace_ms`, and stops.
 */
void pv_web_server_stop(struct pv_web_server *server, int grace_ms);

#endif
