/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "text/language.h"
#include "base/mem.h"

#include <stdbool.h>
#include <string.h>

enum { WORD_MAX = 12, MARKS_MIN = 3 };

/* Frequent function words that the other language lacks; ASCII, since accents only ever help French
 * and are counted apart. */
static const char *const french[] = {"le", "la", "les", "des", "du", "une", "et", "est", "sont",
	"pas", "que", "qui", "dans", "pour", "par", "sur", "avec", "nous", "vous", "ce", "cette",
	"ces", "au", "aux", "leur", "mais", "ou", "il", "elle", "se", "sa", "ses", "plus", "comme"};
static const char *const english[] = {"the", "of", "and", "to", "is", "are", "that", "this", "with",
	"for", "was", "were", "it", "you", "we", "our", "your", "their", "have", "has", "from",
	"not", "but", "they", "what", "which", "will", "be", "been", "an", "at", "by", "its", "in"};

static bool listed(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

const char *pv_language_guess(const char *text, size_t size)
{
	int fr = 0, en = 0;
	char word[WORD_MAX + 1];
	size_t length = 0;
	bool plain = true;
	if (size > PV_LANGUAGE_READ)
		size = PV_LANGUAGE_READ;
	for (size_t i = 0; i <= size; i++) {
		unsigned char c = i < size ? (unsigned char)text[i] : ' ';
		if (c >= 0x80) {
			/* é è ê à ç î ô û: C3 A0–BB; the apostrophe ’ ends a word */
			plain = false;
			if (c == 0xC3 && i + 1 < size && (unsigned char)text[i + 1] >= 0xA0)
				fr++;
			continue;
		}
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (letter) {
			if (length < WORD_MAX)
				word[length] = (char)(c | 0x20);
			length++;
			continue;
		}
		if (length && length <= WORD_MAX && plain) {
			word[length] = '\0';
			fr += listed(french, PV_COUNT(french), word) ? 2 : 0;
			en += listed(english, PV_COUNT(english), word) ? 2 : 0;
		}
		length = 0;
		plain = true;
	}
	if (fr >= MARKS_MIN && fr > en + en / 2)
		return "fr";
	if (en >= MARKS_MIN && en > fr + fr / 2)
		return "en";
	return "";
}
