// SPDX-License-Identifier: AGPL-3.0-or-later
// The policy's text and its form are one document: what is set and set back gives the same bytes, and every other
// line stays as it was.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { Pen, patched } from '../../ui/src/lib/policy/text/edit'
import { type Path, type Plain, read, type Tree } from '../../ui/src/lib/policy/text/read'
import { idsOf, references, renamed, type Thing } from '../../ui/src/lib/policy/text/refs'
import { canWrite, flow, prose, scalar, Unwritable } from '../../ui/src/lib/policy/text/write'

vi.setConfig({ testTimeout: 120_000 })
const folder = join(import.meta.dirname, '../../examples/policies')
const samples = readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

/** Every place of the document: scalars, lists, maps. */
function places(tree: Tree, path: Path = []): Path[] {
	const value = path.length ? tree.value(path) : Object.fromEntries(tree.keys([]).map((k) => [k, null]))
	const below = Array.isArray(value) ? value.map((_, i) => i) : value && typeof value === 'object' ? Object.keys(value) : []
	return [...(path.length ? [path] : []), ...below.flatMap((key) => places(tree, [...path, key]))]
}
function changedLines(before: string, after: string): [string[], string[]] {
	const a = before.split('\n')
	const b = after.split('\n')
	while (a.length && b.length && a[0] === b[0]) a.shift(), b.shift()
	while (a.length && b.length && a.at(-1) === b.at(-1)) a.pop(), b.pop()
	return [a, b]
}
function lineOf(tree: Tree, path: Path): number {
	return tree.line((tree.keyPlace(path) ?? tree.place(path) ?? { from: 0 }).from)
}
const others = ['zz', 'a, b', 'one: two', '#sign', '@handle', 'two words ', ' led', 'l’été « vert »', "qu'en dites-vous", '50%', '-', '{x}', '[x]', '']

