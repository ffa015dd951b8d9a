/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A network with its other side and the world between, the same shape for all, so that one suite
 * of cases runs on every adapter.
 */
#ifndef PV_TESTS_NETWORKS_STAGE_H
#define PV_TESTS_NETWORKS_STAGE_H

#include "api.h"

#include "net/client.h"
#include "networks/network.h"

struct memory_journal;

struct stage {
	const char *name;
	const struct pv_network *network;
	/* what a person types, right and wrong; %s: the server */
	const char *typed, *wrong;
	const char *write_method, *write_path; /* of the publishing request; NULL: not by HTTP */
	const char *secret;                    /* must never be seen in evidence */
	unsigned media_posts;                  /* requests a picture costs besides (0: not tried) */
	const char *picture;                   /* its type */

	struct api *(*start)(void);
	unsigned (*posts)(const struct api *api);
	/* Somebody answers; NULL: cannot be played here. */
	void (*answer)(struct api *api, const char *remote_id, const char *text);

	/* filled by stage_open */
	struct api *api;
	struct memory_journal *journal;
	struct pv_env *env;
	struct pv_net_client *client;
	struct pv_network_context context;
	struct pv_network_account account;
	char *saved; /* the last secrets saved */
	unsigned saves;
	bool save_fails;
	TALLOC_CTX *mem;
};

extern const struct stage stage_fake, stage_journal, stage_bluesky, stage_mastodon;
/* A real Bluesky server behind a loopback server that plays the troubles; NULL: none is there. */
const struct stage *stage_pds(void);

/* Opens the world and connects; the test fails when that fails. */
void stage_open(struct stage *stage, const struct stage *kind);
void stage_close(struct stage *stage);
enum pv_status stage_connect(struct stage *stage, const char *typed, struct pv_network_account *out,
	struct pv_error *error);
unsigned stage_posts(const struct stage *stage);

/* A key alone. */
char *stage_key(struct stage *stage, const char *publication, int attempt, int64_t written_at_us);
/* A post to publish, its key made, written just now by this process; below stage->mem. */
struct pv_outgoing stage_post(struct stage *stage, const char *publication, const char *text);

/* The journal's store, in memory. */
struct memory_journal {
	struct {
		char key[64];
		bool gone;
	} pages[16];
	unsigned n, writes;
	enum pv_status fails; /* not PV_OK: what every call answers */
	bool after;           /* … once it has done its work */
};
extern const struct pv_journal_ops memory_journal_ops;
unsigned memory_journal_pages(const struct memory_journal *journal);

#endif
