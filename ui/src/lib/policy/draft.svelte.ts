// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * A version of a policy on the table: its text, the tree that is read of it, what the desk finds wrong with it while
 * one types, and whether the desk has it yet. The form and the text pane both work on this; the text is the truth.
 *
 *	draft.put(['rules', 0, 'then'], 'approve')     the form: patches the text
 *	draft.typed(text)                              the pane: the form follows
 */
import { policies } from '../api/calls'
import { Problem } from '../api/problem'
import type { Policy, TextProblem, Words } from '../api/types'
import { forget, keep, kept } from '../compose/keep'
import { wordsFor } from '../load.svelte'
import { Newest } from '../newest'
import { type Change, Pen, patched } from './text/edit'
import { type Path, type Plain, read, type Tree } from './text/read'
import { renamed, type Thing } from './text/refs'

/** The form follows what is typed in the text a moment later: reading it whole takes some milliseconds. */
const FOLLOW_MS = 60
const SAVE_MS = 800

export type Saving = 'saved' | 'waiting' | 'saving' | 'away' | 'stale' | 'trouble'
/** What the text pane does for the form. */
export type Pane = { patch: (changes: Change[]) => void; replace: (text: string) => void }
export type PlacedProblem = { id: string; from: number; to: number; line: number; column: number; path: Path; words: Words }

export class Draft {
	readonly id: string
	readonly organization: string
	text = $state('')
	/** The last text that could be read as a tree; older than `text` while it is broken. */
	tree = $state.raw<Tree>(read(''))
	/** Where `text` stops being readable; -1 when it is whole. */
	broken = $state(-1)
	problems = $state.raw<PlacedProblem[]>([])
	/** The text that `problems` speaks of. */
	checked = $state.raw<string | null>(null)
	known = $state.raw<Policy>() as Policy
	saving = $state<Saving>('saved')
	trouble = $state('')
	found = $state.raw<string | null>(null)
	pane: Pane | null = null

