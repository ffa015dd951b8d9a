/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/id.h"

#include <string.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

const char *pv_id_new(struct pv_env *env, char out[PV_ID_SIZE])
{
	uint64_t ms = (uint64_t)(pv_env_now_us(env) / 1000);
	for (int i = 9; i >= 0; i--, ms >>= 5)
		out[i] = alphabet[ms & 31];
	unsigned char random[16];
	pv_env_random(env, random, sizeof random);
	for (int i = 0; i < 16; i++)
		out[10 + i] = alphabet[random[i] & 31];
	out[PV_ID_LENGTH] = '\0';
	return out;
}

char *pv_id_make(TALLOC_CTX *mem, struct pv_env *env)
{
	char id[PV_ID_SIZE];
	return talloc_strdup(mem, pv_id_new(env, id));
}

bool pv_id_valid(const char *text)
{
	return text && strlen(text) == PV_ID_LENGTH && strspn(text, alphabet) == PV_ID_LENGTH;
}
