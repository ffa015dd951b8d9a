// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Who sits at the desk, and for whom they may speak.
 */
import { who } from './api/calls'
import { setCsrf, whenSignedOut } from './api/client'
import { Problem } from './api/problem'
import type { Me, Membership, Power, Session, Theme } from './api/types'
import { language, setLanguage } from './words/index.svelte'

type State = 'asking' | 'out' | 'in' | 'away'

let state = $state<State>('asking')
let person = $state.raw<Me | null>(null)
let ended = $state(false)

export const seat = {
	get state() {
		return state
	},
	get me() {
		return person
	},
	/** A session ended while one was at work. */
	get ended() {
		return ended
	},
}

export function me(): Me {
	if (!person) throw new Error('nobody is signed in')
	return person
}

export function setTheme(theme: Theme): void {
	if (theme === 'auto') delete document.documentElement.dataset['theme']
	else document.documentElement.dataset['theme'] = theme
	localStorage.setItem('portevoix.theme', theme)
}

/* Someone sat here before: worth asking the desk whether they still do. The cookie itself is out of sight. */
const SEATED = 'portevoix.seated'

export function come(session: Session): void {
	localStorage.setItem(SEATED, '1')
	setCsrf(session.csrf)
	seatPerson(session.person)
	ended = false
	state = 'in'
}
export function seatPerson(next: Me): void {
	person = next
	setLanguage(next.language)
	setTheme(next.theme)
}

export async function ask(): Promise<void> {
	if (!localStorage.getItem(SEATED)) {
		state = 'out'
		return
	}
	try {
		come(await who.session())
	} catch (e) {
		state = e instanceof Problem && e.away ? 'away' : 'out'
		if (state === 'out') localStorage.removeItem(SEATED)
	}
}
export async function refresh(): Promise<void> {
	come(await who.session())
}
export async function leave(): Promise<void> {
	await who.signOut()
	localStorage.removeItem(SEATED)
	person = null
	setCsrf('')
	state = 'out'
}

whenSignedOut(() => {
	if (state !== 'in') return
	ended = true
	state = 'out'
})

/** The organisations one speaks for, one's own space last; those where one has the power, when it is said. */
export function memberships(power?: Power): Membership[] {
	const all = person?.memberships ?? []
	const able = power ? all.filter((m) => m.powers.includes(power)) : all
	return [...able].sort((a, b) => Number(a.organization.kind === 'person') - Number(b.organization.kind === 'person'))
}
export function membership(id: string): Membership | undefined {
	return person?.memberships.find((m) => m.organization.id === id || m.organization.slug === id)
}
export function may(power: Power, organization?: string): boolean {
	return organization ? (membership(organization)?.powers.includes(power) ?? false) : memberships(power).length > 0
}
export function zoneOf(organization: string): string {
	return membership(organization)?.organization.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

// Before anyone has signed in, the device's last choice.
const kept = localStorage.getItem('portevoix.theme')
if (kept === 'light' || kept === 'dark') setTheme(kept)
setLanguage(language())

/** The organisation a page's address names, or the first one spoken for. */
export function chosenHouse(id: string, own = false): Membership | undefined {
	return membership(id) ?? memberships().find((m) => own || m.organization.kind !== 'person')
}
