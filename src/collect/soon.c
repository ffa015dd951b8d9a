/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Nothing is trusted from earlier: where a link led when its post was submitted, it may not lead
 * when the post leaves. What is due soon is looked at once more; the dispatcher itself never waits
 * for the network, and judges by what is known.
 */
#include "base/instant.h"
#include "base/log.h"
#include "base/mem.h"
#include "collect/collector.h"
#include "collect/look.h"
#include "desk/holds.h"
#include "desk/judging.h"
#include "store/publication.h"
#include "store/variant.h"

#include <stdio.h>
#include <string.h>

struct soon_turn {
	struct pv_desk *desk;
	TALLOC_CTX *mem;
	int64_t end_us; /* by the clock that does not jump */
};

static int64_t left_ms(const struct soon_turn *turn)
{
	return (turn->end_us - pv_env_monotonic_us(turn->desk->env)) / 1000;
}

static enum pv_status tell(
	struct soon_turn *turn, const struct pv_publication_row *row, struct pv_error *error)
{
	enum pv_status status = pv_desk_rejudge_ask(turn->desk, row->organization_id, error);
	if (status == PV_OK)
		pv_desk_changed(turn->desk, "publication", row->organization_id, row->id);
	return status;
}

static enum pv_status look_at(
	struct soon_turn *turn, const struct pv_publication_row *row, struct pv_error *error)
{
	PV_SCOPE TALLOC_CTX *scope = pv_scope(turn->mem);
	struct pv_variant_row variant;
	struct pv_collect_look look = {0};
	/* One that waits past its time may wait for days. */
	bool waits =
		strcmp(row->state, "held") == 0 && row->due_at_us < pv_env_now_us(turn->desk->env);
	int64_t patience_ms = left_ms(turn) < PV_COLLECT_LINKS_AGAIN_MS ? left_ms(turn)
									: PV_COLLECT_LINKS_AGAIN_MS;
	if (!scope)
		return pv_fail_nomem(error);
	enum pv_status status =
		pv_variant_find(turn->desk->db, scope, row->variant_id, &variant, error);
	const char *said = status == PV_OK ? pv_variant_said(scope, &variant) : NULL;
	if (status == PV_OK && !said)
		return pv_fail_nomem(error);
	if (status == PV_OK)
		status = pv_collect_look(turn->desk, scope, said,
			waits ? PV_COLLECT_HELD_AGE_S : PV_COLLECT_SOON_AGE_S, patience_ms, &look,
			error);
	return status == PV_OK && look.changed ? tell(turn, row, error) : status;
}

/* One that cannot be looked at (it was removed meanwhile) does not stop the others. */
static enum pv_status look_at_or_log(
	struct soon_turn *turn, const struct pv_publication_row *row, struct pv_error *error)
{
	struct pv_error lost = PV_ERROR_IN(turn->mem);
	enum pv_status status = look_at(turn, row, &lost);
	if (status == PV_NOMEM)
		return pv_fail_nomem(error);
	if (status != PV_OK)
		pv_log(PV_LOG_WARNING, "links not looked at", "publication", row->id, "why",
			lost.words.en ? lost.words.en : pv_status_name(status), NULL);
	return PV_OK;
}

static size_t behind(const struct pv_publication_row *rows, size_t n, const char *after)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].id, after) == 0)
			return i + 1;
	return 0;
}

enum pv_status pv_soon_look(struct pv_desk *desk, TALLOC_CTX *mem, struct pv_soon *soon,
	bool *out_more, struct pv_error *error)
{
	struct pv_publication_row *rows;
	size_t n, done = 0;
	struct soon_turn turn = {.desk = desk,
		.mem = mem,
		.end_us = pv_env_monotonic_us(desk->env) + PV_COLLECT_SOON_MS * INT64_C(1000)};
	int64_t until_us = pv_env_now_us(desk->env) + PV_COLLECT_SOON_S * PV_SECOND_US;
	enum pv_status status =
		pv_publication_soon(desk->db, mem, until_us, PV_COLLECT_SOON_MAX, &rows, &n, error);
	if (status != PV_OK)
		return status;
	for (size_t at = behind(rows, n, soon->after); status == PV_OK && done < n; done++) {
		if (left_ms(&turn) <= 0)
			break;
		const struct pv_publication_row *row = &rows[(at + done) % n];
		status = look_at_or_log(&turn, row, error);
		snprintf(soon->after, sizeof soon->after, "%s", row->id);
	}
	if (status != PV_OK)
		return status;
	*out_more = done < n;
	if (!*out_more)
		soon->after[0] = '\0';
	return PV_OK;
}
