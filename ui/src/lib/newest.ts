// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Questions that follow one another while someone types: the first is asked at once, and while its answer is under
 * way only the newest waits. An answer is so as fresh as the desk is quick, and no question is asked for nothing.
 *
 *	const judging = new Newest((text: string, signal) => posts.judge(text, signal), (said) => …)
 *	judging.ask(text)
 */
export class Newest<Q, A> {
	#waits: { question: Q } | null = null
	#under = false
	#stopped = false
	#signal = new AbortController()

	constructor(
		private answer: (question: Q, signal: AbortSignal) => Promise<A>,
		private then: (answer: A, question: Q) => void,
		private failed: (problem: unknown, question: Q) => void = () => {},
	) {}

	get busy(): boolean {
		return this.#under
	}
	ask(question: Q): void {
		if (this.#stopped) return
		this.#waits = { question }
		if (!this.#under) void this.#run()
	}
	async #run(): Promise<void> {
		this.#under = true
		while (this.#waits && !this.#stopped) {
			const { question } = this.#waits
			this.#waits = null
			try {
				const said = await this.answer(question, this.#signal.signal)
				if (!this.#stopped) this.then(said, question)
			} catch (problem) {
				if (!this.#stopped) this.failed(problem, question)
			}
		}
		this.#under = false
	}
	stop(): void {
		this.#stopped = true
		this.#signal.abort()
	}
}
