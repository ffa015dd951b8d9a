/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules about links, languages, accessibility and time. */
#include "policy/findings.h"
#include "text/handle.h"

/* ---- neighbours ------------------------------------------------------------------------------ */

/* How closely an organisation's domains name the site: the longest one, 0 when none does. */
static size_t closeness(const struct pv_organisation *org, const struct pv_site *site)
{
	size_t best = 0;
	for (size_t i = 0; i < org->domains.texts.n; i++) {
		const struct pv_site *own = &org->domains.items[i];
		size_t size = own->host.size + own->path.size;
		if (size > best && pv_site_covers(own, site))
			best = size;
	}
	return best;
}

static bool is_house(const struct pv_facts *facts, const struct pv_organisation *org)
{
	const struct pv_organisation *owner = facts->owner_org;
	if (org == owner)
		return true;
	for (size_t i = 0; owner && i < owner->partners.n; i++)
		if (strcmp(owner->partners.items[i], org->id) == 0)
			return true;
	return false;
}

static const struct pv_organisation *neighbour_at(
	const struct pv_facts *facts, const struct pv_site *site)
{
	const struct pv_organisation *neighbour = NULL;
	size_t house = 0, other = 0;
	for (size_t i = 0; i < facts->policy->n_organisations; i++) {
		const struct pv_organisation *org = &facts->policy->organisations[i];
		size_t close = closeness(org, site);
		if (is_house(facts, org)) {
			house = close > house ? close : house;
		} else if (close > other) {
			other = close;
			neighbour = org;
		}
	}
	return other > house ? neighbour : NULL;
}

const struct pv_organisation *pv_neighbour_of_link(
	const struct pv_facts *facts, size_t link, const struct pv_shown **out_shown)
{
	const struct pv_organisation *org = neighbour_at(facts, &facts->links[link].site);
	const struct pv_shown *shown = NULL;
	for (size_t nth = 0; !org && (shown = pv_facts_arrival(facts, link, nth)); nth++)
		org = neighbour_at(facts, &shown->site);
	if (!org && (shown = pv_facts_profile(facts, link)))
		org = neighbour_at(facts, &shown->site);
	*out_shown = org ? shown : NULL;
	return org;
}

const struct pv_organisation *pv_neighbour_of_handle(struct pv_facts *facts, size_t index)
{
	const struct pv_handle *handle = &facts->handles[index];
	const struct pv_organisation *neighbour = NULL;
	for (size_t i = 0; i < facts->policy->n_organisations; i++) {
		const struct pv_organisation *org = &facts->policy->organisations[i];
		for (size_t h = 0; h < org->handles.n; h++) {
			if (!pv_handle_same(handle->plain, org->plain_handles[h]))
				continue;
			if (is_house(facts, org))
				return NULL;
			neighbour = org;
		}
	}
	return neighbour || !handle->is_host ? neighbour : neighbour_at(facts, &handle->site);
}

void pv_find_neighbours(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_shown *shown;
	(void)rule;
	out->link = facts->n_links;
	out->handle = facts->n_handles;
	for (size_t i = 0; i < facts->n_links && !out->org; i++)
		if ((out->org = pv_neighbour_of_link(facts, i, &shown)))
			out->link = i;
	for (size_t i = 0; i < facts->n_handles && !out->org; i++)
		if ((out->org = pv_neighbour_of_handle(facts, i)))
			out->handle = i;
	out->fired = out->org != NULL;
}

/* ---- links ----------------------------------------------------------------------------------- */

bool pv_link_forbidden(const struct pv_facts *facts, const struct pv_rule *rule, size_t link,
	const struct pv_shown **out_shown)
{
	*out_shown = NULL;
	switch (rule->forbid) {
	case PV_FORBID_UNRESOLVED: return facts->links[link].unresolved;
	case PV_FORBID_SHORTENED: return facts->links[link].shortened;
	default: return pv_facts_reaches(facts, &rule->sites, link, out_shown) != NULL;
	}
}

void pv_find_links(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_shown *shown;
	size_t i = 0;
	while (i < facts->n_links && !pv_link_forbidden(facts, rule, i, &shown))
		i++;
	out->link = i;
	out->fired = i < facts->n_links;
}

/* ---- languages ------------------------------------------------------------------------------- */

static bool twin_in_time(const struct pv_facts *facts, const struct pv_duration *within)
{
	int64_t now_us = facts->c->at_us, twin_us = facts->c->post.pair_at_us;
	if (twin_us == PV_TIME_NONE)
		return false;
	int64_t early_us = twin_us < now_us ? twin_us : now_us;
	int64_t late_us = twin_us < now_us ? now_us : twin_us;
	if (within->unit == PV_UNIT_DAYS)
		return early_us >=
		       pv_zone_days_before(facts->policy->zone, late_us, within->n, PV_ZONE_LATER);
	int64_t unit_us = within->unit == PV_UNIT_HOURS ? PV_HOUR_US : PV_MINUTE_US;
	return late_us - early_us <= within->n * unit_us;
}

void pv_find_languages(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_str french = pv_str("fr"), english = pv_str("en");
	if (!rule->require_pair) {
		out->fired = facts->n_langs == 0 || !pv_str_equal(facts->langs[0], french);
		return;
	}
	bool fr = false, en = false;
	for (size_t i = 0; i < facts->n_langs; i++) {
		fr |= pv_str_equal(facts->langs[i], french);
		en |= pv_str_equal(facts->langs[i], english);
	}
	bool twin = (fr && pv_str_equal(facts->pair_lang, english)) ||
		    (en && pv_str_equal(facts->pair_lang, french));
	out->fired = !(fr && en) && !(twin && twin_in_time(facts, &rule->within));
}

/* ---- accessibility --------------------------------------------------------------------------- */

