// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Changes of a policy's text, value by value. Each is a patch of a few characters or lines; every byte outside
 * of it stays, comments, order and alignment included.
 *
 *	const pen = new Pen()
 *	text = patched(text, pen.put(read(text), ['rules', 0, 'then'], 'approve'))
 *
 * A pen remembers how each value was written before it changed it, so that setting a value back gives back the
 * very bytes: quotes that were not needed, spaces in a list, the comment behind a line that was struck.
 */
import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import { depthOf, orderOf } from './order'
import { endOf, entries, entryOf, type Entry, isEmpty, isFlow, type Key, keyOf, pairEnd, type Path, placeOf, plain, type Plain, same, type Tree } from './read'
import { entry, flow, item, scalar, wantsQuotes } from './write'

export type Change = { from: number; to: number; insert: string }

/** The text with every change made; they may not touch one another. */
export function patched(text: string, changes: Change[]): string {
	let out = ''
	let at = 0
	for (const change of [...changes].sort((a, b) => a.from - b.from)) {
		out += text.slice(at, change.from) + change.insert
		at = change.to
	}
	return out + text.slice(at)
}

type Struck = { after: string | null; skip: number; source: string; value: string }

export class Pen {
	/** By place and value: how it was written. */
	readonly #written = new Map<string, string>()
	readonly #struck = new Map<string, Struck>()

	/** Writes a value; undefined strikes it out. Nothing when it stands there already. Throws Unwritable. */
	put(tree: Tree, path: Path, value: Plain | undefined): Change[] {
		if (value === undefined) return this.#strike(tree, path)
		if (!tree.has(path)) return this.#add(tree, path, value)
		const now = tree.value(path)
		if (same(now, value)) return []
		const node = tree.node(path)
		if (!node || isEmpty(node)) return [fill(tree, path, value)]
		if (value === null) {
			const colon = colonOf(tree, path)
			this.#remember(tree, path, now as Plain)
			return [{ from: colon + 1, to: endOf(node), insert: '' }]
		}
		const known = this.#written.get(memory(tree, path, value))
		this.#remember(tree, path, now as Plain)
		if (oneLine(node)) {
			const { from, to } = placeOf(node)
			if (known !== undefined) return [{ from, to, insert: known }]
			if (isScalar(node) && typeof value === 'string') return [{ from, to, insert: scalar(value, keepsQuotes(node)) }]
		}
		if (isSeq(node) && Array.isArray(value)) return this.#reconcileList(tree, path, node, value)
		if (isMap(node) && typeof value === 'object' && !Array.isArray(value)) return this.#reconcileMap(tree, path, node, value)
		return [rewrite(tree, path, node, value)]
	}

	/** One value or several, of a key that takes both: as it was written before, else a list only for several. */
	several(tree: Tree, path: Path, values: string[]): Change[] {
		const single = values.length === 1 && !this.#written.has(memory(tree, path, values))
		return this.put(tree, path, values.length === 0 ? undefined : single ? (values[0] as string) : values)
	}

	/** A new item of a list that takes lines, before the item at `at`, or behind the last. */
	insert(tree: Tree, path: Path, at: number, value: Plain): Change[] {
		const list = tree.node(path)
		if (!isSeq(list) || isFlow(list) || list.items.length === 0) {
			const whole = (tree.value(path) as Plain[] | null) ?? []
			const more: Plain[] = Array.isArray(whole) ? [...whole.slice(0, at), value, ...whole.slice(at)] : [value]
			return !tree.has(path) ? this.#add(tree, path, more) : isEmpty(list) ? [fill(tree, path, more)] : [rewrite(tree, path, list as Node, more)]
		}
		const indent = ' '.repeat(dashColumn(tree, list))
		const lines = item(value, indent, depthOf(path, []) - 1).join(tree.eol)
		const spans = extents(tree, list)
		const before = spans[at]
		if (before) return [{ from: before.from, to: before.from, insert: lines + tree.eol }]
		const last = (spans.at(-1) as { to: number }).to
		return [{ from: last, to: last, insert: tree.eol + lines }]
	}

	/** Moves an item, and the comment right above it; what stands between items stays where it is. */
	move(tree: Tree, path: Path, from: number, to: number): Change[] {
		const list = tree.node(path)
		if (!isSeq(list) || from === to) return []
		if (isFlow(list)) {
			const items = [...(tree.value(path) as Plain[])]
			items.splice(to, 0, ...items.splice(from, 1))
			return this.put(tree, path, items)
		}
		const spans = extents(tree, list)
		const low = Math.min(from, to)
		const high = Math.max(from, to)
		const order = spans.map((_, i) => i)
		order.splice(to, 0, ...order.splice(from, 1))
		let insert = ''
		for (let i = low; i <= high; i++) {
			const span = spans[order[i] as number] as { from: number; to: number }
			insert += tree.text.slice(span.from, span.to)
			if (i < high) insert += tree.text.slice((spans[i] as { to: number }).to, (spans[i + 1] as { from: number }).from)
		}
		return [{ from: (spans[low] as { from: number }).from, to: (spans[high] as { to: number }).to, insert }]
	}

