/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "net/guard.h"

#include "net/url.h"
#include "base/mem.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <string.h>

struct pair {
	const char *host;
	unsigned port;
};

struct pv_net_guard {
	struct pair *pairs;
	size_t n_pairs;
};

struct range {
	unsigned char bytes[16];
	unsigned bits;
	struct pv_net_range said;
};

#define R4(a, b, c, d, bits_, cidr_, fr_, en_) \
	{                                      \
		{a, b, c, d}, bits_,           \
		{                              \
			cidr_,                 \
			{                      \
				fr_, en_       \
			}                      \
		}                              \
	}

/* IANA IPv4 Special-Purpose Address Registry, what is not globally reachable; and multicast. */
static const struct range ranges4[] = {
	R4(0, 0, 0, 0, 8, "0.0.0.0/8", "cette machine", "this machine"),
	R4(10, 0, 0, 0, 8, "10.0.0.0/8", "un réseau privé", "a private network"),
	R4(100, 64, 0, 0, 10, "100.64.0.0/10", "le réseau d'un fournisseur",
		"a provider's network"),
	R4(127, 0, 0, 0, 8, "127.0.0.0/8", "cette machine", "this machine"),
	R4(169, 254, 0, 0, 16, "169.254.0.0/16", "le lien local", "the local link"),
	R4(172, 16, 0, 0, 12, "172.16.0.0/12", "un réseau privé", "a private network"),
	R4(192, 0, 0, 0, 24, "192.0.0.0/24", "un usage réservé", "a reserved use"),
	R4(192, 0, 2, 0, 24, "192.0.2.0/24", "la documentation", "documentation"),
	R4(192, 88, 99, 0, 24, "192.88.99.0/24", "un relais 6to4", "a 6to4 relay"),
	R4(192, 168, 0, 0, 16, "192.168.0.0/16", "un réseau privé", "a private network"),
	R4(198, 18, 0, 0, 15, "198.18.0.0/15", "des essais de réseau", "network tests"),
	R4(198, 51, 100, 0, 24, "198.51.100.0/24", "la documentation", "documentation"),
	R4(203, 0, 113, 0, 24, "203.0.113.0/24", "la documentation", "documentation"),
	R4(224, 0, 0, 0, 4, "224.0.0.0/4", "la diffusion de groupe", "multicast"),
	R4(240, 0, 0, 0, 4, "240.0.0.0/4", "un usage réservé", "a reserved use"),
};

/* IANA IPv6 Special-Purpose Address Registry; what leads to IPv4 is refused with its wrapping. */
static const struct range ranges6[] = {
	{{0}, 128, {"::/128", {"cette machine", "this machine"}}},
	{{[15] = 1}, 128, {"::1/128", {"cette machine", "this machine"}}},
	{{[10] = 0xFF, 0xFF}, 96,
		{"::ffff:0:0/96", {"une adresse IPv4 déguisée", "a disguised IPv4 address"}}},
	{{0}, 96, {"::/96", {"une adresse IPv4 déguisée", "a disguised IPv4 address"}}},
	{{0x00, 0x64, 0xFF, 0x9B}, 96,
		{"64:ff9b::/96", {"une traduction vers IPv4", "a translation to IPv4"}}},
	{{0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}, 48,
		{"64:ff9b:1::/48", {"une traduction vers IPv4", "a translation to IPv4"}}},
	{{0x01}, 64, {"100::/64", {"un puits", "a sink"}}},
	{{0x20, 0x01}, 23,
		{"2001::/23", {"un usage réservé (Teredo…)", "a reserved use (Teredo…)"}}},
	{{0x20, 0x01, 0x0D, 0xB8}, 32, {"2001:db8::/32", {"la documentation", "documentation"}}},
	{{0x20, 0x02}, 16, {"2002::/16", {"une traduction vers IPv4", "a translation to IPv4"}}},
	{{0x3F, 0xFF}, 20, {"3fff::/20", {"la documentation", "documentation"}}},
	{{0x5F}, 16, {"5f00::/16", {"un usage réservé", "a reserved use"}}},
	{{0xFC}, 7, {"fc00::/7", {"un réseau privé", "a private network"}}},
	{{0xFE, 0x80}, 10, {"fe80::/10", {"le lien local", "the local link"}}},
	{{0xFE, 0xC0}, 10, {"fec0::/10", {"un réseau privé", "a private network"}}},
	{{0xFF}, 8, {"ff00::/8", {"la diffusion de groupe", "multicast"}}},
};

/* RFC 4291, 2.4 and the IANA registry: global unicast is 2000::/3, the rest is not given out. */
static const struct range unicast6 = {
	{0x20}, 3, {"2000::/3", {"une adresse non attribuée", "an address not given out"}}};
static const struct pv_net_range unknown_family = {
	"-", {"une autre sorte de réseau", "another kind of network"}};

static bool inside(const struct range *range, const unsigned char *address)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	if (memcmp(range->bytes, address, whole) != 0)
		return false;
	unsigned char mask = (unsigned char)(0xFFu << (8 - rest));
	return rest == 0 || ((range->bytes[whole] ^ address[whole]) & mask) == 0;
}

static const struct pv_net_range *look(
	const struct range *ranges, size_t n, const unsigned char *address)
{
	for (size_t i = 0; i < n; i++)
		if (inside(&ranges[i], address))
			return &ranges[i].said;
	return NULL;
}

