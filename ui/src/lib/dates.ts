// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * Instants as people say them, in a named zone, which is written out only when it is not the reader's.
 * Local dates (YYYY-MM-DD) and times (HH:MM) belong to an organisation's zone; only the desk turns them
 * into instants for keeps, `toInstant` is for judging while one types.
 */
import { language, locale } from './words/index.svelte'

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
	const key = locale() + zone + JSON.stringify(options)
	let made = formats.get(key)
	if (!made) {
		made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone })
		formats.set(key, made)
	}
	return made
}

/** Offset from UTC, in minutes, of a zone at an instant. */
function offset(zone: string, at: Date): number {
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
		hour: '2-digit', minute: '2-digit', second: '2-digit',
	}).formatToParts(at)
	const n = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0)
	const local = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second'))
	return Math.round((local - Math.floor(at.getTime() / 1000) * 1000) / 60000)
}

export function isElsewhere(zone: string, at: Date = new Date()): boolean {
	return offset(zone, at) !== offset(HERE, at)
}

/** "Toronto": the last part of a zone's name, readable. */
export function place(zone: string): string {
	return (zone.split('/').pop() ?? zone).replaceAll('_', ' ')
}

function withZone(text: string, zone: string, at: Date): string {
	return isElsewhere(zone, at) ? `${text} (${place(zone)})` : text
}

export function clock(at: string | Date, zone = HERE): string {
	const text = format({ hour: 'numeric', minute: '2-digit' }, zone).format(new Date(at))
	return text.replace(/( h) 00$/u, '$1').replace(/:00(?= ?[ap])/u, '')
}
/** "le 3 mars à 9 h" needs the joining word between a day and a time. */
function joined(day: string, time: string): string {
	return language() === 'fr' ? `${day} à ${time}` : `${day} at ${time}`
}
/** The first of a month is « 1er » in French. */
function ordinal(text: string): string {
	return language() === 'fr' ? text.replace(/(^|\s)1 (?=\p{L})/u, '$11er ') : text
}
export function day(at: string | Date, zone = HERE): string {
	return ordinal(format({ weekday: 'long', day: 'numeric', month: 'long' }, zone).format(new Date(at)))
}
export function shortDay(at: string | Date, zone = HERE): string {
	const date = new Date(at)
	const sameYear = date.getFullYear() === new Date().getFullYear()
	return ordinal(format({ day: 'numeric', month: 'long', ...(!sameYear && { year: 'numeric' }) }, zone).format(date))
}
/** With its year, for what is read long after. */
export function fullDay(at: string | Date, zone = HERE): string {
	return ordinal(format({ day: 'numeric', month: 'long', year: 'numeric' }, zone).format(new Date(at)))
}
export function month(at: string | Date, zone = HERE): string {
	return format({ month: 'long', year: 'numeric' }, zone).format(new Date(at))
}
export function weekday(at: string | Date, zone = HERE): string {
	return format({ weekday: 'short' }, zone).format(new Date(at))
}
export function moment(at: string | Date, zone = HERE): string {
	const date = new Date(at)
	return withZone(joined(shortDay(date, zone), clock(date, zone)), zone, date)
}

/** "aujourd'hui à 9 h", "hier", "12 mars": near days by their name. */
export function near(at: string | Date, zone = HERE): string {
	const date = new Date(at)
	const days = dayNumber(localDate(date, zone)) - dayNumber(localDate(new Date(), zone))
	if (Math.abs(days) > 1) return moment(date, zone)
	const word = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day')
	return withZone(joined(word, clock(date, zone)), zone, date)
}

/** YYYY-MM-DD of an instant, in a zone. */
export function localDate(at: Date, zone = HERE): string {
	return new Date(at.getTime() + offset(zone, at) * 60000).toISOString().slice(0, 10)
}
export function localTime(at: Date, zone = HERE): string {
	return new Date(at.getTime() + offset(zone, at) * 60000).toISOString().slice(11, 16)
}
export function dayNumber(date: string): number {
	return Math.round(Date.parse(date + 'T00:00:00Z') / 86400000)
}
export function addDays(date: string, days: number): string {
	return new Date((dayNumber(date) + days) * 86400000).toISOString().slice(0, 10)
}
/** 0 = Monday. */
export function weekdayOf(date: string): number {
	return (dayNumber(date) + 3) % 7
}
export function toInstant(date: string, time: string, zone: string): Date {
	const wall = Date.parse(`${date}T${time || '00:00'}:00Z`)
	const guess = new Date(wall - offset(zone, new Date(wall)) * 60000)
	return new Date(wall - offset(zone, guess) * 60000)
}
/** Noon of a local date as an instant to format with zone 'UTC'. */
export function noon(date: string): Date {
	return new Date(date + 'T12:00:00Z')
}