	/** Another name for a key: an organisation's, an account's. */
	rename(tree: Tree, path: Path, key: string): Change[] {
		const place = tree.keyPlace(path)
		return place && path.at(-1) !== key ? [{ ...place, insert: scalar(key) }] : []
	}

	#remember(tree: Tree, path: Path, value: Plain): void {
		const node = tree.node(path)
		if (!node || !oneLine(node)) return
		const { from, to } = placeOf(node)
		this.#written.set(memory(tree, path, value), tree.text.slice(from, to))
	}

	#reconcileMap(tree: Tree, path: Path, node: YAMLMap, value: { [key: string]: Plain }): Change[] {
		const gone = entries(node).map(keyOf).filter((key) => !(key in value))
		const all = Object.entries(value)
		// Too different to patch key by key in one go: changes of neighbours would touch.
		if (isFlow(node) && (gone.length > 0 || all.some(([key]) => !entryOf(node, key)))) return [rewrite(tree, path, node, value)]
		return [...gone.flatMap((key) => this.put(tree, [...path, key], undefined)), ...all.flatMap(([key, one]) => this.put(tree, [...path, key], one))]
	}

	#reconcileList(tree: Tree, path: Path, node: YAMLSeq, value: Plain[]): Change[] {
		const now = plain(node) as Plain[]
		let head = 0
		while (head < now.length && head < value.length && same(now[head], value[head])) head++
		let tail = 0
		while (tail < now.length - head && tail < value.length - head && same(now.at(-1 - tail), value.at(-1 - tail))) tail++
		const goes = now.slice(head, now.length - tail)
		const comes = value.slice(head, value.length - tail)
		const both = Math.min(goes.length, comes.length)
		const changes: Change[] = []
		for (let i = 0; i < both; i++) changes.push(...this.put(tree, [...path, head + i], comes[i] as Plain))
		const more = comes.slice(both)
		const at = head + both
		if (goes.length > both) changes.push(...this.#strikeItems(tree, node, at, now.length - tail - 1))
		else if (more.length && isFlow(node)) changes.push(flowItems(node, at, more))
		else if (more.length) changes.push(...more.flatMap((one) => this.insert(tree, path, at, one)))
		return merged(changes)
	}

	#strikeItems(tree: Tree, node: YAMLSeq, first: number, last: number): Change[] {
		const items = node.items as Node[]
		if (isFlow(node)) {
			const whole = placeOf(node)
			const before = items[first - 1]
			const after = items[last + 1]
			if (before) return [{ from: endOf(before), to: endOf(items[last] as Node), insert: '' }]
			if (after) return [{ from: placeOf(items[first] as Node).from, to: placeOf(after).from, insert: '' }]
			return [{ from: whole.from + 1, to: whole.to - 1, insert: '' }]
		}
		const spans = extents(tree, node)
		return [lines(tree, (spans[first] as { from: number }).from, (spans[last] as { to: number }).to)]
	}

	#add(tree: Tree, path: Path, value: Plain): Change[] {
		const above = path.slice(0, -1)
		const key = path.at(-1) as Key
		const map = tree.node(above)
		if (isSeq(map)) return this.insert(tree, above, Number(key), value)
		if (above.length > 0 && (!map || isEmpty(map) || !isMap(map))) return this.put(tree, above, { [key]: value })
		if (!isMap(map) || entries(map).length === 0) {
			if (isMap(map) && isFlow(map)) return [{ from: placeOf(map).from + 1, to: placeOf(map).to - 1, insert: `${scalar(String(key))}: ${flow(value)}`.trimEnd() }]
			const end = tree.text.length && !tree.text.endsWith('\n') ? tree.eol : ''
			return [{ from: tree.text.length, to: tree.text.length, insert: end + entry(String(key), value, '', depthOf(path, value)).join(tree.eol) + tree.eol }]
		}
		const kept = this.#struck.get(spot(tree, path))
		if (kept && kept.value === JSON.stringify(value)) {
			const back = putBack(tree, map, kept)
			if (back) return [back]
		}
		const { before, after } = neighbours(map, String(key), orderOf(above))
		return [isFlow(map) ? flowEntry(map, before, String(key), value) : blockEntry(tree, map, before, after, String(key), value, path)]
	}

	#strike(tree: Tree, path: Path): Change[] {
		if (!tree.has(path)) return []
		const above = path.slice(0, -1)
		const parent = tree.node(above)
		if (isSeq(parent)) return this.#strikeItems(tree, parent, Number(path.at(-1)), Number(path.at(-1)))
		if (!isMap(parent)) return []
		const all = entries(parent)
		// The last line of a group takes the group with it, but for the document's own parts.
		if (all.length === 1 && above.length > 1 && !isSeq(tree.node(above.slice(0, -1)))) return this.#strike(tree, above)
		const i = all.findIndex((pair) => keyOf(pair) === String(path.at(-1)))
		const change = isFlow(parent) ? cutFlow(parent, i) : cutBlock(tree, parent, i)
		const before = all[i - 1]
		this.#struck.set(spot(tree, path), {
			after: before ? keyOf(before) : null,
			skip: before && !isFlow(parent) ? tree.line(change.from) - tree.line(pairEnd(before)) - 1 : 0,
			source: tree.text.slice(change.from, change.to),
			value: JSON.stringify(tree.value(path)),
		})
		return [change]
	}
}

