/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Publications and their attempts: what goes out, when, and how each write to a network ended.
 *
 * The states and moves are dispatch/machine.h's. Every move here is one guarded UPDATE: it names
 * the state it leaves, and (for a move made under a lease) the fence of the claim; a statement that
 * changes no row is PV_CONFLICT, and the caller has lost its claim.
 */
#ifndef PV_STORE_PUBLICATION_H
#define PV_STORE_PUBLICATION_H

#include "store/db.h"

struct pv_publication_row {
	const char *id;
	const char *organization_id;
	const char *variant_id;
	const char *account_id;
	const char *network;
	const char *state;  /* dispatch/machine.h */
	const char *digest; /* of what was approved and will be sent */
	int64_t due_at_us;
	int64_t next_at_us; /* when the dispatcher looks at it again */
	const char *late;   /* publish | ask | drop */
	int64_t attempts;
	/*
	 * While its outcome is unknown: the read-backs that counted. Before: how often something of
	 * ours kept it from being sent.
	 */
	int64_t checks;
	int64_t fence;
	const char *lease_node;
	int64_t lease_until_us;
	const char *remote_id;
	const char *permalink;
	const char *reason; /* "" or JSON {"class","fr","en","evidence"} */
	/*
	 * Of a held one: "" the house (pause, account), which ends by itself; "switch", "policy"
	 * (until its time) and "review" end when it is judged again (desk/holds.h).
	 */
	const char *held_by;
	int64_t sent_at_us, published_at_us; /* PV_TIME_NONE: not yet */
	int64_t lateness_us;                 /* when it left, after its time; -1: not yet */
	int64_t created_at_us;
	/* brought along */
	const char *account_slug, *account_name, *account_handle;
	const char *organization_slug, *organization_name, *organization_colour;
	const char *text;
};

struct pv_attempt_row {
	const char *id;
	const char *organization_id;
	const char *publication_id;
	int64_t number;
	int64_t fence;
	const char *digest;
	const char *write_key;
	int64_t written_at_us;
	const char *outcome; /* open | yes | no | later | unknown | absent */
	const char *reason_class;
	int64_t http_status;
	const char *evidence;
	const char *node;
	int64_t closed_at_us; /* PV_TIME_NONE: open */
};

struct pv_publication_query {
	const char *member_id;       /* organisations this person belongs to; NULL: all */
	const char *organization_id; /* NULL members do not narrow */
	const char *account_id;
	const char *state;
	const char *before_id; /* cursor */
	int limit;
};

enum pv_status pv_publication_insert(
	struct pv_db *db, const struct pv_publication_row *row, struct pv_error *error);
enum pv_status pv_publication_find(struct pv_db *db, TALLOC_CTX *mem, const char *id,
	struct pv_publication_row *out, struct pv_error *error);
/* PV_NOT_FOUND, without words, when it was never planned. */
enum pv_status pv_publication_find_variant(struct pv_db *db, TALLOC_CTX *mem,
	const char *variant_id, struct pv_publication_row *out, struct pv_error *error);
enum pv_status pv_publication_list(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_query *query, struct pv_publication_row **out, size_t *out_n,
	struct pv_error *error);

/*
 * Writes state, digest, times, late, counters, lease, remote_id, permalink, reason and (of a held
 * one) held_by where id, organization, the state left and row.fence match; PV_CONFLICT otherwise.
 */
enum pv_status pv_publication_move(struct pv_db *db, const struct pv_publication_row *row,
	const char *from_state, struct pv_error *error);

/*
 * Who may go first at an instant. One whose account has another in flight, or an earlier one still
 * waiting, is passed over, so that an account's posts leave in order; so is a network that has
 * `network_most` in flight at this node (0: no limit).
 */
struct pv_publication_line {
	const char *node;
	int64_t now_us;
	int network_most;
};
/* Read only. PV_NOT_FOUND, without words, when nobody may. */
enum pv_status pv_publication_first(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_line *line, struct pv_publication_row *out,
	struct pv_error *error);
