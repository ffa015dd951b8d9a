// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The writing table: one post, its common text, and a leaf for each account. A leaf follows the common
 * text until it is given its own.
 */
import { posts, variants } from '../api/calls'
import type { Account, DeclaredIn, Post, Verdict } from '../api/types'
import { strictest } from '../spans'
import { Leaf } from './leaf.svelte'

export const EVERYONE = 'everyone'

export class Table {
	readonly id: string
	title = $state('')
	common = $state('')
	item = $state<string | null>(null)
	leaves = $state.raw<Leaf[]>([])
	chosen = $state<string>(EVERYONE)
	#version: number
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(post: Post) {
		this.id = post.id
		this.title = post.title
		this.item = post.item
		this.#version = post.version
		this.leaves = post.variants.map((v) => new Leaf(v))
		this.common = post.text || this.#usual()
		this.chosen = this.leaves.length === 1 ? (this.leaves[0] as Leaf).id : EVERYONE
	}

	/** A post without a master text: the text most of its leaves have. */
	#usual(): string {
		const times = new Map<string, number>()
		for (const leaf of this.leaves) times.set(leaf.text, (times.get(leaf.text) ?? 0) + 1)
		return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
	}

	get leaf(): Leaf | null {
		return this.leaves.find((l) => l.id === this.chosen) ?? null
	}
	get followers(): Leaf[] {
		return this.leaves.filter((l) => l.editable && this.follows(l))
	}
	follows(leaf: Leaf): boolean {
		return leaf.text === this.common
	}
	get worst(): Verdict {
		return strictest(this.leaves.flatMap((l) => (l.judgement ? [l.judgement.verdict] : [])))
	}

	writeCommon(text: string): void {
		const following = this.followers
		this.common = text
		for (const leaf of following) {
			leaf.text = text
			leaf.touched()
		}
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => void this.#saveCommon(), 1200)
	}
	write(leaf: Leaf, text: string): void {
		if (this.leaves.length === 1) this.common = text
		leaf.text = text
		leaf.touched()
	}
	declare(part: DeclaredIn, leaves: Leaf[]): void {
		for (const leaf of leaves) {
			if (!leaf.editable) continue
			leaf.declared = { ...leaf.declared, ...part }
			leaf.touched()
		}
	}

	async #saveCommon(): Promise<void> {
		try {
			const post = await posts.change(this.id, { version: this.#version, text: this.common })
			this.#version = post.version
		} catch {
			// The leaves carry the text themselves; the master copy is a convenience.
			try {
				this.#version = (await posts.get(this.id)).version
			} catch {
				// The desk is away; the next change tries again.
			}
		}
	}

	async add(account: Account, languages: string[]): Promise<Leaf> {
		const model = this.leaf ?? this.leaves[0]
		const variant = await posts.addVariant(this.id, {
			account: account.id,
			text: model && !this.leaf ? this.common : (model?.text ?? this.common),
			languages: model ? [...model.languages] : languages,
			declared: model ? { origin: model.declared.origin ?? 'unknown', human: model.declared.human ?? [] } : {},
		})
		const leaf = new Leaf(variant)
		this.leaves = [...this.leaves, leaf]
		this.chosen = leaf.id
		leaf.judge()
		return leaf
	}
	async drop(leaf: Leaf): Promise<void> {
		await variants.remove(leaf.id)
		this.leaves = this.leaves.filter((l) => l !== leaf)
		this.chosen = this.leaves.length === 1 ? (this.leaves[0] as Leaf).id : EVERYONE
	}
	async saveAll(): Promise<void> {
		await Promise.all(this.leaves.map((l) => l.save()))
	}
	stop(): void {
		clearTimeout(this.#timer)
		for (const leaf of this.leaves) leaf.stop()
	}
}
