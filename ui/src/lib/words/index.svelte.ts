// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The words of the interface, in the reader's language.
 *
 *	import { w, say } from '$words'
 *	w().today.empty        a phrase of the catalogue
 *	say(remark.label)      a {fr, en} pair that came from the desk
 *
 * French is the shape; English must have the same keys (the compiler checks it).
 */
import type { Language, Words } from '../api/types'
import { setApiLanguage } from '../api/client'
import { en } from './en'
import { fr } from './fr'
import { setEnglish, setFrench, typeset } from './typeset'

export type Catalogue = typeof fr & typeof import('./fr/policy').policy

/* The words of the policy's places come with those places (policy.ts); nothing else speaks them. */
const catalogues = { fr: typeset(fr, setFrench), en: typeset<typeof fr>(en, setEnglish) } as Record<Language, Catalogue>
/** Words that come later than the desk itself. */
export function learn(french: Partial<Catalogue>, english: Partial<Catalogue>): void {
	Object.assign(catalogues.fr, typeset(french, setFrench))
	Object.assign(catalogues.en, typeset(english, setEnglish))
}
const KEPT = 'portevoix.language'

function first(): Language {
	const kept = localStorage.getItem(KEPT)
	if (kept === 'fr' || kept === 'en') return kept
	return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

let current = $state<Language>(first())

export function language(): Language {
	return current
}
export function setLanguage(code: Language): void {
	current = code
	localStorage.setItem(KEPT, code)
	document.documentElement.lang = code
	setApiLanguage(code)
}
export function w(): Catalogue {
	return catalogues[current]
}
export function say(words: Words | string | null | undefined): string {
	if (!words) return ''
	const text = typeof words === 'string' ? words : words[current] || words.fr || words.en
	return current === 'fr' ? setFrench(text) : setEnglish(text)
}
/** « … » or “…”, as the reader's language quotes; quotes within take the other form. */
export function quoted(text: string): string {
	if (current === 'en') return `“${text.replaceAll('“', '‘').replaceAll('”', '’')}”`
	return `«\u00a0${text.replace(/«\s*/g, '“').replace(/\s*»/g, '”')}\u00a0»`
}
/** Between a name and what it says: French sets a space that does not break before it. */
export function colon(): string {
	return current === 'fr' ? '\u00a0: ' : ': '
}
/** "a, b et c" */
export function listed(parts: string[]): string {
	return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts)
}
export function locale(): string {
	return current === 'fr' ? 'fr-CA' : 'en-CA'
}
