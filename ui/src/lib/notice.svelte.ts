// SPDX-License-Identifier: AGPL-3.0-or-later
/* What has just been done, said once at the foot of the page and to screen readers. */
export type Notice = { text: string; kind: 'done' | 'trouble'; link?: { href: string; text: string } }

let current = $state.raw<Notice | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

export function notice(): Notice | null {
	return current
}
export function tell(text: string, kind: Notice['kind'] = 'done', link?: Notice['link']): void {
	current = link ? { text, kind, link } : { text, kind }
	clearTimeout(timer)
	if (kind === 'done') timer = setTimeout(() => (current = null), 8000)
}
export function hush(): void {
	current = null
}