/* ---- where a thing is remembered ---------------------------------------------------------------------- */

/** Rules and exceptions by their id, so that what is remembered moves with them; an id itself by its place. */
function spot(tree: Tree, path: Path): string {
	if (path[2] === 'id') return path.join('\u0000')
	return path.map((key, i) => (i === 1 && typeof key === 'number' ? '#' + (tree.word([path[0] as Key, key, 'id']) || key) : String(key))).join('\u0000')
}
function memory(tree: Tree, path: Path, value: Plain): string {
	return spot(tree, path) + '\u0001' + JSON.stringify(value)
}

/* ---- values --------------------------------------------------------------------------------------------- */

function oneLine(node: Node): boolean {
	return isScalar(node) || ((isMap(node) || isSeq(node)) && isFlow(node))
}
/** Between quotes although it need not be: the writer likes them. */
function keepsQuotes(node: Node): boolean {
	return isScalar(node) && node.type === 'QUOTE_DOUBLE' && !wantsQuotes(String(node.value))
}
function colonOf(tree: Tree, path: Path): number {
	return tree.text.indexOf(':', (tree.keyPlace(path) as { to: number }).to)
}
/** A value where its key stood alone. */
function fill(tree: Tree, path: Path, value: Plain): Change {
	const at = colonOf(tree, path) + 1
	const depth = depthOf(path, value)
	if (typeof value === 'object' && value !== null && depth > 0) {
		const key = tree.keyPlace(path) as { from: number }
		const indent = ' '.repeat(key.from - tree.lineStart(key.from))
		const below = entry('x', value, indent, depth).slice(1)
		// Behind a comment on the key's line.
		if (below.length) return { from: tree.lineEnd(at), to: tree.lineEnd(at), insert: tree.eol + below.join(tree.eol) }
	}
	return { from: at, to: at, insert: ' ' + flow(value) }
}
/** Another kind of value altogether. */
function rewrite(tree: Tree, path: Path, node: Node, value: Plain): Change {
	const depth = depthOf(path, value)
	if (oneLine(node) && !(typeof value === 'object' && value !== null && depth > 0 && Object.keys(value).length)) {
		const { from, to } = placeOf(node)
		return { from, to, insert: flow(value) }
	}
	const key = tree.keyPlace(path)
	if (!key) return { from: placeOf(node).from, to: endOf(node), insert: flow(value) }
	const indent = ' '.repeat(key.from - tree.lineStart(key.from))
	const made = entry(String(path.at(-1)), value, indent, depth).join(tree.eol).trimStart()
	return { from: key.from, to: endOf(node), insert: made }
}
/** Insertions at the same point become one, in their order. */
function merged(changes: Change[]): Change[] {
	const out: Change[] = []
	for (const change of changes) {
		const last = out.find((c) => c.from === change.from && c.to === change.to && c.from === c.to)
		if (last) last.insert += change.insert
		else out.push({ ...change })
	}
	return out
}

/* ---- entries of a map -------------------------------------------------------------------------------------- */

