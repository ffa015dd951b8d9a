// SPDX-License-Identifier: AGPL-3.0-or-later
/* A small stateful imitation of the desk's API for drawing screens: `PV_FAKE=1 npm run dev`. */
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'vite'
import type { Account, Post, Variant, VariantRow } from '../src/lib/api/types'
import { accounts, houses, id, iso, items, lea, me, members, NOW, sources, talks, variantOf } from './fake-data.ts'
import { judgeOf, measureOf } from './fake-judge.ts'
import policyDocument from './fake-policy.json' with { type: 'json' }

const H = 3600_000
const posts: Post[] = []
const page = <T>(list: T[]) => ({ items: list, next: null })

function judged(v: Variant): Variant {
	v.judgement = judgeOf(v.text, v.account, v.declared, v.due_at)
	v.verdict = v.judgement.verdict
	v.measure = measureOf(v.text, v.account)
	return v
}
function make(body: Record<string, unknown>): Post {
	const post: Post = { id: id(), version: 1, title: String(body['title'] ?? ''), text: String(body['text'] ?? ''), item: (body['item'] as string) ?? null, author: me, created_at: iso(Date.now()), updated_at: iso(Date.now()), variants: [] }
	for (const v of (body['variants'] as Record<string, unknown>[]) ?? []) post.variants.push(birth(post, v))
	posts.push(post)
	return post
}
function birth(post: Post, v: Record<string, unknown>): Variant {
	const account = accounts.find((a) => a.id === v['account'] || a.slug === v['account']) as Account
	const made = variantOf(account, String(v['text'] ?? ''), { post_id: post.id, languages: (v['languages'] as string[]) ?? ['fr'] })
	made.declared = { ...made.declared, ...(v['declared'] as object) }
	due(made, v)
	return judged(made)
}
function due(v: Variant, body: Record<string, unknown>) {
	const local = body['due_local'] as { date: string; time: string } | undefined
	if (local) {
		v.due_local = { ...local, zone: 'America/Toronto' }
		v.due_at = iso(Date.parse(`${local.date}T${local.time}:00-04:00`))
	} else if (body['due_at'] === null) v.due_at = v.due_local = null
}
const all = () => posts.flatMap((p) => p.variants)
const row = (v: Variant): VariantRow => ({ id: v.id, post_id: v.post_id, title: v.title, account: v.account, organization: v.organization, author: v.author, kind: v.kind, text: v.text, languages: v.languages, due_at: v.due_at, due_local: v.due_local, at: v.due_at ?? v.publication?.published_at ?? v.publication?.due_at ?? null, late: v.late, stage: v.stage, verdict: v.verdict, version: v.version, edited_at: v.edited_at, publication: v.publication && { id: v.publication.id, state: v.publication.state, reason: v.publication.reason, permalink: v.publication.permalink, published_at: v.publication.published_at } })
function publication(v: Variant, state: 'planned' | 'published' | 'asking', at: string) {
	v.publication = { id: id(), variant_id: v.id, account: v.account, state, due_at: at, next_at: null, published_at: state === 'published' ? at : null, permalink: state === 'published' ? '/j/coop/jardin' : null, lateness_ms: state === 'published' ? 12 : null,
		reason: state === 'asking' ? { class: 'no_answer', fr: 'Le texte est parti et Mastodon n’a pas répondu. Il n’apparaît pas encore sur le compte.', en: 'The text was sent and Mastodon did not answer.', evidence: 'curl: (52) Empty reply from server' } : null,
		attempts: [{ number: 1, outcome: state === 'asking' ? 'unknown' : 'yes', class: state === 'asking' ? 'no_answer' : '', http_status: state === 'asking' ? null : 200, evidence: '', written_at: at, closed_at: at }] }
}
function seed() {
	const at = (h: number) => iso(Math.round((NOW + h * H) / (H / 2)) * (H / 2))
	const add = (a: number, text: string, declared: object, more: Partial<Variant>) => {
		const p = make({ text, variants: [{ account: (accounts[a] as Account).id, text, declared }] })
		const v = p.variants[0] as Variant
		Object.assign(v, more)
		if (v.due_at) { const d = new Date(Date.parse(v.due_at) - 4 * H).toISOString(); v.due_local = { date: d.slice(0, 10), time: d.slice(11, 16), zone: 'America/Toronto' } }
		return v
	}
	const r = add(2, "Nouveau billet de notre gestionnaire de communauté : l'autopromotion est-elle morale? Écrit par notre gestionnaire de communauté. https://carnetdemarc.example/autopromotion Et vous, qu'en pensez-vous?", { origin: 'own_creation', interest: 'project', axis: 'sharing', human: ['behind_the_scenes'] }, { stage: 'review', due_at: at(20), author: lea, submitted_at: at(-1) })
	r.differences = [{ field: 'text', was: "Nouveau billet : l'autopromotion est-elle morale? https://carnetdemarc.example/autopromotion", is: r.text }]
	add(1, 'Notre enquête sur la gestion de communauté est en ligne : 412 personnes racontent leur métier. https://observatoire.example/enquete', { interest: 'project', axis: 'project', origin: 'organisation' }, { stage: 'review', due_at: at(44), author: lea })
	publication(add(0, 'Le jardin du faubourg rouvre ses portes le 3 mai : quarante parcelles, une serre, des semis à partager. Et vous, que planterez-vous?', { interest: 'project', axis: 'sharing' }, { stage: 'done', due_at: at(-26) }), 'published', at(-26))
	publication(add(2, 'Derrière chaque application, quelqu’un qui s’est levé tôt. Voici Inès, qui a dessiné la nôtre.', { interest: 'org_favourite', axis: 'human' }, { stage: 'done', due_at: at(-50) }), 'published', at(-50))
	publication(add(1, 'Séminaire public jeudi : ce que les gestionnaires de communauté savent et que personne ne leur demande.', { interest: 'project', axis: 'project' }, { stage: 'scheduled', due_at: at(2) }), 'planned', at(2))
	publication(add(0, 'Assemblée générale le 12 : l’ordre du jour est en ligne, et la garderie est offerte.', { interest: 'project', axis: 'project' }, { stage: 'scheduled', due_at: at(28) }), 'planned', at(28))
	publication(add(2, 'On embauche : une personne qui aime expliquer. Dites-nous qui vous voyez.', { interest: 'project', axis: 'project' }, { stage: 'scheduled', due_at: at(28.5) }), 'planned', at(28.5))
	publication(add(1, 'Rappel : l’appel à communications ferme vendredi.', { interest: 'project', axis: 'project' }, { stage: 'scheduled', due_at: at(-0.5) }), 'asking', at(-0.5))
	const back = add(0, 'Nos membres racontent : dix ans de panier bio, et mon carnet en parle. https://carnetdemarc.example/panier', { interest: 'project', axis: 'human' }, { stage: 'sent_back' })
	back.reviews.push({ id: id(), person: lea, decision: 'send_back', word: 'Dites plus tôt que c’est votre blogue; et « nous » plutôt que « mon ».', digest: back.digest, made_at: at(-3), voided_at: null, voided_why: null })
}
seed()

