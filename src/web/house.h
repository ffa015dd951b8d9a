/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The web room's own state, shared by its files and by nobody else. */
#ifndef PV_WEB_HOUSE_H
#define PV_WEB_HOUSE_H

#include "web/aside.h"
#include "web/events.h"
#include "web/figures.h"
#include "web/route.h"
#include "web/server.h"
#include "web/web.h"

#include <pthread.h>

struct pv_web {
	struct pv_desk *desk; /* only copied from, and asked for env, base_url… */
	struct pv_web_options options;
	struct pv_web_server *server;
	struct pv_web_hub *hub;
	struct pv_aside *background; /* what nobody waits for: where links end */
	struct pv_aside *prober;     /* tries a write for /healthz */
	struct pv_web_figures figures;
	struct pv_dispatcher *dispatcher;
	pthread_key_t desk_key; /* a thread's own desk */
	pthread_t keeper;       /* heartbeats, sweeping, memory given back */
	pthread_mutex_t lock;
	pthread_cond_t stopped;
	bool stopping, keeper_runs;
	bool https;
	const char *host; /* the host of base_url, in lower case, without port */
};

/* This thread's desk. */
enum pv_status pv_web_desk(struct pv_web *web, struct pv_desk **out, struct pv_error *error);

/*
 * Follows the links of a text that was judged without knowing where they end; who looks at the
 * account is then told ("links"), and asks for the judgement again. Nobody waits for it.
 */
void pv_web_follow_links(
	struct pv_web *web, const char *organization_id, const char *account_id, const char *text);

/* The desk is on its way out: what takes long leaves off. */
bool pv_web_is_stopping(struct pv_web *web);

/* One whole request: everything between its bytes and its answer. */
void pv_web_admit(void *web, struct pv_web_request *request, struct pv_web_plan *out);
void pv_web_respond(void *web, struct pv_web_request *request, const struct pv_web_plan *plan,
	bool too_large, struct pv_web_response *out);

/* The tables of routes, one a resource. */
extern const struct pv_web_routes pv_web_session_routes;
extern const struct pv_web_routes pv_web_me_routes;
extern const struct pv_web_routes pv_web_organization_routes;
extern const struct pv_web_routes pv_web_register_routes;
extern const struct pv_web_routes pv_web_delegation_routes;
extern const struct pv_web_routes pv_web_report_routes;
extern const struct pv_web_routes pv_web_policy_routes;
extern const struct pv_web_routes pv_web_policy_try_routes;
extern const struct pv_web_routes pv_web_replay_routes;
extern const struct pv_web_routes pv_web_policy_life_routes;
extern const struct pv_web_routes pv_web_account_routes;
extern const struct pv_web_routes pv_web_source_routes;
extern const struct pv_web_routes pv_web_post_routes;
extern const struct pv_web_routes pv_web_variant_routes;
extern const struct pv_web_routes pv_web_publication_routes;
extern const struct pv_web_routes pv_web_conversation_routes;
extern const struct pv_web_routes pv_web_media_routes;
extern const struct pv_web_routes pv_web_service_routes;
/* The public pages: src/web/journal/ adds to it. */
extern const struct pv_web_routes pv_web_journal_routes;

#endif
