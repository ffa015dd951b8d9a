// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Changes as they happen: one stream of server-sent events, shared by all that is on the screen.
 *
 *	$effect(() => onChange(['variant', 'publication'], () => load()))
 *
 * When the line breaks, or the desk ends it because someone's seat changed, it is opened again by itself, and what
 * listens is told to read again: nobody knows what was said meanwhile.
 */
import type { Change } from './api/types'

type Listener = { kinds: string[] | null; then: (change: Change | null) => void }

let listeners: Listener[] = []
let source: EventSource | null = null
let lost = $state(false)
let timer: ReturnType<typeof setTimeout> | undefined

export const line = {
	get lost() {
		return lost
	},
}

export function openLine(): () => void {
	let stopped = false
	let tries = 0
	let gap = false
	const open = () => {
		if (stopped) return
		source = new EventSource('/api/v1/events')
		source.addEventListener('hello', back)
		source.addEventListener('open', back)
		source.addEventListener('resync', all)
		source.addEventListener('change', (event) => {
			let change: Change
			try {
				change = JSON.parse((event as MessageEvent<string>).data) as Change
			} catch {
				return
			}
			for (const l of listeners) if (l.kinds ? l.kinds.includes(change.kind) : change.total === undefined) l.then(change)
		})
		source.addEventListener('error', () => {
			gap = true
			if (source?.readyState !== EventSource.CLOSED && tries++ < 1) return
			source?.close()
			lost = true
			clearTimeout(timer)
			timer = setTimeout(open, Math.min(15000, 1000 * 2 ** tries++))
		})
	}
	const all = () => {
		for (const l of listeners) l.then(null)
	}
	const back = () => {
		tries = 0
		if (!gap) return
		gap = lost = false
		all()
	}
	open()
	return () => {
		stopped = true
		clearTimeout(timer)
		source?.close()
		lost = false
	}
}

/** Several changes at once are one: `then` is called a short moment after the last. */
export function onChange(kinds: string[] | null, then: () => void): () => void {
	let wait: ReturnType<typeof setTimeout> | undefined
	const listener: Listener = {
		kinds,
		then: () => {
			clearTimeout(wait)
			wait = setTimeout(then, 120)
		},
	}
	listeners.push(listener)
	return () => {
		clearTimeout(wait)
		listeners = listeners.filter((l) => l !== listener)
	}
}

/** How far some work is, each time it is told; nothing is read again for it. */
export function onProgress(kind: string, id: string, then: (done: number, total: number) => void): () => void {
	const listener: Listener = {
		kinds: [kind],
		then: (change) => {
			if (change?.id === id && change.total !== undefined) then(change.done ?? 0, change.total)
		},
	}
	listeners.push(listener)
	return () => {
		listeners = listeners.filter((l) => l !== listener)
	}
}
