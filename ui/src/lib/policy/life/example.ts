// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Example posts as the policies' format has them ("A case" in docs/policy-format.md): made from what is typed in the
 * little form, read back into it, and kept as lines of JSON.
 */
import type { DeclaredIn, Interest, Verdict } from '../../api/types'
import { localDate, localTime, toInstant } from '../../dates'

export type Example = {
	text: string
	account: string
	author: string
	kind: string
	pinned: boolean
	languages: string[]
	date: string
	time: string
	approvedBy: string
	switches: string[]
	alt: string | null
	declared: DeclaredIn
}
export type Around = { me: string; name: string; ties: Interest[]; zone: string; roles: string[] }
type Json = Record<string, unknown>

/** The instant with its offset, so that a person reads the local clock in a kept case. */
function stamp(at: Date, zone: string): string {
	const wall = Date.parse(`${localDate(at, zone)}T${localTime(at, zone)}:00Z`)
	const minutes = Math.round((wall - Math.floor(at.getTime() / 60000) * 60000) / 60000)
	const sign = minutes < 0 ? '-' : '+'
	const two = (n: number) => String(Math.abs(n)).padStart(2, '0')
	return `${localDate(at, zone)}T${localTime(at, zone)}:00${sign}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
}
function tie(i: Interest): Json {
	return {
		names: i.names, relation: i.relation,
		...(i.org && { org: i.org }), ...(i.domains.length && { domains: i.domains }), ...(i.handles.length && { handles: i.handles }), ...(i.until && { until: i.until }),
	}
}
function declaredJson(declared: DeclaredIn): Json {
	const kept = Object.entries(declared).filter(([, v]) => v !== undefined && v !== null && v !== 'unknown' && v !== '' && !(Array.isArray(v) && !v.length))
	return Object.fromEntries(kept.map(([k, v]) => [k, v === true ? 'yes' : v === false ? 'no' : v]))
}

export function caseOf(e: Example, around: Around): Json {
	const at = e.date ? toInstant(e.date, e.time || '12:00', around.zone) : new Date()
	const author = e.author === 'me' ? around.me : 'someone'
	const approver = e.approvedBy ? 'approver' : ''
	return {
		account: e.account,
		author,
		at: stamp(at, around.zone),
		people: {
			[author]: { roles: [], interests: e.author === 'me' ? around.ties.map(tie) : [] },
			...(approver && { [approver]: { roles: [e.approvedBy], interests: [] } }),
		},
		post: {
			kind: e.kind,
			...(e.pinned && e.kind === 'reply' && { pinned: true }),
			lang: e.languages,
			text: e.text,
			...(e.alt !== null && { media: [{ type: 'image', alt: e.alt }] }),
			...(approver && { edited_at: stamp(new Date(at.getTime() - 7200000), around.zone) }),
		},
		declared: declaredJson(e.declared),
		...(approver && { approvals: [{ by: approver, at: stamp(new Date(at.getTime() - 3600000), around.zone) }] }),
		...(e.switches.length && { switches: e.switches }),
	}
}

/** A witness put into the form, as far as the form can hold it. */
export function exampleOf(given: Json, zone: string): Example {
	const post = (given['post'] ?? {}) as Json
	const declared = (given['declared'] ?? {}) as Json
	const at = new Date(String(given['at'] ?? ''))
	const when = Number.isNaN(at.getTime()) ? new Date() : at
	const lang = post['lang']
	const one = (v: unknown) => (Array.isArray(v) ? v.map(String) : typeof v === 'string' ? [v] : [])
	const yes = (v: unknown) => v === true || v === 'yes'
	return {
		text: String(post['text'] ?? ''),
		account: String(given['account'] ?? ''),
		author: 'nobody',
		kind: String(post['kind'] ?? 'post'),
		pinned: yes(post['pinned']),
		languages: one(lang).length ? one(lang) : ['fr'],
		date: localDate(when, zone),
		time: localTime(when, zone),
		approvedBy: '',
		switches: one(given['switches']),
		alt: null,
		declared: Object.fromEntries(
			Object.entries(declared).map(([k, v]) => [k, ['human', 'relation', 'topic'].includes(k) ? one(v) : ['sponsored', 'consent'].includes(k) ? yes(v) : v]),
		) as DeclaredIn,
	}
}

/** One more line of cases, with an id that no other has. */
export function addCase(lines: string, given: Json, title: string, verdict: Verdict): string {
	const taken = new Set(lines.split('\n').filter(Boolean).map((line) => {
		try {
			return String((JSON.parse(line) as Json)['id'])
		} catch {
			return ''
		}
	}))
	const base = title.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 40) || 'case'
	let id = base
	for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
	const line = JSON.stringify({ ...given, id, title, expect: { verdict } })
	return lines.trim() ? `${lines.trimEnd()}\n${line}\n` : `${line}\n`
}
/** The lines without the one of this id. */
export function withoutCase(lines: string, id: string): string {
	const kept = lines.split('\n').filter((line) => {
		try {
			return line.trim() && String((JSON.parse(line) as Json)['id']) !== id
		} catch {
			return line.trim()
		}
	})
	return kept.length ? kept.join('\n') + '\n' : ''
}