static bool ends_with(struct pv_str text, const char *ending)
{
	size_t size = strlen(ending);
	if (text.size < size)
		return false;
	for (size_t i = 0; i < size; i++) {
		char c = text.bytes[text.size - size + i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c) != ending[i])
			return false;
	}
	return true;
}

/* "IMG_1234", "DSC00012": what cameras write when nobody describes. */
static bool camera_name(struct pv_str text)
{
	static const char *const makers[] = {
		"img", "dsc", "dscn", "dscf", "pxl", "vid", "mvi", "gopr", "image", "photo"};
	size_t letters = 0, digits = 0;
	while (letters < text.size && ((text.bytes[letters] | 0x20) >= 'a') &&
		((text.bytes[letters] | 0x20) <= 'z'))
		letters++;
	for (size_t i = letters; i < text.size; i++) {
		char c = text.bytes[i];
		if (c >= '0' && c <= '9')
			digits++;
		else if (c != '_' && c != '-')
			return false;
	}
	struct pv_str maker = {.bytes = text.bytes, .size = letters};
	for (size_t i = 0; digits > 0 && i < sizeof makers / sizeof *makers; i++)
		if (letters == strlen(makers[i]) && ends_with(maker, makers[i]))
			return true;
	return false;
}

bool pv_alt_missing(const struct pv_case_media *media)
{
	static const char *const endings[] = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif",
		".heic", ".heif", ".bmp", ".tif", ".tiff", ".svg", ".mp4", ".mov", ".webm", ".avi",
		".mkv", ".m4v", ".mp3", ".m4a", ".wav", ".ogg", ".pdf"};
	struct pv_str alt = media->alt;
	if (pv_prose_blank(alt))
		return true;
	while (alt.size && (alt.bytes[alt.size - 1] == ' ' || alt.bytes[alt.size - 1] == '\n'))
		alt.size--;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_with(alt, endings[i]))
			return true;
	return camera_name(alt);
}

bool pv_hashtag_unreadable(const struct pv_prose *prose, const struct pv_token *token, int letters)
{
	int count = 0, capitals = 0, small = 0, cased = 0;
	for (size_t i = token->start; i < token->end; i++) {
		if (!(prose->flags[i] & PV_CH_LETTER))
			continue;
		int letter = pv_prose_letter_case(prose->raw[i]);
		count++;
		capitals += letter > 0;
		small += letter < 0;
		cased += letter != 0;
	}
	/* scripts without capitals have no capital to give */
	return count > letters && cased > 0 && (capitals < 2 || small == 0);
}

void pv_find_access(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_prose *prose = &facts->prose;
	const struct pv_case_post *post = &facts->c->post;
	for (size_t i = 0; rule->alt_text && i < post->n_media; i++)
		if (pv_alt_missing(&post->media[i])) {
			out->parts |= PV_PART_ALT;
			out->media = i;
			break;
		}
	for (size_t t = 0; t < prose->n_tokens; t++) {
		if (prose->tokens[t].kind != PV_TOKEN_HASHTAG)
			continue;
		out->n_hashtags++;
		if (rule->camel_hashtags >= 0 && !(out->parts & PV_PART_CAMEL) &&
			pv_hashtag_unreadable(prose, &prose->tokens[t], rule->camel_hashtags)) {
			out->parts |= PV_PART_CAMEL;
			out->hashtag = t;
		}
	}
	if (rule->max_hashtags >= 0 && out->n_hashtags > (size_t)rule->max_hashtags)
		out->parts |= PV_PART_TOO_MANY;
	out->fired = out->parts != 0;
}

/* ---- quiet ----------------------------------------------------------------------------------- */

static int64_t clock_on(
	const struct pv_facts *facts, int32_t day, int minutes, enum pv_zone_pick pick)
{
	struct pv_civil local = {.hour = minutes / 60 % 24, .minute = minutes % 60};
	int64_t at_us;
	pv_civil_from_days(day + minutes / (24 * 60), &local.year, &local.month, &local.day);
	pv_zone_instant(facts->policy->zone, &local, pick, &at_us);
	return at_us;
}

/* Between the two clock readings, tonight's or last night's; a reading twice keeps the longest. */
static bool in_hours(const struct pv_facts *facts, const struct pv_rule *rule, int64_t *out_end_us)
{
	int64_t now_us = facts->c->at_us;
	bool over_midnight = rule->hours_to <= rule->hours_from;
	for (int32_t day = facts->today - 1; day <= facts->today; day++) {
		int64_t start_us = clock_on(facts, day, rule->hours_from, PV_ZONE_EARLIER);
		int64_t end_us =
			clock_on(facts, day + over_midnight, rule->hours_to, PV_ZONE_LATER);
		if (start_us <= now_us && now_us < end_us) {
			*out_end_us = end_us;
			return true;
		}
	}
	return false;
}

void pv_find_quiet(struct pv_facts *facts, const struct pv_rule *rule, struct pv_finding *out)
{
	const struct pv_case *c = facts->c;
	int64_t end_us = 0;
	out->free_us = c->at_us;
	if (rule->has_period && rule->from_us <= c->at_us && c->at_us < rule->to_us) {
		out->parts |= PV_PART_PERIOD;
		out->free_us = rule->to_us;
	}
	if (rule->has_hours && in_hours(facts, rule, &end_us)) {
		out->parts |= PV_PART_HOURS;
		out->free_us = end_us > out->free_us ? end_us : out->free_us;
	}
	for (size_t i = 0; rule->switch_name && i < c->n_switches; i++)
		if (pv_str_equal(c->switches[i], pv_str(rule->switch_name))) {
			out->parts |= PV_PART_SWITCH;
			out->free_us = PV_TIME_NONE;
		}
	out->fired = out->parts != 0;
}
