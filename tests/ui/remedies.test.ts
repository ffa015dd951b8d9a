// SPDX-License-Identifier: AGPL-3.0-or-later
// The acts beside a note: wordings in their place (held against the desk in tests/web/disclosure.test.mjs), and what
// each of the others does. Nothing is written that was not asked for.
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Account, DeclaredIn, Remedy, RemedyAct } from '../../ui/src/lib/api/types'
import { insertion, languageOf, offered, regionOf, takenOut, type Wanted } from '../../ui/src/lib/compose/insertion'
import type { Hands } from '../../ui/src/lib/compose/remedies'

vi.stubGlobal('localStorage', { getItem: () => 'fr', setItem: () => {} })
vi.stubGlobal('navigator', { language: 'fr-CA' })
vi.stubGlobal('document', { documentElement: { lang: '' } })
vi.stubGlobal('location', { hash: '' })
vi.stubGlobal('addEventListener', () => {})
let remedies: typeof import('../../ui/src/lib/compose/remedies')
beforeAll(async () => {
	remedies = await import('../../ui/src/lib/compose/remedies')
})

const put = (text: string, wanted: Wanted) => {
	const made = insertion(text, wanted)
	const after = text.slice(0, made.from) + made.insert + text.slice(made.to)
	expect(after.slice(made.start, made.end).toLowerCase()).toBe(wanted.words.toLowerCase())
	return after
}
const FR = 'écrit par notre équipe'
const EN = 'written by our team'

describe('where a wording goes', () => {
	test.each([
		['an empty page', '', { words: FR, position: 'anywhere' }, 'Écrit par notre équipe.'],
		['at the start', 'Le carnet paraît.', { words: FR, position: 'start' }, 'Écrit par notre équipe. Le carnet paraît.'],
		['behind the first sentence', 'Le carnet paraît. Il est long.', { words: FR, position: 'before_fold', fold: 60 }, 'Le carnet paraît. Écrit par notre équipe. Il est long.'],
		['at the start when the first sentence is long', 'Le carnet paraît. Il est long.', { words: FR, position: 'before_fold', fold: 30 }, 'Écrit par notre équipe. Le carnet paraît. Il est long.'],
		['a title is no sentence', 'M. Roy écrit. Il est long.', { words: FR, position: 'before_fold', fold: 60 }, 'M. Roy écrit. Écrit par notre équipe. Il est long.'],
		['where the cursor is, between sentences', 'Le carnet paraît. Il est long.', { words: FR, position: 'anywhere', caret: 17 }, 'Le carnet paraît. Écrit par notre équipe. Il est long.'],
		['within a sentence, between brackets', 'Le carnet paraît demain.', { words: FR, position: 'anywhere', caret: 9 }, 'Le carnet (écrit par notre équipe) paraît demain.'],
		['never within a word or a link', 'Voir https://a.example/bc demain.', { words: FR, position: 'anywhere', caret: 12 }, 'Voir https://a.example/bc (écrit par notre équipe) demain.'],
		['before the hashtags that close', 'Le carnet paraît. #un #deux', { words: FR, position: 'anywhere' }, 'Le carnet paraît. Écrit par notre équipe. #un #deux'],
		['a hashtag opens', 'Le carnet paraît. #un', { words: '#pub', position: 'anywhere' }, '#pub Le carnet paraît. #un'],
		['a question stays one', 'Le carnet paraît.', { words: 'et vous?', position: 'anywhere' }, 'Le carnet paraît. Et vous?'],
		['in its language', 'Le carnet paraît.\n\nThe notebook is out.', { words: EN, position: 'before_fold', fold: 300, lang: 'en', languages: ['fr', 'en'] }, 'Le carnet paraît.\n\nThe notebook is out. Written by our team.'],
		['in its language, whichever comes first', 'The notebook is out.\n\nLe carnet paraît.', { words: FR, position: 'start', lang: 'fr', languages: ['fr', 'en'] }, 'The notebook is out.\n\nÉcrit par notre équipe. Le carnet paraît.'],
		['a line of its own when its language is not there', 'Le carnet paraît.', { words: EN, position: 'start', lang: 'en', languages: ['fr', 'en'] }, 'Le carnet paraît.\n\nWritten by our team.'],
		['at the very top when the fold leaves no other place', 'Le carnet paraît, et il est long.\n\nThe notebook is out.', { words: EN, position: 'before_fold', fold: 25, lang: 'en', languages: ['fr', 'en'] }, 'Written by our team.\n\nLe carnet paraît, et il est long.\n\nThe notebook is out.'],
	] as [string, string, Wanted, string][])('%s', (_, text, wanted, expected) => expect(put(text, wanted)).toBe(expected))

	test('a line says its language, or nothing', () => {
		expect(languageOf('Le carnet est là.')).toBe('fr')
		expect(languageOf('The notebook is here.')).toBe('en')
		expect(languageOf('Bonjour')).toBe('')
		expect(regionOf('Bonjour\nThe notebook is here.', 'fr', ['fr', 'en'])).toMatchObject({ from: 0, to: 7 })
		expect(regionOf('The notebook is here.', 'fr', ['fr', 'en'])).toBeNull()
		expect(regionOf('The notebook is here.', 'fr', ['en'])).toEqual({ from: 0, to: 21 })
	})
	test('what is taken out leaves nothing behind', () => {
		const out = (text: string, words: string) => takenOut(text, { start: text.indexOf(words), end: text.indexOf(words) + words.length })
		expect(out('Le carnet paraît. Écrit par notre équipe. Fin.', 'Écrit par notre équipe')).toBe('Le carnet paraît. Fin.')
		expect(out('Le carnet (écrit par notre équipe) paraît.', 'écrit par notre équipe')).toBe('Le carnet paraît.')
		expect(out('Écrit par notre équipe. Le carnet.', 'Écrit par notre équipe')).toBe('Le carnet.')
	})
	test('among hashtags alone, words are offered before a hashtag', () => {
		expect(offered('Un texte', '#pub', ['#pub', 'publicité'])).toEqual(['#pub', 'publicité'])
		expect(offered('#un #deux', '#pub', ['#pub', 'publicité'])).toEqual(['publicité', '#pub'])
	})
	test('the change is the least that makes one text the other', () => {
		for (const [a, b] of [['abc', 'abXc'], ['', 'x'], ['aaa', 'aaaa'], ['Le carnet.', 'Écrit. Le carnet.'], ['x', '']] as const) {
			const { span, what } = remedies.changed(a, b)
			expect(a.slice(0, span.start) + what + a.slice(span.end)).toBe(b)
		}
	})
})

