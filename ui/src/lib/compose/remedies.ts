// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The act beside a note, done. Each is one that its author could do by hand; nothing here goes around the
 * policy, which judges again at once.
 */
import type { Account, DeclaredIn, Remedy, TextSpan } from '../api/types'
import { localDate, localTime } from '../dates'
import { go } from '../route.svelte'
import type { Note } from '../spans'
import { unitsAt } from '../spans'
import { insertion, takenOut, type Wanted } from './insertion'
import type { Leaf } from './leaf.svelte'
import type { Table } from './table.svelte'

export type Hands = {
	table: Table
	leaf: Leaf
	accounts: Account[]
	select: (span: TextSpan) => void
	write: (into: TextSpan, what: string) => void
	caret: () => number
	show: (what: 'alt' | 'when' | 'facts' | 'send') => void
	adopt: (account: Account) => Promise<void>
}

export async function settle(remedy: Remedy, note: Note, h: Hands): Promise<void> {
	const { leaf } = h
	const span = here(remedy, note, leaf)
	// What stands in a picture's description is changed there.
	if (remedy.media) return h.show('alt')
	const declare = (part: DeclaredIn) => h.table.declare(part, [leaf])
	switch (remedy.act) {
		case 'insert_disclosure':
			return insert(h, leaf.text, wantedOf(remedy, remedy.text ?? '', leaf.languages, h.caret()))
		case 'move_disclosure':
			if (!span) return
			return insert(h, takenOut(leaf.text, span), wantedOf(remedy, leaf.text.slice(span.start, span.end), leaf.languages, h.caret()))
		case 'invite':
		case 'add_link':
			return append(h, remedy.text ?? '')
		case 'remove_link':
			if (span) h.write(widen(leaf.text, span), '')
			return
		case 'replace_link':
			if (span && remedy.text) h.write(span, remedy.text)
			return
		case 'remove_words':
		case 'rephrase_voice':
		case 'rewrite_hashtag':
		case 'fewer_hashtags':
			if (span) h.select(span)
			return
		case 'declare':
			if (remedy.field && remedy.value) declare(declared(leaf, remedy.field, remedy.value))
			else h.show('facts')
			return
		case 'record_consent':
			return declare({ consent: true })
		case 'add_translation':
			leaf.languages = [...new Set([...leaf.languages, remedy.lang ?? 'en'])]
			leaf.touched()
			h.select({ start: leaf.text.length, end: leaf.text.length })
			return
		case 'change_time':
			if (remedy.not_before) {
				const at = new Date(remedy.not_before)
				leaf.date = localDate(at, leaf.zone)
				leaf.time = localTime(at, leaf.zone)
				leaf.touched()
			}
			h.show('when')
			return
		case 'add_alt_text':
			return h.show('alt')
		case 'ask_approval':
			return h.show('send')
		case 'publish_on_own_account': {
			const own = h.accounts.find((a) => a.stance === 'personal' && a.organization.kind === 'person' && a.state === 'connected')
			if (own) await h.adopt(own)
			else go('accounts')
			return
		}
		case 'publish_elsewhere': {
			const other = h.accounts.find((a) => [a.slug, a.id, a.organization.slug].includes(remedy.value ?? remedy.text ?? ''))
			if (other) await h.adopt(other)
			return
		}
		case 'switch_off':
			return go('policy', leaf.organization.slug, { part: 'switches' })
		case 'exception':
			return go('policy', leaf.organization.slug, { part: 'exceptions', rule: remedy.rule, variant: leaf.id })
	}
}

function here(remedy: Remedy, note: Note, leaf: Leaf): TextSpan | null {
	if (remedy.span && leaf.judged === leaf.text)
		return { start: unitsAt(leaf.text, remedy.span.start), end: unitsAt(leaf.text, remedy.span.end) }
	return note.spans[0] ?? null
}

export function wantedOf(remedy: Remedy, words: string, languages: readonly string[], caret: number): Wanted {
	return { words, position: remedy.position ?? 'anywhere', fold: remedy.fold ?? 0, lang: remedy.lang ?? '', languages, caret }
}
/** Written in its place and selected: one sees what was written, and where. */
export function insert(h: Pick<Hands, 'select' | 'write'> & { leaf: Pick<Leaf, 'text'> }, without: string, wanted: Wanted): void {
	const put = insertion(without, wanted)
	const after = without.slice(0, put.from) + put.insert + without.slice(put.to)
	const change = changed(h.leaf.text, after)
	h.write(change.span, change.what)
	h.select({ start: put.start, end: put.end })
}
/** The least that makes one text the other, so that the browser's undo takes back just that. */
export function changed(before: string, after: string): { span: TextSpan; what: string } {
	let head = 0
	while (head < before.length && head < after.length && before[head] === after[head]) head++
	let tail = 0
	while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
	return { span: { start: head, end: before.length - tail }, what: after.slice(head, after.length - tail) }
}
function append(h: Hands, words: string): void {
	const end = h.leaf.text.trimEnd().length
	h.write({ start: end, end: h.leaf.text.length }, (end ? ' ' : '') + words)
}
/** With the space before it, so that none is left doubled. */
function widen(text: string, span: TextSpan): TextSpan {
	return span.start > 0 && /\s/.test(text[span.start - 1] as string) ? { start: span.start - 1, end: span.end } : span
}
function declared(leaf: Leaf, field: string, value: string): DeclaredIn {
	if (field === 'human' || field === 'relation' || field === 'topic') {
		const list = (leaf.declared[field] ?? []) as string[]
		return { [field]: [...new Set([...list, value])] } as DeclaredIn
	}
	if (field === 'sponsored' || field === 'consent') return { [field]: value === 'yes' || value === 'true' } as DeclaredIn
	return { [field]: value } as DeclaredIn
}