function today() {
	const rows: object[] = []
	const add = (kind: string, at: string, o: object, fr: string, route: string, link: string) => rows.push({ kind, at, organization: o, title: { fr, en: fr }, link: { route, id: link } })
	for (const v of all()) {
		if (v.publication?.state === 'asking') add('uncertain', v.due_at as string, v.organization, v.text, 'variant', v.id)
		if (v.stage === 'review') add('review', v.due_at as string, v.organization, v.text, 'review', v.id)
		if (v.stage === 'sent_back') add('sent_back', v.edited_at, v.organization, v.text, 'variant', v.id)
		if (v.stage === 'scheduled' && v.publication?.state === 'planned' && Date.parse(v.due_at as string) < Date.now() + 24 * H) add('due_soon', v.due_at as string, v.organization, v.text, 'variant', v.id)
	}
	for (const a of accounts) if (a.state === 'sign_in') add('sign_in', iso(NOW - 5 * H), a.organization, `${a.organization.name} · Mastodon`, 'account', a.id)
	for (const t of talks) if (t.held) add('held_comment', t.last_at, t.organization, t.messages[0]?.text ?? '', 'conversation', t.id)
	for (const i of items) if (i.state === 'new') add('item', i.published_at, i.organization, i.title, 'item', i.id)
	const counts: Record<string, number> = {}
	for (const r of rows as { kind: string }[]) counts[r.kind] = (counts[r.kind] ?? 0) + 1
	counts['open_conversation'] = talks.filter((t) => t.state === 'open').length
	return { items: rows, counts }
}
let signedIn = !process.env['PV_FAKE_OUT']
type Answer = [number, unknown]
const ok = (v: unknown): Answer => [200, v]
const none: Answer = [404, { type: '/problems/not_found', title: 'Introuvable', status: 404, detail: 'Il n’y a rien à cette adresse.', errors: [] }]

