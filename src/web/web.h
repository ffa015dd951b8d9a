/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The web room from outside: the API under /api/v1, the interface at /, the journals under /j, and
 * the two pages for machines, /healthz and /metrics.
 *
 *	pv_web_listen(mem, desk, &options, &web, error);     the address is taken, its port known
 *	printf("http://127.0.0.1:%d\n", pv_web_port(web));
 *	pv_web_start(web, error);                            who has connected is answered now
 *	…
 *	pv_web_changed(web, &change);           from pv_desk.changed, any thread
 *	pv_web_stop(web);
 *
 * Each thread of the server opens its own desk (one database connection) from `desk` at its first
 * request; `desk` itself is only copied from.
 */
#ifndef PV_WEB_WEB_H
#define PV_WEB_WEB_H

#include "desk/desk.h"

struct pv_web;
struct pv_dispatcher;

struct pv_web_options {
	const char *host; /* NULL: 127.0.0.1 */
	int port;         /* 0: any free one */
	int threads;      /* 0: as many as are wise */
	bool behind_proxy;
	bool any_host; /* the Host header is not compared (a proxy in front does it) */
	bool demo;     /* an example desk: serves its feeds under /demo/ */
};

enum pv_status pv_web_listen(TALLOC_CTX *mem, struct pv_desk *desk,
	const struct pv_web_options *options, struct pv_web **out, struct pv_error *error);

/* Whatever the desk and its environment need must stand by now: threads read them from here on. */
enum pv_status pv_web_start(struct pv_web *web, struct pv_error *error);

int pv_web_port(const struct pv_web *web);

/* Whose last turn /healthz asks for; before the start. Never told: this process publishes nothing. */
void pv_web_watch_dispatcher(struct pv_web *web, struct pv_dispatcher *dispatcher);

/* Told of every change, after its commit. */
void pv_web_changed(struct pv_web *web, const struct pv_change *change);

void pv_web_stop(struct pv_web *web);

#endif
