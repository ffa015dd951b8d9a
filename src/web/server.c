/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/server.h"

#include "base/instant.h"
#include "base/mem.h"
#include "web/aside.h"
#include "web/events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ADDRESS_SIZE = INET6_ADDRSTRLEN,
	BODY_FIRST = 4096,
	STREAM_BLOCK = 4096,
	POOL_BYTES = 192 << 10,
	POOLS_KEPT = 6,
	BACKLOG = 511,
};

struct pv_web_server {
	struct MHD_Daemon *daemon;
	struct pv_web_server_options options;
	struct pv_web_house house;
	void *state;
	struct pv_aside *aside[PV_WEB_SLOWS]; /* NULL at PV_WEB_QUICK */
	int listening;                        /* until the daemon has it; -1 */
	int port;
	bool is_v6;
	atomic_int under_way; /* requests whose answer is being made */
	atomic_bool closing;
	pthread_mutex_t shelf_lock;
	TALLOC_CTX *shelf[POOLS_KEPT]; /* empty pools for requests to come */
	int n_shelf;
};

/* One request and its answer, from its first byte until the answer has left. */
struct exchange {
	struct pv_web_server *server;
	TALLOC_CTX *pool; /* its parent */
	struct MHD_Connection *connection;
	struct pv_web_request request;
	struct pv_web_response response;
	struct pv_web_plan plan;
	char *body;
	size_t body_size, body_room, discarded;
	char caller[ADDRESS_SIZE];
	int64_t opened_us;
	bool admitted, too_large, pushed, nomem;
	atomic_bool answered;
};

static int64_t monotonic_us(const struct pv_web_server *server)
{
	return pv_env_monotonic_us(server->options.env);
}

/* ---- a request comes --------------------------------------------------------------------------- */

/*
 * Almost all that a request needs is cut from one block, in order, and given back together; a few
 * empty blocks are kept, since a fresh one costs its page faults.
 */
static TALLOC_CTX *take_pool(struct pv_web_server *server)
{
	TALLOC_CTX *pool = NULL;
	pthread_mutex_lock(&server->shelf_lock);
	if (server->n_shelf)
		pool = server->shelf[--server->n_shelf];
	pthread_mutex_unlock(&server->shelf_lock);
	return pool ? pool : talloc_pool(NULL, POOL_BYTES);
}

static void give_pool(struct pv_web_server *server, TALLOC_CTX *pool)
{
	pthread_mutex_lock(&server->shelf_lock);
	if (server->n_shelf < POOLS_KEPT) {
		server->shelf[server->n_shelf++] = pool;
		pool = NULL;
	}
	pthread_mutex_unlock(&server->shelf_lock);
	talloc_free(pool);
}

/* libmicrohttpd shows the address before it takes it apart; what is returned is the request's. */
static void *opened(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct pv_web_server *server = cls;
	TALLOC_CTX *pool = take_pool(server);
	struct exchange *exchange = pool ? talloc_zero(pool, struct exchange) : NULL;
	if (!exchange) {
		talloc_free(pool);
		return NULL;
	}
	exchange->pool = pool;
	exchange->server = server;
	exchange->connection = connection;
	exchange->request.mem = exchange;
	exchange->opened_us = monotonic_us(exchange->server);
	exchange->request.address_sent = talloc_strdup(exchange, uri);
	exchange->request.path = exchange->request.address_sent;
	exchange->nomem = !exchange->request.address_sent;
	return exchange;
}

/* We read the address ourselves; libmicrohttpd's own unescaping would hide %2F and %00. */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

static enum MHD_Result keep_header(
	void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct pv_web_request *request = cls;
	(void)kind;
	if (request->n_headers == PV_WEB_PAIRS_MAX)
		return MHD_NO;
	request->headers[request->n_headers++] =
		(struct pv_web_pair){.name = key, .value = value ? value : ""};
	return MHD_YES;
}

/*
 * What the nearest proxy added stands last, at the end of a line or on a line of its own; what a
 * stranger wrote stands before it, however many headers they sent.
 */
static enum MHD_Result keep_forwarded(
	void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	const char **last = cls;
	(void)kind;
	if (strcasecmp(key, "x-forwarded-for") == 0)
		*last = value;
	return MHD_YES;
}

