// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * The typographer: catalogues are written with plain spaces and straight apostrophes; what is shown has
 * the spaces that do not break (before : and ;, inside « », between a number and what it counts) and ’.
 */
const FIXED = '\u00a0'

export function setFrench(text: string): string {
	return text
		.replace(/« /g, '«' + FIXED)
		.replace(/ »/g, FIXED + '»')
		.replace(/ ([:;])/g, FIXED + '$1')
		.replace(/(\d) (%|h\b|min\b|s\b|ko\b|Mo\b|\d{3}\b)/g, '$1' + FIXED + '$2')
		.replace(/(\p{L})'/gu, '$1’')
}

export function setEnglish(text: string): string {
	return text
		.replace(/(\p{L})'/gu, '$1’')
		.replace(/(\d) (%|a\.m\.|p\.m\.)/g, '$1' + FIXED + '$2')
		.replace(/([ap]\.m\.)\.(?!\.)/g, '$1')
}

/** A catalogue with every string, and every answer of its functions, typeset. */
export function typeset<C extends object>(catalogue: C, set: (text: string) => string): C {
	const done: Record<string, unknown> = {}
	for (const [key, value] of Object.entries(catalogue)) {
		if (typeof value === 'string') done[key] = set(value)
		else if (typeof value === 'function') done[key] = (...given: unknown[]) => set((value as (...g: unknown[]) => string)(...given))
		else if (value && typeof value === 'object') done[key] = typeset(value as object, set)
		else done[key] = value
	}
	return done as C
}