static const struct pv_net_range *look6(const unsigned char *address)
{
	const struct pv_net_range *range = look(ranges6, PV_COUNT(ranges6), address);
	if (!range && !inside(&unicast6, address))
		range = &unicast6.said;
	return range;
}

const struct pv_net_range *pv_net_guard_address(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		return look(ranges4, PV_COUNT(ranges4), (const unsigned char *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof in6);
		return look6(in6.sin6_addr.s6_addr);
	}
	return &unknown_family;
}

const struct pv_net_range *pv_net_guard_literal(const char *host)
{
	unsigned char address[16];
	char bare[INET6_ADDRSTRLEN + 1];
	size_t size = strlen(host);
	if (size && host[0] == '[' && host[size - 1] == ']') {
		host++;
		size -= 2;
	}
	if (size >= sizeof bare)
		return NULL;
	memcpy(bare, host, size);
	bare[size] = '\0';
	if (inet_pton(AF_INET, bare, address) == 1)
		return look(ranges4, PV_COUNT(ranges4), address);
	if (inet_pton(AF_INET6, bare, address) == 1)
		return look6(address);
	return NULL;
}

/* WHATWG Fetch, 2.9 "bad port", what is left of it from 1024 on. */
static const unsigned short bad_ports[] = {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
	6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};

bool pv_net_guard_port(unsigned port)
{
	if (port == 80 || port == 443)
		return true;
	if (port < 1024 || port > 65535)
		return false;
	for (size_t i = 0; i < PV_COUNT(bad_ports); i++)
		if (bad_ports[i] == port)
			return false;
	return true;
}

static bool written_port(const char *pair)
{
	const char *colon = strrchr(pair, ':');
	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	return pair[0] != '[' || (colon > pair && colon[-1] == ']');
}

static enum pv_status parse_pair(
	TALLOC_CTX *mem, const char *text, struct pair *out, struct pv_error *error)
{
	char *address = talloc_asprintf(mem, "http://%s/", text);
	if (!address)
		return pv_fail_nomem(error);
	struct pv_net_url url;
	enum pv_status status = pv_net_url_parse(mem, address, &url, error);
	if (status == PV_NOMEM)
		return status;
	if (status != PV_OK || !written_port(text) || url.user_info || strcmp(url.path, "/") != 0)
		return pv_fail(error, PV_INVALID,
			"« %.200s » n'est pas une adresse permise : écrivez hôte:port.",
			"\"%.200s\" is not an address to allow: write host:port.", text);
	*out = (struct pair){.host = url.host, .port = url.port};
	return PV_OK;
}

enum pv_status pv_net_guard_create(TALLOC_CTX *mem, const char *const *allow, size_t n_allow,
	struct pv_net_guard **out, struct pv_error *error)
{
	if (n_allow > PV_NET_ALLOW_MAX)
		return pv_fail(error, PV_TOO_LARGE, "Plus de %d adresses permises.",
			"More than %d allowed addresses.", PV_NET_ALLOW_MAX);
	struct pv_net_guard *guard = talloc_zero(mem, struct pv_net_guard);
	if (guard)
		guard->pairs = talloc_zero_array(guard, struct pair, n_allow + 1);
	if (!guard || !guard->pairs) {
		talloc_free(guard);
		return pv_fail_nomem(error);
	}
	for (size_t i = 0; i < n_allow; i++) {
		enum pv_status status = parse_pair(guard, allow[i], &guard->pairs[i], error);
		if (status != PV_OK) {
			talloc_free(guard);
			return status;
		}
		guard->n_pairs++;
	}
	*out = guard;
	return PV_OK;
}

enum pv_status pv_net_guard_fail(
	const struct pv_net_range *range, const char *host, struct pv_error *error)
{
	return pv_fail(error, PV_INVALID,
		"« %s » mène hors de l'internet public (%s : %s%.0s). La demande n'est pas faite.",
		"\"%s\" leads outside the public internet (%s: %.0s%s). It is not asked.", host,
		range->cidr, range->what.fr, range->what.en);
}

static bool allowed(const struct pv_net_guard *guard, const struct pv_net_url *url)
{
	for (size_t i = 0; guard && i < guard->n_pairs; i++)
		if (guard->pairs[i].port == url->port &&
			strcmp(guard->pairs[i].host, url->host) == 0)
			return true;
	return false;
}

enum pv_status pv_net_guard_url(
	const struct pv_net_guard *guard, const char *url, bool *out_exempt, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(NULL);
	if (!scope)
		return pv_fail_nomem(error);
	struct pv_net_url parts;
	enum pv_status status = pv_net_url_parse(scope, url, &parts, error);
	if (status != PV_OK)
		return status;
	if (parts.user_info)
		return pv_fail(error, PV_INVALID,
			"L'adresse porte un nom ou un mot de passe devant « %s » : retirez-les.",
			"The address carries a user name or a password before \"%s\": remove them.",
			parts.host);
	bool exempt = allowed(guard, &parts);
	if (!exempt && !pv_net_guard_port(parts.port))
		return pv_fail(error, PV_INVALID,
			"Le port %u de « %s » n'est pas un port du web : la demande n'est pas "
			"faite.",
			"Port %u of \"%s\" is not a port of the web: it is not asked.", parts.port,
			parts.host);
	const struct pv_net_range *range = exempt ? NULL : pv_net_guard_literal(parts.host);
	if (range)
		return pv_net_guard_fail(range, parts.host, error);
	*out_exempt = exempt;
	return PV_OK;
}
