// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * What this person answered, kept on this device, so that a text that comes back shows what changed since.
 * The desk's own account of it (`variant.differences`) comes first when it is given.
 */
import type { Difference, Variant } from '../api/types'

const NAME = 'portevoix.answered'
const KEPT_MAX = 60

type Seen = { digest: string; text: string; due_at: string; media: string; declared: string; at: number }

function all(): Record<string, Seen> {
	try {
		return JSON.parse(localStorage.getItem(NAME) ?? '{}') as Record<string, Seen>
	} catch {
		return {}
	}
}
const mediaText = (v: Variant) => v.media.map((m) => m.alt || m.type).join('\n')

export function remember(v: Variant): void {
	const list = all()
	list[v.id] = { digest: v.digest, text: v.text, due_at: v.due_at ?? '', media: mediaText(v), declared: JSON.stringify(v.declared), at: Date.now() }
	const latest = Object.entries(list).sort((a, b) => b[1].at - a[1].at).slice(0, KEPT_MAX)
	try {
		localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(latest)))
	} catch {
		// A full store: the page then says nothing of what changed.
	}
}

export function differences(v: Variant, moment: (at: string) => string, declared: (d: Variant['declared']) => string): Difference[] {
	if (v.differences) return v.differences
	const was = all()[v.id]
	if (!was || was.digest === v.digest) return []
	const found: Difference[] = []
	if (was.text !== v.text) found.push({ field: 'text', was: was.text, is: v.text })
	if (was.due_at !== (v.due_at ?? '')) found.push({ field: 'due_at', was: was.due_at && moment(was.due_at), is: v.due_at ? moment(v.due_at) : '' })
	if (was.media !== mediaText(v)) found.push({ field: 'media', was: was.media, is: mediaText(v) })
	if (was.declared !== JSON.stringify(v.declared))
		found.push({ field: 'declared', was: declared(JSON.parse(was.declared) as Variant['declared']), is: declared(v.declared) })
	return found
}
