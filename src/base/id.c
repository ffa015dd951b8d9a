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

const char *pv_id_uuid(const char *id, char out[PV_UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bits[PV_ID_LENGTH * 5] = {0};
	for (int i = 0; pv_id_valid(id) && i < PV_ID_LENGTH; i++) {
		unsigned value = (unsigned)(strchr(alphabet, id[i]) - alphabet);
		for (int b = 0; b < 5; b++)
			bits[i * 5 + b] = (value >> (4 - b)) & 1;
	}
	char *at = out;
	for (int i = 2; i < PV_ID_LENGTH * 5; i += 4) { /* 26 letters hold two bits too many */
		*at++ = hex[bits[i] << 3 | bits[i + 1] << 2 | bits[i + 2] << 1 | bits[i + 3]];
		if (i == 2 + 7 * 4 || i == 2 + 11 * 4 || i == 2 + 15 * 4 || i == 2 + 19 * 4)
			*at++ = '-';
	}
	*at = '\0';
	return out;
}
