// SPDX-License-Identifier: AGPL-3.0-or-later
/* An imaginary desk's people, houses and posts, for drawing screens. Never built, never tested against. */
import type {
	Account, Conversation, Item, Me, Member, OrganizationRef, PersonRef, Source, Stance, Variant,
} from '../src/lib/api/types'

let n = 0
export const id = () => '01jnb3g0' + (++n).toString(36).padStart(18, '0')
export const iso = (ms: number) => new Date(ms).toISOString()
export const NOW = Date.now()
const H = 3600_000

const house = (slug: string, name: string, colour: string, kind: 'organization' | 'person' = 'organization') => ({
	id: id(), slug, name, colour, kind,
})
export const houses: OrganizationRef[] = [
	house('coop', 'Coop du Faubourg', 'fir'),
	house('obs', 'Observatoire des pratiques sociales', 'blue'),
	house('pousse', 'Jeune Pousse', 'ochre'),
	house('marc', 'Marc Tremblay', 'slate', 'person'),
]
const [coop, obs, pousse, own] = houses as [OrganizationRef, OrganizationRef, OrganizationRef, OrganizationRef]
export const marc: PersonRef = { id: id(), slug: 'marc', name: 'Marc Tremblay' }
export const lea: PersonRef = { id: id(), slug: 'lea', name: 'Léa Gagnon' }

