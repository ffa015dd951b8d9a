// SPDX-License-Identifier: AGPL-3.0-or-later
/*
 * A rule said in a sentence, in the reader's language: where it applies, when, except when, what it asks.
 *
 *	sentence(rule, names)    { text: 'Sur les comptes de l’organisation, quand …', otherwise: true }
 *
 * The verdict is left to the page, which has a sign for it; `otherwise`: it is what comes when the demand is not met.
 */
import type { Condition, PolicyRule } from '../api/types'
import { clock, fullDay, noon } from '../dates'
import { networkName } from '../names'
import { valueName } from '../sheet/acts'
import { language, quoted, w } from '../words/index.svelte'
import type { Plain } from './text/read'

/** What a sentence asks of the document: an organisation's name, where a disclosure must stand. */
export type Names = { house: (id: string) => string; place: (disclosure: string) => string }
type Said = { text: string; otherwise: boolean }

const either = (parts: string[]) => joined(parts, w().saying.or)
const both = (parts: string[]) => joined(parts, w().saying.and)
/** "A et que B": the conditions after a first « quand ». */
const all = (parts: string[]) => both(parts.map((part, i) => (i ? w().saying.also(part) : part)))
function joined(parts: string[], word: string): string {
	if (parts.length < 2) return parts[0] ?? ''
	return `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`
}

/** How a value of a fact is called within a sentence. */
export function factValue(fact: string, value: string, names: Names): string {
	const said = w().saying.values[fact === 'axes' ? 'axis' : fact]?.[value]
	if (said) return said
	if (fact === 'owner') return names.house(value)
	if (fact === 'platform') return networkName(value)
	if (fact === 'topic' || fact === 'account') return value
	return valueName(fact === 'axes' ? 'axis' : fact, value).toLocaleLowerCase()
}
function line(fact: string, values: string[], names: Names): string {
	const { any, none, is } = w().saying
	if (values.includes('any')) return any[fact] ?? fact
	if (values.includes('none')) return none[fact] ?? fact
	return is[fact]?.(either(values.map((v) => factValue(fact, v, names)))) ?? `${fact}: ${values.join(', ')}`
}

const PLACES = ['stance', 'owner', 'platform', 'account']

/** "sur les comptes de l’organisation, quand l’origine est un client" */
export function clause(condition: Condition, names: Names): string {
	const say = w().saying
	const where: string[] = []
	const stances = condition['stance'] ?? []
	if (stances.length) where.push(both(stances.map((v) => say.on[v] ?? v)))
	if (condition['owner']?.length) where.push(say.owner(either(condition['owner'].map(names.house))))
	if (condition['platform']?.length) where.push(say.platform(either(condition['platform'].map(networkName))))
	if (condition['account']?.length) where.push(say.account(either(condition['account'])))
	const rest = Object.entries(condition).filter(([fact, values]) => !PLACES.includes(fact) && values.length)
	const when = rest.length ? [say.when(all(rest.map(([fact, values]) => line(fact, values, names))))] : []
	return [...where, ...when].join(', ')
}
export function conditions(condition: Condition, names: Names): string {
	return all(
		Object.entries(condition).map(([fact, values]) =>
			PLACES.includes(fact) ? clause({ [fact]: values }, names) : line(fact, values, names),
		),
	)
}

export function sentence(rule: PolicyRule, names: Names): Said {
	const say = w().saying
	const where = clause(rule.when ?? {}, names)
	const except = (rule.unless ?? []).map((c) => say.unless(clause(c, names)))
	const scope = [where || say.everywhere, ...except].join(', ')
	const asked = demand(rule, names)
	const otherwise = !['category', 'quiet', 'embargo'].includes(rule.kind)
	const text = asked ? `${scope}, ${asked}` : scope
	return { text: text.charAt(0).toLocaleUpperCase() + text.slice(1), otherwise }
}

function demand(rule: PolicyRule, names: Names): string {
	const say = w().saying
	const o = (rule.options ?? {}) as Record<string, unknown>
	const list = (name: string) => (Array.isArray(o[name]) ? (o[name] as unknown[]).map(String) : [])
	const text = (name: string) => (o[name] === undefined || o[name] === null ? '' : String(o[name]))
	const place = say.place[text('position') || 'anywhere'] ?? ''
	switch (rule.kind) {
		case 'disclosure':
			return say.disclosure(quoted(text('say')), say.place[text('position') || names.place(text('say'))] ?? place)
		case 'mention':
			return both([
				...(o['say'] ? [say.mention(either(wordings(o['say']).map(quoted)), place)] : []),
				...(list('link').length ? [say.mentionLink(either(list('link')))] : []),
			])
		case 'voice': {
			const names = list('spokespersons')
			return say.voice(either(list('allow').map((v) => say.voices[v] ?? v))) + (names.length ? ` ${say.spokespersons(names.join(', '))}` : '')
		}
		case 'invite': {
			const words = wordings(o['words']).map(quoted)
			return words.length ? `${say.invite} ${say.inviteWords(either(words))}` : say.invite
		}
		case 'neighbours':
			return say.neighbours
		case 'links':
			return Array.isArray(o['forbid']) ? say.sites(either(list('forbid'))) : text('forbid') === 'shortened' ? say.shortened : say.unresolved
		case 'languages':
			return text('require') === 'pair' ? say.pair(duration(text('within'))) : say.frenchFirst
		case 'access':
			return both([
				...(o['alt_text'] === true || o['alt_text'] === 'yes' ? [say.alt] : []),
				...(text('max_hashtags') ? [say.hashtags(Number(text('max_hashtags')))] : []),
				...(text('camel_hashtags') ? [say.camel(Number(text('camel_hashtags')))] : []),
			])
		case 'quota': {
			const counted = conditions((o['count'] ?? {}) as Condition, names)
			const limit = text('at_most')
			return counting(/^\d+$/.test(limit) ? say.quotaCount(Number(limit), counted) : say.quotaShare(percent(limit), counted), o)
		}
		case 'mix': {
			const parts = Object.entries((o['target'] ?? {}) as Record<string, unknown>).map(([name, share]) => say.mixPart(factValue(text('by'), name, names), String(share)))
			return counting(say.mix(both(parts), text('tolerance') || '0'), o)
		}
		case 'quiet':
			return either([
				...(text('from') ? [say.period(moment(text('from')), moment(text('to')))] : []),
				...(text('switch') ? [say.switched(text('switch'))] : []),
				...(text('hours') ? [hours(text('hours'))] : []),
			])
		case 'embargo':
			return say.embargo(either([...list('words').map(quoted), ...list('links')]), moment(text('until')))
		default:
			return ''
	}
}

