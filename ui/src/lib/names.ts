// SPDX-License-Identifier: AGPL-3.0-or-later
/* How accounts, houses and networks are called on the screen. */
import type { Account, AccountRef, OrganizationRef, Publication } from './api/types'
import { w } from './words/index.svelte'

export function networkName(network: string): string {
	return (w().network as Record<string, string>)[network] ?? network
}
/** One's own account wears no band: plain paper. */
export function bandColour(organization: Pick<OrganizationRef, 'kind' | 'colour'>): string {
	return organization.kind === 'person' ? 'none' : organization.colour
}
export function accountName(organization: Pick<OrganizationRef, 'name'>, account: Pick<AccountRef, 'network' | 'handle'>): string {
	return `${organization.name} · ${networkName(account.network)}${account.handle ? ` ${account.handle}` : ''}`
}
/** The account's own page on its network, where one looks what stands there; '' when the desk does not know it. */
export function profileOf({ network, handle, server }: Pick<Account, 'network' | 'handle' | 'server'>): string {
	const name = handle.replace(/^@/, '')
	if (network === 'bluesky' && name) return `https://bsky.app/profile/${encodeURIComponent(name)}`
	if (network === 'mastodon' && name && /^https?:/.test(server)) return `${server}/@${encodeURIComponent(name.split('@')[0] ?? '')}`
	return ''
}
/** Of a publication that asks a person: may it stand at the network? Otherwise it never left, and waits for a word. */
export function mayHaveLeft(publication: Pick<Publication, 'state' | 'reason'>): boolean {
	return publication.state === 'asking' && publication.reason?.class === 'uncertain'
}
/** The first words of a text, for a row. */
export function firstWords(text: string, most = 90): string {
	const flat = text.replace(/[^\S\u00a0]+/g, ' ').trim()
	if (flat.length <= most) return flat
	const cut = flat.slice(0, most)
	return cut.slice(0, Math.max(cut.lastIndexOf(' '), most - 20)) + '…'
}
export function initials(name: string): string {
	const parts = name.split(/[\s’'-]+/).filter((p) => /^\p{Lu}/u.test(p))
	return (parts.length ? parts : [name]).slice(0, 2).map((p) => [...p][0] ?? '').join('')
}
/** Lines typed in a box, without the empty ones. */
export function linesOf(text: string): string[] {
	return text.split(/[\n,]/).map((l) => l.trim()).filter(Boolean)
}
