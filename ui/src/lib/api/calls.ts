// SPDX-License-Identifier: AGPL-3.0-or-later
/* Every request the screens make, typed by the description; grouped as it is. */
import { desk, ok } from './client'
import type { paths } from './schema'
import type * as T from './types'

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never
type Body<P extends keyof paths, M extends 'post' | 'patch'> = paths[P] extends {
	[K in M]: { requestBody: { content: { 'application/json': infer B } } }
}
	? B
	: never

const at = <P extends Record<string, string>>(path: P) => ({ params: { path } })

export const who = {
	session: () => ok(desk.GET('/session'), true),
	signIn: (login: string, password: string) => ok(desk.POST('/session', { body: { login, password } }), true),
	signOut: () => ok(desk.DELETE('/session')),
	setupOpen: () => ok(desk.GET('/setup')),
	setup: (body: Body<'/setup', 'post'>) => ok(desk.POST('/setup', { body }), true),
	invitation: (token: string) => ok(desk.GET('/invitations/{token}', at({ token }))),
	accept: (token: string, body: { name?: string; password: string }) =>
		ok(desk.POST('/invitations/{token}', { ...at({ token }), body }), true),
	change: (body: Body<'/me', 'patch'>) => ok(desk.PATCH('/me', { body })),
	sessions: () => ok(desk.GET('/me/sessions')),
	endSession: (session: string) => ok(desk.DELETE('/me/sessions/{session}', at({ session }))),
	tokens: () => ok(desk.GET('/me/tokens')),
	makeToken: (name: string, scopes: T.Scope[]) => ok(desk.POST('/me/tokens', { body: { name, scopes } })),
	endToken: (token: string) => ok(desk.DELETE('/me/tokens/{token}', at({ token }))),
	today: () => ok(desk.GET('/today')),
}

export const houses = {
	list: () => ok(desk.GET('/organizations')),
	get: (organization: string) => ok(desk.GET('/organizations/{organization}', at({ organization }))),
	make: (body: Body<'/organizations', 'post'>) => ok(desk.POST('/organizations', { body })),
	change: (organization: string, body: Body<'/organizations/{organization}', 'patch'>) =>
		ok(desk.PATCH('/organizations/{organization}', { ...at({ organization }), body })),
	pause: (organization: string, why: string) =>
		ok(desk.POST('/organizations/{organization}/pause', { ...at({ organization }), body: { why } })),
	resume: (organization: string) => ok(desk.DELETE('/organizations/{organization}/pause', at({ organization }))),
	report: (organization: string, month: string) =>
		ok(desk.GET('/organizations/{organization}/report', { params: { path: { organization }, query: { month, format: 'json' } } })) as Promise<T.Report>,
	people: (organization: string) => ok(desk.GET('/organizations/{organization}/people', at({ organization }))),
	invite: (organization: string, body: Body<'/organizations/{organization}/people', 'post'>) =>
		ok(desk.POST('/organizations/{organization}/people', { ...at({ organization }), body })),
	changeMember: (organization: string, person: string, body: { role?: T.Role; policy_roles?: string[] }) =>
		ok(desk.PATCH('/organizations/{organization}/people/{person}', { ...at({ organization, person }), body })),
	away: (organization: string) => ok(desk.GET('/organizations/{organization}/delegations', at({ organization }))),
	goAway: (organization: string, body: Body<'/organizations/{organization}/delegations', 'post'>) =>
		ok(desk.POST('/organizations/{organization}/delegations', { ...at({ organization }), body })),
	comeBack: (delegation: string) => ok(desk.DELETE('/delegations/{delegation}', at({ delegation }))),
	removeMember: (organization: string, person: string) =>
		ok(desk.DELETE('/organizations/{organization}/people/{person}', at({ organization, person }))),
}

export const register = {
	list: (query: Query<'/interests'>) => ok(desk.GET('/interests', { params: { query } })),
	enter: (body: T.InterestIn) => ok(desk.POST('/interests', { body })),
	change: (interest: string, body: Body<'/interests/{interest}', 'patch'>) =>
		ok(desk.PATCH('/interests/{interest}', { ...at({ interest }), body })),
	strike: (interest: string) => ok(desk.DELETE('/interests/{interest}', at({ interest }))),
}

