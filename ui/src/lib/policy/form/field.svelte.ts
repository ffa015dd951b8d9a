// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * What every field of the form does: it shows the text's value, patches the text while one types, and says what the
 * desk, or the format, finds wrong with what was typed.
 */
import { say, w } from '../../words/index.svelte'
import type { Draft } from '../draft.svelte'
import type { Path } from '../text/read'
import { Unwritable } from '../text/write'

export class FieldOf {
	/** What is typed while one is at it: the text's own form of it may lack a last space or an empty line. */
	typed = $state<string | null>(null)
	unwritable = $state(false)

	constructor(
		private draft: () => Draft,
		private path: () => Path,
	) {}

	get id(): string {
		return fieldId(this.path())
	}
	get problem(): string {
		if (this.unwritable) return w().draft.unwritable
		return this.draft()
			.problemsIn(this.path())
			.map((p) => say(p.words))
			.join(' ')
	}
	/** Tries an edit; what cannot be written stays in the field and is said. */
	edit(act: () => void): void {
		try {
			act()
			this.unwritable = false
		} catch (e) {
			if (!(e instanceof Unwritable)) throw e
			this.unwritable = true
		}
	}
	leave(): void {
		if (!this.unwritable) this.typed = null
	}
}

export function fieldId(path: Path): string {
	return 'f-' + path.map((key) => String(key).replaceAll(/[^\p{L}\p{N}]/gu, '_')).join('-')
}
