/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `portevoix serve`: the desk itself, web server, dispatcher and collectors in one process. */
#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "collect/collector.h"
#include "desk/setup.h"
#include "dispatch/runner.h"
#include "web/web.h"

#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PORT_DEFAULT = 8080, ALLOW_MAX = 16, ARENAS = 2, MMAP_BYTES = 128 << 10 };

static const char help[] =
	"Usage: portevoix serve [--listen HOST:PORT] [--data DIR] [--database URL] [--node NAME]\n"
	"\n"
	"Runs the desk: the pages and the API, the dispatcher that publishes, the collectors that\n"
	"read feeds and bring answers back. On an empty folder it prints a link, good once, for "
	"the\n"
	"first owner. SIGTERM or Ctrl-C stops it; what is being sent is let end.\n"
	"\n"
	"  --listen HOST:PORT  where to listen (127.0.0.1:8080; port 0: any free one)\n"
	"  --data DIR          the folder that holds everything ($PORTEVOIX_DATA, portevoix-data)\n"
	"  --database URL      sqlite:FILE or postgresql://… ($PORTEVOIX_DATABASE, in DIR)\n"
	"  --node NAME         this process among several on one database (the machine's name)\n"
	"  --base-url URL      how people reach it, when a proxy stands in front (https://…)\n"
	"  --behind-proxy      believe the last X-Forwarded-For\n"
	"  --allow HOST:PORT   a private address that feeds and servers may have (may be "
	"repeated)\n"
	"  --log text|json     how the log is written, on standard error\n"
	"  --help              this\n"
	"\n"
	"Example:\n"
	"  $ portevoix serve --data /srv/portevoix --base-url https://desk.example --behind-proxy\n"
	"  http://127.0.0.1:8080\n"
	"\n"
	"Leaves with 0 when stopped, 2 on wrong usage, 3 when it cannot start.\n";

struct serve {
	struct pv_place place;
	struct pv_web_options web_options;
	const char *base_url;
	const char *allow[ALLOW_MAX];
	size_t n_allow;
	struct pv_desk *desk;
	pthread_mutex_t lock; /* around the pointers below, which changed() follows */
	struct pv_web *web;
	struct pv_dispatcher *dispatcher;
	struct pv_collector_thread *collector;
};

/* ---- what was asked ---------------------------------------------------------------------------- */

/* "HOST:PORT", "[v6]:PORT", "HOST" or ":PORT". */
static bool read_listen(TALLOC_CTX *mem, const char *text, struct pv_web_options *out)
{
	const char *colon = strrchr(text, ':');
	bool bracket = text[0] == '[';
	const char *end = bracket ? strchr(text, ']') : colon ? colon : text + strlen(text);
	if (!end || (bracket && end[1] != ':' && end[1]))
		return false;
	const char *port = bracket ? (end[1] ? end + 2 : NULL) : colon ? colon + 1 : NULL;
	size_t from = bracket ? 1 : 0;
	size_t size = (size_t)(end - text) - from;
	if (size)
		out->host = talloc_strndup(mem, text + from, size);
	if (!port)
		return size > 0;
	char *stop = NULL;
	long number = strtol(port, &stop, 10);
	if (stop == port || *stop || number < 0 || number > 65535)
		return false;
	out->port = (int)number;
	return true;
}

