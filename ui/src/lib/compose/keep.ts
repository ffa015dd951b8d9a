// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * What is typed is kept in this browser until the desk has it: nothing typed is ever lost, whether the
 * desk is away, the text changed elsewhere, or the window was closed.
 */
import type { DeclaredIn } from '../api/types'

export type Kept = { text: string; declared: DeclaredIn; at: number; version: number }

const name = (id: string) => 'portevoix.draft.' + id

export function keep(id: string, kept: Kept): void {
	try {
		localStorage.setItem(name(id), JSON.stringify(kept))
	} catch {
		// A full or forbidden store: the desk is still told a moment later.
	}
}
export function kept(id: string): Kept | null {
	try {
		const text = localStorage.getItem(name(id))
		return text ? (JSON.parse(text) as Kept) : null
	} catch {
		return null
	}
}
export function forget(id: string): void {
	localStorage.removeItem(name(id))
}
