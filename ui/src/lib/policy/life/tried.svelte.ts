// SPDX-License-Identifier: AGPL-3.0-or-later
/* A witness taken from where it was found to where posts are tried. */
export type Tried = { case: Record<string, unknown>; words: string }

let current = $state.raw<Tried | null>(null)

export const tried = {
	get now(): Tried | null {
		return current
	},
	set now(next: Tried | null) {
		current = next
	},
}