export const me: Me = {
	...marc, login: 'marc@portevoix.example', language: 'fr', theme: 'auto', home: own,
	memberships: houses.map((o) => ({
		organization: { ...o, timezone: 'America/Toronto', language: 'fr', paused: false, paused_why: null, journal_url: o.kind === 'person' ? null : `/j/${o.slug}` },
		role: 'owner', policy_roles: ['manager'], powers: ['read', 'analyse', 'review', 'write', 'pause', 'govern'],
	})),
}
export const members: Member[] = [
	{ person: marc, login: 'marc@portevoix.example', role: 'owner', policy_roles: ['manager'], invited: false },
	{ person: lea, login: 'lea@portevoix.example', role: 'reviewer', policy_roles: ['editor'], invited: false },
	{ person: { id: id(), slug: 'paul', name: 'Paul Roy' }, login: 'paul@portevoix.example', role: 'reader', policy_roles: [], invited: true },
]
const account = (o: OrganizationRef, slug: string, network: string, stance: Stance, handle: string, text_max: number, state: Account['state'] = 'connected'): Account => ({
	id: id(), slug, organization: o, network, stance, name: o.name, handle, server: network === 'journal' ? '' : `https://${network}.example`, state,
	state_why: state === 'sign_in' ? { fr: 'Mastodon a répondu « 401 » : le jeton a été révoqué.', en: 'Mastodon answered “401”: the token was revoked.' } : null,
	limits: { text_max, media_max: 4, media_bytes_max: 1e7, alt_required: false, answers: true }, checked_at: iso(NOW - 2 * H), version: 1,
})
export const accounts: Account[] = [
	account(coop, 'coop-fb', 'journal', 'organisation', '/j/coop', 20000),
	account(obs, 'obs-fb', 'mastodon', 'organisation', '@ObsPratiques@mastodon.example', 500),
	account(pousse, 'pousse-ig', 'bluesky', 'organisation', 'jeunepousse.example', 300),
	account(own, 'marc-x', 'bluesky', 'personal', 'carnetdemarc.example', 300),
	account(coop, 'coop-masto', 'mastodon', 'organisation', '@CoopFaubourg@mastodon.example', 500, 'sign_in'),
]
export const sources: Source[] = [
	{ id: id(), organization: own, url: 'http://127.0.0.1:8080/demo/carnet.atom', title: 'Carnet de Marc', site: 'https://carnetdemarc.example', state: 'active', state_why: null, failures: 0, fetched_at: iso(NOW - H), fetch_at: iso(NOW + H), created_at: iso(NOW - 900 * H) },
	{ id: id(), organization: coop, url: 'http://127.0.0.1:8080/demo/coop.rss', title: 'Coop du Faubourg', site: 'https://coopfaubourg.example', state: 'failing', state_why: { fr: 'Le serveur n’a pas répondu en 10 secondes. Prochain essai à 15 h 40.', en: 'The server did not answer within 10 seconds. Next try at 3:40 p.m.' }, failures: 3, fetched_at: iso(NOW - 9 * H), fetch_at: iso(NOW + H), created_at: iso(NOW - 900 * H) },
]
const item = (s: number, title: string, url: string, summary: string, language: string, ago: number, labels: string[]): Item => ({
	id: id(), source: { id: (sources[s] as Source).id, title: (sources[s] as Source).title }, organization: (sources[s] as Source).organization,
	url, title, summary, content: summary + '\n\n' + summary, author: 'Marc Tremblay', language, image: '', labels, published_at: iso(NOW - ago * H), state: 'new',
})
export const items: Item[] = [
	item(0, "L'autopromotion est-elle morale?", 'https://carnetdemarc.example/autopromotion', "Quand on gère les communautés de trois organisations et qu'on tient un blogue, la tentation est grande de pousser ses propres billets. Le contenu est pertinent, dites-vous? Ce n'est pas la question.", 'fr', 3, ['éthique', 'gestion de communauté']),
	item(0, 'A good moderator is a good host', 'https://carnetdemarc.example/good-host', 'What I learnt from a year of answering at other people’s tables: greet, listen, and do not sell.', 'en', 30, ['moderation']),
	item(1, 'Le jardin du faubourg rouvre ses portes', 'https://coopfaubourg.example/jardin', 'Quarante parcelles, une serre et des semis à partager : le jardin collectif reprend le 3 mai, et il reste des places.', 'fr', 52, ['jardin']),
]
const declared: Variant['declared'] = { origin: 'unknown', interest: 'unknown', relation: [], human: [], axis: '', topic: [], sponsored: false, consent: false, relevance: 'unknown' }
export function variantOf(a: Account, text: string, more: Partial<Variant> = {}): Variant {
	return {
		id: id(), post_id: id(), title: '', account: a, organization: a.organization, author: marc, kind: 'post', reply_to: null, text, languages: ['fr'], media: [],
		declared: { ...declared }, due_at: null, due_local: null, late: 'publish', stage: 'draft', verdict: null, digest: id(), version: 1, edited_at: iso(NOW - H),
		submitted_at: null, judgement: null, reviews: [], publication: null, measure: { length: text.length, limit: a.limits.text_max, valid: true, links: [], mentions: [], hashtags: [] },
		acts: { edit: true, submit: true, withdraw: false, review: false, schedule: false, unschedule: false, publish_now: true, resolve: false, remove: true, review_why_not: null }, notice: null, ...more,
	}
}
export const talks: Conversation[] = [
	{
		id: id(), organization: coop, account: accounts[0] as Account, state: 'open', unread: 1, held: 1, assigned_to: null, last_at: iso(NOW - 2 * H),
		post: { publication_id: id(), text: 'Le jardin du faubourg rouvre ses portes le 3 mai : quarante parcelles, une serre, des semis à partager. Et vous, que planterez-vous?', permalink: '/j/coop/jardin' },
		messages: [
			{ id: id(), direction: 'in', author_name: 'Une lectrice', author_handle: '', url: '', text: 'Bonjour! Faut-il être membre de la Coop pour avoir une parcelle? Et est-ce à la même adresse que l’an dernier?', language: 'fr', state: 'held', said_at: iso(NOW - 2 * H), parent: null, publication: null },
		],
	},
	{
		id: id(), organization: pousse, account: accounts[2] as Account, state: 'open', unread: 0, held: 0, assigned_to: marc, last_at: iso(NOW - 26 * H),
		post: { publication_id: id(), text: 'Derrière chaque application, quelqu’un qui s’est levé tôt. Voici Inès, qui a dessiné la nôtre.', permalink: 'https://bsky.app/profile/jeunepousse.example/post/3k' },
		messages: [
			{ id: id(), direction: 'in', author_name: 'Théo', author_handle: 'theo.bsky.social', url: 'https://bsky.app', text: 'Bravo Inès. L’application sera-t-elle accessible au clavier?', language: 'fr', state: 'shown', said_at: iso(NOW - 30 * H), parent: null, publication: null },
			{ id: id(), direction: 'out', author_name: 'Jeune Pousse', author_handle: 'jeunepousse.example', url: '', text: 'Oui, entièrement. Dites-nous si quelque chose vous arrête.', language: 'fr', state: 'shown', said_at: iso(NOW - 26 * H), parent: null, publication: null },
		],
	},
]
