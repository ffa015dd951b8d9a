// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * One variant on the writing table: what is typed for one account, what the desk and its policy say of it,
 * and whether the desk has it yet.
 *
 *	leaf.text = '…'; leaf.touched()     judged at once, saved 800 ms after the last key
 */
import { posts, variants } from '../api/calls'
import { fieldProblems, Problem } from '../api/problem'
import type { Account, DeclaredIn, Judgement, Late, Measure, OrganizationRef, Variant, VariantPatch } from '../api/types'
import { toInstant } from '../dates'
import { zoneOf } from '../me.svelte'
import { wordsFor } from '../load.svelte'
import { Newest } from '../newest'
import { forget, keep, kept, type Kept } from './keep'

const SAVE_MS = 800

export type Saving = 'saved' | 'waiting' | 'saving' | 'away' | 'stale' | 'trouble'
type Asked = Parameters<typeof posts.judge>[0]
export type Picture = { id: string; type: string; alt: string }

export class Leaf {
	readonly id: string
	readonly postId: string
	readonly account: Account
	readonly organization: OrganizationRef

	text = $state('')
	languages = $state<string[]>([])
	declared = $state<DeclaredIn>({})
	media = $state<Picture[]>([])
	date = $state('')
	time = $state('')
	late = $state<Late>('publish')

	/** As the desk last told it. */
	known = $state.raw<Variant>() as Variant
	judgement = $state.raw<Judgement | null>(null)
	measure = $state.raw<Measure | null>(null)
	/** The text the judgement speaks of. */
	judged = $state.raw('')
	judging = $state(false)
	saving = $state<Saving>('saved')
	trouble = $state('')
	/** What the desk says of the moment chosen: past, or not in that day. */
	whenTrouble = $state('')
	/** Left in this browser by an earlier visit, and not what the desk has. */
	found = $state.raw<Kept | null>(null)

	readonly #asking = new Newest(
		(asked: Asked, signal: AbortSignal) => posts.judge(asked, signal),
		(said, asked) => this.#judged(said, asked.text),
		// The desk is away: the former judgement stays; the save says what is wrong.
		() => (this.judging = this.#asking.waiting),
	)
	#saveTimer: ReturnType<typeof setTimeout> | undefined
	#sent: Promise<void> | null = null
	#dirty = false
	#version = 0
	/** Grows with everything learnt, so that an older answer that comes late is not taken. */
	#turn = 0

	constructor(variant: Variant) {
		this.id = variant.id
		this.postId = variant.post_id
		this.account = variant.account
		this.organization = variant.organization
		this.take(variant)
		const left = kept(variant.id)
		if (left && left.text !== variant.text) this.found = left
		else if (left) forget(variant.id)
	}

	get zone(): string {
		return this.known.due_local?.zone ?? zoneOf(this.organization.id)
	}
	get stage() {
		return this.known.stage
	}
	/** This person may write here as it stands; what was stopped becomes a draft again by its first change. */
	get editable(): boolean {
		return this.known.acts.edit && (this.sendable || this.stage === 'stopped')
	}
	get sendable(): boolean {
		return this.stage === 'draft' || this.stage === 'sent_back'
	}
	/** When it goes out, for judging; null: when someone sends it. */
	get due(): string | null {
		return this.date ? toInstant(this.date, this.time || '09:00', this.zone).toISOString() : null
	}

	/** All the desk says of it, over what stands here. */
	take(variant: Variant): void {
		this.text = variant.text
		this.languages = [...variant.languages]
		this.declared = { ...variant.declared }
		this.media = variant.media.map((m) => ({ ...m }))
		this.date = variant.due_local?.date ?? ''
		this.time = variant.due_local?.time.slice(0, 5) ?? ''
		this.late = variant.late
		this.#version = variant.version
		this.#dirty = false
		this.learn(variant)
		this.saving = 'saved'
		this.trouble = this.whenTrouble = ''
	}
	/** What the desk adds to it: stage, reviews, judgement; the typed parts stay. */
	learn(variant: Variant): void {
		this.#turn++
		this.known = variant
		if (variant.text === this.text) {
			this.judgement = variant.judgement
			this.measure = variant.measure
			this.judged = variant.text
		}
	}

