/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A publication's states and moves, as a table without any input or output.
 *
 *  planned ──claim──▶ claimed ──intent durable──▶ sending ──yes──▶ published
 *   ▲ ▲ ▲               │ │ └─ gate shut ─▶ held     │ ├──no─────▶ refused
 *   │ │ └── lease past ─┘ │                 │        │ ├──later──▶ deferred ──its time──▶ claimed
 *   │ └──── gate open ────┼─────────────────┘        │ └──no sign-in──▶ held
 *   │                     ├─ late ─▶ asking, dropped └──no word, or lease past──▶ unknown
 *   │                     ├─ no longer allowed ─▶ unplanned                    │    ▲
 *   │                     └─ cannot be prepared ─▶ deferred;                   │    │ look again
 *   │                                 too often ─▶ asking                claim ▼    │
 *   ├──────────────────────────── absent ────────────────────────────────── verifying
 *   └─ a person: send it ── asking ◀── cannot tell ──────────────────────────┘ └─ found, yes
 *                            └─ a person: it is there ─▶ published                ─▶ published
 *
 *  What is planned or deferred is judged again when a switch, an exception or the policy changes:
 *  what it then no longer allows is held, and goes on by itself when it is allowed again.
 *
 *  An author's edit takes planned, deferred, held, refused and dropped to unplanned; planning again
 *  takes unplanned to planned. Nothing takes away what may have left: sending, unknown, verifying
 *  and asking end by an answer, a read-back or a person.
 *
 * planned    waits for its time
 * claimed    a node holds it and asks the desk whether everything still stands
 * sending    the intent is durable; from here on the first byte may have left
 * published  the network has it (end)
 * refused    the network said no, for good (a person may send it again)
 * deferred   the network said later, and nothing was accepted; or it cannot be prepared just now
 * unknown    a byte may have left and no whole answer came
 * verifying  a node reads back, or repeats the same harmless write
 * asking     only a person can tell (with the evidence); or it is late and its choice is to ask; or
 *            something of ours kept it here for too long (the policy cannot be read): the account's
 *            next posts go out meanwhile
 * held       the organisation is paused, the account must be connected again, or the policy or one
 *            of its switches says wait
 * dropped    it will not go out, by a person's word or its own choice when late
 * unplanned  taken out of the plan
 */
#ifndef PV_DISPATCH_MACHINE_H
#define PV_DISPATCH_MACHINE_H

#include "base/error.h"

enum pv_state {
	PV_STATE_PLANNED,
	PV_STATE_CLAIMED,
	PV_STATE_SENDING,
	PV_STATE_PUBLISHED,
	PV_STATE_REFUSED,
	PV_STATE_DEFERRED,
	PV_STATE_UNKNOWN,
	PV_STATE_VERIFYING,
	PV_STATE_ASKING,
	PV_STATE_HELD,
	PV_STATE_DROPPED,
	PV_STATE_UNPLANNED,
	PV_STATES,
};

enum pv_event {
	PV_EVENT_CLAIM,       /* it is due, a node takes it */
	PV_EVENT_LEASE_PAST,  /* the node that held it did not come back */
	PV_EVENT_INTENT,      /* the attempt's row is durable */
	PV_EVENT_GATE_SHUT,   /* paused, account to connect */
	PV_EVENT_GATE_OPEN,   /* what held it is gone */
	PV_EVENT_NOT_ALLOWED, /* the policy, or an approval, no longer stands: back to its author */
	PV_EVENT_YES,
	PV_EVENT_NO,
	PV_EVENT_LATER,
	PV_EVENT_NO_WORD, /* sent, and no whole answer */
	PV_EVENT_FOUND,
	PV_EVENT_ABSENT,
	PV_EVENT_LOOK_AGAIN, /* not found yet, or the network cannot be reached: look later */
	PV_EVENT_UNSURE,
	PV_EVENT_LATE_ASK,
	PV_EVENT_LATE_DROP,
	PV_EVENT_PERSON_SEND,
	PV_EVENT_PERSON_PUBLISHED,
	PV_EVENT_PERSON_DROP,
	PV_EVENT_HOLD,   /* judged again meanwhile: the policy, or a switch, says wait */
	PV_EVENT_UNPLAN, /* edited, withdrawn, removed, unscheduled */
	PV_EVENT_PLAN,   /* planned again after it was taken out */
	PV_EVENTS,
};

const char *pv_state_name(enum pv_state state); /* "planned"… as stored */
bool pv_state_parse(const char *name, enum pv_state *out);
const char *pv_event_name(enum pv_event event);

/* Nothing leaves it. */
bool pv_state_is_end(enum pv_state state);

/* PV_OK and where it leads; PV_INTERNAL when the table has no such move: a mistake of ours. */
enum pv_status pv_machine_move(
	enum pv_state state, enum pv_event event, enum pv_state *out_next, struct pv_error *error);

#endif