/** What stands under the sentence: firm, what it sets aside, its own approvers. */
export function asides(rule: PolicyRule): string[] {
	const say = w().saying
	return [
		...(rule.firm ? [say.firm] : []),
		...(rule.overrides?.length ? [say.overrides(both(rule.overrides.map(quoted)))] : []),
		...(rule.approval?.by?.length ? [say.approvedBy(either(rule.approval.by), Number(rule.approval.count ?? 1))] : []),
	]
}

function counting(said: string, o: Record<string, unknown>): string {
	const say = w().saying
	const least = Number(o['min_posts'] ?? 0)
	const per = String(o['per'] ?? '')
	return [said, say.over(duration(String(o['window'] ?? ''))), ...(least > 1 ? [say.from(least)] : []), ...(per && per !== 'account' ? [say.per[per] ?? per] : [])].join(', ')
}
function wordings(given: unknown): string[] {
	if (Array.isArray(given)) return given.map(String)
	const by = (given ?? {}) as Record<string, string[]>
	return [...(by[language()] ?? Object.values(by)[0] ?? [])]
}
/** "30 days" */
export function duration(text: string): string {
	const [n = '', unit = ''] = text.split(' ')
	const say = w().saying
	if (unit.startsWith('day')) return say.days(Number(n))
	if (unit.startsWith('hour')) return say.hours(Number(n))
	return unit.startsWith('minute') ? say.minutes(Number(n)) : text
}
function percent(limit: string): string {
	return limit.replace(/(\d)%$/, language() === 'fr' ? '$1\u00a0%' : '$1%')
}
/** "2026-10-01 00:00", local to the policy. */
export function moment(text: string): string {
	const [date = '', time = ''] = text.split(/[ T]/)
	if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return text
	return [fullDay(noon(date), 'UTC'), time && time !== '00:00' ? hour(time) : ''].filter(Boolean).join(language() === 'fr' ? ' à ' : ' at ')
}
function hours(text: string): string {
	const [from, to] = text.split('-')
	return from && to ? w().saying.clock(hour(from), hour(to)) : text
}
const hour = (time: string) => (/^\d\d:\d\d$/.test(time) ? clock(`2000-01-01T${time}:00Z`, 'UTC') : time)

/* ---- the text's own shape, as the desk's document has it ------------------------------------------------- */

const COMMON = new Set(['id', 'kind', 'label', 'then', 'when', 'unless', 'firm', 'overrides', 'approval'])
const listOf = (value: Plain | undefined): string[] => (Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : typeof value === 'string' && value ? [value] : [])

export function conditionOf(value: Plain | undefined): Condition {
	if (!value || typeof value !== 'object' || Array.isArray(value)) return {}
	return Object.fromEntries(Object.entries(value).map(([fact, values]) => [fact, listOf(values)]))
}
/** A rule of the text, as pv_policy_to_json would give it; what is not there yet stays out. */
export function ruleOf(value: Plain | undefined, line = 0): PolicyRule {
	const map = (value && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Record<string, Plain>
	const words = (v: Plain | undefined) => {
		const both = (v && typeof v === 'object' && !Array.isArray(v) ? v : {}) as Record<string, Plain>
		return { fr: String(both['fr'] ?? ''), en: String(both['en'] ?? '') }
	}
	const unless = map['unless']
	const own = Object.entries(map).filter(([key]) => !COMMON.has(key))
	return {
		id: String(map['id'] ?? ''),
		kind: String(map['kind'] ?? ''),
		label: words(map['label']),
		then: String(map['then'] ?? '') as PolicyRule['then'],
		firm: map['firm'] === 'yes',
		line,
		when: conditionOf(map['when']),
		unless: Array.isArray(unless) ? unless.map(conditionOf) : unless ? [conditionOf(unless)] : [],
		overrides: listOf(map['overrides']),
		...(map['approval'] ? { approval: approvalOf(map['approval']) } : {}),
		options: Object.fromEntries(own.map(([key, v]) => [key, key === 'count' ? conditionOf(v) : v])),
	}
}
function approvalOf(value: Plain): NonNullable<PolicyRule['approval']> {
	const map = (typeof value === 'object' && value && !Array.isArray(value) ? value : {}) as Record<string, Plain>
	return { by: listOf(map['by']), count: Number(map['count'] ?? 1), never: listOf(map['never']) }
}
