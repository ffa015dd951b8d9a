// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Something read from the desk and shown: its value, or why it is not there. The former value stays on
 * the screen while it is read again.
 *
 *	const page = new Loaded(() => feeds.items({ state }))
 *	$effect(() => { void page.read() })
 */
import { fieldProblems, Problem } from './api/problem'
import { say, w } from './words/index.svelte'

export class Loaded<T> {
	value = $state.raw<T | null>(null)
	error = $state<unknown>(null)
	busy = $state(false)
	#turn = 0

	constructor(private ask: () => Promise<T>) {}

	async read(): Promise<void> {
		const turn = ++this.#turn
		this.busy = true
		try {
			const value = await this.ask()
			if (turn !== this.#turn) return
			this.value = value
			this.error = null
		} catch (e) {
			if (turn === this.#turn) this.error = e
		} finally {
			if (turn === this.#turn) this.busy = false
		}
	}
	get missing(): boolean {
		return this.error instanceof Problem && this.error.status === 404
	}
}

/** One sentence for what went wrong, in the reader's language. */
export function wordsFor(e: unknown): string {
	if (!(e instanceof Problem)) {
		console.error(e)
		return w().common.odd
	}
	if (e.away && !e.detail) return w().common.away
	if (e.status === 404 && !e.detail) return w().common.notFound
	return say(e.detail || e.title) || w().common.odd
}

/** The same where no field stands beside to say what is wrong with it. */
export function wholeWordsFor(e: unknown): string {
	const said = Object.values(fieldProblems(e)).join(' ')
	return said ? say(said) : wordsFor(e)
}
