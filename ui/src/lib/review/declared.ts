// SPDX-License-Identifier: AGPL-3.0-or-later
/* What an author declares, as questions and answers; read by someone else, "I did" is that author's name. */
import type { Declared } from '../api/types'
import { valueName } from '../sheet/acts'
import { listed, w } from '../words/index.svelte'

export function declaredRows(d: Declared, author: string): [string, string][] {
	const names = (field: string, values: string[]) => listed(values.map((v) => valueName(field, v)))
	const rows: [string, string][] = [
		[w().write.origin, d.origin === 'unknown' ? '' : d.origin === 'own_creation' ? author : valueName('origin', d.origin)],
		[w().write.interest, d.interest === 'unknown' ? '' : valueName('interest', d.interest)],
		[w().write.axis, d.axis && valueName('axis', d.axis)],
		[w().write.human, names('human', d.human)],
		[w().write.relation, names('relation', d.relation)],
		[w().write.topic, listed(d.topic)],
		[w().write.relevance, d.relevance === 'unknown' ? '' : valueName('relevance', d.relevance)],
	]
	return rows.filter(([, said]) => said)
}
export function declaredText(d: Declared, author: string): string {
	return declaredRows(d, author).map(([, said]) => said).concat(d.consent ? [w().write.consent] : [], d.sponsored ? [w().write.sponsored] : []).join(' · ')
}