describe('each act does what its author could do by hand', () => {
	let text: string
	let done: string[]
	let hands: Hands
	const leaf = { languages: ['fr'], declared: { human: ['faces'] } as DeclaredIn, organization: { slug: 'coop' }, id: 'v1', zone: 'America/Toronto', date: '', time: '', touched: () => done.push('touched') }
	beforeEach(() => {
		text = 'Un lien https://court.example/x et des mots.'
		done = []
		location.hash = ''
		hands = {
			table: { declare: (part: DeclaredIn) => done.push('declare ' + JSON.stringify(part)) },
			leaf: Object.defineProperties({ ...leaf, languages: ['fr'] }, { text: { get: () => text }, judged: { get: () => text } }),
			accounts: [{ id: 'a1', slug: 'marc-x', stance: 'personal', state: 'connected', organization: { kind: 'person', slug: 'marc' } }, { id: 'a2', slug: 'coop-fb', stance: 'organisation', state: 'connected', organization: { kind: 'organization', slug: 'coop' } }] as unknown as Account[],
			select: (span: { start: number; end: number }) => done.push('select ' + text.slice(span.start, span.end)),
			write: (span: { start: number; end: number }, what: string) => {
				text = text.slice(0, span.start) + what + text.slice(span.end)
				done.push('write')
			},
			caret: () => text.length,
			show: (what: string) => done.push('show ' + what),
			adopt: async (account: Account) => void done.push('adopt ' + account.id),
		} as unknown as Hands
	})
	const act = (name: RemedyAct, more: Partial<Remedy> = {}) => {
		const at = text.indexOf('https')
		const remedy = { act: name, rule: 'r1', words: { fr: '', en: '' }, ...more } as Remedy
		return remedies.settle(remedy, { id: 'n', remark: {} as never, remedies: [], tone: 'refuse', spans: [{ start: at, end: at + 'https://court.example/x'.length }] }, hands)
	}
	test.each([
		['insert_disclosure', { text: FR, position: 'start' }, ['write', 'select Écrit par notre équipe'], 'Écrit par notre équipe. Un lien https://court.example/x et des mots.'],
		['remove_link', {}, ['write'], 'Un lien et des mots.'],
		['replace_link', { text: 'https://long.example/y' }, ['write'], 'Un lien https://long.example/y et des mots.'],
		['invite', { text: 'Et vous?' }, ['write'], 'Un lien https://court.example/x et des mots. Et vous?'],
		['add_link', { text: 'https://regles.example' }, ['write'], 'Un lien https://court.example/x et des mots. https://regles.example'],
		['rephrase_voice', {}, ['select https://court.example/x'], null],
		['remove_words', {}, ['select https://court.example/x'], null],
		['declare', { field: 'origin', value: 'client' }, ['declare {"origin":"client"}'], null],
		['declare', { field: 'human', value: 'testimony' }, ['declare {"human":["faces","testimony"]}'], null],
		['declare', {}, ['show facts'], null],
		['record_consent', {}, ['declare {"consent":true}'], null],
		['add_alt_text', {}, ['show alt'], null],
		['remove_link', { media: 2 }, ['show alt'], null],
		['remove_words', { media: 1 }, ['show alt'], null],
		['ask_approval', {}, ['show send'], null],
		['change_time', { not_before: '2026-03-03T14:00:00Z' }, ['touched', 'show when'], null],
		['publish_on_own_account', {}, ['adopt a1'], null],
		['publish_elsewhere', { value: 'coop-fb' }, ['adopt a2'], null],
		['add_translation', { lang: 'en' }, ['touched', 'select '], null],
	] as [RemedyAct, Partial<Remedy>, string[], string | null][])('%s %o', async (name, more, expected, after) => {
		const was = text
		await act(name, more)
		expect(done).toEqual(expected)
		expect(text).toBe(after ?? was)
	})
	test('what stands too low is moved in one change', async () => {
		text = 'Un lien https://court.example/x et des mots. Écrit par notre équipe.'
		const at = text.indexOf('Écrit')
		await act('move_disclosure', { text: 'Écrit par notre équipe', position: 'start', span: { start: at, end: at + 22 } })
		expect(text).toBe('Écrit par notre équipe. Un lien https://court.example/x et des mots.')
		expect(done.filter((d) => d === 'write')).toHaveLength(1)
	})
	test('an exception is asked for where exceptions are, for this rule and this post', async () => {
		await act('exception')
		expect(location.hash).toBe('#/policy/coop?part=exceptions&rule=r1&variant=v1')
		await act('switch_off')
		expect(location.hash).toBe('#/policy/coop?part=switches')
		expect(done).toEqual([])
	})
})