	touched(): void {
		if (!this.editable) return
		this.#dirty = true
		this.saving = this.saving === 'stale' ? 'stale' : 'waiting'
		keep(this.id, { text: this.text, declared: $state.snapshot(this.declared), at: Date.now(), version: this.#version })
		this.judge()
		clearTimeout(this.#saveTimer)
		this.#saveTimer = setTimeout(() => void this.save(), SAVE_MS)
	}

	judge(): void {
		this.judging = true
		this.#asking.ask({
			account: this.account.id,
			text: this.text,
			languages: $state.snapshot(this.languages),
			media: this.media.map(({ id, alt }) => ({ id, alt })),
			declared: clean($state.snapshot(this.declared)),
			kind: this.known.kind,
			due_at: this.due,
			variant: this.id,
		})
	}
	#judged(said: { judgement: Judgement; measure: Measure }, text: string): void {
		this.judgement = said.judgement
		this.measure = said.measure
		this.judged = text
		this.judging = this.#asking.waiting
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
		const body: VariantPatch = {
			version: this.#version,
			text: this.text,
			languages: $state.snapshot(this.languages),
			media: this.media.map(({ id, alt }) => ({ id, alt })),
			declared: clean($state.snapshot(this.declared)),
			late: this.late,
			...(this.date ? { due_local: { date: this.date, time: this.time || '09:00' } } : { due_at: null }),
		}
		try {
			const variant = await variants.change(this.id, body)
			this.#version = variant.version
			this.learn(variant)
			this.trouble = this.whenTrouble = ''
			if (!this.#dirty) {
				this.saving = 'saved'
				forget(this.id)
			}
		} catch (e) {
			this.#dirty = true
			this.trouble = this.whenTrouble = ''
			if (e instanceof Problem && e.away) {
				this.saving = 'away'
				this.#saveTimer = setTimeout(() => void this.save(), 5000)
			} else if (e instanceof Problem && e.stale) this.saving = 'stale'
			else {
				this.saving = 'trouble'
				const { due_local, due_at, ...rest } = fieldProblems(e)
				this.whenTrouble = due_local ?? due_at ?? ''
				this.trouble = Object.values(rest).join(' ') || (this.whenTrouble ? '' : wordsFor(e))
			}
		}
	}

	/** Another version stands at the desk: this one goes over it. */
	async keepMine(): Promise<void> {
		const theirs = await variants.get(this.id)
		this.#version = theirs.version
		this.known = theirs
		this.#dirty = true
		this.saving = 'waiting'
		await this.save()
	}
	async takeTheirs(): Promise<void> {
		this.take(await variants.get(this.id))
		forget(this.id)
	}
	restoreFound(): void {
		if (!this.found) return
		this.text = this.found.text
		this.declared = { ...this.declared, ...this.found.declared }
		this.found = null
		this.touched()
	}
	forgetFound(): void {
		this.found = null
		forget(this.id)
	}
	/** Read again after a change told by the desk; what is being typed is not touched. */
	async reread(): Promise<void> {
		if (this.#dirty || this.#sent) return
		const turn = this.#turn
		const variant = await variants.get(this.id)
		if (this.#dirty || this.#sent || turn !== this.#turn) return
		if (variant.version === this.#version) this.learn(variant)
		else this.take(variant)
	}
	stop(): void {
		this.#asking.stop()
		void this.save()
	}
}

/** Only what was said. */
function clean(declared: DeclaredIn): DeclaredIn {
	return Object.fromEntries(Object.entries(declared).filter(([, v]) => v !== undefined)) as DeclaredIn
}
