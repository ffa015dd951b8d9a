/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the adapters share: a call to a network's API with its deadline, its JSON, and the judgement
 * of its answer. For src/networks only.
 *
 *	struct pv_wire wire = pv_wire(context, mem, timeout_ms);
 *	pv_wire_secret(&wire, token);
 *	struct pv_wire_call call = {.method = "POST", .url = url, .token = token, .json = body};
 *	pv_wire_ask(&wire, &call, &answer, error);
 *	pv_wire_judge(&wire, &answer, &delivery);
 */
#ifndef PV_NETWORKS_WIRE_H
#define PV_NETWORKS_WIRE_H

#include "base/json.h"
#include "networks/network.h"

enum {
	PV_WIRE_SECRETS_MAX = 4,
	PV_WIRE_HEADERS_MAX = 8,
	PV_WIRE_ANSWER_MAX = 4 << 20, /* bytes of an API's answer */
};

struct pv_wire {
	const struct pv_network_context *context;
	TALLOC_CTX *mem;
	int64_t deadline_us; /* on the monotonic clock: for all calls of one operation */
	const char *secrets[PV_WIRE_SECRETS_MAX]; /* struck out of evidence */
	size_t n_secrets;
};

struct pv_wire_call {
	const char *method, *url;
	const char *token;            /* Bearer; NULL: none */
	struct pv_http_header header; /* one more; name NULL: none */
	json_t *json;                 /* the body; borrowed; or the three below */
	const char *type;
	const void *body;
	size_t body_size;
	int64_t most_ms; /* for this call; 0: what the deadline leaves */
};

struct pv_wire_answer {
	struct pv_http_response http;
	json_t *json; /* NULL when the body is not JSON; lives below the wire's mem */
};

/* timeout_ms 0: PV_NETWORK_TIMEOUT_MS. */
struct pv_wire pv_wire(
	const struct pv_network_context *context, TALLOC_CTX *mem, int64_t timeout_ms);
void pv_wire_secret(struct pv_wire *wire, const char *secret);

/* A JSON value that goes with `mem`; NULL (and the value freed) when memory is out. */
json_t *pv_wire_keep(TALLOC_CTX *mem, json_t *value);

/*
 * One exchange, guarded, without redirects. PV_OK whatever the outcome; after the deadline NOT_SENT.
 */
enum pv_status pv_wire_ask(const struct pv_wire *wire, const struct pv_wire_call *call,
	struct pv_wire_answer *out, struct pv_error *error);

static inline bool pv_wire_answered(const struct pv_wire_answer *answer, int status)
{
	return answer->http.outcome == PV_HTTP_ANSWERED && answer->http.status == status;
}

/*
 * A write's answer by what HTTP alone says, evidence included; the adapter then refines a NO by its
 * network's own error names, and makes a YES of a 2xx it understands (which stays UNKNOWN here).
 * A 4xx, or a 503 that says when to come back, counts as the network's word only when its body is a
 * JSON object: proxies and firewalls answer in HTML, and a cache in front says 503 of a write that
 * its server is still at work on.
 */
void pv_wire_judge(
	const struct pv_wire *wire, const struct pv_wire_answer *answer, struct pv_delivery *out);

/* "HTTP 422 {…}" or the reason why there is no answer: cut, well-formed, without secrets. */
const char *pv_wire_evidence(const struct pv_wire *wire, const struct pv_http_response *response);

/* A step before the write did not work: LATER or NO, never UNKNOWN, for nothing was published. */
void pv_wire_judge_before(
	const struct pv_wire *wire, const struct pv_wire_answer *answer, struct pv_delivery *out);

/* For reads: PV_OK when 200 with JSON, else a status with words naming `label`. */
enum pv_status pv_wire_read(
	const struct pv_wire_answer *answer, struct pv_words label, struct pv_error *error);

/*
 * The slot check() of most networks: length as the network counts it, number, size and type of the
 * pictures, alternative text, and that there is something to say. `types` ends with NULL.
 */
enum pv_status pv_wire_check(const struct pv_network *network,
	const struct pv_network_account *account, const struct pv_outgoing *outgoing,
	const char *const *types, struct pv_error *error);

/* Percent-encoded for a query or a path segment (RFC 3986, 2.3). NULL: memory is out. */
char *pv_wire_escape(TALLOC_CTX *mem, const char *text);

/* typed's server as a base address without final slash; `otherwise` when none was typed. */
enum pv_status pv_wire_server(TALLOC_CTX *mem, const json_t *typed, const char *otherwise,
	const char **out, struct pv_error *error);

/* The text of a JSON member, well-formed, below mem; "" when there is none. */
const char *pv_wire_text(TALLOC_CTX *mem, const json_t *object, const char *name);

/* RFC 3339 member; `otherwise` when there is none. */
int64_t pv_wire_time(const json_t *object, const char *name, int64_t otherwise);

#endif
