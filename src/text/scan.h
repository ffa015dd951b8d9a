/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to text/: the scanners behind pv_entities_find, and the list they write to. */
#ifndef PV_TEXT_SCAN_H
#define PV_TEXT_SCAN_H

#include "text/entities.h"

struct pv_scan {
	TALLOC_CTX *mem;
	const char *start, *end; /* the text */
	struct pv_entity *items;
	size_t n, room;
	bool wide;   /* the text may have full-width signs */
	bool failed; /* memory is out */
};

/* Notes what stands at [from, to); its text begins `sign` bytes later. */
void pv_scan_add(struct pv_scan *scan, enum pv_entity_kind kind, const char *from, const char *to,
	size_t sign);

/*
 * The next sign at or after `at`: the ASCII one or its full-width form (NULL: none such); NULL when
 * there is no more. `out_size` is the sign's.
 */
const char *pv_scan_sign(
	const char *at, const char *end, char sign, const char *wide, size_t *out_size);

/* Links by X's grammar, or by Mastodon's variation on it. */
void pv_scan_links_x(struct pv_scan *scan);
void pv_scan_links_mastodon(struct pv_scan *scan);

/* Those that carry their scheme, as policies read them. */
void pv_scan_links_journal(struct pv_scan *scan);

void pv_scan_mentions_x(struct pv_scan *scan);
void pv_scan_hashtags_x(struct pv_scan *scan);
void pv_scan_cashtags_x(struct pv_scan *scan);

void pv_scan_mentions_mastodon(struct pv_scan *scan);
void pv_scan_hashtags_mastodon(struct pv_scan *scan);

void pv_scan_mentions_bluesky(struct pv_scan *scan);
void pv_scan_links_bluesky(struct pv_scan *scan);
void pv_scan_hashtags_bluesky(struct pv_scan *scan);
void pv_scan_cashtags_bluesky(struct pv_scan *scan);

/* Can this domain be written in ASCII with labels of 1 to 63 (RFC 3490, 4.1; RFC 3492)? */
bool pv_domain_fits_dns(const char *from, const char *to);

#endif
