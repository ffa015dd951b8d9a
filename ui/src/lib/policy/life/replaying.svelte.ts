// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * A replay asked for from a screen: how far it is, and what it came to. The version is read again after it, since what
 * it came to may be kept there.
 *
 *	const replaying = new Replaying()
 *	await replaying.run(draft, { months: 12 })
 */
import { policies } from '../../api/calls'
import type { Replay } from '../../api/types'
import { onProgress } from '../../live.svelte'
import { wordsFor } from '../../load.svelte'
import type { Draft } from '../draft.svelte'

export class Replaying {
	busy = $state(false)
	/** Null until the desk tells: what is over within a moment is never told. */
	far = $state.raw<{ done: number; total: number } | null>(null)
	trouble = $state('')
	result = $state.raw<Replay | null>(null)
	/** The text that `result` speaks of. */
	digest = $state('')

	async run(draft: Draft, body: { months?: number; cases?: string }): Promise<void> {
		this.busy = true
		this.trouble = ''
		this.far = null
		const stop = onProgress('replay', draft.id, (done, total) => (this.far = { done, total }))
		try {
			await draft.save()
			const digest = draft.known.digest
			this.result = await policies.replay(draft.id, body)
			this.digest = digest
			draft.learn(await policies.get(draft.id))
		} catch (e) {
			this.trouble = wordsFor(e)
		}
		stop()
		this.far = null
		this.busy = false
	}
}
