// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Where an accepted wording goes: the place the policy wants, in the part of the text that is in its language, as a
 * sentence of its own, or between brackets within one. Pure, and without imports: tests/web/disclosure.test.mjs holds
 * it against the desk itself.
 *
 *	const put = insertion(text, { words, position: 'before_fold', fold: 477, lang: 'fr', languages: ['fr', 'en'], caret })
 *	put = { from: 31, to: 31, insert: ' Écrit par …', start: 32, end: 60 }      in UTF-16 units; start and end: the words
 */
export type Wanted = {
	words: string
	position: string
	/** Characters shown before "see more"; 0 when everything is. */
	fold?: number
	lang?: string
	/** Of the post. */
	languages?: readonly string[]
	caret?: number
}
export type Insertion = { from: number; to: number; insert: string; start: number; end: number }
type Region = { from: number; to: number }

const FRENCH = new Set('le la les des du une et est sont pas que qui dans pour par sur avec nous vous ce cette ces au aux leur mais il elle se sa ses plus comme de un en notre nos votre vos je on'.split(' '))
const ENGLISH = new Set('the of and to is are that this with for was were it you we our your their have has from not but they what which will be been an at by its in i my on a how do'.split(' '))

/** Which of the two a line is in; '' when it does not say. */
export function languageOf(line: string): 'fr' | 'en' | '' {
	let fr = (line.match(/[àâçéèêëîïôûùœ]/giu) ?? []).length
	let en = 0
	for (const word of line.toLowerCase().match(/\p{L}+/gu) ?? []) {
		if (FRENCH.has(word)) fr += 2
		if (ENGLISH.has(word)) en += 2
	}
	return fr > en ? 'fr' : en > fr ? 'en' : ''
}

/** The lines of the text in one language, when the post is in several; all of it otherwise. null: none yet. */
export function regionOf(text: string, lang: string, languages: readonly string[]): Region | null {
	const several = new Set(languages.map((l) => l.slice(0, 2))).size > 1
	if (!several || !lang) return { from: 0, to: text.length }
	const lines: (Region & { lang: string })[] = []
	for (let from = 0; from <= text.length; ) {
		const end = text.indexOf('\n', from)
		const to = end < 0 ? text.length : end
		const line = text.slice(from, to)
		if (line.trim()) lines.push({ from, to, lang: languageOf(line) })
		from = to + 1
	}
	const own = lang.slice(0, 2)
	const first = lines.findIndex((l) => l.lang === own)
	if (first < 0) {
		// A line that does not say, among lines that are all in the other language.
		const silent = lines.filter((l) => l.lang === '')
		return lines.length > 1 && silent.length === 1 ? (silent[0] as Region) : null
	}
	let last = first
	while (last + 1 < lines.length && (lines[last + 1] as { lang: string }).lang !== other(own)) last++
	return { from: (lines[first] as Region).from, to: (lines[last] as Region).to }
}
const other = (lang: string) => (lang === 'fr' ? 'en' : 'fr')

export function insertion(text: string, wanted: Wanted): Insertion {
	const { words, position, fold = 0, lang = '', languages = [] } = wanted
	const region = regionOf(text, lang, languages)
	// Its language is not there yet: a line of its own, below, or above when it must be seen first.
	if (!region) {
		if (words.startsWith('#')) return put(0, 0, sentence(words) + '\n\n', words)
		const below = put(text.trimEnd().length, text.length, (text.trim() ? '\n\n' : '') + sentence(words), words)
		if (position !== 'before_fold' || within(text, below, fold)) return below
		return put(0, 0, sentence(words) + '\n\n', words)
	}
	if (position === 'start') return opening(text, region, words)
	if (position === 'before_fold' && fold > 0) {
		const after = words.startsWith('#') ? -1 : afterFirstSentence(text, region)
		if (after >= 0) {
			const made = put(after, after, ' ' + sentence(words), words)
			if (within(text, made, fold)) return made
		}
		const first = opening(text, region, words)
		return within(text, first, fold) ? first : opening(text, { from: 0, to: text.length }, words, region.from > 0)
	}
	// A hashtag at the end would drown in the run that closes the text.
	return words.startsWith('#') ? opening(text, region, words) : anywhere(text, region, words, wanted.caret ?? text.length)
}

