// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, test } from 'vitest'
import type { Judgement, Remark, Verdict } from '../../ui/src/lib/api/types'
import { place } from '../../ui/src/lib/sheet/place'
import { follow, notesOf, pieces, pointsIn, rank, strictest, unitsAt } from '../../ui/src/lib/spans'

const remark = (said: Verdict, status: Remark['status'], spans: [number, number][] = []): Remark => ({
	rule: said + status, kind: 'category', label: { fr: '', en: '' }, said, status, firm: false, line: 1, reason: { fr: '', en: '' },
	evidence: spans.map(([start, end]) => ({ kind: 'link', words: { fr: '', en: '' }, span: { start, end } })),
})
const judgement = (remarks: Remark[]): Judgement => ({
	verdict: 'refuse', explanation: { fr: '', en: '' }, decided_by: [], also: [], satisfied: [], lifted: [], overridden: [], remarks,
	remedies: [{ act: 'remove_link', rule: 'refusedecides', words: { fr: '', en: '' } }], policy: { id: '', version: 1 }, judged_at: '',
})

describe('places of words', () => {
	test('code points become UTF-16 units, also after an emoji', () => {
		const text = 'a👩‍🌾é lien'
		expect(unitsAt(text, 0)).toBe(0)
		expect(text.slice(unitsAt(text, pointsIn('a👩‍🌾é ')))).toBe('lien')
		expect(unitsAt(text, 999)).toBe(text.length)
	})
	test('verdicts are ordered by who can lift the obstacle', () => {
		expect(strictest(['warn', 'approve', 'disclose'])).toBe('approve')
		expect(strictest([])).toBe('allow')
		expect(rank('refuse')).toBeGreaterThan(rank('approve'))
	})
	test('what asks stands open, the strictest first; what is met is folded', () => {
		const { open, folded } = notesOf(judgement([remark('warn', 'also'), remark('refuse', 'decides', [[0, 2]]), remark('approve', 'satisfied'), remark('allow', 'allows')]), 'ab')
		expect(open.map((n) => n.remark.said)).toEqual(['refuse', 'warn'])
		expect(open[0]?.remedies.map((r) => r.act)).toEqual(['remove_link'])
		expect(folded).toHaveLength(2)
	})
	test('a clue stands behind what asks, asks nothing, and offers what may be declared', () => {
		const clue = { kind: 'link', words: { fr: 'Peut-être', en: 'Perhaps' }, certainty: 'likely', via: 'author', span: { start: 0, end: 2 } } as const
		const { open } = notesOf({ ...judgement([remark('warn', 'also')]), clues: [{ ...clue, field: 'origin', value: 'own_creation' }, clue] }, 'ab')
		expect(open.map((n) => n.tone)).toEqual(['warn', 'clue', 'clue'])
		expect(open[1]?.remedies.map((r) => [r.act, r.field, r.value])).toEqual([['declare', 'origin', 'own_creation']])
		expect(open[2]?.remedies).toEqual([])
		expect(pieces('ab', open)[0]?.verdict).toBe('clue')
		expect(strictest(open.map((n) => n.remark.said))).toBe('warn')
	})
	test('no judgement: a blank margin', () => expect(notesOf(null, 'x')).toEqual({ open: [], folded: [] }))
	test('pieces put together are the text again, whatever overlaps', () => {
		const text = 'Un 👋 lien et mon carnet'
		const { open } = notesOf(judgement([remark('refuse', 'decides', [[3, 9]]), remark('warn', 'also', [[5, 14], [13, 400]])]), text)
		const made = pieces(text, open, [{ start: 0, end: 5 }])
		expect(made.map((p) => p.text).join('')).toBe(text)
		expect(made.find((p) => p.start === 3)?.verdict).toBe('refuse')
	})
	test('notes follow their words while one types before, within and after them', () => {
		const { open } = notesOf(judgement([remark('refuse', 'decides', [[3, 7]])]), 'Un lien ici')
		const spans = (is: string) => follow(open, 'Un lien ici', is)[0]?.spans.map((s) => is.slice(s.start, s.end))
		expect(spans('Voici : Un lien ici')).toEqual(['lien'])
		expect(spans('Un lien ici et là')).toEqual(['lien'])
		expect(spans('Un liXen ici')).toEqual(['liXen'])
		expect(spans('Un  ici')).toEqual([])
	})
})

describe('the margin', () => {
	const overlap = (tops: Map<string, number>, heights: Record<string, number>) => {
		const all = [...tops].map(([id, top]) => [top, top + (heights[id] as number)] as const).sort((a, b) => a[0] - b[0])
		return all.some((a, i) => i > 0 && a[0] < (all[i - 1] as readonly number[])[1]!)
	}
	test('a note stands at its words', () => expect(place([{ id: 'a', top: 120, height: 50 }], 40).get('a')).toBe(120))
	test('none begins above the margin', () => expect(place([{ id: 'a', top: 0, height: 50 }], 40).get('a')).toBe(40))
	test('those without words follow', () => {
		const tops = place([{ id: 'free', top: null, height: 30 }, { id: 'a', top: 100, height: 50 }], 40, 10)
		expect(tops.get('free')).toBe(160)
	})
	test('never one over another, for a thousand margins', () => {
		let seed = 7
		const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n
		for (let turn = 0; turn < 1000; turn++) {
			const notes = Array.from({ length: 1 + next(9) }, (_, i) => ({ id: `n${i}`, top: next(5) ? next(600) : null, height: 20 + next(180) }))
			const tops = place(notes, 60)
			expect(tops.size).toBe(notes.length)
			expect(overlap(tops, Object.fromEntries(notes.map((n) => [n.id, n.height])))).toBe(false)
			expect(Math.min(...tops.values())).toBeGreaterThanOrEqual(60)
		}
	})
})
