/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/hop.h"

#include "net/client.h"
#include "net/guard.h"
#include "base/mem.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long a thread sleeps without looking at the stop flag, should a wake-up be lost. */
enum { POLL_MS = 1000 };

/* What the callbacks gather. */
struct exchange {
	TALLOC_CTX *mem;
	struct pv_http_response response;
	struct pv_buf body;
	size_t header_bytes;
	bool guard_addresses, cut_wanted;
	bool head_whole; /* the empty line after the header fields came */
	bool over_headers, over_body, nomem, stopped;
	const struct pv_net_range *refused; /* the guard's last no */
};

bool pv_net_hop_repeatable(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* RFC 9110, 5.6.2: tchar. */
static bool is_token(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("!#$%&'*+-.^_`|~", *text))
			return false;
	return true;
}

static bool is_value(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 && *text != '\t')
			return false;
	return true;
}

enum pv_status pv_net_hop_check(const struct pv_http_request *request, struct pv_error *error)
{
	if (!request->method || !is_token(request->method))
		return pv_fail(error, PV_INVALID, "La méthode HTTP est mal formée.",
			"The HTTP method is malformed.");
	if (request->n_headers > PV_NET_REQUEST_HEADERS_MAX || request->body_size > PV_NET_BODY_MAX)
		return pv_fail(error, PV_TOO_LARGE, "La demande est trop grande pour être envoyée.",
			"The request is too large to be sent.");
	for (size_t i = 0; i < request->n_headers; i++)
		if (!is_token(request->headers[i].name) || !is_value(request->headers[i].value))
			return pv_fail(error, PV_INVALID, "Un en-tête HTTP est mal formé.",
				"An HTTP header field is malformed.");
	return PV_OK;
}

static bool add_header(struct exchange *x, struct pv_str name, struct pv_str value)
{
	struct pv_http_response *r = &x->response;
	struct pv_http_header *grown =
		talloc_realloc(x->mem, r->headers, struct pv_http_header, r->n_headers + 1);
	if (!grown)
		return false;
	r->headers = grown;
	char *key = pv_str_dup(grown, name), *text = pv_str_dup(grown, value);
	if (!key || !text)
		return false;
	for (char *at = key; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	grown[r->n_headers++] = (struct pv_http_header){.name = key, .value = text};
	return true;
}

static struct pv_str trim(struct pv_str text)
{
	while (text.size && strchr(" \t\r\n", text.bytes[0]))
		text.bytes++, text.size--;
	while (text.size && strchr(" \t\r\n", text.bytes[text.size - 1]))
		text.size--;
	return text;
}

/* One line of the header section, also of an interim answer (1xx), which is forgotten. */
static size_t on_header(char *bytes, size_t one, size_t size, void *state)
{
	struct exchange *x = state;
	(void)one;
	x->header_bytes += size;
	if (x->header_bytes > PV_NET_HEADER_BYTES_MAX ||
		x->response.n_headers >= PV_NET_HEADERS_MAX) {
		x->over_headers = true;
		return 0;
	}
	if (size >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		x->response.n_headers = 0;
		x->head_whole = false;
		return size;
	}
	if (bytes[0] == '\r' || bytes[0] == '\n')
		x->head_whole = true;
	const char *colon = memchr(bytes, ':', size);
	if (!colon || colon == bytes || memchr(bytes, '\0', size))
		return size;
	struct pv_str name = {bytes, (size_t)(colon - bytes)};
	struct pv_str value = {colon + 1, size - name.size - 1};
	if (add_header(x, trim(name), trim(value)))
		return size;
	x->nomem = true;
	return 0;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *state)
{
	struct exchange *x = state;
	(void)one;
	size_t room = x->body.limit - x->body.size;
	if (size > room) {
		x->over_body = true;
		if (x->cut_wanted)
			pv_buf_add(&x->body, bytes, room);
		return 0;
	}
	pv_buf_add(&x->body, bytes, size);
	if (!x->body.failed)
		return size;
	x->nomem = true;
	return 0;
}

/* The address looked at here is the one connected to: no name is resolved in between. */
static curl_socket_t on_socket(void *state, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct exchange *x = state;
	(void)purpose;
	const struct pv_net_range *range =
		x->guard_addresses ? pv_net_guard_address(&address->addr) : NULL;
	if (range) {
		x->refused = range;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool is_credential(const char *name)
{
	return strcasecmp(name, "authorization") == 0 || strcasecmp(name, "cookie") == 0 ||
	       strcasecmp(name, "proxy-authorization") == 0;
}

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *grown = line ? curl_slist_append(*list, line) : NULL;
	if (grown)
		*list = grown;
	return grown != NULL;
}

static bool build_headers(TALLOC_CTX *scope, const struct pv_net_hop *hop, struct curl_slist **out)
{
	const struct pv_http_request *request = hop->request;
	bool typed = false;
	for (size_t i = 0; i < request->n_headers; i++) {
		const struct pv_http_header *h = &request->headers[i];
		if (!hop->credentials && is_credential(h->name))
			continue;
		typed = typed || strcasecmp(h->name, "content-type") == 0;
		/* curl's spelling of a field without value is "Name;" */
		if (!append(out, *h->value ? talloc_asprintf(scope, "%s: %s", h->name, h->value)
					   : talloc_asprintf(scope, "%s;", h->name)))
			return false;
	}
	return append(out, "Expect:") && (typed || append(out, "Content-Type:"));
}

/* The long options first fail never on a live handle; what can is memory, seen in `bad`. */
static bool set_request(CURL *easy, const struct pv_net_hop *hop, struct curl_slist *headers)
{
	const struct pv_http_request *request = hop->request;
	int bad = 0;
	bad |= curl_easy_setopt(easy, CURLOPT_URL, hop->url);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "Portevoix/" PV_VERSION);
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, hop->proxy ? hop->proxy : "");
	if (hop->ca_file)
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, hop->ca_file);
	if (strcmp(request->method, "HEAD") == 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	} else if (request->body || strcmp(request->method, "POST") == 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_POST, 1L);
		bad |= curl_easy_setopt(
			easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
		bad |= curl_easy_setopt(
			easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
	}
	if (strcmp(request->method, "HEAD") != 0)
		bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	if (pv_net_hop_repeatable(request->method))
		bad |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	else
		bad |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	return bad == 0;
}

