/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	return drive(&pv_network_mastodon, "1001", bytes, size);
}
