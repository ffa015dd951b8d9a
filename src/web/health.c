/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/health.h"

#include "base/mem.h"
#include "desk/pulse.h"
#include "dispatch/runner.h"
#include "web/house.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { METRICS_MAX = 256 << 10 };

/*
 * The last write that was tried, and whether one is being tried. It is tried by a thread of its own:
 * a database that keeps its writers waiting would keep every reader's thread with them.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	int64_t at_us, begun_us;
	bool running, tried, ok;
	char fr[256], en[256];
} probe = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

static void try_write(void *argument)
{
	struct pv_web *web = argument;
	struct pv_desk *desk = NULL;
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	struct pv_error error = PV_ERROR_IN(scope);
	bool ok = pv_web_desk(web, &desk, &error) == PV_OK &&
		  pv_desk_pulse_write(desk, &error) == PV_OK;
	pthread_mutex_lock(&probe.lock);
	probe.ok = ok;
	snprintf(probe.fr, sizeof(probe.fr), "%s",
		ok ? "La base de données accepte une écriture." : error.words.fr);
	snprintf(probe.en, sizeof(probe.en), "%s",
		ok ? "The database takes a write." : error.words.en);
	probe.at_us = pv_env_monotonic_us(web->desk->env);
	probe.tried = true;
	probe.running = false;
	pthread_cond_broadcast(&probe.ended);
	pthread_mutex_unlock(&probe.lock);
}

/* Under the lock: waits for the one that is being tried, unless it has been for long already. */
static void await_probe(int64_t now_us)
{
	int64_t left_us = probe.begun_us + PV_WEB_PROBE_WAIT_MS * INT64_C(1000) - now_us;
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += left_us > 0 ? (long)left_us * 1000 : 0;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	while (probe.running && left_us > 0)
		if (pthread_cond_timedwait(&probe.ended, &probe.lock, &until) != 0)
			return;
}

static bool check_database(struct pv_web_call *call, struct pv_words *words)
{
	int64_t now_us = pv_env_monotonic_us(call->desk->env);
	pthread_mutex_lock(&probe.lock);
	bool old = !probe.tried || now_us - probe.at_us > PV_WEB_PROBE_MS * INT64_C(1000);
	if (old && !probe.running) {
		probe.running = pv_aside_push(call->web->prober, try_write, call->web);
		probe.begun_us = now_us;
	}
	await_probe(now_us);
	bool ok = probe.ok && !probe.running;
	*words = (struct pv_words){"La base de données garde une écriture en attente.",
		"The database keeps a write waiting."};
	if (!probe.running) {
		words->fr = talloc_strdup(call->mem, probe.fr);
		words->en = talloc_strdup(call->mem, probe.en);
	}
	pthread_mutex_unlock(&probe.lock);
	return ok;
}

static bool check_dispatcher(struct pv_web_call *call, struct pv_words *words)
{
	struct pv_dispatcher *dispatcher = call->web->dispatcher;
	int64_t last_us = dispatcher ? pv_dispatcher_last_turn_us(dispatcher) : PV_TIME_NONE;
	if (!dispatcher) {
		*words = (struct pv_words){"L'expédition n'est pas en marche ici.",
			"The dispatcher does not run here."};
		return false;
	}
	if (last_us == PV_TIME_NONE) {
		*words = (struct pv_words){"L'expédition n'a pas encore fait un tour complet.",
			"The dispatcher has not done a whole turn yet."};
		return false;
	}
	int64_t age_s = (pv_env_monotonic_us(call->desk->env) - last_us) / PV_SECOND_US;
	if (age_s > PV_DISPATCH_HEALTHY_S) {
		const char *trouble = pv_dispatcher_trouble(dispatcher, call->mem);
		words->fr = talloc_asprintf(call->mem,
			"L'expédition n'a pas fait de tour depuis %" PRId64 " s. %s", age_s,
			trouble);
		words->en = talloc_asprintf(call->mem,
			"The dispatcher has not turned for %" PRId64 " s. %s", age_s, trouble);
		return false;
	}
	*words = (struct pv_words){"L'expédition est en marche.", "The dispatcher is running."};
	return true;
}

static void write_check(struct pv_out *out, const char *name, bool ok, const struct pv_words *words)
{
	pv_out_open(out, NULL, '{');
	pv_out_text(out, "name", name);
	pv_out_bool(out, "ok", ok);
	pv_out_words(out, "words", words);
	pv_out_close(out, '}');
}

enum pv_status pv_web_get_health(struct pv_web_call *call, struct pv_error *error)
{
	struct pv_out *out = &call->out;
	struct pv_words database, dispatcher;
	bool writes = check_database(call, &database);
	bool turns = check_dispatcher(call, &dispatcher);
	pv_out_open(out, NULL, '{');
	pv_out_bool(out, "ok", writes && turns);
	pv_out_text(out, "version", PV_VERSION);
	pv_out_open(out, "checks", '[');
	write_check(out, "database", writes, &database);
	write_check(out, "dispatcher", turns, &dispatcher);
	pv_out_close(out, ']');
	pv_out_close(out, '}');
	return pv_web_answer(call, writes && turns ? 200 : 503, error);
}