static bool set_rules(CURL *easy, const struct pv_net_hop *hop, struct exchange *x)
{
	long timeout_ms = (long)hop->timeout_ms;
	long connect_ms =
		timeout_ms < PV_NET_CONNECT_TIMEOUT_MS ? timeout_ms : PV_NET_CONNECT_TIMEOUT_MS;
	int bad = 0;
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* no wait for a dead resolver */
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x);
	return bad == 0;
}

static CURLcode drive(struct pv_net_lane *lane, CURLM *multi, struct exchange *x)
{
	if (curl_multi_add_handle(multi, lane->easy) != CURLM_OK)
		return CURLE_OUT_OF_MEMORY;
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	for (;;) {
		int running = 0, left = 0;
		CURLMcode broken = curl_multi_perform(multi, &running);
		const CURLMsg *message = curl_multi_info_read(multi, &left);
		if (message && message->msg == CURLMSG_DONE) {
			code = message->data.result;
			break;
		}
		if (atomic_load(lane->stop)) {
			x->stopped = true;
			break;
		}
		if (broken || curl_multi_poll(multi, NULL, 0, POLL_MS, NULL))
			break;
	}
	curl_multi_remove_handle(multi, lane->easy);
	return code;
}

/*
 * Did any byte of the request leave? curl counts the bytes its socket took: request_size for the
 * head (and a body sent with it), size_upload for the rest of the body.
 */
static bool anything_sent(CURL *easy)
{
	long head = 0;
	curl_off_t body = 0;
	if (curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &head) != CURLE_OK ||
		curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &body) != CURLE_OK)
		return true;
	return head > 0 || body > 0;
}

static const char *why(const struct exchange *x, CURLcode code)
{
	return x->stopped        ? "interrupted: the program is stopping"
	       : x->over_headers ? "the answer's header fields are over the limit"
	       : x->over_body    ? "the answer's body is over the limit"
	       : x->nomem        ? "memory is out"
				 : curl_easy_strerror(code);
}

static enum pv_status conclude(struct pv_net_lane *lane, const struct pv_net_hop *hop,
	struct exchange *x, CURLcode code, struct pv_http_response *out, struct pv_error *error)
{
	struct pv_http_response *r = &x->response;
	long status = 0;
	curl_easy_getinfo(lane->easy, CURLINFO_RESPONSE_CODE, &status);
	bool sent = anything_sent(lane->easy);
	/* curl takes a close in the middle of the header fields for their end */
	bool part = x->over_body || code == CURLE_OPERATION_TIMEDOUT ||
		    code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR;
	bool whole = x->head_whole && (code == CURLE_OK || (part && x->cut_wanted));
	if (!sent && x->refused && code == CURLE_COULDNT_CONNECT)
		return pv_net_guard_fail(x->refused, hop->host, error);
	if (!sent && (x->nomem || code == CURLE_OUT_OF_MEMORY))
		return pv_fail_nomem(error);
	r->cut = code != CURLE_OK;
	if (whole && status >= 200 && status <= 999) {
		r->outcome = PV_HTTP_ANSWERED;
		r->status = (int)status;
		pv_buf_add(&x->body, "", 0); /* an empty body is "", not NULL */
		r->body = x->body.bytes;
		r->body_size = x->body.size;
		if (!x->body.failed) {
			*out = *r;
			return PV_OK;
		}
		x->nomem = true;
	}
	*out = (struct pv_http_response){
		.outcome = sent ? PV_HTTP_UNCERTAIN : PV_HTTP_NOT_SENT,
		.reason = code == CURLE_OK && !x->nomem ? "not a whole HTTP answer" : why(x, code),
		.cut = x->over_body,
	};
	return PV_OK;
}

enum pv_status pv_net_hop_run(struct pv_net_lane *lane, TALLOC_CTX *mem,
	const struct pv_net_hop *hop, struct pv_http_response *out, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	size_t limit = hop->request->response_limit ? hop->request->response_limit
						    : (size_t)PV_HTTP_RESPONSE_LIMIT;
	struct exchange x = {
		.mem = mem,
		.body = PV_BUF(mem, limit),
		.guard_addresses = hop->guard_addresses,
		.cut_wanted = hop->request->cut,
	};
	struct curl_slist *headers = NULL;
	enum pv_status status;
	curl_easy_reset(lane->easy);
	if (!scope || !build_headers(scope, hop, &headers) ||
		!set_request(lane->easy, hop, headers) || !set_rules(lane->easy, hop, &x)) {
		status = pv_fail_nomem(error);
	} else {
		CURLM *multi = hop->guard_addresses ? lane->guarded : lane->open;
		CURLcode code = drive(lane, multi, &x);
		status = conclude(lane, hop, &x, code, out, error);
	}
	/* nothing of this frame stays with the handle */
	curl_easy_reset(lane->easy);
	curl_slist_free_all(headers);
	return status;
}
