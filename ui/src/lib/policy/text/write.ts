// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * How a value is written in the policies' small part of YAML: plain where it can be, else between double
 * quotes, without escapes. What can stand in neither is Unwritable, and the form says so.
 */
import type { Plain } from './read'

export class Unwritable extends Error {
	constructor(readonly value: string) {
		super('cannot be written: ' + value)
		this.name = 'Unwritable'
	}
}

/* Signs that no plain value of this format holds, that none begins with, and what reads as a key or a comment. */
const QUOTED = /[#@{},[\]\\]|^[\s&*!|>'"%`?:-]|:\s|:$|\s$|^$/u
const LOST = /["\\\n\r\t\p{Cc}]/u

export function wantsQuotes(value: string): boolean {
	return QUOTED.test(value)
}
export function canWrite(value: string): boolean {
	return wantsQuotes(value) ? !LOST.test(value) : !/[\n\r\t\p{Cc}]/u.test(value)
}
/** `quoted`: written between quotes even where it need not. */
export function scalar(value: string, quoted = false): string {
	if (!canWrite(value)) throw new Unwritable(value)
	return wantsQuotes(value) || (quoted && !LOST.test(value)) ? `"${value}"` : value
}
/** On one line: [a, b], {a: b}. */
export function flow(value: Plain): string {
	if (value === null) return ''
	if (typeof value === 'string') return scalar(value)
	if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
	return `{${Object.entries(value).map(([k, v]) => `${scalar(k)}: ${flow(v)}`).join(', ')}}`
}
/** "key: value", whose first `depth` levels take lines of their own. */
export function entry(key: string, value: Plain, indent: string, depth: number): string[] {
	const open = typeof value === 'object' && value !== null && depth > 0 && Object.keys(value).length > 0
	if (!open) return [`${indent}${scalar(key)}: ${flow(value)}`.trimEnd()]
	const below = Array.isArray(value)
		? value.flatMap((one) => item(one, indent + '  ', depth - 1))
		: Object.entries(value as Record<string, Plain>).flatMap(([k, v]) => entry(k, v, indent + '  ', depth - 1))
	return [`${indent}${scalar(key)}:`, ...below]
}
/** "- value" of a list that takes lines. */
export function item(value: Plain, indent: string, depth: number): string[] {
	if (depth <= 0 || typeof value !== 'object' || value === null || Array.isArray(value) || !Object.keys(value).length)
		return [`${indent}- ${flow(value)}`.trimEnd()]
	const lines = Object.entries(value).flatMap(([k, v]) => entry(k, v, indent + '  ', depth - 1))
	return lines.map((line, i) => (i === 0 ? `${indent}- ${line.trimStart()}` : line))
}

/** Straight quotation marks become the curled ones of prose, which a quoted value may hold. */
export function prose(value: string, language: string): string {
	let open = false
	return value.replace(/"/g, () => {
		open = !open
		if (language === 'fr') return open ? '«\u00a0' : '\u00a0»'
		return open ? '“' : '”'
	})
}
