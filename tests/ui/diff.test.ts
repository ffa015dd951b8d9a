// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, test } from 'vitest'
import { diff } from '../../ui/src/lib/diff'

const was = (parts: ReturnType<typeof diff>) => parts.filter((p) => p.kind !== 'in').map((p) => p.text).join('')
const is = (parts: ReturnType<typeof diff>) => parts.filter((p) => p.kind !== 'out').map((p) => p.text).join('')

describe('what changed', () => {
	test.each([
		['', ''],
		['Un mot', 'Un mot'],
		['', 'Nouveau'],
		['Parti', ''],
		['Le jardin ouvre le 3 mai', 'Le jardin rouvre le 4 mai, enfin'],
		['a b c d', 'd c b a'],
		['Deux\nlignes', 'Deux\n\nlignes'],
	])('%j → %j: both can be read in it', (before, after) => {
		const parts = diff(before, after)
		expect(was(parts)).toBe(before)
		expect(is(parts)).toBe(after)
	})
	test('a word put in is the only change', () => {
		expect(diff('Le jardin', 'Le grand jardin').filter((p) => p.kind !== 'same').map((p) => p.text.trim())).toEqual(['grand'])
	})
	test('a very long text is told whole', () => {
		const long = 'mot '.repeat(2000)
		expect(diff(long, long + 'fin')).toHaveLength(2)
	})
})
