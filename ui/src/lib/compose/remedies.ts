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
	const declare = (part: DeclaredIn) => h.table.declare(part, [leaf])
	switch (remedy.act) {
		case 'insert_disclosure':
			return insert(h, remedy.text ?? '', remedy.position ?? 'anywhere', remedy.fold ?? 0)
		case 'move_disclosure':
			if (!span) return
			return moveUp(h, span)
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
			return go('houses', leaf.organization.slug)
		case 'exception':
			return go('policy', leaf.organization.slug)
	}
}

function here(remedy: Remedy, note: Note, leaf: Leaf): TextSpan | null {
	if (remedy.span && leaf.judged === leaf.text)
		return { start: unitsAt(leaf.text, remedy.span.start), end: unitsAt(leaf.text, remedy.span.end) }
	return note.spans[0] ?? null
}

/** Where the policy wants it; where the cursor is when it may stand anywhere. */
function insert(h: Hands, words: string, position: string, fold: number): void {
	const text = h.leaf.text
	const sentence = capital(words) + '.'
	if (position === 'anywhere') {
		const at = h.caret()
		h.write({ start: at, end: at }, (at > 0 && !/\s$/.test(text.slice(0, at)) ? ' ' : '') + sentence)
		return
	}
	// At the start when it must open the text, or when the first sentence would leave it below the fold.
	const first = /[.?!…](\s|$)/.exec(text)
	const after = first ? first.index + 1 : -1
	if (position === 'start' || after < 0 || (fold > 0 && after + sentence.length + 1 > fold)) h.write({ start: 0, end: 0 }, sentence + ' ')
	else h.write({ start: after, end: after }, ' ' + sentence)
}
function moveUp(h: Hands, span: TextSpan): void {
	const words = h.leaf.text.slice(span.start, span.end)
	h.write(widen(h.leaf.text, span), '')
	h.write({ start: 0, end: 0 }, capital(words) + '. ')
}
function append(h: Hands, words: string): void {
	const end = h.leaf.text.trimEnd().length
	h.write({ start: end, end: h.leaf.text.length }, (end ? ' ' : '') + words)
}
/** With the space before it, so that none is left doubled. */
function widen(text: string, span: TextSpan): TextSpan {
	return span.start > 0 && /\s/.test(text[span.start - 1] as string) ? { start: span.start - 1, end: span.end } : span
}
function capital(words: string): string {
	return words.startsWith('#') ? words : words.charAt(0).toLocaleUpperCase() + words.slice(1)
}
function declared(leaf: Leaf, field: string, value: string): DeclaredIn {
	if (field === 'human' || field === 'relation' || field === 'topic') {
		const list = (leaf.declared[field] ?? []) as string[]
		return { [field]: [...new Set([...list, value])] } as DeclaredIn
	}
	if (field === 'sponsored' || field === 'consent') return { [field]: value === 'yes' || value === 'true' } as DeclaredIn
	return { [field]: value } as DeclaredIn
}
