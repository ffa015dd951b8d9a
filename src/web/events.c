/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/events.h"

#include "base/id.h"
#include "base/instant.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { KIND_SIZE = 24, EVENT_ROOM = 256 };

/* Small and flat: a change is copied into a ring, no memory is taken after a stream was opened. */
struct pending {
	char kind[KIND_SIZE];
	char organization_id[PV_ID_SIZE];
	char object_id[PV_ID_SIZE];
	int64_t done, total;
};

struct pv_web_stream {
	struct pv_web_hub *hub;
	struct pv_web_stream *next;
	char person_id[PV_ID_SIZE];
	char (*organizations)[PV_ID_SIZE];
	size_t n_organizations;
	struct pending ring[PV_WEB_STREAM_PENDING];
	size_t first, n;
	bool greet, beat, resync, ended, asleep;
	int64_t until_us;
	void *connection;
	pv_web_stream_switch *to_sleep, *to_wake;
};

struct pv_web_hub {
	struct pv_env *env;
	pthread_mutex_t lock;
	struct pv_web_stream *streams;
	unsigned n;
	bool closed;
};

enum pv_status pv_web_hub_create(
	TALLOC_CTX *mem, struct pv_env *env, struct pv_web_hub **out, struct pv_error *error)
{
	struct pv_web_hub *hub = talloc_zero(mem, struct pv_web_hub);
	if (!hub)
		return pv_fail_nomem(error);
	hub->env = env;
	pthread_mutex_init(&hub->lock, NULL);
	*out = hub;
	return PV_OK;
}

static void wake(struct pv_web_stream *stream)
{
	if (!stream->asleep)
		return;
	stream->asleep = false;
	stream->to_wake(stream->connection);
}

static bool concerns(const struct pv_web_stream *stream, const struct pv_change *change)
{
	if (!change->organization_id || !*change->organization_id)
		return true;
	for (size_t i = 0; i < stream->n_organizations; i++)
		if (strcmp(stream->organizations[i], change->organization_id) == 0)
			return true;
	return false;
}

/* Ids and kinds are plain words; whatever else came would not be JSON, and is left out. */
static void copy(char *out, size_t size, const char *text)
{
	size_t n = 0;
	for (const char *at = text ? text : ""; *at && n + 1 < size; at++)
		if ((unsigned char)*at > 0x20 && *at != '"' && *at != '\\')
			out[n++] = *at;
	out[n] = '\0';
}

/* How far some work is stands in the place of what was said of it before and is not sent yet. */
static bool newer_of_last(struct pv_web_stream *stream, const struct pv_change *change)
{
	if (change->total == 0 || stream->n == 0)
		return false;
	struct pending *last =
		&stream->ring[(stream->first + stream->n - 1) % PV_WEB_STREAM_PENDING];
	if (last->total == 0 || strcmp(last->kind, change->kind) != 0 ||
		strcmp(last->object_id, change->object_id) != 0)
		return false;
	last->done = change->done;
	last->total = change->total;
	return true;
}

static void push(struct pv_web_stream *stream, const struct pv_change *change)
{
	if (stream->n == PV_WEB_STREAM_PENDING) {
		stream->resync = true;
		stream->n = 0;
	}
	if (stream->resync || newer_of_last(stream, change))
		return;
	struct pending *slot = &stream->ring[(stream->first + stream->n) % PV_WEB_STREAM_PENDING];
	copy(slot->kind, sizeof(slot->kind), change->kind);
	copy(slot->organization_id, sizeof(slot->organization_id), change->organization_id);
	copy(slot->object_id, sizeof(slot->object_id), change->object_id);
	slot->done = change->done;
	slot->total = change->total;
	stream->n++;
}

void pv_web_hub_tell(struct pv_web_hub *hub, const struct pv_change *change)
{
	/* Who belongs where may have changed: streams end, and ask again by connecting again. */
	bool seats =
		strcmp(change->kind, "people") == 0 || strcmp(change->kind, "organization") == 0;
	pthread_mutex_lock(&hub->lock);
	for (struct pv_web_stream *stream = hub->streams; stream; stream = stream->next) {
		bool concerned = concerns(stream, change);
		if (concerned)
			push(stream, change);
		stream->ended |= seats;
		if (concerned || seats)
			wake(stream);
	}
	pthread_mutex_unlock(&hub->lock);
}

void pv_web_hub_beat(struct pv_web_hub *hub)
{
	int64_t now_us = pv_env_monotonic_us(hub->env);
	pthread_mutex_lock(&hub->lock);
	for (struct pv_web_stream *stream = hub->streams; stream; stream = stream->next) {
		stream->beat = true;
		stream->ended |= now_us >= stream->until_us;
		wake(stream);
	}
	pthread_mutex_unlock(&hub->lock);
}

