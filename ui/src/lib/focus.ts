// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Where the cursor goes when the page changes under it, so that nobody on a keyboard is thrown back to its top.
 *
 *	<form {@attach arrive}>                 just opened: in its first field
 *	await toProblem(form)                   sent and not taken: in the first field that has something to say
 *	open = false; await backTo(() => opener)    closed: on what had opened it
 */
import { tick } from 'svelte'

export function arrive(box: HTMLElement): void {
	const first = box.querySelector<HTMLElement>('input:checked, input:not([type=radio]), textarea, select')
	first?.focus()
}
export async function toProblem(box: HTMLElement | undefined): Promise<void> {
	await tick()
	box?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
}
export async function backTo(opener: () => HTMLElement | null | undefined): Promise<void> {
	await tick()
	opener()?.focus()
}
