/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Live changes to browsers: server-sent events (HTML Living Standard, 9.2). A hub knows the open
 * streams; a change goes to those whose person belongs to its organisation.
 *
 *	pv_web_hub_tell(hub, &change);          after a commit, from any thread, returns at once
 *
 * A stream that is not read fast enough is told `event: resync` instead of what it missed. Streams
 * end by themselves after PV_WEB_STREAM_S, and at once when memberships change: the browser connects
 * again and is asked anew who it is.
 */
#ifndef PV_WEB_EVENTS_H
#define PV_WEB_EVENTS_H

#include "base/env.h"
#include "desk/desk.h"

enum {
	PV_WEB_STREAMS_MAX = 500,
	PV_WEB_STREAM_PENDING = 64,
	PV_WEB_STREAM_BEAT_S = 15,
	PV_WEB_STREAM_S = 600,
	PV_WEB_STREAM_ORGANIZATIONS = 500,
};

struct pv_web_hub;
struct pv_web_stream;

/* Puts a connection to sleep, and wakes it; called under the hub's lock. */
typedef void pv_web_stream_switch(void *connection);

enum pv_status pv_web_hub_create(
	TALLOC_CTX *mem, struct pv_env *env, struct pv_web_hub **out, struct pv_error *error);
void pv_web_hub_tell(struct pv_web_hub *hub, const struct pv_change *change);
/* Wakes every stream for its heartbeat; about every PV_WEB_STREAM_BEAT_S. */
void pv_web_hub_beat(struct pv_web_hub *hub);
/* Ends every stream, and refuses new ones. */
void pv_web_hub_close(struct pv_web_hub *hub);
unsigned pv_web_hub_streams(struct pv_web_hub *hub);

/* PV_THROTTLED when there are PV_WEB_STREAMS_MAX already. Free it, or give it to the server. */
enum pv_status pv_web_stream_open(struct pv_web_hub *hub, const char *person_id,
	const char *const *organization_ids, size_t n, struct pv_web_stream **out,
	struct pv_error *error);
void pv_web_stream_bind(struct pv_web_stream *stream, void *connection,
	pv_web_stream_switch *to_sleep, pv_web_stream_switch *to_wake);
void pv_web_stream_free(struct pv_web_stream *stream);

/*
 * What is to be sent now, at most `room` bytes; 0: nothing, the connection was put to sleep;
 * PV_WEB_STREAM_END: it is over.
 */
#define PV_WEB_STREAM_END ((size_t)-1)
size_t pv_web_stream_take(struct pv_web_stream *stream, char *out, size_t room);

#endif
