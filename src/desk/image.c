/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a picture is and how large, from its first bytes. Nothing is decoded.
 * Sources: W3C PNG 5.6 and 11.2.1; ITU-T T.81 B.2.2 (JPEG); GIF89a 18; RFC 9649 (WebP).
 */
#include "desk/media.h"

#include <string.h>

static unsigned be16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static unsigned be32(const unsigned char *at)
{
	return be16(at) << 16 | be16(at + 2);
}

static unsigned le16(const unsigned char *at)
{
	return (unsigned)at[1] << 8 | at[0];
}

static unsigned le24(const unsigned char *at)
{
	return (unsigned)at[2] << 16 | le16(at);
}

static bool sized(struct pv_image *out, const char *type, unsigned width, unsigned height)
{
	if (width == 0 || height == 0 || width > PV_MEDIA_SIDE_MAX || height > PV_MEDIA_SIDE_MAX)
		return false;
	*out = (struct pv_image){.type = type, .width = (int)width, .height = (int)height};
	return true;
}

static bool read_png(const unsigned char *bytes, size_t size, struct pv_image *out)
{
	static const unsigned char sign[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
	return size >= 24 && memcmp(bytes, sign, sizeof sign) == 0 &&
	       memcmp(bytes + 12, "IHDR", 4) == 0 &&
	       sized(out, "image/png", be32(bytes + 16), be32(bytes + 20));
}

static bool read_gif(const unsigned char *bytes, size_t size, struct pv_image *out)
{
	return size >= 10 && (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0) &&
	       sized(out, "image/gif", le16(bytes + 6), le16(bytes + 8));
}

/* Markers one after another until the frame's own, which has the size. */
static bool read_jpeg(const unsigned char *bytes, size_t size, struct pv_image *out)
{
	if (size < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8)
		return false;
	size_t at = 2;
	while (at + 4 <= size && bytes[at] == 0xFF) {
		unsigned marker = bytes[at + 1];
		if (marker == 0xFF) { /* fill byte */
			at++;
			continue;
		}
		unsigned length = be16(bytes + at + 2);
		bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
			     marker != 0xCC;
		if (frame)
			return at + 9 <= size &&
			       sized(out, "image/jpeg", be16(bytes + at + 7), be16(bytes + at + 5));
		if (marker == 0xD9 || marker == 0xDA || length < 2)
			return false;
		at += 2 + (size_t)length;
	}
	return false;
}

static bool read_webp(const unsigned char *bytes, size_t size, struct pv_image *out)
{
	if (size < 30 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBP", 4) != 0)
		return false;
	const unsigned char *chunk = bytes + 12;
	if (memcmp(chunk, "VP8X", 4) == 0)
		return sized(out, "image/webp", le24(bytes + 24) + 1, le24(bytes + 27) + 1);
	if (memcmp(chunk, "VP8 ", 4) == 0)
		return sized(
			out, "image/webp", le16(bytes + 26) & 0x3FFF, le16(bytes + 28) & 0x3FFF);
	if (memcmp(chunk, "VP8L", 4) == 0 && bytes[20] == 0x2F) {
		unsigned width = (le16(bytes + 21) & 0x3FFF) + 1;
		unsigned height = ((le24(bytes + 22) >> 6) & 0x3FFF) + 1;
		return sized(out, "image/webp", width, height);
	}
	return false;
}

bool pv_image_read(const void *bytes, size_t size, struct pv_image *out)
{
	return read_png(bytes, size, out) || read_jpeg(bytes, size, out) ||
	       read_gif(bytes, size, out) || read_webp(bytes, size, out);
}