export const policies = {
	inForce: (organization: string) => ok(desk.GET('/organizations/{organization}/policy', at({ organization }))),
	versions: (organization: string) => ok(desk.GET('/organizations/{organization}/policies', at({ organization }))),
	get: (policy: string) => ok(desk.GET('/policies/{policy}', at({ policy }))),
	draft: (organization: string, text: string, note: string) =>
		ok(desk.POST('/organizations/{organization}/policies', { ...at({ organization }), body: { text, note } })),
	change: (policy: string, body: Body<'/policies/{policy}', 'patch'>) => ok(desk.PATCH('/policies/{policy}', { ...at({ policy }), body })),
	drop: (policy: string) => ok(desk.DELETE('/policies/{policy}', at({ policy }))),
	runCheck: (policy: string) => ok(desk.POST('/policies/{policy}/check', at({ policy }))),
	replay: (policy: string, body: { months?: number; cases?: string }) =>
		ok(desk.POST('/policies/{policy}/replay', { ...at({ policy }), body })),
	difference: (policy: string, other: string) =>
		ok(desk.GET('/policies/{policy}/difference', { params: { path: { policy }, query: { with: other } } })),
	adopt: (policy: string, effective_at: string | null = null) =>
		ok(desk.POST('/policies/{policy}/adopt', { ...at({ policy }), body: effective_at ? { effective_at } : {} })),
	check: (text: string, signal?: AbortSignal) => ok(desk.POST('/policy-check', { body: { text }, ...(signal && { signal }) })),
	tryCase: (text: string, given: Record<string, unknown>, signal: AbortSignal) =>
		ok(desk.POST('/policy-try', { body: { text, case: given }, signal })),
	guarantees: (organization: string) => ok(desk.GET('/organizations/{organization}/guarantees', at({ organization }))),
	guarantee: (organization: string, text: string, note: string) =>
		ok(desk.POST('/organizations/{organization}/guarantees', { ...at({ organization }), body: { text, ...(note && { note }) } })),
	removeGuarantee: (guarantee: string) => ok(desk.DELETE('/guarantees/{guarantee}', at({ guarantee }))),
	cases: (organization: string) => ok(desk.GET('/organizations/{organization}/cases', at({ organization }))),
	setCases: (organization: string, text: string) => ok(desk.PUT('/organizations/{organization}/cases', { ...at({ organization }), body: { text } })),
	samples: () => ok(desk.GET('/policy-samples')),
}

export const exceptions = {
	list: (organization: string) =>
		ok(desk.GET('/organizations/{organization}/exceptions', { params: { path: { organization }, query: { limit: 100 } } })),
	ask: (organization: string, body: Body<'/organizations/{organization}/exceptions', 'post'>) =>
		ok(desk.POST('/organizations/{organization}/exceptions', { ...at({ organization }), body })),
	grant: (exception: string) => ok(desk.POST('/exceptions/{exception}/grant', at({ exception }))),
	refuse: (exception: string, word: string) => ok(desk.POST('/exceptions/{exception}/refuse', { ...at({ exception }), body: { word } })),
	end: (exception: string, word: string) => ok(desk.POST('/exceptions/{exception}/end', { ...at({ exception }), body: word ? { word } : {} })),
}

export const accounts = {
	networks: () => ok(desk.GET('/networks')),
	list: (organization?: string) => ok(desk.GET('/accounts', { params: { query: organization ? { organization } : {} } })),
	make: (body: Body<'/accounts', 'post'>) => ok(desk.POST('/accounts', { body })),
	change: (account: string, body: Body<'/accounts/{account}', 'patch'>) =>
		ok(desk.PATCH('/accounts/{account}', { ...at({ account }), body })),
	check: (account: string) => ok(desk.POST('/accounts/{account}/check', at({ account }))),
	connect: (account: string, typed: T.Typed) =>
		ok(desk.POST('/accounts/{account}/connect', { ...at({ account }), body: { typed } })),
	remove: (account: string) => ok(desk.DELETE('/accounts/{account}', at({ account }))),
}

export const feeds = {
	list: () => ok(desk.GET('/sources', { params: { query: {} } })),
	follow: (organization: string, url: string) => ok(desk.POST('/sources', { body: { organization, url } })),
	fetch: (source: string) => ok(desk.POST('/sources/{source}/fetch', at({ source }))),
	change: (source: string, state: 'active' | 'paused') => ok(desk.PATCH('/sources/{source}', { ...at({ source }), body: { state } })),
	remove: (source: string) => ok(desk.DELETE('/sources/{source}', at({ source }))),
	items: (query: Query<'/items'>) => ok(desk.GET('/items', { params: { query } })),
	item: (item: string) => ok(desk.GET('/items/{item}', at({ item }))),
	setItem: (item: string, state: T.ItemState) => ok(desk.PATCH('/items/{item}', { ...at({ item }), body: { state } })),
}

