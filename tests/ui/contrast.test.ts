// SPDX-License-Identifier: AGPL-3.0-or-later
// The colours of tokens.css, measured: AA (4.5) for all that is read, AAA (7) for ink where one reads long, 3 for shapes.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../../ui/src/style/tokens.css', import.meta.url), 'utf8')
const root = css.slice(css.indexOf(':root {'), css.indexOf("[data-theme='light']"))
const pair = /--([\w-]+): light-dark\((#[0-9a-f]{3,8}), (#[0-9a-f]{3,8})\)/g
const read = (text: string) => new Map([...text.matchAll(pair)].map((m) => [m[1] as string, [m[2], m[3]] as [string, string]]))
const tokens = read(root)

function luminance(hex: string): number {
	const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
		const c = parseInt(full.slice(i, i + 2), 16) / 255
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
	})
	return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string, light: 0 | 1): number {
	const [x, y] = [luminance(tokens.get(a)![light]), luminance(tokens.get(b)![light])]
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}
const papers = ['paper', 'edge', 'field', 'table']
const verdicts = ['allow', 'warn', 'disclose', 'approve', 'refuse', 'unsure']
const wanted: [string, string, number][] = [
	...papers.flatMap((p): [string, string, number][] => [['ink', p, 7], ['ink-2', p, 7], ['ink-3', p, 4.5], ['accent', p, 4.5]]),
	...['paper', 'edge', 'field'].map((p): [string, string, number] => ['rule-firm', p, 3]),
	...verdicts.flatMap((v): [string, string, number][] => [[v, 'paper', 4.5], [v, 'edge', 4.5], [v, v + '-soft', 4.5], ['ink', v + '-soft', 7], ['ink-3', v + '-soft', 4.5]]),
	['on-ink', 'button', 7],
	['on-ink', 'accent', 4.5],
]

describe.each([['day', 0], ['night', 1]] as const)('by %s', (_, light) => {
	test.each(wanted)('%s on %s: %d', (a, b, least) => expect(contrast(a, b, light)).toBeGreaterThanOrEqual(least))
	test('bands stand out from the paper', () => {
		for (const m of css.slice(css.indexOf('[data-colour]')).matchAll(/--org: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)) {
			tokens.set('band', [m[1] as string, m[2] as string])
			expect(contrast('band', 'field', light)).toBeGreaterThanOrEqual(3)
		}
	})
})
