/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/journal/pace.h"
#include "base/instant.h"

#include <pthread.h>

static struct {
	int64_t since_us;
	unsigned n;
} slots[PV_PACE_SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* FNV-1a (Fowler, Noll, Vo), 32 bits. */
static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261u;
	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	return value;
}

bool pv_pace_allow(int64_t monotonic_us, const char *address)
{
	uint32_t at = hash(address) % PV_PACE_SLOTS;
	pthread_mutex_lock(&lock);
	if (slots[at].n == 0 ||
		monotonic_us - slots[at].since_us > PV_PACE_WINDOW_S * PV_SECOND_US) {
		slots[at].since_us = monotonic_us;
		slots[at].n = 0;
	}
	bool allowed = slots[at].n < PV_PACE_MOST;
	if (allowed)
		slots[at].n++;
	pthread_mutex_unlock(&lock);
	return allowed;
}
