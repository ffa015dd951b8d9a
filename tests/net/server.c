/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 8 << 20, THREADS_MAX = 4096 };

struct loop_server {
	loop_handler *handler;
	void *state;
	int listener;
	unsigned port;
	char url[64];
	pthread_t accepting;
	pthread_mutex_t lock; /* of the handler, and of `threads` */
	pthread_t threads[THREADS_MAX];
	unsigned n_threads;
	atomic_bool stop;
	atomic_long reset_at;
	atomic_uint requests, connections;
};

struct connection {
	struct loop_server *server;
	int fd;
	char *bytes; /* what was read and not yet used */
	size_t size;
};

static void pause_ms(unsigned ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
	nanosleep(&left, NULL);
}

/* ---- in ---------------------------------------------------------------------------------------- */

/* Reads more; false when the asker or the server is done. */
static bool more(struct connection *c)
{
	struct pollfd poller = {.fd = c->fd, .events = POLLIN};
	while (poll(&poller, 1, 20) == 0)
		if (atomic_load(&c->server->stop))
			return false;
	long reset_at = atomic_load(&c->server->reset_at);
	size_t most = 1 << 16;
	if (reset_at >= 0 && (size_t)reset_at - c->size < most)
		most = (size_t)reset_at - c->size;
	char *grown = realloc(c->bytes, c->size + most + 1);
	assert(grown);
	c->bytes = grown;
	ssize_t got = most ? read(c->fd, c->bytes + c->size, most) : 0;
	if (got <= 0)
		return false;
	c->size += (size_t)got;
	c->bytes[c->size] = '\0';
	return c->size < REQUEST_MAX && !(reset_at >= 0 && c->size >= (size_t)reset_at);
}

const char *loop_header(const struct loop_request *request, const char *name)
{
	static _Thread_local char value[8192];
	size_t size = strlen(name);
	for (const char *line = request->head; line && *line;
		line = strchr(line, '\n'), line += !!line)
		if (strncmp(line, name, size) == 0 && line[size] == ':') {
			const char *from = line + size + 1 + strspn(line + size + 1, " ");
			snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\n"), from);
			return value;
		}
	return NULL;
}

/* "Name: value\r\n" lines to "name: value\n", in place. */
static void plain_head(char *head)
{
	char *to = head;
	bool name = true;
	for (const char *from = head; *from; from++) {
		if (*from == '\r')
			continue;
		name = *from == '\n' || (name && *from != ':');
		*to++ = name ? (char)tolower((unsigned char)*from) : *from;
	}
	*to = '\0';
}

/* A whole request, taken off the connection's bytes into one allocation at *out_text. */
static bool read_request(struct connection *c, struct loop_request *out, char **out_text)
{
	char *end;
	while (!c->bytes || !(end = strstr(c->bytes, "\r\n\r\n")))
		if (!more(c))
			return false;
	size_t head = (size_t)(end - c->bytes) + 4, body = 0;
	const char *length = strcasestr(c->bytes, "\r\ncontent-length:");
	if (length && length < end + 2)
		body = strtoul(length + 17, NULL, 10);
	while (c->size < head + body)
		if (!more(c))
			return false;
	char *text = malloc(head + body + 2);
	assert(text);
	memcpy(text, c->bytes, head);
	text[head - 2] = '\0';
	memcpy(text + head, c->bytes + head, body);
	text[head + body] = '\0';
	memmove(c->bytes, c->bytes + head + body, c->size - head - body + 1);
	c->size -= head + body;
	char *line_end = strstr(text, "\r\n"), *rest = NULL;
	*line_end = '\0';
	plain_head(line_end + 2);
	out->method = strtok_r(text, " ", &rest);
	out->target = strtok_r(NULL, " ", &rest);
	out->head = line_end + 2;
	out->body = text + head;
	out->body_size = body;
	*out_text = text;
	return out->method && out->target;
}

/* ---- out --------------------------------------------------------------------------------------- */

static bool put(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t done = send(fd, bytes, size, MSG_NOSIGNAL);
		if (done <= 0)
			return false;
		bytes += done;
		size -= (size_t)done;
	}
	return true;
}

/* Waits until the other side closes. */
static void wait_gone(struct connection *c)
{
	while (more(c))
		continue;
}

static void reset(int fd)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static bool drip(int fd, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++, pause_ms(20))
		if (!put(fd, bytes + i, 1))
			return false;
	return true;
}

static void endless(struct loop_server *server, int fd, const char *body, size_t size)
{
	static const char block[1 << 16];
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
				   "Content-Length: 1073741824\r\n\r\n";
	put(fd, head, sizeof head - 1);
	put(fd, body, size);
	for (int i = 0; i < 16383 && !atomic_load(&server->stop); i++)
		if (!put(fd, block, sizeof block))
			return;
}

static void stall(struct connection *c, const char *body, size_t size)
{
	char head[128];
	int n = snprintf(head, sizeof head,
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n\r\n",
		size * 2 + 1);
	put(c->fd, head, (size_t)n);
	put(c->fd, body, size);
	wait_gone(c);
}

static void many_headers(struct loop_server *server, int fd)
{
	static const char line[] = "X-More: and one more, and one more, and one more\r\n";
	put(fd, "HTTP/1.1 200 OK\r\n", 17);
	for (int i = 0; i < 1000000 && !atomic_load(&server->stop); i++)
		if (!put(fd, line, sizeof line - 1))
			return;
}