static void read_caller(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	exchange->request.address = exchange->caller;
	if (info && info->client_addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)info->client_addr;
		inet_ntop(AF_INET, &in->sin_addr, exchange->caller, ADDRESS_SIZE);
	} else if (info && info->client_addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)info->client_addr;
		inet_ntop(AF_INET6, &in6->sin6_addr, exchange->caller, ADDRESS_SIZE);
	}
	if (!exchange->server->options.behind_proxy)
		return;
	const char *forwarded = NULL;
	MHD_get_connection_values(
		exchange->connection, MHD_HEADER_KIND, keep_forwarded, (void *)&forwarded);
	const char *last = forwarded ? strrchr(forwarded, ',') : NULL;
	last = last ? last + 1 : forwarded;
	unsigned char bytes[sizeof(struct in6_addr)];
	if (!last)
		return;
	last += strspn(last, " ");
	if (inet_pton(AF_INET, last, bytes) == 1 || inet_pton(AF_INET6, last, bytes) == 1)
		snprintf(exchange->caller, ADDRESS_SIZE, "%s", last);
}

static void admit(struct exchange *exchange, const char *method)
{
	struct pv_web_request *request = &exchange->request;
	request->method = pv_web_method_of(method);
	request->is_head = strcmp(method, "HEAD") == 0;
	request->begun_us = exchange->opened_us;
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, keep_header, request);
	read_caller(exchange);
	exchange->server->house.admit(exchange->server->state, request, &exchange->plan);
	exchange->admitted = true;
}

static bool keep_body(struct exchange *exchange, const char *bytes, size_t size)
{
	if (exchange->too_large || size > exchange->plan.body_max - exchange->body_size) {
		exchange->too_large = true;
		exchange->discarded += size;
		return exchange->discarded <= PV_WEB_DISCARD_MAX;
	}
	size_t wanted = exchange->body_size + size + 1;
	if (wanted > exchange->body_room) {
		size_t room = exchange->body_room ? exchange->body_room : BODY_FIRST;
		while (room < wanted)
			room *= 2;
		char *grown = talloc_realloc_size(exchange, exchange->body, room);
		if (!grown)
			return false;
		exchange->body = grown;
		exchange->body_room = room;
	}
	memcpy(exchange->body + exchange->body_size, bytes, size);
	exchange->body_size += size;
	exchange->body[exchange->body_size] = '\0';
	return true;
}

/* ---- its answer leaves ------------------------------------------------------------------------- */

static void put_to_sleep(void *connection)
{
	MHD_suspend_connection(connection);
}

static void wake_up(void *connection)
{
	MHD_resume_connection(connection);
}

static ssize_t read_stream(void *cls, uint64_t position, char *out, size_t room)
{
	(void)position;
	size_t size = pv_web_stream_take(cls, out, room);
	return size == PV_WEB_STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)size;
}

