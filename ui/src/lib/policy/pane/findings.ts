// SPDX-License-Identifier: AGPL-3.0-or-later
/* What the analysis found, each at the line of the rule it speaks of. */
import type { Words } from '../../api/types'
import type { Tree } from '../text/read'

export type Witness = { case: Record<string, unknown>; verdict: string; words: Words }
export type Finding = {
	id: string
	question: Words
	severity: 'problem' | 'remark'
	words: Words
	rules: string[]
	witness: Witness | null
	place: { from: number; to: number; line: number } | null
}
export type Analysis = {
	complete: boolean
	questions: {
		number: number
		id: string
		question: Words
		answer: 'no_finding' | 'finding' | 'undecided' | 'not_applicable'
		sentence: Words
		findings: { kind: string; severity: 'problem' | 'remark'; rules: string[]; words: Words; witness: Witness | null }[]
	}[]
}

/** The rule's id in the text, or null when the rule is no longer there. */
function placeOf(tree: Tree, rule: string): Finding['place'] {
	for (let i = 0; i < tree.count(['rules']); i++) {
		if (tree.word(['rules', i, 'id']) !== rule) continue
		const place = tree.place(['rules', i, 'id'])
		return place && { ...place, line: tree.line(place.from) }
	}
	return null
}

export function findingsOf(analysis: Analysis | null | undefined, tree: Tree): Finding[] {
	return (analysis?.questions ?? []).flatMap((q) =>
		q.findings.map((f, i) => ({ ...f, id: `finding-${q.number}-${i}`, question: q.question, place: f.rules.map((r) => placeOf(tree, r)).find((p) => p) ?? null })),
	)
}
