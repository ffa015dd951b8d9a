/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading a policy's tree into the model: inside the policy room. Every reader complains at the
 * place of what it cannot take and goes on with a harmless value, so that one reading shows all
 * problems. Memory is the policy's own.
 */
#ifndef PV_POLICY_DOC_H
#define PV_POLICY_DOC_H

#include "policy/model.h"
#include "policy/yaml.h"

struct pv_doc {
	struct pv_policy *policy; /* memory, and what is read */
	struct pv_complaints *complaints;
	struct pv_zone *zone; /* never NULL: UTC while the document's own is unknown */
};

#define DOC_COMPLAIN(doc, node, fr, ...) \
	pv_complain((doc)->complaints, (node)->line, (node)->column, fr, __VA_ARGS__)

/* doc_values.c */
bool pv_doc_nomem(struct pv_doc *doc); /* notes it; false */
bool pv_doc_is(struct pv_doc *doc, const struct pv_yaml *node, enum pv_yaml_kind kind);
/* Complains of every key of `map` that is not in `keys` (a NULL ends it). */
void pv_doc_keys(struct pv_doc *doc, const struct pv_yaml *map, const char *const *keys);
/* The value under a key that must be there; complains at the map when it is not. */
const struct pv_yaml *pv_doc_need(struct pv_doc *doc, const struct pv_yaml *map, const char *key);
/* A scalar's text, not empty; NULL after a complaint. */
const char *pv_doc_text(struct pv_doc *doc, const struct pv_yaml *node);
/* The same, and only letters, digits, - _ . */
const char *pv_doc_id(struct pv_doc *doc, const struct pv_yaml *node);
bool pv_doc_int(
	struct pv_doc *doc, const struct pv_yaml *node, int64_t least, int64_t most, int64_t *out);
bool pv_doc_yes(struct pv_doc *doc, const struct pv_yaml *node, bool *out);
/* Index in a table of words; -1 after a complaint that lists them. */
int pv_doc_choice(struct pv_doc *doc, const struct pv_yaml *node, const char *const *names, int n);
/* A list of texts; `one_too` takes a single one for a list of one. */
void pv_doc_texts(
	struct pv_doc *doc, const struct pv_yaml *node, bool one_too, struct pv_strs *out);
void pv_doc_sites(struct pv_doc *doc, const struct pv_yaml *node, struct pv_sites *out);
/* {fr, en}, both needed. */
void pv_doc_words(struct pv_doc *doc, const struct pv_yaml *node, struct pv_words *out);
/* Words per language: the keys of `map` that are languages; others are left to pv_doc_keys. */
void pv_doc_langs(struct pv_doc *doc, const struct pv_yaml *map, const char *const *others,
	struct pv_langs *out);
void pv_doc_needles(struct pv_doc *doc, const struct pv_strs *texts, struct pv_needle **out);
bool pv_doc_duration(struct pv_doc *doc, const struct pv_yaml *node, struct pv_duration *out);
void pv_doc_limit(struct pv_doc *doc, const struct pv_yaml *node, struct pv_limit *out);
/* "12.5", a percentage without its sign. */
bool pv_doc_percent(struct pv_doc *doc, const struct pv_yaml *node, int64_t *top, int64_t *bottom);

/* doc_times.c: local times of the document's zone */
bool pv_doc_instant(
	struct pv_doc *doc, const struct pv_yaml *node, enum pv_zone_pick pick, int64_t *out_us);
bool pv_doc_date(struct pv_doc *doc, const struct pv_yaml *node, int32_t *out_day);
bool pv_doc_hours(struct pv_doc *doc, const struct pv_yaml *node, int *out_from, int *out_to);
/* "2026-03-02", as days since 1970-01-01. */
bool pv_date_parse(const char *text, size_t size, int32_t *out_day);

/* doc_condition.c */
void pv_doc_condition(struct pv_doc *doc, const struct pv_yaml *node, struct pv_condition *out);
/* Checks one value of a fact against what the document knows. */
void pv_doc_fact_value(struct pv_doc *doc, const struct pv_yaml *node, enum pv_fact fact);

/* doc_parts.c: everything but rules */
void pv_doc_parts(struct pv_doc *doc, const struct pv_yaml *root);
void pv_doc_approvals(
	struct pv_doc *doc, const struct pv_yaml *node, bool whole, struct pv_approvals *out);
void pv_doc_disclosure(struct pv_doc *doc, const struct pv_yaml *node, struct pv_disclosure *out);
int pv_doc_position(struct pv_doc *doc, const struct pv_yaml *node);

/* doc_rules.c, doc_kinds.c, doc_exceptions.c */
void pv_doc_rules(struct pv_doc *doc, const struct pv_yaml *node);
void pv_doc_kind(struct pv_doc *doc, const struct pv_yaml *node, struct pv_rule *rule);
extern const char *const pv_doc_kind_keys[PV_RULE_KINDS][10];
void pv_doc_exceptions(struct pv_doc *doc, const struct pv_yaml *node);

/* compile.c: the fact space, the rules' bits, the named hosts; false when memory is out. */
bool pv_policy_compile(struct pv_policy *policy);

#endif