static void free_stream(void *cls)
{
	pv_web_stream_free(cls);
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	struct pv_web_response *response = &exchange->response;
	if (response->stream) {
		pv_web_stream_bind(response->stream, exchange->connection, put_to_sleep, wake_up);
		return MHD_create_response_from_callback(
			MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, response->stream, free_stream);
	}
	if (response->file > 0)
		return MHD_create_response_from_fd64(response->size, response->file);
	/* The bytes live as long as the exchange (or the process): nothing is copied. */
	union {
		const char *in;
		void *out;
	} bytes = {.in = response->body ? response->body : ""};
	return MHD_create_response_from_buffer(
		response->body ? response->size : 0, bytes.out, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
	struct pv_web_response *response = &exchange->response;
	struct MHD_Response *sent = make_response(exchange);
	if (!sent)
		return MHD_NO;
	/* The response's from now on. */
	response->stream = NULL;
	response->file = 0;
	if (response->type)
		MHD_add_response_header(sent, "Content-Type", response->type);
	MHD_add_response_header(
		sent, "Cache-Control", response->cache ? response->cache : "no-store");
	for (size_t i = 0; i < response->n_headers; i++)
		MHD_add_response_header(
			sent, response->headers[i].name, response->headers[i].value);
	enum MHD_Result result =
		MHD_queue_response(exchange->connection, (unsigned)response->status, sent);
	MHD_destroy_response(sent);
	exchange->server->house.done(exchange->server->state, &exchange->request, response->status,
		monotonic_us(exchange->server) - exchange->opened_us);
	return result;
}

static void make_answer(struct exchange *exchange)
{
	struct pv_web_server *server = exchange->server;
	exchange->request.body = exchange->body ? exchange->body : "";
	exchange->request.body_size = exchange->body_size;
	atomic_fetch_add(&server->under_way, 1);
	server->house.answer(server->state, &exchange->request, &exchange->plan,
		exchange->too_large, &exchange->response);
	atomic_fetch_sub(&server->under_way, 1);
	atomic_store(&exchange->answered, true);
}

static void answer_aside(void *argument)
{
	struct exchange *exchange = argument;
	/* What still waits when the desk closes does not begin: the house says busy. */
	if (atomic_load(&exchange->server->closing))
		exchange->plan.route = NULL;
	make_answer(exchange);
	MHD_resume_connection(exchange->connection);
}

static enum MHD_Result answer(struct exchange *exchange)
{
	if (exchange->plan.slow && !exchange->pushed && !exchange->too_large) {
		exchange->pushed = true;
		MHD_suspend_connection(exchange->connection);
		if (pv_aside_push(
			    exchange->server->aside[exchange->plan.slow], answer_aside, exchange))
			return MHD_YES;
		MHD_resume_connection(exchange->connection);
		exchange->plan.route = NULL; /* the house reads: busy */
		make_answer(exchange);
		return MHD_YES;
	}
	if (!atomic_load(&exchange->answered)) {
		if (exchange->pushed)
			return MHD_YES;
		make_answer(exchange);
	}
	return send_answer(exchange);
}

/*
 * Called at least twice: with the head, with each part of the body, and at its end. The answer is
 * given at the end: one given at the first call makes libmicrohttpd 0.9.75 close the connection
 * after it, which costs four fifths of the speed.
 */
static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **con_cls)
{
	struct exchange *exchange = *con_cls;
	(void)cls;
	(void)connection;
	(void)url;
	(void)version;
	if (!exchange || exchange->nomem)
		return MHD_NO;
	if (!exchange->admitted) {
		admit(exchange, method);
		const char *announced = pv_web_header(&exchange->request, "content-length");
		uint64_t size = announced ? strtoull(announced, NULL, 10) : 0;
		if (size <= exchange->plan.body_max + (uint64_t)PV_WEB_DISCARD_MAX)
			return MHD_YES;
		/* Too much to be read even for politeness: said at once, and closed. */
		exchange->too_large = true;
		return answer(exchange);
	}
	if (*upload_size) {
		bool kept = keep_body(exchange, upload, *upload_size);
		*upload_size = 0;
		bool in_time = monotonic_us(exchange->server) - exchange->opened_us <
			       PV_WEB_REQUEST_S * PV_SECOND_US;
		return kept && in_time ? MHD_YES : MHD_NO;
	}
	return answer(exchange);
}

/* Answered, and the caller gone before it could be sent. */
static void drop_unsent(struct pv_web_response *response)
{
	if (response->stream)
		pv_web_stream_free(response->stream);
	if (response->file > 0)
		close(response->file);
}

static void completed(void *cls, struct MHD_Connection *connection, void **con_cls,
	enum MHD_RequestTerminationCode why)
{
	struct exchange *exchange = *con_cls;
	(void)connection;
	(void)why;
	*con_cls = NULL;
	if (!exchange)
		return;
	TALLOC_CTX *pool = exchange->pool;
	drop_unsent(&exchange->response);
	talloc_free(exchange);
	give_pool(cls, pool);
}

/* ---- start and stop ---------------------------------------------------------------------------- */

static enum pv_status find_address(
	const struct pv_web_server_options *options, struct addrinfo **out, struct pv_error *error)
{
	const char *host = options->host ? options->host : "127.0.0.1";
	char port[8];
	snprintf(port, sizeof(port), "%u", (unsigned)options->port % 65536u);
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	int code = getaddrinfo(host, port, &hints, out);
	if (code != 0)
		return pv_fail(error, PV_INVALID,
			"« %s » n'est pas une adresse de cette machine (%s).",
			"\"%s\" is not an address of this machine (%s).", host, gai_strerror(code));
	return PV_OK;
}

static void quiet(void *cls, const char *format, va_list arguments)
{
	/* What a stranger's bytes make libmicrohttpd say is no news. */
	(void)cls;
	(void)format;
	(void)arguments;
}

