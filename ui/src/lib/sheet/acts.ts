// SPDX-License-Identifier: AGPL-3.0-or-later
/* What a remedy's button says: what will happen when it is pressed. */
import type { Remedy } from '../api/types'
import { say, w } from '../words/index.svelte'

const declarable: Record<string, 'origins' | 'interests' | 'axes' | 'humans' | 'relations' | 'relevances'> = {
	origin: 'origins',
	interest: 'interests',
	axis: 'axes',
	human: 'humans',
	relation: 'relations',
	relevance: 'relevances',
}

/** "Projet de l'organisation" for interest, project. */
export function valueName(field: string, value: string): string {
	const kind = declarable[field]
	return (kind && w().write[kind][value]) || value
}

export function actWords(remedy: Remedy): string {
	if (remedy.rule === 'clue' && remedy.value === 'own_creation') return w().write.isMine
	if (remedy.act === 'declare' && remedy.field && remedy.value) return w().write.declareAs(valueName(remedy.field, remedy.value))
	return (w().write.acts as Record<string, string>)[remedy.act] ?? say(remedy.words)
}
