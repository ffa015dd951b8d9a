// SPDX-License-Identifier: AGPL-3.0-or-later
/* Which articles of the form are open, and which one the text's cursor stands in. */
import { tick } from 'svelte'
import type { Path } from '../text/read'
import { fieldId } from './field.svelte'

export class Folds {
	#open = $state<Record<string, boolean>>({})
	lit = $state('')

	isOpen(key: string): boolean {
		return this.#open[key] ?? false
	}
	toggle(key: string): void {
		this.#open[key] = !this.#open[key]
	}
	open(path: Path): void {
		this.#open[fieldId(path)] = true
	}
	/** Items that move take their being open with them. */
	moved(list: Path, from: number, to: number, count: number): void {
		const order = Array.from({ length: count }, (_, i) => i)
		order.splice(to, 0, ...order.splice(from, 1))
		const was = order.map((i) => this.isOpen(fieldId([...list, i])))
		was.forEach((open, i) => (this.#open[fieldId([...list, i])] = open))
	}
	added(list: Path, at: number, count: number): void {
		for (let i = count; i > at; i--) this.#open[fieldId([...list, i])] = this.isOpen(fieldId([...list, i - 1]))
		this.#open[fieldId([...list, at])] = true
	}
	removed(list: Path, at: number, count: number): void {
		for (let i = at; i < count; i++) this.#open[fieldId([...list, i])] = this.isOpen(fieldId([...list, i + 1]))
	}
	renamed(from: Path, to: Path): void {
		this.#open[fieldId(to)] = this.isOpen(fieldId(from))
	}

	/** The article that a place of the text belongs to. */
	article(path: Path): Path {
		if (['policy', 'version', 'timezone'].includes(String(path[0]))) return ['title']
		return ['rules', 'exceptions', 'organisations', 'accounts', 'disclosures', 'topics'].includes(String(path[0])) ? path.slice(0, 2) : path.slice(0, 1)
	}
	/** Tints the article of this place, and brings it to sight beside the text. */
	follow(path: Path, root: HTMLElement | null, scroll: boolean): void {
		const key = fieldId(this.article(path))
		if (key === this.lit) return
		this.lit = key
		if (scroll) root?.querySelector(`[data-fold="${key}"]`)?.scrollIntoView({ block: 'nearest' })
	}
	/** Opens the article and puts the cursor in the field of this place, or in the nearest around it. */
	async reveal(path: Path, root: HTMLElement | null): Promise<void> {
		const article = this.article(path)
		this.open(article)
		this.lit = fieldId(article)
		await tick()
		for (let at = path.length; at >= article.length; at--) {
			const key = fieldId(path.slice(0, at))
			const field = root?.querySelector<HTMLElement>(`[data-field="${key}"]`)
			const target = field?.matches('input, select, textarea') ? field : field?.querySelector<HTMLElement>('input, select, textarea')
			if (!target) continue
			target.scrollIntoView({ block: 'center' })
			target.focus({ preventScroll: true })
			return
		}
		root?.querySelector(`[data-fold="${fieldId(article)}"]`)?.scrollIntoView({ block: 'center' })
	}
}
