/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A web server for tests, on loopback, a thread a connection, that answers as told and misbehaves
 * by name.
 *
 *	struct loop_server *server = loop_server_start(answer, &state);
 *	… loop_server_url(server) is "http://127.0.0.1:PORT" …
 *	loop_server_stop(server);
 *
 * The handler is called with a whole request, one at a time, and fills the answer; what was accepted
 * is accepted, whatever the fault then does to the answer. That is how a yes gets lost.
 */
#ifndef PV_TESTS_NET_SERVER_H
#define PV_TESTS_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum loop_fault {
	LOOP_FINE,
	LOOP_RESET,        /* RST instead of an answer */
	LOOP_CLOSE,        /* FIN instead of an answer */
	LOOP_SILENT,       /* nothing, until the asker goes away */
	LOOP_LATE,         /* the answer after `delay_ms` */
	LOOP_HALF_HEAD,    /* the first half of the header section, then FIN */
	LOOP_HALF_BODY,    /* the first half of the body, then FIN */
	LOOP_RESET_BODY,   /* the first half of the body, then RST */
	LOOP_DRIP,         /* a byte every 20 ms */
	LOOP_GARBAGE,      /* bytes that are not HTTP */
	LOOP_ENDLESS,      /* the body, and zeros up to 1 GiB */
	LOOP_STALL,        /* the body, of which half is still due, then nothing */
	LOOP_MANY_HEADERS, /* header fields without end */
	LOOP_BAD_CHUNK,    /* a chunked body that breaks its own form */
	LOOP_FAULTS,
};

struct loop_request {
	const char *method, *target; /* target with its query */
	const char *head;            /* all header lines, lower-case names, "name: value\n" */
	const char *body;
	size_t body_size;
	unsigned number; /* of the server's requests, from 1 */
};

struct loop_answer {
	int status;          /* 0: 200 */
	const char *type;    /* NULL: application/json */
	const char *headers; /* more lines, each with its "\r\n"; NULL: none */
	const char *body;    /* NULL: empty; copied before the handler is called again */
	size_t body_size;    /* 0: strlen */
	enum loop_fault fault;
	unsigned delay_ms;
};

typedef void loop_handler(void *state, const struct loop_request *request, struct loop_answer *out);

struct loop_server;

struct loop_server *loop_server_start(loop_handler *handler, void *state);
void loop_server_stop(struct loop_server *server);
const char *loop_server_url(const struct loop_server *server);
unsigned loop_server_port(const struct loop_server *server);

/* Every later connection is reset once so many bytes of a request were read; -1: no more. */
void loop_server_reset_at(struct loop_server *server, long bytes);

/* Whole requests the handler saw, and connections taken. */
unsigned loop_server_requests(const struct loop_server *server);
unsigned loop_server_connections(const struct loop_server *server);

/* The value of a header line (lower-case name), in a buffer that the next call overwrites. */
const char *loop_header(const struct loop_request *request, const char *name);

/* A port that nobody listens on. */
unsigned loop_closed_port(void);

#endif