static const struct option options[] = {
	{"listen", required_argument, NULL, 'l'},
	{"data", required_argument, NULL, 'd'},
	{"database", required_argument, NULL, 'u'},
	{"node", required_argument, NULL, 'n'},
	{"base-url", required_argument, NULL, 'b'},
	{"behind-proxy", no_argument, NULL, 'p'},
	{"allow", required_argument, NULL, 'a'},
	{"log", required_argument, NULL, 'g'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static int usage(void)
{
	fputs("portevoix serve --help\n", stderr);
	return PV_EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int read_options(TALLOC_CTX *mem, int argc, char **argv, struct serve *serve)
{
	int option;
	bool json = false;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'l':
			if (!read_listen(mem, optarg, &serve->web_options))
				return usage();
			break;
		case 'd': serve->place.data = optarg; break;
		case 'u': serve->place.database = optarg; break;
		case 'n': serve->place.node = optarg; break;
		case 'b': serve->base_url = optarg; break;
		case 'p': serve->web_options.behind_proxy = true; break;
		case 'a':
			if (serve->n_allow == ALLOW_MAX - 1)
				return usage();
			serve->allow[serve->n_allow++] = optarg;
			break;
		case 'g':
			json = strcmp(optarg, "json") == 0;
			if (!json && strcmp(optarg, "text") != 0)
				return usage();
			break;
		case 'h': fputs(help, stdout); return PV_EXIT_DONE;
		default: return usage();
		}
	}
	pv_log_setup(PV_LOG_INFO, json);
	return optind == argc ? -1 : usage();
}

/* ---- its parts --------------------------------------------------------------------------------- */

static bool is_one_of(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (strcmp(kind, *kinds) == 0)
			return true;
	return false;
}

/* After every commit, from whichever thread made it: whoever may be waiting is told. */
static void changed(void *state, const struct pv_change *change)
{
	static const char *const sends[] = {"variant", "publication", "account", "pause", "policy",
		"exception", "organization", NULL};
	static const char *const reads[] = {"source", "account", NULL};
	struct serve *serve = state;
	pthread_mutex_lock(&serve->lock);
	if (serve->web)
		pv_web_changed(serve->web, change);
	if (serve->dispatcher && is_one_of(change->kind, sends))
		pv_dispatcher_wake(serve->dispatcher);
	if (serve->collector && is_one_of(change->kind, reads))
		pv_collector_wake(serve->collector);
	pthread_mutex_unlock(&serve->lock);
}

static enum pv_status settle_address(TALLOC_CTX *mem, struct serve *serve, struct pv_error *error)
{
	const char *host = serve->web_options.host ? serve->web_options.host : "127.0.0.1";
	int port = pv_web_port(serve->web);
	const char *format = strchr(host, ':') ? "http://[%s]:%d" : "http://%s:%d";
	if (serve->base_url) {
		size_t size = strlen(serve->base_url);
		while (size && serve->base_url[size - 1] == '/')
			size--;
		serve->desk->base_url = talloc_strndup(mem, serve->base_url, size);
	} else {
		serve->desk->base_url = talloc_asprintf(mem, format, host, port);
	}
	return serve->desk->base_url ? PV_OK : pv_fail_nomem(error);
}

/* An example desk reads its feeds from itself. */
static enum pv_status allow_itself(TALLOC_CTX *mem, struct serve *serve, struct pv_error *error)
{
	if (!serve->web_options.demo)
		return PV_OK;
	const char *itself = talloc_asprintf(mem, "%s:%d",
		serve->web_options.host ? serve->web_options.host : "127.0.0.1",
		pv_web_port(serve->web));
	if (!itself)
		return pv_fail_nomem(error);
	serve->allow[serve->n_allow++] = itself;
	return PV_OK;
}

static enum pv_status start_work(TALLOC_CTX *mem, struct serve *serve, struct pv_error *error)
{
	struct pv_collector_thread *collector = NULL;
	struct pv_dispatcher *dispatcher = NULL;
	enum pv_status status = pv_collector_start(mem, serve->desk, &collector, error);
	if (status == PV_OK)
		status = pv_dispatcher_start(mem, serve->desk, &dispatcher, error);
	pthread_mutex_lock(&serve->lock);
	serve->collector = collector;
	serve->dispatcher = dispatcher;
	pthread_mutex_unlock(&serve->lock);
	return status;
}

/* The address first: a desk that cannot have it does nothing at all. Answers last. */
static enum pv_status start(TALLOC_CTX *mem, struct serve *serve, struct pv_error *error)
{
	enum pv_status status = pv_place_open(mem, &serve->place, &serve->desk, error);
	if (status != PV_OK)
		return status;
	serve->desk->changed = changed;
	serve->desk->changed_state = serve;
	serve->web_options.demo = pv_place_is_demo(mem, serve->place.data);
	status = pv_web_listen(mem, serve->desk, &serve->web_options, &serve->web, error);
	if (status == PV_OK)
		status = settle_address(mem, serve, error);
	if (status == PV_OK)
		status = allow_itself(mem, serve, error);
	if (status == PV_OK)
		status = pv_place_reach(
			mem, &serve->place, serve->desk, serve->allow, serve->n_allow, error);
	if (status == PV_OK)
		status = start_work(mem, serve, error);
	if (status != PV_OK)
		return status;
	pv_web_watch_dispatcher(serve->web, serve->dispatcher);
	return pv_web_start(serve->web, error);
}

/* No more requests, then no more reading and sending; what is being sent is let end. */
static void stop(struct serve *serve)
{
	pthread_mutex_lock(&serve->lock);
	struct pv_web *web = serve->web;
	struct pv_collector_thread *collector = serve->collector;
	struct pv_dispatcher *dispatcher = serve->dispatcher;
	serve->web = NULL;
	serve->collector = NULL;
	serve->dispatcher = NULL;
	pthread_mutex_unlock(&serve->lock);
	pv_web_stop(web);
	if (collector)
		pv_collector_stop(collector);
	if (dispatcher)
		pv_dispatcher_stop(dispatcher);
	if (serve->place.client)
		pv_net_client_stop(serve->place.client);
}

/* The address, and on an empty desk the first owner's link. */
static enum pv_status announce(TALLOC_CTX *mem, struct serve *serve, struct pv_error *error)
{
	static const struct pv_words first = {
		"Ce bureau est vide. Ouvrez ce lien (bon une fois, un jour) pour en devenir "
		"propriétaire :",
		"This desk is empty. Open this link (good once, for a day) to become its owner:"};
	const char *link = NULL;
	enum pv_status status = pv_desk_setup_link(serve->desk, mem, &link, error);
	if (status == PV_OK)
		status = pv_place_note_write(mem, serve->desk, error);
	if (status != PV_OK)
		return status;
	printf("%s\n", serve->desk->base_url);
	if (link) {
		fprintf(stderr, "%s\n", pv_cli_words(&first));
		printf("%s\n", link);
	}
	fflush(stdout);
	pv_log(PV_LOG_INFO, "desk open", "url", serve->desk->base_url, "data", serve->place.data,
		"database", pv_db_engine(serve->desk->db), "node", serve->place.node, "version",
		PV_VERSION, NULL);
	return PV_OK;
}

/* Blocked before the first thread starts, so that all of them leave these to sigwait. */
static void hold_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

static void wait_for_end(const sigset_t *set)
{
	int number = 0;
	do {
		sigwait(set, &number);
	} while (number == SIGHUP);
	/* A second one does not wait. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, set, NULL);
	pv_log(PV_LOG_INFO, "desk closing", NULL);
}

int pv_cli_serve(int argc, char **argv)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	struct serve serve = {
		.web_options = {.port = PORT_DEFAULT}, .lock = PTHREAD_MUTEX_INITIALIZER};
	sigset_t signals;
	int asked = read_options(scope, argc, argv, &serve);
	if (asked >= 0)
		return asked;
	/* Few arenas and a low threshold: what a burst took goes back (32 MB idle). */
	mallopt(M_ARENA_MAX, ARENAS);
	mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
	hold_signals(&signals);
	enum pv_status status = start(scope, &serve, &error);
	if (status == PV_OK)
		status = announce(scope, &serve, &error);
	if (status == PV_OK) {
		malloc_trim(0);
		wait_for_end(&signals);
	}
	stop(&serve);
	if (serve.desk)
		pv_place_note_remove(scope, serve.desk);
	if (status == PV_OK)
		return PV_EXIT_DONE;
	pv_place_fail(&error);
	return PV_EXIT_FAILED;
}