/*
 * Takes that one if it still is first and unchanged (`seen`, by id and fence): planned and deferred
 * become claimed, unknown becomes verifying; fence + 1, under a lease until `lease_until_us`.
 * PV_NOT_FOUND, without words, when it is not.
 */
enum pv_status pv_publication_claim(struct pv_db *db, TALLOC_CTX *mem,
	const struct pv_publication_line *line, const struct pv_publication_row *seen,
	int64_t lease_until_us, struct pv_publication_row *out, struct pv_error *error);
/* Who holds one now. */
struct pv_publication_claim {
	const char *id;
	const char *organization_id;
	int64_t fence;
};
enum pv_status pv_publication_in_flight(struct pv_db *db, TALLOC_CTX *mem,
	struct pv_publication_claim **out, size_t *out_n, struct pv_error *error);
/*
 * That claim is over, whoever made it: claimed → planned, as due; others → unknown, to be read back
 * now. Nothing happens when it has ended meanwhile.
 */
enum pv_status pv_publication_recover(struct pv_db *db, int64_t now_us,
	const struct pv_publication_claim *claim, struct pv_error *error);
/* The same of all that a node holds. */
enum pv_status pv_publication_recover_node(
	struct pv_db *db, int64_t now_us, const char *node, struct pv_error *error);
/* What waits to be read back waits no longer: the clock that says when was set back. */
enum pv_status pv_publication_hasten(struct pv_db *db, int64_t now_us, struct pv_error *error);
/*
 * Held by the house, whose organisation is not paused and whose account is connected → planned, as
 * due.
 */
enum pv_status pv_publication_release(struct pv_db *db, struct pv_error *error);
/*
 * When the next one is due (held by the policy or not), later than `after_us` (PV_TIME_NONE: the
 * first of all). PV_TIME_NONE: nothing waits. What is in flight is not counted.
 */
enum pv_status pv_publication_next(
	struct pv_db *db, int64_t after_us, int64_t *out_us, struct pv_error *error);
/* Is any held one free to go? Read before the pen is taken. */
enum pv_status pv_publication_releasable(struct pv_db *db, bool *out, struct pv_error *error);
/* One that the policy holds and whose time has come. PV_NOT_FOUND, without words: none. */
enum pv_status pv_publication_held_due(struct pv_db *db, TALLOC_CTX *mem, int64_t now_us,
	struct pv_publication_row *out, struct pv_error *error);

/*
 * What may leave until then: planned, put off, and held (those last, whose time may be long past); of
 * each state `most` at most, the nearest first.
 */
enum pv_status pv_publication_soon(struct pv_db *db, TALLOC_CTX *mem, int64_t until_us, int most,
	struct pv_publication_row **out, size_t *out_n, struct pv_error *error);

enum pv_status pv_attempt_insert(
	struct pv_db *db, const struct pv_attempt_row *row, struct pv_error *error);
/* Oldest first. */
enum pv_status pv_attempt_list(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_attempt_row **out, size_t *out_n, struct pv_error *error);
/* The newest; PV_NOT_FOUND, without words. */
enum pv_status pv_attempt_last(struct pv_db *db, TALLOC_CTX *mem, const char *publication_id,
	struct pv_attempt_row *out, struct pv_error *error);
/* Writes outcome, reason_class, http_status, evidence and closed_at where it is open or unknown. */
enum pv_status pv_attempt_close(
	struct pv_db *db, const struct pv_attempt_row *row, struct pv_error *error);

/* Remote ids of an account's latest posts, newest first: for listening and figures. */
enum pv_status pv_publication_recent(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	int64_t after_us, int limit, struct pv_publication_row **out, size_t *out_n,
	struct pv_error *error);
/* By the id its network gave it; PV_NOT_FOUND, without words. */
enum pv_status pv_publication_find_remote(struct pv_db *db, TALLOC_CTX *mem, const char *account_id,
	const char *remote_id, struct pv_publication_row *out, struct pv_error *error);

#endif
