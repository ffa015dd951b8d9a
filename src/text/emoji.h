/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whole emoji (UTS #51): keycaps, flags, skin tones, families joined by ZWJ. What one is: a sequence
 * recommended for interchange (RGI_Emoji, by ICU's data), with or without its variation selectors;
 * an unknown sequence counts by its longest known beginning, as fonts show it.
 */
#ifndef PV_TEXT_EMOJI_H
#define PV_TEXT_EMOJI_H

#include <stddef.h>

/*
 * The bytes of the emoji that begins at `at`, 0 when none does. A character that is text by default
 * and weighs like a letter (© ®) is an emoji only with U+FE0F after it; any other unless U+FE0E
 * follows.
 */
size_t pv_emoji_size(const char *at, const char *end);

#endif