void pv_web_hub_close(struct pv_web_hub *hub)
{
	pthread_mutex_lock(&hub->lock);
	hub->closed = true;
	for (struct pv_web_stream *stream = hub->streams; stream; stream = stream->next) {
		stream->ended = true;
		wake(stream);
	}
	pthread_mutex_unlock(&hub->lock);
}

unsigned pv_web_hub_streams(struct pv_web_hub *hub)
{
	pthread_mutex_lock(&hub->lock);
	unsigned n = hub->n;
	pthread_mutex_unlock(&hub->lock);
	return n;
}

enum pv_status pv_web_stream_open(struct pv_web_hub *hub, const char *person_id,
	const char *const *organization_ids, size_t n, struct pv_web_stream **out,
	struct pv_error *error)
{
	if (n > PV_WEB_STREAM_ORGANIZATIONS)
		n = PV_WEB_STREAM_ORGANIZATIONS;
	/* Of no parent: opened by one thread, freed by another. */
	struct pv_web_stream *stream = talloc_zero(NULL, struct pv_web_stream);
	if (!stream)
		return pv_fail_nomem(error);
	stream->organizations = talloc_zero_size(stream, n * PV_ID_SIZE + 1);
	if (!stream->organizations) {
		talloc_free(stream);
		return pv_fail_nomem(error);
	}
	for (size_t i = 0; i < n; i++)
		copy(stream->organizations[i], PV_ID_SIZE, organization_ids[i]);
	stream->n_organizations = n;
	copy(stream->person_id, sizeof(stream->person_id), person_id);
	stream->hub = hub;
	stream->greet = true;
	stream->until_us = pv_env_monotonic_us(hub->env) + PV_WEB_STREAM_S * PV_SECOND_US;
	pthread_mutex_lock(&hub->lock);
	bool full = hub->closed || hub->n >= PV_WEB_STREAMS_MAX;
	if (!full) {
		stream->next = hub->streams;
		hub->streams = stream;
		hub->n++;
	}
	pthread_mutex_unlock(&hub->lock);
	if (full) {
		talloc_free(stream);
		return pv_fail(error, PV_THROTTLED, "Trop de pages suivent déjà ce bureau.",
			"Too many pages follow this desk already.");
	}
	*out = stream;
	return PV_OK;
}

void pv_web_stream_bind(struct pv_web_stream *stream, void *connection,
	pv_web_stream_switch *to_sleep, pv_web_stream_switch *to_wake)
{
	stream->connection = connection;
	stream->to_sleep = to_sleep;
	stream->to_wake = to_wake;
}

void pv_web_stream_free(struct pv_web_stream *stream)
{
	struct pv_web_hub *hub = stream->hub;
	pthread_mutex_lock(&hub->lock);
	for (struct pv_web_stream **at = &hub->streams; *at; at = &(*at)->next)
		if (*at == stream) {
			*at = stream->next;
			hub->n--;
			break;
		}
	pthread_mutex_unlock(&hub->lock);
	talloc_free(stream);
}

static size_t write_change(const struct pending *slot, char *out)
{
	char far[64] = "";
	if (slot->total > 0)
		snprintf(far, sizeof(far), ",\"done\":%lld,\"total\":%lld", (long long)slot->done,
			(long long)slot->total);
	return (size_t)snprintf(out, EVENT_ROOM,
		"event: change\ndata: "
		"{\"kind\":\"%s\",\"organization\":\"%s\",\"id\":\"%s\"%s}\n\n",
		slot->kind, slot->organization_id, slot->object_id, far);
}

/* One event as text; fits EVENT_ROOM, ids and kinds being short and plain. */
static size_t next_event(struct pv_web_stream *stream, char *out)
{
	if (stream->greet) {
		stream->greet = false;
		return (size_t)snprintf(out, EVENT_ROOM, "retry: 2000\nevent: hello\ndata: {}\n\n");
	}
	if (stream->resync) {
		stream->resync = false;
		return (size_t)snprintf(out, EVENT_ROOM, "event: resync\ndata: {}\n\n");
	}
	if (stream->n) {
		const struct pending *slot = &stream->ring[stream->first];
		stream->first = (stream->first + 1) % PV_WEB_STREAM_PENDING;
		stream->n--;
		return write_change(slot, out);
	}
	if (stream->beat) {
		stream->beat = false;
		return (size_t)snprintf(out, EVENT_ROOM, ":\n\n");
	}
	return 0;
}

size_t pv_web_stream_take(struct pv_web_stream *stream, char *out, size_t room)
{
	size_t size = 0;
	char event[EVENT_ROOM];
	pthread_mutex_lock(&stream->hub->lock);
	while (room - size >= EVENT_ROOM) {
		size_t n = next_event(stream, event);
		if (n == 0)
			break;
		memcpy(out + size, event, n);
		size += n;
	}
	if (size == 0 && stream->ended) {
		size = PV_WEB_STREAM_END;
	} else if (size == 0) {
		stream->asleep = true;
		stream->to_sleep(stream->connection);
	}
	pthread_mutex_unlock(&stream->hub->lock);
	return size;
}