/** The accepted wordings, the one to offer first: a hashtag counts for nothing among hashtags alone. */
export function offered(text: string, first: string, wordings: readonly string[]): string[] {
	const all = [...new Set([...(first ? [first] : []), ...wordings])]
	const tagsOnly = !text.replace(/#[\p{L}\p{N}_]+/gu, '').trim()
	return tagsOnly ? [...all.filter((w) => !w.startsWith('#')), ...all.filter((w) => w.startsWith('#'))] : all
}

/** The words taken from where they stand, with the sentence or the brackets that held them. */
export function takenOut(text: string, span: { start: number; end: number }): string {
	let { start, end } = span
	const before = text.slice(0, start)
	const after = text.slice(end)
	if (/\($/.test(before) && /^\)/.test(after)) {
		start--
		end++
	} else if (/(^|[.!?…\n]\s*)$/u.test(before) && /^[.]/.test(after)) end++
	while (start > 0 && /[^\S\n]/.test(text[start - 1] as string)) start--
	const rest = text.slice(0, start) + text.slice(end)
	return rest.replace(/^\s+/, '')
}

function opening(text: string, region: Region, words: string, line = false): Insertion {
	const rest = text.slice(region.from)
	const gap = line ? '\n\n' : rest.trim() ? ' ' : ''
	return put(region.from, region.from + (rest.length - rest.trimStart().length), sentence(words) + gap, words)
}
function anywhere(text: string, region: Region, words: string, caret: number): Insertion {
	let at = caret >= region.from && caret <= region.to ? caret : region.to
	// Never within a word, a link, a handle.
	while (at < region.to && /\S/.test(text[at] as string) && (at === 0 || /\S/.test(text[at - 1] as string))) at++
	if (at >= region.to) at = beforeClosingTags(text, region)
	const lead = text.slice(0, at)
	const fresh = !lead.trim() || /\n\s*$/.test(lead)
	const ended = /[.!?…»”:]\s*$/u.test(lead) || fresh
	const space = fresh || /\s$/.test(lead) ? '' : ' '
	const said = ended ? sentence(words) : `(${words})`
	const follows = text.slice(at)
	const behind = follows && !/^[\s.,;:!?…)]/u.test(follows) ? ' ' : ''
	return put(at, at, space + said + behind, words)
}
/** The end of a region, but before the hashtags that close it. */
function beforeClosingTags(text: string, region: Region): number {
	const own = text.slice(region.from, region.to)
	const tags = /(?:\s+#[\p{L}\p{N}_]+)+\s*$/u.exec(own)
	return region.from + (tags ? tags.index : own.trimEnd().length)
}
/** Right behind the first sentence; -1 when there is none. A dot behind one or two letters ends no sentence. */
function afterFirstSentence(text: string, region: Region): number {
	const own = text.slice(region.from, region.to)
	for (const found of own.matchAll(/[.?!…](?=\s|$)/gu)) {
		if (found[0] === '.' && /(^|\s)\p{L}{1,2}$/u.test(own.slice(0, found.index))) continue
		return region.from + found.index + 1
	}
	return -1
}
function sentence(words: string): string {
	if (words.startsWith('#')) return words
	const first = words.charAt(0).toLocaleUpperCase() + words.slice(1)
	return /[.!?…]$/.test(first) ? first : first + '.'
}
function put(from: number, to: number, insert: string, words: string): Insertion {
	const at = insert.toLocaleLowerCase().indexOf(words.toLocaleLowerCase())
	const start = from + Math.max(at, 0)
	return { from, to, insert, start, end: start + words.length }
}
/** Are the words' last character at or before the fold? In characters of the composed text, as the policy counts. */
function within(text: string, made: Insertion, fold: number): boolean {
	const result = text.slice(0, made.from) + made.insert
	return [...result.slice(0, made.end).normalize('NFC')].length <= fold
}