static enum pv_status open_socket(
	struct pv_web_server *server, const struct addrinfo *address, struct pv_error *error)
{
	struct sockaddr_storage bound;
	socklen_t size = sizeof(bound);
	int yes = 1;
	server->listening =
		socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listening < 0 ||
		setsockopt(server->listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
		bind(server->listening, address->ai_addr, address->ai_addrlen) != 0 ||
		listen(server->listening, BACKLOG) != 0 ||
		getsockname(server->listening, (struct sockaddr *)&bound, &size) != 0)
		return pv_fail(error, PV_UNAVAILABLE, "Impossible d'écouter sur %s, port %d (%s).",
			"Cannot listen on %s, port %d (%s).",
			server->options.host ? server->options.host : "127.0.0.1",
			server->options.port, strerror(errno));
	server->port =
		ntohs(bound.ss_family == AF_INET6
				? ((const struct sockaddr_in6 *)(const void *)&bound)->sin6_port
				: ((const struct sockaddr_in *)(const void *)&bound)->sin_port);
	server->is_v6 = bound.ss_family == AF_INET6;
	return PV_OK;
}

static struct MHD_Daemon *open_daemon(struct pv_web_server *server)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO |
			 MHD_USE_ERROR_LOG;
	unsigned threads = server->options.threads ? (unsigned)server->options.threads
						   : (unsigned)PV_WEB_THREADS;
	if (server->is_v6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER,
		quiet, NULL, MHD_OPTION_LISTEN_SOCKET, server->listening,
		MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_THREAD_STACK_SIZE,
		(size_t)PV_WEB_STACK, MHD_OPTION_CONNECTION_LIMIT, (unsigned)PV_WEB_CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PV_WEB_CONNECTIONS_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PV_WEB_TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)PV_WEB_CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_URI_LOG_CALLBACK, opened, server, MHD_OPTION_NOTIFY_COMPLETED, completed,
		server, MHD_OPTION_END);
}

enum pv_status pv_web_server_listen(TALLOC_CTX *mem, const struct pv_web_server_options *options,
	const struct pv_web_house *house, void *state, struct pv_web_server **out,
	struct pv_error *error)
{
	struct addrinfo *address = NULL;
	struct pv_web_server *server = talloc_zero(mem, struct pv_web_server);
	if (!server)
		return pv_fail_nomem(error);
	server->options = *options;
	server->house = *house;
	server->state = state;
	server->listening = -1;
	pthread_mutex_init(&server->shelf_lock, NULL);
	enum pv_status status = find_address(options, &address, error);
	if (status == PV_OK)
		status = open_socket(server, address, error);
	if (address)
		freeaddrinfo(address);
	if (status == PV_OK)
		*out = server;
	else
		pv_web_server_stop(server, 0);
	return status;
}

enum pv_status pv_web_server_start(struct pv_web_server *server, struct pv_error *error)
{
	enum pv_status status = PV_OK;
	for (int kind = PV_WEB_QUICK + 1; kind < PV_WEB_SLOWS && status == PV_OK; kind++)
		status = pv_aside_start(server, PV_WEB_ASIDE_THREADS, PV_WEB_ASIDE_QUEUE,
			PV_WEB_STACK, &server->aside[kind], error);
	if (status != PV_OK)
		return status;
	server->daemon = open_daemon(server);
	if (!server->daemon)
		return pv_fail(error, PV_UNAVAILABLE, "Le serveur web ne démarre pas (%s).",
			"The web server does not start (%s).", strerror(errno));
	server->listening = -1; /* the daemon's now */
	return PV_OK;
}

int pv_web_server_port(const struct pv_web_server *server)
{
	return server->port;
}

unsigned pv_web_server_connections(const struct pv_web_server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
	return info ? info->num_connections : 0;
}

static void stop_daemon(struct pv_web_server *server, int grace_ms)
{
	MHD_socket listening = MHD_quiesce_daemon(server->daemon);
	if (listening != MHD_INVALID_SOCKET)
		close(listening);
	/* Sleeping requests are answered and woken; one that still comes is told to wait. */
	atomic_store(&server->closing, true);
	for (int kind = PV_WEB_QUICK + 1; kind < PV_WEB_SLOWS; kind++)
		pv_aside_close(server->aside[kind]);
	for (int waited = 0; waited < grace_ms; waited += 5) {
		if (atomic_load(&server->under_way) == 0)
			break;
		usleep(5000);
	}
	MHD_stop_daemon(server->daemon);
}

void pv_web_server_stop(struct pv_web_server *server, int grace_ms)
{
	if (!server)
		return;
	if (server->daemon)
		stop_daemon(server, grace_ms);
	for (int kind = 0; kind < PV_WEB_SLOWS; kind++)
		pv_aside_stop(server->aside[kind]);
	if (server->listening >= 0)
		close(server->listening);
	while (server->n_shelf)
		talloc_free(server->shelf[--server->n_shelf]);
	pthread_mutex_destroy(&server->shelf_lock);
	talloc_free(server);
}