export const posts = {
	list: (query: Query<'/posts'>) => ok(desk.GET('/posts', { params: { query } })),
	get: (post: string) => ok(desk.GET('/posts/{post}', at({ post }))),
	make: (body: Body<'/posts', 'post'>) => ok(desk.POST('/posts', { body })),
	change: (post: string, body: Body<'/posts/{post}', 'patch'>) => ok(desk.PATCH('/posts/{post}', { ...at({ post }), body })),
	remove: (post: string) => ok(desk.DELETE('/posts/{post}', at({ post }))),
	addVariant: (post: string, body: T.VariantIn) => ok(desk.POST('/posts/{post}/variants', { ...at({ post }), body })),
	judge: (body: Body<'/judge', 'post'>, signal: AbortSignal) => ok(desk.POST('/judge', { body, signal })),
	/** Every page of it: a busy month has more than one. */
	calendar: async (query: Query<'/calendar'> & { from: string; to: string }) => {
		const items: T.VariantRow[] = []
		for (let cursor: string | null | undefined; ; ) {
			const page = await ok(desk.GET('/calendar', { params: { query: { ...query, ...(cursor && { cursor }) } } }))
			items.push(...page.items)
			cursor = page.next
			if (!cursor) return { items }
		}
	},
	reviews: () => ok(desk.GET('/reviews', { params: { query: { limit: 100 } } })),
}

export const variants = {
	get: (variant: string) => ok(desk.GET('/variants/{variant}', at({ variant }))),
	change: (variant: string, body: T.VariantPatch) => ok(desk.PATCH('/variants/{variant}', { ...at({ variant }), body })),
	remove: (variant: string) => ok(desk.DELETE('/variants/{variant}', at({ variant }))),
	submit: (variant: string) => ok(desk.POST('/variants/{variant}/submit', at({ variant }))),
	withdraw: (variant: string) => ok(desk.POST('/variants/{variant}/withdraw', at({ variant }))),
	approve: (variant: string, digest: string, word: string) =>
		ok(desk.POST('/variants/{variant}/approve', { ...at({ variant }), body: { digest, ...(word && { word }) } })),
	sendBack: (variant: string, digest: string, word: string) =>
		ok(desk.POST('/variants/{variant}/send_back', { ...at({ variant }), body: { digest, word } })),
	schedule: (variant: string, body: Body<'/variants/{variant}/schedule', 'post'>) =>
		ok(desk.POST('/variants/{variant}/schedule', { ...at({ variant }), body })),
	unschedule: (variant: string) => ok(desk.POST('/variants/{variant}/unschedule', at({ variant }))),
	publishNow: (variant: string) => ok(desk.POST('/variants/{variant}/publish_now', at({ variant }))),
	resolve: (variant: string, body: Body<'/variants/{variant}/resolve', 'post'>) =>
		ok(desk.POST('/variants/{variant}/resolve', { ...at({ variant }), body })),
}

export const talks = {
	list: (query: Query<'/conversations'>) => ok(desk.GET('/conversations', { params: { query } })),
	get: (conversation: string) => ok(desk.GET('/conversations/{conversation}', at({ conversation }))),
	change: (conversation: string, body: Body<'/conversations/{conversation}', 'patch'>) =>
		ok(desk.PATCH('/conversations/{conversation}', { ...at({ conversation }), body })),
	answer: (conversation: string, body: Body<'/conversations/{conversation}/answer', 'post'>) =>
		ok(desk.POST('/conversations/{conversation}/answer', { ...at({ conversation }), body })),
	moderate: (message: string, state: 'shown' | 'hidden' | 'spam') =>
		ok(desk.PATCH('/messages/{message}', { ...at({ message }), body: { state } })),
}

export const media = {
	address: (id: string) => '/api/v1/media/' + id,
	/* The body is the picture itself, which the description cannot type. */
	upload: (file: Blob & { name?: string }, organization: string) =>
		ok(
			desk.POST('/media', {
				params: { query: { organization, ...(file.name && { name: file.name }) } },
				body: file as never,
				bodySerializer: (body: unknown) => body as Blob,
				headers: { 'content-type': file.type },
			} as never) as never,
		) as Promise<T.Media>,
}

export const publications = {
	list: (query: Query<'/publications'>) => ok(desk.GET('/publications', { params: { query } })),
	get: (publication: string) => ok(desk.GET('/publications/{publication}', at({ publication }))),
}