function answer(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): Answer {
	const [, a = '', b = '', c = '', d = ''] = path.split('/')
	const org = (key: string) => houses.find((h) => h.id === key || h.slug === key)
	const full = (key: string) => {
		const o = org(key)
		return o && { ...o, timezone: 'America/Toronto', language: 'fr', paused_at: null, paused_why: null, switches: [], journal: { open: true, comments: 'held', about: { fr: `Le journal de ${o.name}.`, en: `The journal of ${o.name}.` }, policy_public: true }, journal_url: `/j/${o.slug}`, role: 'owner', powers: ['govern', 'write'], version: 1 }
	}
	if (a === 'session') {
		if (method === 'POST' && body['password'] === 'non') return [401, { type: '/problems/unauthenticated', title: 'Entrée refusée', status: 401, detail: 'Cette adresse et ce mot de passe ne vont pas ensemble.', errors: [] }]
		signedIn = method !== 'DELETE' && (signedIn || method === 'POST')
		return signedIn ? ok({ csrf: 'x', person: me }) : [401, { title: '', detail: '', status: 401, errors: [] }]
	}
	if (a === 'setup') return ok(method === 'GET' ? { open: true } : { csrf: 'x', person: me })
	if (a === 'me') {
		if (!b) return ok(Object.assign(me, body))
		if (b === 'sessions') return ok(page([{ id: '1', agent: 'Firefox 140, Debian', address: '127.0.0.1', created_at: iso(NOW - 90 * H), seen_at: iso(NOW), current: true }]))
		return method === 'POST' ? [201, { token: 'pv_' + 'a1b2c3d4'.repeat(4), item: { id: id(), name: body['name'], scopes: body['scopes'], created_at: iso(NOW), used_at: null, expires_at: null } }] : ok(page([]))
	}
	if (a === 'today') return ok(today())
	if (a === 'organizations') {
		if (!b) return ok(method === 'POST' ? full('coop') : page(houses.map((h) => full(h.id))))
		if (c === 'people') return method === 'POST' ? [201, { link: 'http://127.0.0.1:8080/#/invitation?token=Hq3xyz', member: members[2] }] : ok(d ? members[1] : page(members))
		if (c === 'policy') return ok({ id: id(), organization: org(b), version: 1, state: 'adopted', note: '', digest: '', created_by: me, created_at: iso(NOW - 400 * H), adopted_by: lea, adopted_at: iso(NOW - 390 * H), text: readFileSync(process.env['PV_FAKE_POLICY'] ?? '/dev/null', 'utf8'), document: policyDocument })
		if (c === 'policies') return ok(page([]))
		return ok(full(b) ?? none)
	}
	if (a === 'policy-samples') return ok(page([{ name: 'seed', title: policyDocument.title, text: 'policy: seed\nversion: 1\n' }]))
	if (a === 'policy-check') return ok({ problems: [{ line: 3, column: 1, message: { fr: 'Il manque « timezone ».', en: '`timezone` is missing.' } }] })
	if (a === 'interests') return ok(page([
		{ id: id(), organization: houses[3], person: me, names: ['Carnet de Marc'], relation: 'author', org: null, domains: ['carnetdemarc.example'], handles: ['@CarnetDeMarc'], feeds: [], until: null, created_at: iso(NOW) },
		{ id: id(), organization: houses[3], person: me, names: ['Observatoire des pratiques sociales'], relation: 'employee', org: 'obs', domains: ['observatoire.example'], handles: ['@ObsPratiques'], feeds: [], until: null, created_at: iso(NOW) },
		{ id: id(), organization: houses[3], person: me, names: ['Boulangerie Levain'], relation: 'family', org: null, domains: ['boulangerielevain.example'], handles: ['@LevainBoulange'], feeds: [], until: '2027-12-31', created_at: iso(NOW) },
	]))
	if (a === 'networks') return ok(page([
		{ name: 'journal', label: { fr: 'Journal', en: 'Journal' }, limits: accounts[0]?.limits, connect: [] },
		{ name: 'bluesky', label: { fr: 'Bluesky', en: 'Bluesky' }, limits: accounts[2]?.limits, connect: [{ name: 'server', label: { fr: 'Serveur', en: 'Server' }, secret: false, required: false, placeholder: 'https://bsky.social' }, { name: 'handle', label: { fr: 'Nom du compte', en: 'Handle' }, secret: false, required: true, placeholder: 'coop.bsky.social' }, { name: 'password', label: { fr: 'Mot de passe d’application', en: 'App password' }, secret: true, required: true, placeholder: '' }] },
		{ name: 'mastodon', label: { fr: 'Mastodon', en: 'Mastodon' }, limits: accounts[1]?.limits, connect: [{ name: 'server', label: { fr: 'Serveur', en: 'Server' }, secret: false, required: true, placeholder: 'https://mastodon.quebec' }, { name: 'token', label: { fr: 'Jeton d’accès', en: 'Access token' }, secret: true, required: true, placeholder: '' }] },
	]))
	if (a === 'accounts') return ok(b ? accounts.find((x) => x.id === b) : page(accounts))
	if (a === 'sources') return ok(b ? sources.find((x) => x.id === b) : page(sources))
	if (a === 'items') {
		const item = items.find((x) => x.id === b)
		if (item && method === 'PATCH') Object.assign(item, body)
		return b ? (item ? ok(item) : none) : ok(page(items.filter((i) => !query.get('state') || i.state === query.get('state'))))
	}
	if (a === 'posts') {
		const post = posts.find((p) => p.id === b)
		if (!b) return method === 'POST' ? [201, make(body)] : ok(page(all().filter((v) => !query.get('stage') || v.stage === query.get('stage')).reverse().map(row)))
		if (!post) return none
		if (c === 'variants') { const v = birth(post, body); post.variants.push(v); return [201, v] }
		if (method === 'DELETE') { posts.splice(posts.indexOf(post), 1); return [204, null] }
		if (method === 'PATCH') Object.assign(post, { text: body['text'] ?? post.text, version: post.version + 1 })
		return ok(post)
	}
	if (a === 'variants') {
		const v = all().find((x) => x.id === b)
		if (!v) return none
		if (method === 'DELETE') { for (const p of posts) p.variants = p.variants.filter((x) => x !== v); return [204, null] }
		if (method === 'PATCH') {
			if (body['version'] !== v.version) return [409, { type: '/problems/conflict', title: '', status: 409, detail: 'Changé entre-temps.', errors: [] }]
			const { version: _, due_local: __, due_at: ___, declared, ...rest } = body
			Object.assign(v, rest, { version: v.version + 1, declared: { ...v.declared, ...(declared as object) } })
			due(v, body)
			return ok(judged(v))
		}
		if (c === 'submit') v.stage = v.verdict === 'approve' ? 'review' : 'scheduled'
		if (c === 'withdraw') v.stage = 'draft'
		if (c === 'unschedule' || c === 'approve') v.stage = 'ready'
		if (c === 'schedule' || c === 'publish_now') v.stage = 'scheduled'
		if (c === 'send_back') { v.stage = 'sent_back'; v.reviews.push({ id: id(), person: me, decision: 'send_back', word: String(body['word']), digest: v.digest, made_at: iso(Date.now()), voided_at: null, voided_why: null }) }
		return ok(v)
	}
	if (a === 'judge') {
		const account = accounts.find((x) => x.id === body['account']) as Account
		return ok({ judgement: judgeOf(String(body['text']), account, (body['declared'] ?? {}) as object, null), measure: measureOf(String(body['text']), account) })
	}
	if (a === 'reviews') return ok(page(all().filter((v) => v.stage === 'review').map((variant, i) => ({ variant, may_review: i === 0, why_not: i === 0 ? null : { fr: 'Vous avez inscrit le même intérêt; une autre personne relit.', en: 'You have entered the same interest; someone else reviews.' } }))))
	if (a === 'calendar') return ok(page(all().filter((v) => v.due_at && v.due_at >= (query.get('from') ?? '') && v.due_at < (query.get('to') ?? '9')).sort((x, y) => (x.due_at as string).localeCompare(y.due_at as string)).map(row)))
	if (a === 'publications') { const v = all().find((x) => x.publication?.id === b); return v ? ok(v.publication) : none }
	if (a === 'conversations') {
		const t = talks.find((x) => x.id === b)
		if (!b) return ok(page(talks.filter((x) => x.state === (query.get('state') ?? x.state)).map((x) => ({ ...x, last: x.messages.at(-1) }))))
		if (!t) return none
		if (c === 'answer') { t.messages.push({ id: id(), direction: 'out', author_name: t.organization.name, author_handle: '', url: '', text: String(body['text']), language: 'fr', state: 'shown', said_at: iso(Date.now()), parent: null, publication: null }); t.state = 'answered'; return [201, variantOf(accounts[0] as Account, String(body['text']), { kind: 'reply', stage: 'scheduled' })] }
		if (method === 'PATCH') Object.assign(t, body)
		return ok(t)
	}
	if (a === 'messages') { const m = talks.flatMap((t) => t.messages).find((x) => x.id === b); if (m) Object.assign(m, body); return m ? ok(m) : none }
	if (a === 'media') return [201, { id: id(), organization: '', type: 'image/png', size: 1, width: 1, height: 1, alt: '', name: '', url: '', created_at: iso(NOW) }]
	return none
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
	const chunks: Buffer[] = []
	for await (const chunk of request) chunks.push(chunk as Buffer)
	try {
		return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
	} catch {
		return {}
	}
}
export function fakeDesk(): Plugin {
	return {
		name: 'portevoix-fake-desk',
		configureServer(server) {
			server.middlewares.use('/api/v1', (request, response) => {
				const url = new URL(request.url ?? '/', 'http://x')
				if (url.pathname === '/events') {
					response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: hello\ndata: {}\n\n')
					return
				}
				void read(request).then((body) => {
					const [status, data] = answer(request.method ?? 'GET', url.pathname, url.searchParams, body)
					response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(data))
				})
			})
		},
	}
}