/* ---- figures ----------------------------------------------------------------------------------- */

static int64_t resident_bytes(void)
{
	long pages = 0, ignored = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	if (!file)
		return 0;
	if (fscanf(file, "%ld %ld", &ignored, &pages) != 2)
		pages = 0;
	fclose(file);
	return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* Of an SQLite database in the data folder; 0 for another engine. */
static int64_t database_bytes(struct pv_web_call *call)
{
	static const char *const names[] = {"portevoix.db", "portevoix.db-wal"};
	int64_t sum = 0;
	for (size_t i = 0; i < PV_COUNT(names); i++) {
		struct stat stat_now;
		char *path = talloc_asprintf(call->mem, "%s/%s", call->desk->data_dir, names[i]);
		if (path && stat(path, &stat_now) == 0)
			sum += stat_now.st_size;
	}
	return sum;
}

static void write_gauge(struct pv_buf *buf, const char *name, const char *help, double value)
{
	pv_buf_printf(
		buf, "# HELP %s %s\n# TYPE %s gauge\n%s %.15g\n", name, help, name, name, value);
}

static void write_pulse(struct pv_buf *buf, const struct pv_desk_pulse *pulse, int64_t now_us)
{
	pv_buf_text(buf, "# HELP portevoix_publications Publications by state.\n"
			 "# TYPE portevoix_publications gauge\n");
	for (size_t i = 0; i < pulse->n_states; i++)
		pv_buf_printf(buf, "portevoix_publications{state=\"%s\"} %" PRId64 "\n",
			pulse->states[i].name, pulse->states[i].n);
	write_gauge(buf, "portevoix_queue_age_seconds",
		"How long the oldest due publication has waited.",
		pulse->oldest_due_us == PV_TIME_NONE
			? 0
			: (double)(now_us - pulse->oldest_due_us) / 1e6);
	if (pulse->lateness_worst_us >= 0) {
		write_gauge(buf, "portevoix_lateness_mean_seconds",
			"Lateness of the latest publications, mean.",
			(double)pulse->lateness_mean_us / 1e6);
		write_gauge(buf, "portevoix_lateness_worst_seconds",
			"Lateness of the latest publications, worst.",
			(double)pulse->lateness_worst_us / 1e6);
	}
}

enum pv_status pv_web_get_metrics(struct pv_web_call *call, struct pv_error *error)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static int64_t kept_at_us;
	static char *kept; /* what the database told, for a few seconds */
	int64_t now_us = pv_env_now_us(call->desk->env);
	int64_t clock_us = pv_env_monotonic_us(call->desk->env);
	struct pv_buf buf = PV_BUF(call->mem, METRICS_MAX);
	enum pv_status status = PV_OK;
	pv_buf_printf(&buf,
		"# HELP portevoix_info What runs.\n# TYPE portevoix_info gauge\n"
		"portevoix_info{version=\"%s\"} 1\n",
		PV_VERSION);
	pv_web_figures_write(&call->web->figures, &buf);
	write_gauge(&buf, "portevoix_http_connections", "Connections open now.",
		pv_web_server_connections(call->web->server));
	write_gauge(&buf, "portevoix_http_streams", "Streams of live changes open now.",
		pv_web_hub_streams(call->web->hub));
	write_gauge(&buf, "process_resident_memory_bytes", "Resident memory.",
		(double)resident_bytes());
	write_gauge(&buf, "portevoix_database_bytes", "Size of the database's files.",
		(double)database_bytes(call));
	pthread_mutex_lock(&lock);
	if (!kept || clock_us - kept_at_us > PV_WEB_METRICS_MS * INT64_C(1000)) {
		struct pv_desk_pulse pulse;
		struct pv_buf fresh = PV_BUF(call->mem, METRICS_MAX);
		status = pv_desk_pulse_read(call->desk, call->mem, &pulse, error);
		if (status == PV_OK) {
			write_pulse(&fresh, &pulse, now_us);
			talloc_free(kept);
			kept = talloc_strdup(NULL, pv_buf_end(&fresh));
			kept_at_us = clock_us;
		}
	}
	if (kept)
		pv_buf_text(&buf, kept);
	pthread_mutex_unlock(&lock);
	if (status != PV_OK)
		return status;
	call->response->status = 200;
	call->response->type = "text/plain; version=0.0.4; charset=utf-8";
	call->response->body = pv_buf_end(&buf);
	call->response->size = buf.size;
	return call->response->body ? PV_OK : pv_fail_nomem(error);
}
