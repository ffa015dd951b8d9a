// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * What the desk answers when it cannot do what was asked (RFC 9457), in the reader's language. Status 0:
 * it could not be reached at all.
 *
 *	try { … } catch (e) { notice = wordsFor(e); fields = fieldProblems(e) }
 */
export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly title: string,
		readonly detail: string,
		readonly errors: { pointer: string; message: string }[],
		readonly body: Record<string, unknown> = {},
	) {
		super(detail || title)
		this.name = 'Problem'
	}
	/** Not now: nobody answered, or the desk itself says (with words) that it cannot for the moment. */
	get away(): boolean {
		return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
	}
	/** Someone changed it in between. */
	get stale(): boolean {
		return this.status === 409 || this.status === 412
	}
	/** The editorial policy says no. */
	get refused(): boolean {
		return String(this.body['type'] ?? '').endsWith('/refused')
	}
}

/** Messages by field: '/text' and '#/text' and 'text' are the same field. */
export function fieldProblems(e: unknown): Record<string, string> {
	const found: Record<string, string> = {}
	if (e instanceof Problem)
		for (const { pointer, message } of e.errors) {
			const name = pointer.replace(/^#?\//, '').replaceAll('/', '.')
			found[name] ??= message
		}
	return found
}
