// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Questions that follow one another while someone types: the first is asked at once, and while its answer is under
 * way only the newest waits. An answer is so as fresh as the desk is quick, and no question is asked for nothing.
 *
 *	const judging = new Newest((text: string, signal) => posts.judge(text, signal), (said) => …)
 *	judging.ask(text)
 *
 * An answer that is long in coming is given up once a newer question waits.
 */
const PATIENCE_MS = 2000

export class Newest<Q, A> {
	#waits: { question: Q } | null = null
	#under: { since: number; signal: AbortController } | null = null
	#stopped = false

	constructor(
		private answer: (question: Q, signal: AbortSignal) => Promise<A>,
		private then: (answer: A, question: Q) => void,
		private failed: (problem: unknown, question: Q) => void = () => {},
		private patience_ms = PATIENCE_MS,
	) {}

	/** A newer question than the one being answered. */
	get waiting(): boolean {
		return this.#waits !== null
	}
	ask(question: Q): void {
		if (this.#stopped) return
		this.#waits = { question }
		if (!this.#under) void this.#run()
		else if (Date.now() - this.#under.since > this.patience_ms) this.#under.signal.abort()
	}
	async #run(): Promise<void> {
		while (this.#waits && !this.#stopped) {
			const { question } = this.#waits
			const signal = new AbortController()
			this.#waits = null
			this.#under = { since: Date.now(), signal }
			try {
				const said = await this.answer(question, signal.signal)
				if (!this.#stopped) this.then(said, question)
			} catch (problem) {
				if (!this.#stopped) this.failed(problem, question)
			}
		}
		this.#under = null
	}
	stop(): void {
		this.#stopped = true
		this.#under?.signal.abort()
	}
}
