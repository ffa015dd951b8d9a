// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Words of a text and the notes that concern them. The desk counts in code points; a browser's strings
 * count in UTF-16 units.
 */
import type { Evidence, Judgement, Remark, Remedy, TextSpan, Verdict } from './api/types'

const ORDER: Verdict[] = ['allow', 'warn', 'disclose', 'approve', 'refuse']
export const rank = (verdict: Verdict): number => ORDER.indexOf(verdict)
export const strictest = (verdicts: Verdict[]): Verdict =>
	verdicts.reduce<Verdict>((worst, v) => (rank(v) > rank(worst) ? v : worst), 'allow')

/** Where a code point begins, in UTF-16 units. */
export function unitsAt(text: string, points: number): number {
	let units = 0
	for (let n = 0; n < points && units < text.length; n++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
	return units
}
export function pointsIn(text: string): number {
	let n = 0
	for (const _ of text) n++
	return n
}

/** A verdict's, or a clue's: what may concern the author and asks nothing. */
export type Tone = Verdict | 'clue'

export type Note = {
	id: string
	tone: Tone
	remark: Remark
	remedies: Remedy[]
	/** In UTF-16 units of the text judged; the words it concerns. */
	spans: TextSpan[]
}

/** What the margin holds: what decides or also asks, the strictest first; the rest is folded away. */
export function notesOf(judgement: Judgement | null, text: string): { open: Note[]; folded: Note[] } {
	const open: Note[] = []
	const folded: Note[] = []
	const spansOf = (evidence: Evidence[]) =>
		evidence
			.flatMap((e) => (e.span ? [e.span] : []))
			.map((s) => ({ start: unitsAt(text, s.start), end: unitsAt(text, s.end) }))
			.filter((s) => s.end > s.start)
	for (const [index, remark] of (judgement?.remarks ?? []).entries()) {
		const asks = remark.said !== 'allow' && (remark.status === 'decides' || remark.status === 'also')
		const remedies = asks ? ((judgement?.remedies ?? []) as Remedy[]).filter((r) => r.rule === remark.rule) : []
		;(asks ? open : folded).push({
			id: `note-${index}-${remark.rule}`, tone: remark.said, remark, remedies, spans: spansOf(remark.evidence),
		})
	}
	open.sort((a, b) => rank(b.remark.said) - rank(a.remark.said))
	for (const [index, clue] of (judgement?.clues ?? []).entries()) open.push(clueNote(clue, index, spansOf([clue])))
	return { open, folded }
}

/** A clue stands in the margin behind the remarks, with what may be declared if it is so. */
function clueNote(clue: Evidence, index: number, spans: TextSpan[]): Note {
	const blank = { fr: '', en: '' }
	const remark: Remark = {
		rule: 'clue', kind: 'clue', label: blank, said: 'allow', status: 'also', firm: false, line: 0, set_aside_by: null, reason: clue.words, evidence: [clue],
	}
	const remedies: Remedy[] =
		clue.field && clue.value ? [{ act: 'declare', rule: 'clue', words: clue.words, field: clue.field, value: clue.value }] : []
	return { id: `clue-${index}`, tone: 'clue', remark, remedies, spans }
}

export type Piece = { text: string; note: string | null; verdict: Tone | null; link: boolean; start: number }

/** The text cut where a note or a link begins or ends; where notes overlap the strictest shows. */
export function pieces(text: string, notes: Note[], links: TextSpan[] = []): Piece[] {
	const cuts = new Set([0, text.length])
	const clip = (n: number) => Math.max(0, Math.min(text.length, n))
	for (const note of notes) for (const s of note.spans) cuts.add(clip(s.start)).add(clip(s.end))
	for (const s of links) cuts.add(clip(s.start)).add(clip(s.end))
	const at = [...cuts].sort((a, b) => a - b)
	const made: Piece[] = []
	for (let i = 0; i + 1 < at.length; i++) {
		const start = at[i] as number
		const end = at[i + 1] as number
		const over = notes.find((n) => n.spans.some((s) => s.start <= start && s.end >= end))
		made.push({
			text: text.slice(start, end),
			note: over?.id ?? null,
			verdict: over?.tone ?? null,
			link: links.some((s) => s.start <= start && s.end >= end),
			start,
		})
	}
	return made
}

/**
 * Spans follow the text while one types: what was judged a moment ago still stands under the same words
 * until the next judgement arrives. `at` is where the two texts begin to differ.
 */
export function follow(notes: Note[], was: string, is: string): Note[] {
	if (was === is) return notes
	let head = 0
	const most = Math.min(was.length, is.length)
	while (head < most && was[head] === is[head]) head++
	let tail = 0
	while (tail < most - head && was[was.length - 1 - tail] === is[is.length - 1 - tail]) tail++
	const by = is.length - was.length
	const move = (n: number) => (n <= head ? n : n >= was.length - tail ? n + by : Math.min(head, is.length))
	return notes.map((note) => ({
		...note,
		spans: note.spans.map((s) => ({ start: move(s.start), end: move(s.end) })).filter((s) => s.end > s.start),
	}))
}