static char *compose(const struct loop_request *request, const struct loop_answer *answer,
	size_t *out_head, size_t *out_size)
{
	size_t body = answer->body_size ? answer->body_size
		      : answer->body    ? strlen(answer->body)
					: 0;
	char *head = NULL;
	int size = asprintf(&head,
		"HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
		answer->status ? answer->status : 200,
		answer->type ? answer->type : "application/json", body,
		answer->headers ? answer->headers : "");
	assert(size > 0);
	if (strcmp(request->method, "HEAD") == 0 || answer->status == 204)
		body = 0;
	char *all = realloc(head, (size_t)size + body + 1);
	assert(all);
	if (body)
		memcpy(all + size, answer->body, body);
	*out_head = (size_t)size;
	*out_size = (size_t)size + body;
	return all;
}

/* Sends the answer with its fault; true when the connection may serve another request. */
static bool answer_with(struct connection *c, const struct loop_answer *answer, const char *bytes,
	size_t head, size_t size)
{
	static const char chunk[] =
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n";
	int fd = c->fd;
	switch (answer->fault) {
	case LOOP_FINE: return put(fd, bytes, size);
	case LOOP_RESET: reset(fd); return false;
	case LOOP_CLOSE: return false;
	case LOOP_SILENT: wait_gone(c); return false;
	case LOOP_LATE:
		for (unsigned i = 0; i < answer->delay_ms && !atomic_load(&c->server->stop);
			i += 10)
			pause_ms(10);
		return put(fd, bytes, size);
	case LOOP_HALF_HEAD: put(fd, bytes, head / 2); return false;
	case LOOP_HALF_BODY: put(fd, bytes, head + (size - head) / 2); return false;
	case LOOP_RESET_BODY:
		put(fd, bytes, head + (size - head) / 2);
		pause_ms(50); /* a reset may overtake bytes that were not read yet */
		reset(fd);
		return false;
	case LOOP_DRIP: return drip(fd, bytes, size);
	case LOOP_GARBAGE: put(fd, "\x16\x03\x01 220 smtp ready\r\n\r\n", 22); return false;
	case LOOP_ENDLESS: endless(c->server, fd, bytes + head, size - head); return false;
	case LOOP_STALL: stall(c, bytes + head, size - head); return false;
	case LOOP_MANY_HEADERS: many_headers(c->server, fd); return false;
	case LOOP_BAD_CHUNK: put(fd, chunk, sizeof chunk - 1); return false;
	case LOOP_FAULTS: break;
	}
	return false;
}

static bool serve_one(struct connection *c)
{
	struct loop_server *server = c->server;
	struct loop_request request = {0};
	struct loop_answer answer = {0};
	char *text = NULL;
	if (!read_request(c, &request, &text)) {
		if (atomic_load(&server->reset_at) >= 0)
			reset(c->fd);
		return false;
	}
	size_t head, size;
	pthread_mutex_lock(&server->lock);
	request.number = atomic_fetch_add(&server->requests, 1) + 1;
	server->handler(server->state, &request, &answer);
	char *bytes = compose(&request, &answer, &head, &size);
	pthread_mutex_unlock(&server->lock);
	free(text);
	bool again = answer_with(c, &answer, bytes, head, size);
	free(bytes);
	return again;
}

static void *serve(void *state)
{
	struct connection *c = state;
	while (!atomic_load(&c->server->stop) && serve_one(c))
		continue;
	close(c->fd);
	free(c->bytes);
	free(c);
	return NULL;
}

/* ---- the listener ------------------------------------------------------------------------------ */

static void *accept_all(void *state)
{
	struct loop_server *server = state;
	struct pollfd poller = {.fd = server->listener, .events = POLLIN};
	while (!atomic_load(&server->stop)) {
		if (poll(&poller, 1, 20) <= 0)
			continue;
		int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		atomic_fetch_add(&server->connections, 1);
		struct connection *c = calloc(1, sizeof *c);
		assert(c && server->n_threads < THREADS_MAX);
		*c = (struct connection){.server = server, .fd = fd};
		int failed = pthread_create(&server->threads[server->n_threads++], NULL, serve, c);
		assert(!failed);
	}
	return NULL;
}

static int listen_somewhere(unsigned *out_port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int failed = fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 128) ||
		     getsockname(fd, (struct sockaddr *)&address, &size);
	assert(!failed);
	*out_port = ntohs(address.sin_port);
	return fd;
}

struct loop_server *loop_server_start(loop_handler *handler, void *state)
{
	struct loop_server *server = calloc(1, sizeof *server);
	assert(server);
	server->handler = handler;
	server->state = state;
	atomic_store(&server->reset_at, -1);
	pthread_mutex_init(&server->lock, NULL);
	server->listener = listen_somewhere(&server->port);
	snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", server->port);
	int failed = pthread_create(&server->accepting, NULL, accept_all, server);
	assert(!failed);
	return server;
}

void loop_server_stop(struct loop_server *server)
{
	if (!server)
		return;
	atomic_store(&server->stop, true);
	pthread_join(server->accepting, NULL);
	for (unsigned i = 0; i < server->n_threads; i++)
		pthread_join(server->threads[i], NULL);
	close(server->listener);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

const char *loop_server_url(const struct loop_server *server)
{
	return server->url;
}

unsigned loop_server_port(const struct loop_server *server)
{
	return server->port;
}

void loop_server_reset_at(struct loop_server *server, long bytes)
{
	atomic_store(&server->reset_at, bytes);
}

unsigned loop_server_requests(const struct loop_server *server)
{
	return atomic_load(&server->requests);
}

unsigned loop_server_connections(const struct loop_server *server)
{
	return atomic_load(&server->connections);
}

unsigned loop_closed_port(void)
{
	unsigned port;
	close(listen_somewhere(&port));
	return port;
}
