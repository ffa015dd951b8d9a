/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	return drive(&pv_network_bluesky, "at://did:plc:alice/app.bsky.feed.post/3kaaaaaaaaaa2",
		bytes, size);
}
