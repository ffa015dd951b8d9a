// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Where the notes of a margin stand: each as near as it can to the words it concerns, none over another.
 * Pure, so that it can be tested without a page.
 */
export type Wanted = { id: string; top: number | null; height: number }

/** Tops by id. Notes without words follow the others; `from` is where the margin begins. */
export function place(wanted: Wanted[], from: number, gap = 20): Map<string, number> {
	const tops = new Map<string, number>()
	const anchored = wanted.filter((n) => n.top !== null).sort((a, b) => (a.top as number) - (b.top as number))
	// Downwards first, then what was pushed too far is drawn up again as one block.
	type Block = { top: number; height: number; want: number; notes: Wanted[] }
	const blocks: Block[] = []
	for (const note of anchored) {
		let block: Block = { top: Math.max(from, note.top as number), height: note.height, want: note.top as number, notes: [note] }
		let above = blocks.at(-1)
		while (above && above.top + above.height + gap > block.top) {
			const notes: Wanted[] = [...above.notes, ...block.notes]
			let offset = 0
			let sum = 0
			for (const n of notes) {
				sum += (n.top as number) - offset
				offset += n.height + gap
			}
			const want: number = sum / notes.length
			block = { top: Math.max(from, want), height: offset - gap, want, notes }
			blocks.pop()
			above = blocks.at(-1)
		}
		blocks.push(block)
	}
	let end = from - gap
	for (const block of blocks) {
		let top = Math.max(block.top, end + gap)
		for (const note of block.notes) {
			tops.set(note.id, Math.round(top))
			top += note.height + gap
		}
		end = top - gap
	}
	for (const note of wanted)
		if (note.top === null) {
			tops.set(note.id, Math.round(end + gap))
			end += note.height + gap
		}
	return tops
}