function neighbours(map: YAMLMap, key: string, order: readonly string[]): { before: Entry | null; after: Entry | null } {
	const all = entries(map)
	const rank = order.indexOf(key)
	if (rank < 0) return { before: all.at(-1) ?? null, after: null }
	let before: Entry | null = null
	for (const pair of all) {
		const other = order.indexOf(keyOf(pair))
		if (other >= 0 && other < rank && (!before || placeOf(pair.key).from > placeOf(before.key).from)) before = pair
	}
	return { before, after: all[0] ?? null }
}
function flowEntry(map: YAMLMap, before: Entry | null, key: string, value: Plain): Change {
	const made = `${scalar(key)}: ${flow(value)}`.trimEnd()
	if (before) return { from: pairEnd(before), to: pairEnd(before), insert: ', ' + made }
	const first = placeOf((entries(map)[0] as Entry).key).from
	return { from: first, to: first, insert: made + ', ' }
}
function blockEntry(tree: Tree, map: YAMLMap, before: Entry | null, after: Entry | null, key: string, value: Plain, path: Path): Change {
	const first = placeOf((entries(map)[0] as Entry).key).from
	const column = first - tree.lineStart(first)
	const made = entry(key, value, ' '.repeat(column), depthOf(path, value))
	// The document's own parts stand apart.
	if (path.length === 1 && made.length > 1) made.unshift('')
	if (!before && after && tree.text.slice(tree.lineStart(first), first).trim() === '')
		return { from: tree.lineStart(first), to: tree.lineStart(first), insert: made.join(tree.eol) + tree.eol }
	const at = tree.lineEnd(pairEnd(before ?? (entries(map)[0] as Entry)))
	return { from: at, to: at, insert: tree.eol + made.join(tree.eol) }
}
function cutFlow(map: YAMLMap, i: number): Change {
	const all = entries(map)
	const pair = all[i] as Entry
	const before = all[i - 1]
	const after = all[i + 1]
	if (before) return { from: pairEnd(before), to: pairEnd(pair), insert: '' }
	if (after) return { from: placeOf(pair.key).from, to: placeOf(after.key).from, insert: '' }
	return { from: placeOf(map).from + 1, to: placeOf(map).to - 1, insert: '' }
}
function cutBlock(tree: Tree, map: YAMLMap, i: number): Change {
	const all = entries(map)
	const pair = all[i] as Entry
	const after = all[i + 1]
	const from = placeOf(pair.key).from
	// The first key of an item stands behind its dash, which stays.
	if (tree.text.slice(tree.lineStart(from), from).trim() !== '') return { from, to: after ? placeOf(after.key).from : pairEnd(pair), insert: '' }
	return lines(tree, from, pairEnd(pair))
}
/** Whole lines, with the end mark of the last, or else of the line before. */
function lines(tree: Tree, from: number, to: number): Change {
	const start = tree.lineStart(from)
	const end = tree.lineEnd(to)
	const next = tree.text.indexOf('\n', end)
	if (next >= 0) return { from: start, to: next + 1, insert: '' }
	return { from: start > 0 ? tree.lineEnd(start - 1 - (tree.eol.length - 1)) : 0, to: end, insert: '' }
}
function putBack(tree: Tree, map: YAMLMap, kept: Struck): Change | null {
	const before = kept.after === null ? null : entryOf(map, kept.after)
	if (before === undefined) return null
	if (isFlow(map) || !before) {
		const at = before ? pairEnd(before) : placeOf((entries(map)[0] as Entry).key).from
		// A line of its own goes back as one.
		const line = !isFlow(map) && kept.source.endsWith('\n') ? tree.lineStart(at) : at
		return { from: line, to: line, insert: kept.source }
	}
	let at = tree.lineEnd(pairEnd(before))
	for (let i = 0; i <= kept.skip; i++) {
		const next = tree.text.indexOf('\n', at)
		if (next < 0) return kept.source.endsWith('\n') ? { from: tree.text.length, to: tree.text.length, insert: tree.eol + kept.source.replace(/\r?\n$/, '') } : { from: tree.text.length, to: tree.text.length, insert: kept.source }
		at = next + 1
	}
	return { from: at, to: at, insert: kept.source }
}

/* ---- items of a list ---------------------------------------------------------------------------------------- */

function flowItems(node: YAMLSeq, at: number, more: Plain[]): Change {
	const made = more.map(flow).join(', ')
	const before = (node.items as Node[])[at - 1]
	const first = (node.items as Node[])[0]
	if (before) return { from: endOf(before), to: endOf(before), insert: ', ' + made }
	if (first) return { from: placeOf(first).from, to: placeOf(first).from, insert: made + ', ' }
	return { from: placeOf(node).from + 1, to: placeOf(node).to - 1, insert: made }
}
function dashColumn(tree: Tree, list: YAMLSeq): number {
	const first = placeOf(list).from
	return first - tree.lineStart(first)
}
const SECTION = /^\s*#\s*[-=*~]{2}/

/** The lines of each item, with the comment lines right above it; a rule drawn under a heading stays apart. */
export function extents(tree: Tree, list: YAMLSeq): { from: number; to: number }[] {
	const found: { from: number; to: number }[] = []
	for (const one of list.items as Node[]) {
		const least = found.at(-1)?.to ?? -1
		const to = tree.lineEnd(endOf(one))
		let from = tree.lineStart(placeOf(one).from)
		while (from > 0) {
			const above = tree.lineStart(from - 1)
			const line = tree.text.slice(above, from)
			if (above <= least || !/^\s*#/.test(line) || SECTION.test(line)) break
			from = above
		}
		found.push({ from, to })
	}
	return found
}
