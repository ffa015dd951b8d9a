// SPDX-License-Identifier: AGPL-3.0-or-later
/* What changed between two texts, by words: kept, taken out, put in. A lone space between two changes goes with them:
 * « Je trouve que » → « Le comité du » reads as one change, not as three woven together. */
export type Change = { kind: 'same' | 'out' | 'in'; text: string }

const WORDS_MAX = 1500

export function diff(was: string, is: string): Change[] {
	const a = was.match(/\s+|[^\s]+/g) ?? []
	const b = is.match(/\s+|[^\s]+/g) ?? []
	if (a.length > WORDS_MAX || b.length > WORDS_MAX)
		return [
			{ kind: 'out', text: was },
			{ kind: 'in', text: is },
		]
	const width = b.length + 1
	const longest = new Uint16Array((a.length + 1) * width)
	for (let i = a.length - 1; i >= 0; i--)
		for (let j = b.length - 1; j >= 0; j--)
			longest[i * width + j] =
				a[i] === b[j]
					? (longest[(i + 1) * width + j + 1] as number) + 1
					: Math.max(longest[(i + 1) * width + j] as number, longest[i * width + j + 1] as number)
	const made: Change[] = []
	const push = (kind: Change['kind'], text: string) => {
		const last = made.at(-1)
		if (last?.kind === kind) last.text += text
		else made.push({ kind, text })
	}
	let i = 0
	let j = 0
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			push('same', a[i] as string)
			i++
			j++
		} else if (j >= b.length || (i < a.length && (longest[(i + 1) * width + j] as number) >= (longest[i * width + j + 1] as number)))
			push('out', a[i++] as string)
		else push('in', b[j++] as string)
	}
	return together(made)
}

function together(parts: Change[]): Change[] {
	const made: Change[] = []
	let out = ''
	let put = ''
	const flush = () => {
		if (out) made.push({ kind: 'out', text: out })
		if (put) made.push({ kind: 'in', text: put })
		out = put = ''
	}
	parts.forEach(({ kind, text }, n) => {
		if (kind === 'out') out += text
		else if (kind === 'in') put += text
		else if (out && put && /^[^\S\n]+$/.test(text) && n + 1 < parts.length) {
			out += text
			put += text
		} else {
			flush()
			made.push({ kind, text })
		}
	})
	flush()
	return made
}
