// SPDX-License-Identifier: AGPL-3.0-or-later
import { beforeAll, describe, expect, test, vi } from 'vitest'

vi.stubGlobal('localStorage', { getItem: () => 'fr', setItem: () => {} })
vi.stubGlobal('navigator', { language: 'fr-CA' })
vi.stubGlobal('document', { documentElement: { lang: '' } })
let dates: typeof import('../../ui/src/lib/dates')
let words: typeof import('../../ui/src/lib/words/index.svelte')
beforeAll(async () => {
	dates = await import('../../ui/src/lib/dates')
	words = await import('../../ui/src/lib/words/index.svelte')
})

describe('a clock of one’s own', () => {
	test.each([
		['2026-03-03', '09:00', 'America/Toronto', '2026-03-03T14:00:00.000Z'],
		['2026-07-03', '09:00', 'America/Toronto', '2026-07-03T13:00:00.000Z'],
		['2026-03-08', '03:30', 'America/Toronto', '2026-03-08T07:30:00.000Z'],
		['2026-11-01', '00:30', 'America/Toronto', '2026-11-01T04:30:00.000Z'],
		['2026-12-31', '23:59', 'Pacific/Auckland', '2026-12-31T10:59:00.000Z'],
	])('%s %s in %s', (day, time, zone, instant) => {
		expect(dates.toInstant(day, time, zone).toISOString()).toBe(instant)
		expect(dates.localDate(new Date(instant), zone)).toBe(day)
		expect(dates.localTime(new Date(instant), zone)).toBe(time)
	})
	test('a whole hour is said short', () => {
		const at = new Date('2026-03-03T14:00:00Z')
		expect(dates.clock(at, 'America/Toronto').replace(/\s/g, ' ')).toBe('9 h')
		expect(dates.clock(new Date('2026-03-03T14:05:00Z'), 'America/Toronto').replace(/\s/g, ' ')).toBe('9 h 05')
	})
	test('English says at', () => {
		words.setLanguage('en')
		expect(dates.moment('2026-03-03T14:00:00Z', 'America/Toronto')).toMatch(/^March 3.* at 9/)
		words.setLanguage('fr')
	})
	test('weeks begin on Monday', () => {
		expect(dates.weekdayOf('2026-11-23')).toBe(0)
		expect(dates.weekdayOf('2026-11-29')).toBe(6)
		expect(dates.addDays('2026-02-28', 1)).toBe('2026-03-01')
	})
})
