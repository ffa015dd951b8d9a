/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The small part of YAML that a policy is written in, as a tree that knows its places: maps, lists
 * and one-line scalars, plain or in double quotes. libfyaml reads; everything of YAML beyond that
 * part (anchors, tags, escapes, multi-line values, several documents) is a complaint.
 */
#ifndef PV_POLICY_YAML_H
#define PV_POLICY_YAML_H

#include "policy/complaints.h"

enum pv_yaml_kind { PV_YAML_EMPTY, PV_YAML_SCALAR, PV_YAML_LIST, PV_YAML_MAP };

struct pv_yaml {
	enum pv_yaml_kind kind;
	int line, column; /* from 1, in code points */
	const char *text; /* of a scalar, NUL-ended */
	bool quoted;
	bool block;      /* a list or map that is indented, not bracketed */
	const char *key; /* when it is a value of a map */
	int key_line, key_column;
	struct pv_yaml *parent;
	struct pv_yaml **items; /* of a list or map */
	size_t n;
};

/*
 * Reads the text. PV_OK with `*out` below complaints->mem; it is NULL when the text is no such
 * document, and complaints say why. PV_TOO_LARGE and PV_NOMEM otherwise.
 */
enum pv_status pv_yaml_read(struct pv_complaints *complaints, const char *text, size_t size,
	struct pv_yaml **out, struct pv_error *error);

/* The value under `key`, NULL when absent or when `map` is no map. */
const struct pv_yaml *pv_yaml_get(const struct pv_yaml *map, const char *key);

#endif
