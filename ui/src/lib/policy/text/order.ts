// SPDX-License-Identifier: AGPL-3.0-or-later
/* The order in which the format's samples write keys, and which parts take lines of their own. */
import type { Path, Plain } from './read'

const top = ['policy', 'version', 'title', 'timezone', 'default', 'fold', 'shorteners', 'organisations', 'accounts', 'approvals', 'disclosures', 'topics', 'rules', 'exceptions']
const rule = [
	'id', 'kind', 'firm', 'label', 'from', 'to', 'switch', 'hours', 'until', 'when', 'unless', 'count', 'at_most', 'by', 'target', 'tolerance',
	'window', 'min_posts', 'per', 'say', 'link', 'position', 'allow', 'spokespersons', 'words', 'links', 'forbid', 'require', 'within', 'alt_text',
	'max_hashtags', 'camel_hashtags', 'then', 'overrides', 'approval',
]
const approvals = ['by', 'count', 'never', 'valid']
const condition = ['account', 'owner', 'platform', 'stance', 'axes', 'kind', 'form', 'lang', 'origin', 'interest', 'relation', 'human', 'axis', 'topic', 'sponsored', 'consent', 'relevance']
const languages = ['fr', 'en']
const parts: Record<string, readonly string[]> = {
	organisations: ['names', 'axes', 'domains', 'handles', 'partners', 'interests'],
	accounts: ['owner', 'stance', 'platform'],
	disclosures: ['position', ...languages],
	topics: languages,
	rules: rule,
	exceptions: ['id', 'lifts', 'when', 'from', 'until', 'granted_by', 'reason'],
}

/** The order of a map's keys; nothing for one whose keys people choose. */
export function orderOf(path: Path): readonly string[] {
	const last = path.at(-1)
	if (path.length === 0) return top
	if (path.length === 1) return last === 'title' ? languages : last === 'approvals' ? approvals : []
	if (path.length === 2) return parts[String(path[0])] ?? []
	if (last === 'label' || last === 'reason' || last === 'say' || last === 'words') return languages
	if (last === 'approval') return approvals
	if (last === 'when' || last === 'count' || path.includes('unless') || last === 'unless') return condition
	if (path[2] === 'interests') return ['names', 'relation', 'org', 'domains', 'handles', 'until']
	return []
}

const depths: Record<string, readonly [number, number]> = {
	organisations: [2, 1],
	accounts: [1, 0],
	approvals: [1, 0],
	disclosures: [2, 1],
	topics: [1, 0],
	rules: [2, 1],
	exceptions: [2, 1],
	title: [1, 0],
}
/** How many levels of a part are written on lines of their own; several exceptions of a rule take a line each. */
export function depthOf(path: Path, value?: Plain): number {
	if (path.at(-1) === 'unless') return Array.isArray(value) ? 1 : 0
	const [whole, one] = depths[String(path[0])] ?? [0, 0]
	if (path.length === 1) return whole
	if (path.length === 2) return one
	return path.length === 3 && path[0] === 'organisations' && path[2] === 'interests' ? 1 : 0
}
