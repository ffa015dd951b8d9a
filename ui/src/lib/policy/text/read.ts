// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * A policy's text as a tree that knows where each value stands. The text is the truth: nothing here is ever
 * written back whole; edit.ts patches the text at the place of a value.
 *
 *	const tree = read(text)
 *	tree.value(['rules', 0, 'then'])            'refuse'
 *	tree.place(['rules', 0, 'then'])            where it stands in the text, in UTF-16 units
 *	tree.pathAt(tree.offset(12, 5))             what stands at line 12, column 5
 *
 * Every scalar is text here, as the desk reads it: yes, 50% and 2026-02-16 are words.
 */
import { isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml'

export type Key = string | number
export type Path = readonly Key[]
/** null: a key with nothing behind its colon. */
export type Plain = string | null | Plain[] | { [key: string]: Plain }
export type Place = { from: number; to: number }
export type Entry = Pair<ParsedNode, ParsedNode | null>

export class Tree {
	readonly #doc: Document.Parsed
	readonly #lines: number[]
	/** The text cannot be read as a tree from here on; -1 when it can. */
	readonly broken: number

	constructor(readonly text: string) {
		this.#doc = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })
		const error = this.#doc.errors[0]
		this.broken = error ? error.pos[0] : text.trim() && !isMap(this.#doc.contents) ? 0 : -1
		this.#lines = [0]
		for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1)
	}

	get eol(): string {
		const first = this.text.indexOf('\n')
		return first > 0 && this.text[first - 1] === '\r' ? '\r\n' : '\n'
	}
	get root(): Node | null {
		return this.#doc.contents
	}
	node(path: Path): Node | null {
		let at: Node | null = this.root
		for (const key of path) {
			if (isSeq(at)) at = (at.items[Number(key)] as Node | undefined) ?? null
			else if (isMap(at)) at = entryOf(at, String(key))?.value ?? null
			else return null
			if (!at) return null
		}
		return at
	}
	has(path: Path): boolean {
		if (path.length === 0) return !!this.root
		const above = this.node(path.slice(0, -1))
		const key = path.at(-1) as Key
		return isMap(above) ? !!entryOf(above, String(key)) : isSeq(above) && Number(key) < above.items.length
	}
	value(path: Path): Plain | undefined {
		const node = this.node(path)
		return node ? plain(node) : this.has(path) ? null : undefined
	}
	word(path: Path): string {
		const value = this.value(path)
		return typeof value === 'string' ? value : ''
	}
	/** One value or several, as a list; an empty one is no value. */
	words(path: Path): string[] {
		const value = this.value(path)
		if (typeof value === 'string') return value ? [value] : []
		return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : []
	}
	keys(path: Path): string[] {
		const node = this.node(path)
		return isMap(node) ? entries(node).map(keyOf) : []
	}
	count(path: Path): number {
		const node = this.node(path)
		return isSeq(node) ? node.items.length : 0
	}

	/** Where a value stands, or the key that has none. */
	place(path: Path): Place | null {
		const node = this.node(path)
		if (node) return placeOf(node)
		return this.keyPlace(path)
	}
	keyPlace(path: Path): Place | null {
		const above = this.node(path.slice(0, -1))
		const pair = isMap(above) ? entryOf(above, String(path.at(-1))) : undefined
		return pair ? placeOf(pair.key) : null
	}
	/** The deepest thing that stands at an offset; a key counts as its value. */
	pathAt(offset: number): Path {
		const path: Key[] = []
		let at: Node | null = this.root
		while (at) {
			let next: Node | null = null
			if (isMap(at))
				for (const pair of entries(at)) {
					const from = placeOf(pair.key).from
					if (offset < from || offset > Math.max(pairEnd(pair), from)) continue
					path.push(keyOf(pair))
					next = pair.value
					break
				}
			else if (isSeq(at))
				for (const [i, item] of (at.items as Node[]).entries()) {
					if (!item || offset < placeOf(item).from || offset > endOf(item)) continue
					path.push(i)
					next = item
					break
				}
			at = next
		}
		return path
	}

	/** Lines and columns count from 1; columns in code points, as the desk counts them. */
	offset(line: number, column: number): number {
		const from = this.#lines[Math.min(line, this.#lines.length) - 1] ?? 0
		const to = this.lineEnd(from)
		let at = from
		for (let left = column - 1; left > 0 && at < to; left--) at += (this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
		return Math.min(at, to)
	}
	line(offset: number): number {
		let low = 0
		let high = this.#lines.length
		while (high - low > 1) {
			const middle = (low + high) >> 1
			if ((this.#lines[middle] as number) <= offset) low = middle
			else high = middle
		}
		return low + 1
	}
	lineStart(offset: number): number {
		return this.#lines[this.line(offset) - 1] ?? 0
	}
	/** Before the line's end mark. */
	lineEnd(offset: number): number {
		const at = this.text.indexOf('\n', offset)
		if (at < 0) return this.text.length
		return at > 0 && this.text[at - 1] === '\r' ? at - 1 : at
	}
}

export function read(text: string): Tree {
	return new Tree(text)
}

/* ---- the library's nodes, seen as ours -------------------------------------------------------------- */

export function entries(map: YAMLMap): Entry[] {
	return map.items as Entry[]
}
export function keyOf(pair: Entry): string {
	return isScalar(pair.key) ? String(pair.key.value) : ''
}
export function entryOf(map: YAMLMap, key: string): Entry | undefined {
	return entries(map).find((pair) => keyOf(pair) === key)
}
export function isFlow(node: YAMLMap | YAMLSeq): boolean {
	return !!node.flow
}
/** An absent value is a node of no width for the library, and nothing for us. */
export function isEmpty(node: Node | null | undefined): boolean {
	return !node || (isScalar(node) && node.range?.[0] === node.range?.[1])
}
export function placeOf(node: Node): Place {
	const [from, to] = node.range ?? [0, 0]
	return { from, to: isMap(node) || isSeq(node) ? endOf(node) : to }
}
/** The end of what is written, without the comments and empty lines behind it. */
export function endOf(node: Node): number {
	const [from, to] = node.range ?? [0, 0]
	if (isMap(node) && !isFlow(node)) return Math.max(from, ...entries(node).map(pairEnd))
	if (isSeq(node) && !isFlow(node)) return Math.max(from, ...(node.items as Node[]).map((item) => (item ? endOf(item) : from)))
	return to
}
export function pairEnd(pair: Entry): number {
	const key = placeOf(pair.key).to
	return isEmpty(pair.value) ? key + 1 : Math.max(key + 1, endOf(pair.value as Node))
}
export function plain(node: Node): Plain {
	if (isEmpty(node)) return null
	if (isMap(node)) return Object.fromEntries(entries(node).map((pair) => [keyOf(pair), pair.value ? plain(pair.value) : null]))
	if (isSeq(node)) return (node.items as Node[]).map((item) => (item ? plain(item) : null))
	return isScalar(node) ? String(node.value ?? '') : ''
}
export function same(a: Plain | undefined, b: Plain | undefined): boolean {
	return JSON.stringify(a) === JSON.stringify(b)
}
