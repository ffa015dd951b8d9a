/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A policy as the room holds it: what document.c reads and everything else consults. Not for other
 * rooms, which know struct pv_policy by document.h alone.
 */
#ifndef PV_POLICY_MODEL_H
#define PV_POLICY_MODEL_H

#include "policy/case.h"
#include "policy/document.h"
#include "text/host.h"
#include "text/voice.h"
#include "text/words.h"
#include "text/zone.h"

/* Rules and "default" as bits: default is the bit behind the last rule. */
enum {
	PV_RULE_WORDS = PV_POLICY_RULES_MAX / 64 + 1,
	PV_NAMED_HOSTS_MAX = 4096,
};

typedef uint64_t pv_rule_bits[PV_RULE_WORDS];

static inline void pv_bit_set(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline bool pv_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* What a condition may ask of. The first seven have values that the document names. */
enum pv_fact {
	PV_FACT_ACCOUNT,
	PV_FACT_OWNER,
	PV_FACT_PLATFORM,
	PV_FACT_AXES,
	PV_FACT_AXIS,
	PV_FACT_TOPIC,
	PV_FACT_LANG,
	PV_FACTS_NAMED,
	PV_FACT_STANCE = PV_FACTS_NAMED,
	PV_FACT_KIND,
	PV_FACT_FORM,
	PV_FACT_ORIGIN,
	PV_FACT_INTEREST,
	PV_FACT_RELATION,
	PV_FACT_HUMAN,
	PV_FACT_SPONSORED,
	PV_FACT_CONSENT,
	PV_FACT_RELEVANCE,
	PV_FACTS,
};

struct pv_strs {
	const char **items;
	size_t n;
};

struct pv_line {
	enum pv_fact fact;
	struct pv_strs values;
};

/* One word of the fact vector against one mask; a line holds when one of its terms meets. */
struct pv_term {
	uint16_t word;
	bool last; /* of its line */
	uint64_t mask;
};

struct pv_condition {
	struct pv_line *lines;
	size_t n_lines;
	struct pv_term *terms; /* compiled from the lines */
	size_t n_terms;
};

/* Where each fact stands in the vector: bit 0 "none", bit 1 "another value", then the values. */
struct pv_fact_slot {
	uint16_t word, words;
	struct pv_strs values; /* of a named fact: those that conditions and targets name */
};

enum { PV_BIT_NONE = 0, PV_BIT_OTHER = 1, PV_BIT_FIRST = 2 };

/* A value that only an exception of the case names. */
struct pv_fact_extra {
	enum pv_fact fact;
	const char *value;
};

struct pv_fact_space {
	struct pv_fact_slot slots[PV_FACTS];
	/*
	 * Behind the document's words, one bit each. Such a value is "another value" as well, so that
	 * the document's conditions mean what they meant.
	 */
	struct pv_fact_extra *extras;
	size_t n_extras, extras_word;
	size_t n_words;
};

struct pv_duration {
	enum { PV_UNIT_MINUTES, PV_UNIT_HOURS, PV_UNIT_DAYS } unit;
	int n;
};

/* The words of one language, ready to search and as written. */
struct pv_lang_words {
	const char *lang;
	struct pv_strs texts;
	struct pv_needle *needles;
};

struct pv_langs {
	struct pv_lang_words *items;
	size_t n;
};

enum pv_position { PV_POSITION_ANYWHERE, PV_POSITION_BEFORE_FOLD, PV_POSITION_START };

struct pv_disclosure {
	const char *id; /* NULL for a mention's own */
	enum pv_position position;
	struct pv_langs wordings;
};

struct pv_sites {
	struct pv_site *items;
	struct pv_strs texts;
};

/* A tie with its domains ready to compare. */
struct pv_tie_ready {
	const struct pv_tie *tie;
	struct pv_site *domains;
	struct pv_str *handles; /* comparable (text/handle.h) */
};

struct pv_organisation {
	const char *id;
	struct pv_strs names, axes, handles, partners;
	struct pv_str *plain_handles; /* the same, comparable (text/handle.h) */
	struct pv_sites domains;
	struct pv_tie_ready *interests;
	size_t n_interests;
};

struct pv_account {
	const char *id, *owner, *platform;
	enum pv_stance stance;
	int line, column;
};

struct pv_approval_step {
	struct pv_strs by;
	int count;
};

struct pv_approvals {
	struct pv_strs by; /* of the first step */
	int count;
	struct pv_approval_step *then; /* the further ones */
	size_t n_then;
	bool never_author, never_same_interest;
	bool has_valid;
	struct pv_duration valid;
};

struct pv_topic {
	const char *id;
	struct pv_langs words;
};

enum pv_rule_kind {
	PV_RULE_CATEGORY,
	PV_RULE_DISCLOSURE,
	PV_RULE_MENTION,
	PV_RULE_VOICE,
	PV_RULE_INVITE,
	PV_RULE_NEIGHBOURS,
	PV_RULE_LINKS,
	PV_RULE_LANGUAGES,
	PV_RULE_ACCESS,
	PV_RULE_QUOTA,
	PV_RULE_MIX,
	PV_RULE_QUIET,
	PV_RULE_EMBARGO,
	PV_RULE_KINDS,
};

extern const char *const pv_rule_kind_names[PV_RULE_KINDS];
extern const char *const pv_fact_names[PV_FACTS];
extern const char *const pv_position_names[3];
extern const char *const pv_per_names[3];
extern const char *const pv_form_names[2];
extern const char *const pv_yes_no_names[2];

enum pv_forbid { PV_FORBID_UNRESOLVED, PV_FORBID_SHORTENED, PV_FORBID_SITES };

struct pv_target {
	const char *value;
	size_t bit;          /* within the fact's slot */
	int64_t top, bottom; /* percent, as a fraction */
};

/* At most top/bottom; a share is of the posts counted, a number has bottom 1. */
struct pv_limit {
	bool share;
	int64_t top, bottom;
	const char *text; /* as written */
};

struct pv_rule {
	const char *id;
	enum pv_rule_kind kind;
	struct pv_words label;
	enum pv_verdict then;
	bool firm;
	int line, column;
	struct pv_condition when;
	struct pv_condition *unless;
	size_t n_unless;

	/* category */
	struct pv_strs override_ids;
	uint64_t *overrides;           /* pv_rule_bits, NULL when none; firm rules left out */
	struct pv_approvals approvals; /* the document's, with the rule's own lines */
	bool own_approvals;

	struct pv_disclosure *say; /* disclosure; mention, when given */
	struct pv_sites sites;     /* mention: link; links: forbid; embargo: links */
	unsigned allow;            /* voice: bits 1u << PV_VOICE_… */
	struct pv_strs spokespersons;
	struct pv_needle *spokesperson_needles;
	struct pv_langs words; /* invite; embargo under the language "" */
	enum pv_forbid forbid;
	bool require_pair;
	struct pv_duration within;
	bool alt_text;
	int max_hashtags, camel_hashtags; /* -1: not asked */

	/* quota, mix */
	struct pv_condition count;
	struct pv_limit at_most;
	struct pv_duration window;
	int64_t min_posts;
	enum pv_history_per per;
	enum pv_fact by;
	struct pv_target *targets;
	size_t n_targets;
	size_t counter; /* the quota's place among the policy's counters, or the first target's */
	int64_t tolerance_top, tolerance_bottom;

	/* quiet, embargo */
	bool has_period, has_hours;
	int64_t from_us, to_us, until_us;
	const char *from_text, *to_text, *until_text;
	const char *switch_name;
	int hours_from, hours_to; /* minutes of the day */
};

struct pv_exception {
	const char *id, *granted_by;
	bool with_case; /* granted outside of the document */
	struct pv_strs lift_ids;
	uint64_t *lifts; /* pv_rule_bits; firm rules left out */
	struct pv_condition when;
	int64_t from_us, until_us; /* half open: the day after `until` begins */
	const char *from_text, *until_text;
	struct pv_words reason;
	int line, column;
};

struct pv_fold {
	const char *platform;
	int64_t characters;
};

struct pv_policy {
	const char *name;
	int64_t version;
	struct pv_words title;
	struct pv_zone *zone;
	enum pv_verdict otherwise;
	struct pv_fold *folds;
	size_t n_folds;
	struct pv_sites shorteners;
	struct pv_organisation *organisations;
	size_t n_organisations;
	struct pv_account *accounts;
	size_t n_accounts;
	struct pv_approvals approvals;
	bool has_approvals;
	struct pv_disclosure *disclosures;
	size_t n_disclosures;
	struct pv_topic *topics;
	size_t n_topics;
	struct pv_rule *rules; /* sorted by id */
	size_t n_rules;
	struct pv_exception *exceptions; /* sorted by id */
	size_t n_exceptions;

	/* compiled */
	struct pv_fact_space space;
	size_t rule_words; /* of a pv_rule_bits that are used */
	pv_rule_bits saying[PV_VERDICTS];
	pv_rule_bits categories, disclosing, overriding, counting;
	size_t n_counters;          /* one for each quota, and for each target of a mix */
	struct pv_str *named_hosts; /* every host the document names */
	size_t n_named_hosts;
};

const struct pv_organisation *pv_policy_organisation(
	const struct pv_policy *policy, struct pv_str id);
const struct pv_account *pv_policy_account(const struct pv_policy *policy, struct pv_str id);
/* The rule's index, or n_rules when there is none. */
size_t pv_policy_rule(const struct pv_policy *policy, const char *id);
/* Characters shown, 0 when the platform has no fold. */
int64_t pv_policy_fold(const struct pv_policy *policy, struct pv_str platform);
/* The value's bit in a fact's slot: PV_BIT_OTHER when no condition names it. */
size_t pv_fact_bit(const struct pv_fact_space *space, enum pv_fact fact, struct pv_str value);
/* Is that the value as it is written? Capitals say nothing in a language tag. */
bool pv_fact_is(enum pv_fact fact, const char *written, struct pv_str value);
/* May a condition ask this value of this fact, as far as the format goes? */
bool pv_fact_takes(enum pv_fact fact, struct pv_str value);

#endif
