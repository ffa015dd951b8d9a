// SPDX-License-Identifier: AGPL-3.0-or-later
/* The format's known words, and what a document adds to them: what a field may offer. */
import type { Verdict } from '../api/types'
import { networkName } from '../names'
import { w } from '../words/index.svelte'
import { factValue, type Names } from './sentence'
import type { Path, Plain, Tree } from './text/read'
import { idsOf } from './text/refs'

export const VERDICTS: Verdict[] = ['allow', 'warn', 'disclose', 'approve', 'refuse']
export const KINDS = ['category', 'disclosure', 'mention', 'voice', 'invite', 'neighbours', 'links', 'languages', 'access', 'quota', 'mix', 'quiet', 'embargo'] as const
export const PLACE_FACTS = ['owner', 'platform', 'account', 'axes']
export const POST_FACTS = ['origin', 'interest', 'relation', 'human', 'axis', 'topic', 'sponsored', 'consent', 'relevance', 'kind', 'form', 'lang']
export const MIX_FACTS = ['axis', 'origin', 'interest', 'kind', 'topic', 'relation', 'human', 'account', 'platform']
const LISTS = ['axes', 'relation', 'human', 'axis', 'topic']
const NETWORKS = ['journal', 'bluesky', 'mastodon', 'x', 'facebook', 'instagram', 'linkedin', 'threads', 'pinterest', 'wordpress', 'blogger']
const fixed: Record<string, string[]> = {
	stance: ['organisation', 'personal', 'hosted'],
	kind: ['post', 'share', 'reply'],
	form: ['static', 'interactive'],
	lang: ['fr', 'en'],
	origin: ['own_creation', 'organisation', 'client', 'partner', 'third_party', 'unknown'],
	interest: ['project', 'org_favourite', 'personal_favourite', 'commercial', 'unknown'],
	relation: ['author', 'owner', 'employee', 'client', 'family', 'paid', 'gifted'],
	human: ['faces', 'behind_the_scenes', 'testimony'],
	sponsored: ['yes', 'no'],
	consent: ['yes', 'no'],
	relevance: ['public', 'members', 'private', 'unknown'],
	platform: NETWORKS,
}

export function namesOf(tree: Tree): Names {
	return {
		house: (id) => tree.words(['organisations', id, 'names'])[0] ?? id,
		place: (id) => tree.word(['disclosures', id, 'position']),
	}
}
export function axesOf(tree: Tree): string[] {
	return [...new Set(tree.keys(['organisations']).flatMap((house) => tree.words(['organisations', house, 'axes'])))]
}
function valuesOf(fact: string, tree: Tree): string[] {
	if (fact === 'axes' || fact === 'axis') return axesOf(tree)
	if (fact === 'topic') return tree.keys(['topics'])
	if (fact === 'account') return tree.keys(['accounts'])
	if (fact === 'owner') return [...new Set([...tree.keys(['organisations']), ...tree.keys(['accounts']).map((a) => tree.word(['accounts', a, 'owner']))])].filter(Boolean)
	return fixed[fact] ?? []
}
/** Values of a fact with the words they have within a sentence. */
export function choicesOf(fact: string, tree: Tree): [string, string][] {
	const names = namesOf(tree)
	const own = valuesOf(fact, tree).map((v): [string, string] => [v, factValue(fact, v, names)])
	return LISTS.includes(fact) ? [...own, ['any', w().policy.values['any'] ?? 'any'], ['none', w().policy.values['none'] ?? 'none']] : own
}
export const ALONE = ['any', 'none']
export function networks(): [string, string][] {
	return NETWORKS.map((n) => [n, networkName(n)])
}
export function verdictChoices(): [string, string][] {
	return VERDICTS.map((v) => [v, w().verdict[v]])
}

const own: Record<string, string[]> = {
	category: ['overrides', 'approval'],
	disclosure: ['say'],
	mention: ['say', 'link', 'position'],
	voice: ['allow', 'spokespersons'],
	invite: ['words'],
	neighbours: [],
	links: ['forbid'],
	languages: ['require', 'within'],
	access: ['alt_text', 'max_hashtags', 'camel_hashtags'],
	quota: ['count', 'at_most', 'window', 'min_posts', 'per'],
	mix: ['by', 'target', 'tolerance', 'window', 'min_posts'],
	quiet: ['from', 'to', 'switch', 'hours'],
	embargo: ['until', 'words', 'links'],
}
/** Keys of a rule that its kind does not know: struck when it changes its kind. */
export function foreignKeys(kind: string, keys: string[]): string[] {
	const known = ['id', 'kind', 'label', 'then', 'when', 'unless', 'firm', ...(own[kind] ?? [])]
	return keys.filter((key) => !known.includes(key))
}

/** A rule to begin from. */
export function freshOptions(kind: string, tree: Tree): Record<string, Plain> {
	const axes = axesOf(tree)
	const share = axes.length ? Math.floor(100 / axes.length) : 100
	const fresh: Record<string, Record<string, Plain>> = {
		disclosure: { say: tree.keys(['disclosures'])[0] ?? '' },
		mention: { say: { fr: [], en: [] }, position: 'anywhere' },
		voice: { allow: ['we', 'effaced'] },
		invite: { words: { fr: [], en: [] } },
		links: { forbid: 'unresolved' },
		languages: { require: 'french_first' },
		access: { alt_text: 'yes' },
		quota: { count: { origin: 'organisation' }, at_most: '50%', window: '30 days', min_posts: '6' },
		mix: { by: 'axis', target: Object.fromEntries(axes.map((axis, i) => [axis, String(i ? share : 100 - share * (axes.length - 1))])), tolerance: '15', window: '30 days', min_posts: '10' },
		quiet: { switch: 'crisis' },
		embargo: { until: `${new Date(Date.now() + 7 * 86400000).toISOString().slice(0, 10)} 09:00`, words: [], links: [] },
	}
	return fresh[kind] ?? {}
}
const usual: Record<string, Verdict> = { category: 'warn', disclosure: 'disclose', mention: 'disclose', neighbours: 'refuse', quiet: 'refuse', embargo: 'refuse', links: 'refuse' }
export function freshRule(kind: string, id: string, tree: Tree): Plain {
	const { overrides, approval, ...options } = freshOptions(kind, tree)
	void overrides
	void approval
	return { id, kind, label: { fr: '', en: '' }, when: { stance: 'organisation' }, ...options, then: usual[kind] ?? 'warn' }
}
export function ruleChoices(tree: Tree, without: string): [string, string][] {
	return idsOf(tree, 'rules').filter((id) => id !== without).map((id) => [id, id])
}
export function isFirm(tree: Tree, id: string): boolean {
	return Array.from({ length: tree.count(['rules']) }, (_, i): Path => ['rules', i]).some((p) => tree.word([...p, 'id']) === id && tree.word([...p, 'firm']) === 'yes')
}
