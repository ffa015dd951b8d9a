// SPDX-License-Identifier: AGPL-3.0-or-later
import { describe, expect, test } from 'vitest'
import { en as deskEn } from '../../ui/src/lib/words/en'
import { policy as policyEn } from '../../ui/src/lib/words/en/policy'
import { fr as deskFr } from '../../ui/src/lib/words/fr'
import { policy as policyFr } from '../../ui/src/lib/words/fr/policy'
import { setEnglish, setFrench, typeset } from '../../ui/src/lib/words/typeset'

const fr = { ...deskFr, ...policyFr }
const en = { ...deskEn, ...policyEn }

type Leaf = { path: string; text: string }

/** Some ask for a number, some for a word. */
function answer(said: (...given: unknown[]) => string, n: number): string {
	const given = (value: unknown) => said(...Array.from({ length: said.length }, () => value))
	try {
		return given(n)
	} catch {
		return given(String(n))
	}
}

/** Every phrase, functions answered with plausible values. */
function leaves(of: object, path = ''): Leaf[] {
	return Object.entries(of).flatMap(([key, value]) => {
		const at = path ? `${path}.${key}` : key
		if (typeof value === 'string') return [{ path: at, text: value }]
		if (typeof value === 'function') {
			const said = (value as (...given: unknown[]) => string)
			return [1, 3].map((n) => ({ path: at, text: answer(said, n) }))
		}
		return leaves(value as object, at)
	})
}
const french = leaves(fr)
const english = leaves(en)

describe('the catalogues', () => {
	test('say the same things in both languages', () => {
		expect([...new Set(english.map((l) => l.path))].sort()).toEqual([...new Set(french.map((l) => l.path))].sort())
	})
	test('leave nothing unsaid that the other says', () => {
		const empty = (list: Leaf[]) => list.filter((l) => l.text === '').map((l) => l.path).sort()
		expect(empty(english)).toEqual(empty(french))
	})
	for (const [name, list] of [['french', french], ['english', english]] as const) {
		test(`${name}: no exclamation mark, no machine's words, no reproach`, () => {
			const odd = list.filter((l) => /!|\bsyst[eè]me?\b|\berreur\b|\berror\b|\binvalide?\b|\b422\b|\boops\b|\bviolation\b/i.test(l.text))
			expect(odd).toEqual([])
		})
		test(`${name}: no leftover of a template`, () => {
			expect(list.filter((l) => /undefined|\[object|NaN/.test(l.text))).toEqual([])
		})
	}
	test('the French says vous', () => {
		expect(french.filter((l) => /\b(tu|ton|tes|toi)\b/i.test(l.text))).toEqual([])
	})
})

describe('the typographer', () => {
	test.each([
		['Prévu : demain', 'Prévu\u00a0: demain'],
		['« Bonjour »', '«\u00a0Bonjour\u00a0»'],
		["l'heure", 'l’heure'],
		['à 9 h 30', 'à 9\u00a0h 30'],
		['57 %', '57\u00a0%'],
		['20 000', '20\u00a0000'],
		['Et vous?', 'Et vous?'],
		['un lien; puis', 'un lien; puis'],
		['https://a.example/b:c', 'https://a.example/b:c'],
	])('French: %s', (given, wanted) => expect(setFrench(given)).toBe(wanted))
	test('English keeps its colon close', () => expect(setEnglish("It's here: 9 a.m.")).toBe('It’s here: 9\u00a0a.m.'))
	test('functions are typeset as they answer', () => {
		expect(typeset({ a: { b: (n: number) => `${n} %` } }, setFrench).a.b(3)).toBe('3\u00a0%')
	})
})