	readonly #pen = new Pen()
	readonly #checking = new Newest(
		(text: string) => policies.check(text),
		(said, text) => this.#learn(said.problems, text),
	)
	#followTimer: ReturnType<typeof setTimeout> | undefined
	#saveTimer: ReturnType<typeof setTimeout> | undefined
	#sent: Promise<void> | null = null
	#dirty = false

	constructor(version: Policy) {
		this.id = version.id
		this.organization = version.organization?.id ?? ''
		this.take(version)
		const left = kept(version.id)
		if (left && left.text !== version.text && this.editable) this.found = left.text
		else if (left) forget(version.id)
	}

	get editable(): boolean {
		return !['adopted', 'superseded', 'dropped'].includes(this.known.state)
	}
	/** The desk has read this very text and found nothing to say. */
	get sound(): boolean {
		return this.checked === this.text && this.problems.length === 0
	}
	/** The desk has this very text: what it says of it is of what one sees. */
	get settled(): boolean {
		return !this.editable || this.saving === 'saved'
	}
	take(version: Policy): void {
		this.known = version
		this.#dirty = false
		this.saving = 'saved'
		this.trouble = ''
		this.#hold(version.text)
		this.pane?.replace(version.text)
		this.#checking.ask(version.text)
	}
	/** What the desk adds: its state, what was checked; the text stays as it is typed. */
	learn(version: Policy): void {
		this.known = version
	}

	/* ---- edits ---------------------------------------------------------------------------------------- */

	put(path: Path, value: Plain | undefined): void {
		this.edit((tree) => this.#pen.put(tree, path, value))
	}
	/** One value or several. */
	several(path: Path, values: string[]): void {
		this.edit((tree) => this.#pen.several(tree, path, values))
	}
	insert(path: Path, at: number, value: Plain): void {
		this.edit((tree) => this.#pen.insert(tree, path, at, value))
	}
	move(path: Path, from: number, to: number): void {
		this.edit((tree) => this.#pen.move(tree, path, from, to))
	}
	rename(thing: Thing, own: Path, id: string): void {
		this.edit((tree) => renamed(tree, thing, own, id))
	}
	/** Throws Unwritable when a value has signs the format cannot hold. */
	edit(make: (tree: Tree) => Change[]): void {
		if (!this.editable) return
		// What was typed in the pane a moment ago is read first.
		this.#follow()
		if (this.broken >= 0) return
		const changes = make(this.tree)
		if (!changes.length) return
		if (this.pane) this.pane.patch(changes)
		else this.typed(patched(this.text, changes))
		this.#follow()
	}
	replace(text: string): void {
		if (this.pane) this.pane.replace(text)
		else this.typed(text)
		this.#follow()
	}
	typed(text: string): void {
		if (text === this.text) return
		this.text = text
		clearTimeout(this.#followTimer)
		this.#followTimer = setTimeout(() => this.#follow(), FOLLOW_MS)
		this.#checking.ask(text)
		this.touched()
	}
	#hold(text: string): void {
		this.text = text
		this.#follow()
	}
	#follow(): void {
		clearTimeout(this.#followTimer)
		if (this.tree.text === this.text) {
			this.broken = this.tree.broken
			return
		}
		const tree = read(this.text)
		this.broken = tree.broken
		if (tree.broken < 0) this.tree = tree
	}

	/* ---- problems ---------------------------------------------------------------------------------------- */

	#learn(problems: TextProblem[], text: string): void {
		const tree = this.tree.text === text ? this.tree : read(text)
		this.checked = text
		this.problems = problems.map((p, i) => {
			const from = tree.offset(p.line, p.column)
			const path = tree.pathAt(from)
			const place = tree.place(path)
			const to = place && place.from === from ? place.to : tree.lineEnd(from)
			return { id: `problem-${i}`, from, to: Math.max(to, from), line: p.line, column: p.column, path, words: p.message }
		})
	}
	/** Those of a field: of its value and of what is below it. */
	problemsIn(path: Path): PlacedProblem[] {
		return this.problems.filter((p) => p.path.length >= path.length && path.every((key, i) => String(p.path[i]) === String(key)))
	}
	/** Those that stand at this very place: a key that is missing is told at its map. */
	problemsAt(path: Path): PlacedProblem[] {
		return this.problemsIn(path).filter((p) => p.path.length === path.length)
	}

	/* ---- at the desk ------------------------------------------------------------------------------------ */

	touched(): void {
		if (!this.editable) return
		this.#dirty = true
		if (this.saving !== 'stale') this.saving = 'waiting'
		keep(this.id, { text: this.text, declared: {}, at: Date.now(), version: 0 })
		clearTimeout(this.#saveTimer)
		this.#saveTimer = setTimeout(() => void this.save(), SAVE_MS)
	}
	/** Everything typed is at the desk when this returns, unless `saving` says otherwise. */
	async save(): Promise<void> {
		clearTimeout(this.#saveTimer)
		if (this.#sent) await this.#sent
		if (!this.#dirty || this.saving === 'stale') return
		this.#sent = this.#send().finally(() => (this.#sent = null))
		await this.#sent
	}
	async #send(): Promise<void> {
		this.#dirty = false
		this.saving = 'saving'
		try {
			this.known = await policies.change(this.id, { text: this.text, version_seen: this.known.digest })
			this.trouble = ''
			if (!this.#dirty) {
				this.saving = 'saved'
				forget(this.id)
			}
		} catch (e) {
			this.#dirty = true
			this.trouble = ''
			if (e instanceof Problem && e.away) {
				this.saving = 'away'
				this.#saveTimer = setTimeout(() => void this.save(), 5000)
			} else if (e instanceof Problem && e.stale) this.saving = 'stale'
			else {
				this.saving = 'trouble'
				this.trouble = wordsFor(e)
			}
		}
	}
	async note(words: string): Promise<void> {
		await this.save()
		this.known = await policies.change(this.id, { note: words })
	}
	async keepMine(): Promise<void> {
		this.known = await policies.get(this.id)
		this.#dirty = true
		this.saving = 'waiting'
		await this.save()
	}
	async takeTheirs(): Promise<void> {
		this.take(await policies.get(this.id))
		forget(this.id)
	}
	restoreFound(): void {
		if (this.found === null) return
		this.replace(this.found)
		this.found = null
	}
	forgetFound(): void {
		this.found = null
		forget(this.id)
	}
	async reread(): Promise<void> {
		if (this.#dirty || this.#sent) return
		const version = await policies.get(this.id)
		if (this.#dirty || this.#sent) return
		if (version.text === this.text) this.learn(version)
		else this.take(version)
	}
	stop(): void {
		clearTimeout(this.#followTimer)
		this.#checking.stop()
		void this.save()
	}
}