/** Small documents, each with one entry of one part: every value can be tried in them. */
function parts(text: string): Tree[] {
	return text
		.split(/^(?=\w)/m)
		.flatMap((part) => {
			const [head, ...below] = part.split(/^(?= {2}[^\s#])/m)
			return below.length ? below.map((one) => head + one) : [part]
		})
		.map(read)
}
function setAndBack(tree: Tree, path: Path, other: Plain): void {
	const { text } = tree
	const pen = new Pen()
	const said = path.join('/') + ': ' + JSON.stringify(other)
	const changed = read(patched(text, pen.put(tree, path, other)))
	expect(changed.value(path), said).toEqual(other)
	const [was, is] = changedLines(text, changed.text)
	expect([was.length, is.length], said).toEqual([1, 1])
	expect(lineOf(changed, path), said).toBe(lineOf(tree, path))
	expect(patched(changed.text, pen.put(changed, path, tree.value(path))), said).toBe(text)
}
const put = (pen: Pen, text: string, path: Path, value: Plain | undefined) => patched(text, pen.put(read(text), path, value))

describe.each(samples)('%s', (_, text) => {
	const tree = read(text)
	const all = places(tree)

	test('is read whole', () => {
		expect(tree.broken).toBe(-1)
		expect(all.length).toBeGreaterThan(300)
	})

	/* Every fifth here, among all the rest of the text; every one below, in its own part. */
	test('a value set and set back gives the same bytes, and touches its own line alone', () => {
		for (const [i, path] of all.entries()) {
			if (i % 5) continue
			const value = tree.value(path)
			const other = others[(i / 5) % others.length] as string
			if (typeof value === 'string' && other !== value) setAndBack(tree, path, other)
		}
	})

	test('whatever the value, in each part by itself', () => {
		let tried = 0
		for (const part of parts(text))
			for (const path of places(part)) {
				const value = part.value(path)
				if (typeof value !== 'string') continue
				for (const other of others)
					if (other !== value) {
						setAndBack(part, path, other)
						tried++
					}
			}
		expect(tried).toBeGreaterThan(3000)
	})

	test('a list that grows, shrinks, changes and is set back gives the same bytes', () => {
		for (const part of parts(text))
			for (const path of places(part)) {
				const value = part.value(path)
				if (!Array.isArray(value) || value.some((v) => typeof v !== 'string')) continue
				for (const other of [[...value, 'zz'], ['a, b', ...value], value.slice(1), value.slice(0, -1), [], ['x', 'y', 'z'], [...value].reverse()])
					if (JSON.stringify(other) !== JSON.stringify(value)) setAndBack(part, path, other)
			}
	})

	test('what is struck and put back gives the same bytes, comments included', () => {
		for (const part of parts(text))
			for (const path of places(part)) {
				if (path.length < 2 || typeof path.at(-1) === 'number' || part.keys(path.slice(0, -1)).length < 2) continue
				const pen = new Pen()
				const changed = read(patched(part.text, pen.put(part, path, undefined)))
				expect(changed.has(path), path.join('/')).toBe(false)
				expect(patched(changed.text, pen.put(changed, path, part.value(path))), path.join('/')).toBe(part.text)
			}
	})

	test('a new pen writes what was struck in its usual place', () => {
		for (const part of parts(text))
			for (const key of part.keys(['rules', 0])) {
				if (key === 'id') continue
				const path = ['rules', 0, key]
				const without = read(patched(part.text, new Pen().put(part, path, undefined)))
				const again = patched(without.text, new Pen().put(without, path, part.value(path)))
				expect(read(again).value(path)).toEqual(part.value(path))
				expect(again.split('\n').length).toBe(part.text.split('\n').length)
			}
	})

	test('rules and exceptions move, and move back', () => {
		for (const list of ['rules', 'exceptions'])
			for (let from = 0; from < tree.count([list]); from++)
				for (const to of [0, from - 1, from + 1, tree.count([list]) - 1]) {
					if (to < 0 || to >= tree.count([list])) continue
					const moved = patched(text, new Pen().move(tree, [list], from, to))
					const after = read(moved)
					expect(after.value([list, to])).toEqual(tree.value([list, from]))
					expect([...moved.split('\n')].sort()).toEqual([...text.split('\n')].sort())
					expect(patched(moved, new Pen().move(after, [list], to, from))).toBe(text)
				}
	})

	test('a rule added anywhere and taken out gives the same bytes', () => {
		const rule = { id: 'new-rule', kind: 'category', label: { fr: 'Une règle, neuve.', en: 'A rule, new.' }, when: { stance: ['organisation', 'hosted'] }, then: 'warn' }
		for (let at = 0; at <= tree.count(['rules']); at++) {
			const pen = new Pen()
			const more = read(patched(text, pen.insert(tree, ['rules'], at, rule)))
			expect(more.value(['rules', at])).toEqual(rule)
			expect(more.count(['rules'])).toBe(tree.count(['rules']) + 1)
			expect(patched(more.text, pen.put(more, ['rules', at], undefined))).toBe(text)
		}
	})

	test('entries of every part are added in its own style', () => {
		const pen = new Pen()
		let now = put(pen, text, ['organisations', 'neuve'], { names: ['La Neuve'], axes: ['project'] })
		now = put(pen, now, ['accounts', 'neuve-journal'], { owner: 'neuve', stance: 'organisation', platform: 'journal' })
		now = put(pen, now, ['disclosures', 'neuf'], { position: 'start', fr: ['écrit par nous'], en: ['written by us'] })
		now = put(pen, now, ['topics', 'neuf'], { fr: ['neuf'], en: ['new'] })
		now = put(pen, now, ['topics', 'dit'], null)
		const after = read(now)
		expect(after.broken).toBe(-1)
		expect(after.value(['organisations', 'neuve', 'axes'])).toEqual(['project'])
		expect(now).toContain('  neuve:\n    names: [La Neuve]\n    axes: [project]\n')
		expect(now).toMatch(/ {2}neuve-journal: \{owner: neuve, stance: organisation, platform: journal\}\n/)
		expect(now).toContain('  neuf: {fr: [neuf], en: [new]}\n  dit:\n')
		for (const line of text.split('\n')) expect(now.split('\n')).toContain(line)
	})

	test('with other line ends, too', () => {
		const dos = text.replaceAll('\n', '\r\n')
		const there = read(dos)
		expect(there.broken).toBe(-1)
		for (const path of all) {
			const value = tree.value(path)
			if (typeof value !== 'string') continue
			expect(there.value(path)).toBe(value)
		}
		const pen = new Pen()
		const changed = patched(dos, pen.insert(there, ['rules'], 1, { id: 'x', kind: 'neighbours', then: 'warn' }))
		expect(changed.replaceAll('\r\n', '').includes('\n')).toBe(false)
		expect(put(pen, changed, ['rules', 1], undefined)).toBe(dos)
	})

	test('a line and column lead to what stands there', () => {
		for (const path of all) {
			const place = tree.place(path)
			if (!place || typeof tree.value(path) !== 'string') continue
			const line = tree.line(place.from)
			const column = [...text.slice(tree.lineStart(place.from), place.from)].length + 1
			expect(tree.offset(line, column)).toBe(place.from)
			expect(tree.pathAt(place.from)).toEqual(path)
		}
	})
})

test('quotes only where they are needed, and where the writer had them', () => {
	expect(scalar('qu’en dites-vous')).toBe('qu’en dites-vous')
	expect(scalar('a, b')).toBe('"a, b"')
	expect(scalar('écrit', true)).toBe('"écrit"')
	expect(flow({ stance: ['organisation', 'hosted'], human: 'any' })).toBe('{stance: [organisation, hosted], human: any}')
	expect(() => scalar('a "b", c')).toThrow(Unwritable)
	expect(canWrite('say "hi"')).toBe(true)
	expect(canWrite('a, "b"')).toBe(false)
	expect(canWrite('two\nlines')).toBe(false)
	expect(prose('le "droit", dit-on', 'fr')).toBe('le «\u00a0droit\u00a0», dit-on')
	expect(prose('the "right", they say', 'en')).toBe('the “right”, they say')
})

test('a key without a value is filled, and emptied again', () => {
	const text = 'topics:\n  service:      # declared only\n  other: {fr: [autre]}\nrules:\n'
	const pen = new Pen()
	const filled = put(pen, text, ['topics', 'service'], { fr: ['service'] })
	expect(filled).toBe('topics:\n  service: {fr: [service]}      # declared only\n  other: {fr: [autre]}\nrules:\n')
	expect(put(pen, filled, ['topics', 'service'], null)).toBe(text)
	const one = patched(text, pen.insert(read(text), ['rules'], 0, { id: 'a', kind: 'neighbours' }))
	expect(one).toBe(text + '  - id: a\n    kind: neighbours\n'.trimEnd() + '\n')
	expect(put(pen, one, ['rules', 0], undefined)).toBe(text)
})

test('the last condition of a rule takes its group with it', () => {
	const text = 'rules:\n  - id: a\n    when: {stance: personal}   # mine\n    then: allow\n'
	const pen = new Pen()
	const bare = put(pen, text, ['rules', 0, 'when', 'stance'], undefined)
	expect(bare).toBe('rules:\n  - id: a\n    then: allow\n')
	expect(put(pen, bare, ['rules', 0, 'when'], { stance: 'personal' })).toBe(text)
})

test('values on lines of their own keep their lines', () => {
	const text = 'words:\n  - un      # le premier\n  - deux\n  - trois\nend: yes\n'
	const pen = new Pen()
	expect(put(pen, text, ['words'], ['un', 'deux', 'trois', 'quatre'])).toBe(text.replace('trois\n', 'trois\n  - quatre\n'))
	expect(put(pen, text, ['words'], ['un', 'trois'])).toBe(text.replace('  - deux\n', ''))
	expect(put(pen, text, ['words'], ['uns', 'deux', 'trois'])).toBe(text.replace('un ', 'uns '))
})

test('a text that cannot be read says from where', () => {
	expect(read('a: [b\nc: d').broken).toBeGreaterThanOrEqual(0)
	expect(read('').broken).toBe(-1)
	expect(read('just words').broken).toBe(0)
})

test('one value or several, and one again', () => {
	const text = 'rules:\n  - id: a\n    when: {stance: personal, origin: [client]}\n    unless: {stance: hosted}\n'
	const pen = new Pen()
	const several = (now: string, path: Path, values: string[]) => patched(now, pen.several(read(now), path, values))
	const stance = ['rules', 0, 'when', 'stance']
	const two = several(text, stance, ['personal', 'hosted'])
	expect(two).toBe(text.replace('stance: personal', 'stance: [personal, hosted]'))
	expect(several(two, stance, ['personal'])).toBe(text)
	const origin = ['rules', 0, 'when', 'origin']
	expect(several(several(text, origin, ['client', 'partner']), origin, ['client'])).toBe(text)
	expect(several(text, origin, [])).toBe(text.replace(', origin: [client]', ''))
})

test('a second exception of a rule takes a line of its own, as the first then does', () => {
	const text = 'rules:\n  - id: a\n    when: {stance: personal}\n    unless: {stance: hosted}\n    then: warn\n'
	const pen = new Pen()
	const two = put(pen, text, ['rules', 0, 'unless'], [{ stance: 'hosted' }, { topic: 'any' }])
	expect(two).toBe(text.replace('unless: {stance: hosted}', 'unless:\n      - {stance: hosted}\n      - {topic: any}'))
	expect(put(pen, two, ['rules', 0, 'unless', 1, 'topic'], ['a', 'b'])).toContain('      - {topic: [a, b]}\n    then')
	expect(put(pen, two, ['rules', 0, 'unless', 1], undefined)).toBe(two.replace('      - {topic: any}\n', ''))
})

test('what is renamed is renamed everywhere, and back', () => {
	for (const [, text] of samples) {
		const tree = read(text)
		const things: [Thing, Path][] = [
			...(['organisations', 'accounts', 'disclosures', 'topics'] as const).flatMap((part) => tree.keys([part]).map((id): [Thing, Path] => [part, [part, id]])),
			...idsOf(tree, 'rules').map((_, i): [Thing, Path] => ['rules', ['rules', i]]),
		]
		for (const [at, [thing, own]] of things.entries()) {
			if (at % 3) continue
			const id = thing === 'rules' ? tree.word([...own, 'id']) : String(own[1])
			const after = read(patched(text, renamed(tree, thing, own, 'zz-new')))
			expect(after.broken).toBe(-1)
			expect(references(after, thing, id)).toEqual([])
			expect(references(after, thing, 'zz-new')).toHaveLength(references(tree, thing, id).length)
			const there: Path = thing === 'rules' ? own : [thing, 'zz-new']
			expect(patched(after.text, renamed(after, thing, there, id)), id).toBe(text)
		}
	}
	const seed = read(samples.find(([n]) => n === 'seed.yaml')?.[1] ?? '')
	expect(references(seed, 'organisations', 'coop')).toEqual([['accounts', 'coop-fb', 'owner']])
	expect(references(seed, 'organisations', 'pousse').length).toBe(3)
	expect(references(seed, 'rules', 'personal-favourite')).toEqual([['exceptions', 0, 'lifts', 0]])
	expect(references(seed, 'disclosures', 'own-link')).toHaveLength(1)
})
