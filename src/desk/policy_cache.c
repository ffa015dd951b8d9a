/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "desk/policy_cache.h"

#include "base/crypto.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

/* Its own talloc root: freed by any thread, under the lock. */
struct entry {
	char digest[PV_DIGEST_SIZE];
	struct pv_policy *policy;
	unsigned users;
	uint64_t used; /* the turn of its last use */
	struct entry *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *entries;
static uint64_t turns;

/* What a caller holds: below its context, it gives the use back when that goes. */
struct hold {
	struct entry *entry;
};

/* The one unused for longest goes, when too many are unused. Under the lock. */
static void trim(void)
{
	unsigned idle = 0;
	struct entry **oldest = NULL;
	for (struct entry **at = &entries; *at; at = &(*at)->next) {
		if ((*at)->users > 0)
			continue;
		idle++;
		if (!oldest || (*at)->used < (*oldest)->used)
			oldest = at;
	}
	if (idle <= PV_POLICY_CACHE_MAX)
		return;
	struct entry *gone = *oldest;
	*oldest = gone->next;
	talloc_free(gone);
}

static int hold_free(struct hold *hold)
{
	pthread_mutex_lock(&lock);
	hold->entry->users--;
	trim();
	pthread_mutex_unlock(&lock);
	return 0;
}

/* Takes a use of the entry of that digest, or puts `fresh` (may be NULL) in; NULL: none. */
static struct entry *take(const char *digest, struct entry *fresh)
{
	pthread_mutex_lock(&lock);
	struct entry *entry = entries;
	while (entry && strcmp(entry->digest, digest) != 0)
		entry = entry->next;
	if (!entry && fresh) {
		fresh->next = entries;
		entries = entry = fresh;
	}
	if (entry) {
		entry->users++;
		entry->used = ++turns;
	}
	pthread_mutex_unlock(&lock);
	return entry;
}

static enum pv_status parse(
	const char *digest, const char *text, struct entry **out, struct pv_error *error)
{
	struct entry *entry = talloc_zero(NULL, struct entry);
	struct pv_policy_problems problems = {0};
	if (!entry)
		return pv_fail_nomem(error);
	memcpy(entry->digest, digest, strnlen(digest, PV_DIGEST_TEXT));
	enum pv_status status = pv_policy_parse(
		entry, text, strlen(text), "policy", &entry->policy, &problems, error);
	/* What was adopted may hold a remark that a later version of the reader makes. */
	if (status == PV_INVALID && entry->policy)
		status = PV_OK;
	if (status != PV_OK) {
		talloc_free(entry);
		return status;
	}
	talloc_free(problems.items);
	*out = entry;
	return PV_OK;
}

enum pv_status pv_policy_cache_get(TALLOC_CTX *mem, const char *digest, const char *text,
	const struct pv_policy **out, struct pv_error *error)
{
	struct hold *hold = talloc_zero(mem, struct hold);
	if (!hold)
		return pv_fail_nomem(error);
	hold->entry = take(digest, NULL);
	if (!hold->entry) {
		struct entry *fresh = NULL;
		enum pv_status status = parse(digest, text, &fresh, error);
		if (status != PV_OK) {
			talloc_free(hold);
			return status;
		}
		hold->entry = take(digest, fresh);
		/* Another thread was faster. */
		if (hold->entry != fresh)
			talloc_free(fresh);
	}
	talloc_set_destructor(hold, hold_free);
	*out = hold->entry->policy;
	return PV_OK;
}
