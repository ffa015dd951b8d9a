// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Where a variant stands, for a row. While its organisation is paused it is held, and said so at once: not only
 * once its time has come and the desk has found the gate shut.
 */
import type { VariantRow } from './api/types'
import { membership } from './me.svelte'
import { w } from './words/index.svelte'

type Standing = Pick<VariantRow, 'stage' | 'publication' | 'organization'>

export function isHeld({ publication, organization }: Standing): boolean {
	if (publication?.state === 'held') return true
	const waits = publication?.state === 'planned' || publication?.state === 'deferred'
	return waits && (membership(organization.id)?.organization.paused ?? false)
}
export function isUnsure({ publication }: Standing): boolean {
	return ['unknown', 'verifying', 'asking'].includes(publication?.state ?? '')
}
export function standingWord(row: Standing): string {
	if (isHeld(row)) return w().state.held
	return row.publication && row.stage !== 'draft' ? w().state[row.publication.state] : w().stage[row.stage]
}
