/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "dispatch/machine.h"

#include "base/mem.h"

#include <string.h>

static const char *const state_names[PV_STATES] = {
	[PV_STATE_PLANNED] = "planned",
	[PV_STATE_CLAIMED] = "claimed",
	[PV_STATE_SENDING] = "sending",
	[PV_STATE_PUBLISHED] = "published",
	[PV_STATE_REFUSED] = "refused",
	[PV_STATE_DEFERRED] = "deferred",
	[PV_STATE_UNKNOWN] = "unknown",
	[PV_STATE_VERIFYING] = "verifying",
	[PV_STATE_ASKING] = "asking",
	[PV_STATE_HELD] = "held",
	[PV_STATE_DROPPED] = "dropped",
	[PV_STATE_UNPLANNED] = "unplanned",
};

static const char *const event_names[PV_EVENTS] = {
	[PV_EVENT_CLAIM] = "claim",
	[PV_EVENT_LEASE_PAST] = "lease_past",
	[PV_EVENT_INTENT] = "intent",
	[PV_EVENT_GATE_SHUT] = "gate_shut",
	[PV_EVENT_GATE_OPEN] = "gate_open",
	[PV_EVENT_NOT_ALLOWED] = "not_allowed",
	[PV_EVENT_YES] = "yes",
	[PV_EVENT_NO] = "no",
	[PV_EVENT_LATER] = "later",
	[PV_EVENT_NO_WORD] = "no_word",
	[PV_EVENT_FOUND] = "found",
	[PV_EVENT_ABSENT] = "absent",
	[PV_EVENT_LOOK_AGAIN] = "look_again",
	[PV_EVENT_UNSURE] = "unsure",
	[PV_EVENT_LATE_ASK] = "late_ask",
	[PV_EVENT_LATE_DROP] = "late_drop",
	[PV_EVENT_PERSON_SEND] = "person_send",
	[PV_EVENT_PERSON_PUBLISHED] = "person_published",
	[PV_EVENT_PERSON_DROP] = "person_drop",
	[PV_EVENT_HOLD] = "hold",
	[PV_EVENT_UNPLAN] = "unplan",
	[PV_EVENT_PLAN] = "plan",
};

/* A move is its target plus one, so that what is not written is no move. */
#define TO(state) (unsigned char)(PV_STATE_##state + 1)

static const unsigned char moves[PV_STATES][PV_EVENTS] = {
	[PV_STATE_PLANNED] =
		{
			[PV_EVENT_CLAIM] = TO(CLAIMED),
			[PV_EVENT_HOLD] = TO(HELD),
			[PV_EVENT_UNPLAN] = TO(UNPLANNED),
		},
	[PV_STATE_CLAIMED] =
		{
			[PV_EVENT_LEASE_PAST] = TO(PLANNED),
			[PV_EVENT_INTENT] = TO(SENDING),
			[PV_EVENT_GATE_SHUT] = TO(HELD),
			[PV_EVENT_NOT_ALLOWED] = TO(UNPLANNED),
			[PV_EVENT_NO] = TO(REFUSED), /* it cannot be sent as it stands */
			[PV_EVENT_LATER] = TO(DEFERRED),
			[PV_EVENT_UNSURE] = TO(ASKING), /* too often not to be prepared */
			[PV_EVENT_LATE_ASK] = TO(ASKING),
			[PV_EVENT_LATE_DROP] = TO(DROPPED),
		},
	[PV_STATE_SENDING] =
		{
			[PV_EVENT_YES] = TO(PUBLISHED),
			[PV_EVENT_NO] = TO(REFUSED),
			[PV_EVENT_LATER] = TO(DEFERRED),
			[PV_EVENT_NO_WORD] = TO(UNKNOWN),
			[PV_EVENT_LEASE_PAST] = TO(UNKNOWN),
			[PV_EVENT_GATE_SHUT] = TO(HELD), /* refused for want of a sign-in */
			[PV_EVENT_UNSURE] = TO(ASKING),  /* too often later */
		},
	[PV_STATE_DEFERRED] =
		{
			[PV_EVENT_CLAIM] = TO(CLAIMED),
			[PV_EVENT_HOLD] = TO(HELD),
			[PV_EVENT_UNPLAN] = TO(UNPLANNED),
		},
	[PV_STATE_UNKNOWN] = {[PV_EVENT_CLAIM] = TO(VERIFYING)},
	[PV_STATE_VERIFYING] =
		{
			[PV_EVENT_YES] = TO(PUBLISHED), /* the same write, repeated */
			[PV_EVENT_FOUND] = TO(PUBLISHED),
			[PV_EVENT_ABSENT] = TO(PLANNED),
			[PV_EVENT_LOOK_AGAIN] = TO(UNKNOWN),
			[PV_EVENT_LEASE_PAST] = TO(UNKNOWN),
			[PV_EVENT_UNSURE] = TO(ASKING),
		},
	[PV_STATE_ASKING] =
		{
			[PV_EVENT_PERSON_SEND] = TO(PLANNED),
			[PV_EVENT_PERSON_PUBLISHED] = TO(PUBLISHED),
			[PV_EVENT_PERSON_DROP] = TO(DROPPED),
		},
	[PV_STATE_HELD] =
		{
			[PV_EVENT_GATE_OPEN] = TO(PLANNED),
			[PV_EVENT_HOLD] = TO(HELD), /* for another reason */
			[PV_EVENT_PERSON_DROP] = TO(DROPPED),
			[PV_EVENT_UNPLAN] = TO(UNPLANNED),
		},
	[PV_STATE_REFUSED] =
		{
			[PV_EVENT_PERSON_SEND] = TO(PLANNED),
			[PV_EVENT_PERSON_DROP] = TO(DROPPED),
			[PV_EVENT_UNPLAN] = TO(UNPLANNED),
		},
	[PV_STATE_DROPPED] = {[PV_EVENT_UNPLAN] = TO(UNPLANNED)},
	[PV_STATE_UNPLANNED] = {[PV_EVENT_PLAN] = TO(PLANNED)},
};

const char *pv_state_name(enum pv_state state)
{
	return state_names[state];
}

bool pv_state_parse(const char *name, enum pv_state *out)
{
	for (int i = 0; i < PV_STATES; i++) {
		if (name && strcmp(name, state_names[i]) == 0) {
			*out = (enum pv_state)i;
			return true;
		}
	}
	return false;
}

const char *pv_event_name(enum pv_event event)
{
	return event_names[event];
}

bool pv_state_is_end(enum pv_state state)
{
	for (int i = 0; i < PV_EVENTS; i++)
		if (moves[state][i])
			return false;
	return true;
}

enum pv_status pv_machine_move(
	enum pv_state state, enum pv_event event, enum pv_state *out_next, struct pv_error *error)
{
	unsigned char to = state < PV_STATES && event < PV_EVENTS ? moves[state][event] : 0;
	if (!to)
		return pv_fail(error, PV_INTERNAL,
			"Un envoi « %s » ne peut pas recevoir « %s »; rien n'a été fait.",
			"A publication that is \"%s\" cannot take \"%s\"; nothing was done.",
			state < PV_STATES ? state_names[state] : "?",
			event < PV_EVENTS ? event_names[event] : "?");
	*out_next = (enum pv_state)(to - 1);
	return PV_OK;
}
