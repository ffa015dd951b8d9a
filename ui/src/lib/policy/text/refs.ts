// SPDX-License-Identifier: AGPL-3.0-or-later
/* Where the text names a thing by its id, so that a thing that is renamed is renamed everywhere. */
import type { Change } from './edit'
import type { Path, Plain, Tree } from './read'
import { scalar } from './write'

export type Thing = 'organisations' | 'accounts' | 'disclosures' | 'topics' | 'rules'

/** The fact of conditions that names such a thing. */
const facts: Partial<Record<Thing, string>> = { organisations: 'owner', accounts: 'account', topics: 'topic' }

/** The places of every value that is this thing's id, but for its own key. */
export function references(tree: Tree, thing: Thing, id: string): Path[] {
	const found: Path[] = []
	const look = (path: Path) => {
		const value = tree.value(path)
		if (value === id) found.push(path)
		else if (Array.isArray(value)) value.forEach((one, i) => one === id && found.push([...path, i]))
	}
	const fact = facts[thing]
	const conditions = (path: Path) => {
		if (!fact) return
		for (const part of ['when', 'count']) look([...path, part, fact])
		const unless = tree.value([...path, 'unless'])
		if (Array.isArray(unless)) unless.forEach((_, i) => look([...path, 'unless', i, fact]))
		else look([...path, 'unless', fact])
	}
	for (const part of ['rules', 'exceptions'])
		for (let i = 0; i < tree.count([part]); i++) {
			conditions([part, i])
			if (thing === 'rules') look([part, i, part === 'rules' ? 'overrides' : 'lifts'])
			if (thing === 'disclosures' && part === 'rules' && tree.word(['rules', i, 'kind']) === 'disclosure') look(['rules', i, 'say'])
		}
	if (thing === 'organisations') {
		for (const account of tree.keys(['accounts'])) look(['accounts', account, 'owner'])
		for (const house of tree.keys(['organisations'])) {
			look(['organisations', house, 'partners'])
			for (let i = 0; i < tree.count(['organisations', house, 'interests']); i++) look(['organisations', house, 'interests', i, 'org'])
		}
	}
	return found
}

/** Another id for a thing, at its own place and wherever it is named. */
export function renamed(tree: Tree, thing: Thing, own: Path, id: string): Change[] {
	const was = thing === 'rules' ? tree.word([...own, 'id']) : String(own.at(-1))
	const places: (Path | null)[] = thing === 'rules' ? [[...own, 'id']] : [null]
	const changes = [...places, ...references(tree, thing, was)].flatMap((path) => {
		const place = path ? tree.place(path) : tree.keyPlace(own)
		return place ? [{ ...place, insert: scalar(id) }] : []
	})
	return changes
}
export function idsOf(tree: Tree, thing: Thing): string[] {
	if (thing !== 'rules') return tree.keys([thing])
	return (Array.from({ length: tree.count(['rules']) }, (_, i) => tree.word(['rules', i, 'id'])) as Plain[]).filter((id): id is string => !!id)
}
/** An id that nothing else has: "quota-2". */
export function freeId(taken: string[], wish: string): string {
	for (let n = 1; ; n++) {
		const id = n === 1 ? wish : `${wish}-${n}`
		if (!taken.includes(id)) return id
	}
}
