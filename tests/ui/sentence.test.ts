// SPDX-License-Identifier: AGPL-3.0-or-later
// A rule said in a sentence, in both languages.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { read } from '../../ui/src/lib/policy/text/read'

vi.stubGlobal('localStorage', { getItem: () => 'fr', setItem: () => {} })
vi.stubGlobal('navigator', { language: 'fr-CA' })
vi.stubGlobal('location', { hash: '' })
vi.stubGlobal('document', { documentElement: { lang: '' } })
let said: typeof import('../../ui/src/lib/policy/sentence')
let words: typeof import('../../ui/src/lib/words/index.svelte')
beforeAll(async () => {
	said = await import('../../ui/src/lib/policy/sentence')
	words = await import('../../ui/src/lib/words/index.svelte')
	await import('../../ui/src/lib/words/policy')
})

const folder = join(import.meta.dirname, '../../examples/policies')
const trees = Object.fromEntries(readdirSync(folder).filter((n) => n.endsWith('.yaml')).map((n) => [n.replace('.yaml', ''), read(readFileSync(join(folder, n), 'utf8'))]))
function say(sample: string, id: string): string {
	const tree = trees[sample] as ReturnType<typeof read>
	const i = Array.from({ length: tree.count(['rules']) }, (_, at) => at).find((at) => tree.word(['rules', at, 'id']) === id) as number
	const rule = said.ruleOf(tree.value(['rules', i]))
	const { text, otherwise } = said.sentence(rule, names(sample))
	return [text + (otherwise ? '; ' + words.w().saying.otherwise : ''), ...said.asides(rule)].join(' | ').replaceAll(/[\u00a0\u202f]/g, ' ')
}
function names(sample: string) {
	const tree = trees[sample] as ReturnType<typeof read>
	return { house: (id: string) => tree.words(['organisations', id, 'names'])[0] ?? id, place: (id: string) => tree.word(['disclosures', id, 'position']) }
}

describe('in French', () => {
	beforeAll(() => words.setLanguage('fr'))
	test.each([
		['seed', 'own-platform', 'Sur les comptes personnels'],
		['seed', 'personal-favourite', 'Sur les comptes de l’organisation, quand le motif est un coup de cœur personnel, sauf quand on y voit des personnes et que l’un des axes de l’organisation est humain'],
		['seed', 'own-creation', 'Sur les comptes de l’organisation et dans les communautés d’autrui, quand l’origine est une création de l’auteur, sauf sur les comptes de l’organisation, quand le motif est un projet de l’organisation'],
		['seed', 'plain-link', 'Sur les comptes de l’organisation et dans les communautés d’autrui, quand un lien d’intérêt existe, la formule « own-link » se lit avant « voir plus »; sinon'],
		['seed', 'faces-consent', 'Quand on y voit des visages ou un témoignage et que les personnes n’ont pas donné leur accord | Règle ferme : rien ne l’écarte.'],
		['seed', 'favourites-limit', 'Sur les comptes de l’organisation, au plus 2 publications où le motif est un coup de cœur personnel, sur 30 jours; sinon'],
		['seed', 'self-promotion', 'Sur les comptes de l’organisation, au plus 50 % des publications sont de celles où l’origine est l’organisation, sur 30 jours, à partir de 6 publications; sinon'],
		['municipality', 'by-election', 'Sur les comptes de l’organisation, quand la publication est affichée, sauf quand le sujet est service, du 1er octobre 2026 au 1er novembre 2026 à 20 h'],
		['municipality', 'night', 'Sur les comptes de l’organisation, quand la publication est affichée, entre 22 h et 6 h'],
		['agency', 'own-links-limit', 'Sur les comptes de l’organisation et dans les communautés d’autrui, au plus 1 publication où le lien est d’auteur, de propriété ou de famille, sur 30 jours, par personne; sinon'],
	])('%s: %s', (sample, id, expected) => expect(say(sample, id)).toBe(expected))
})

describe('in English', () => {
	beforeAll(() => words.setLanguage('en'))
	test.each([
		['seed', 'own-creation', 'On the organisation’s accounts and in other people’s communities, when the origin is the author’s own creation, except on the organisation’s accounts, when the motive is an organisational project'],
		['seed', 'effaced', 'On the organisation’s accounts and in other people’s communities, the voice is “we” or effaced; otherwise'],
		['agency', 'own-work', 'On the organisation’s accounts, when the origin is the organisation | It sets aside “other-house”.'],
		['regulated-finance', 'pair', 'On the organisation’s accounts, when the post is on display, the other language is there, or appears within 10 minutes; otherwise'],
	])('%s: %s', (sample, id, expected) => expect(say(sample, id)).toBe(expected))
})

test.each(['fr', 'en'] as const)('every rule of every sample has its sentence (%s)', (language) => {
	words.setLanguage(language)
	for (const [sample, tree] of Object.entries(trees))
		for (let i = 0; i < tree.count(['rules']); i++) {
			const rule = said.ruleOf(tree.value(['rules', i]))
			const { text } = said.sentence(rule, names(sample))
			expect(text).toMatch(/^\p{Lu}/u)
			expect(text, rule.id).not.toMatch(/undefined|null|NaN|\[object|_|: |, ,/)
		}
})

test('a rule half written is said as far as it goes', () => {
	words.setLanguage('fr')
	expect(said.sentence(said.ruleOf({ kind: 'quota', when: {} }), names('seed')).text).not.toMatch(/undefined|NaN/)
	expect(said.sentence(said.ruleOf(null), names('seed')).text).toBe('Partout')
	expect(said.sentence(said.ruleOf({ kind: 'quiet', hours: 'nuit' }), names('seed')).text).not.toMatch(/undefined/)
})
