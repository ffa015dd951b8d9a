// SPDX-License-Identifier: AGPL-3.0-or-later
// A long past for the seed policy, one post a line, in order of time: node past.mjs COUNT SEED
// Forty people with registers of their own, texts put together from parts in both languages, links to their own
// pages, to the organisations' and to strangers', handles, short links, wordings, hashtags, approvals, reads.
import {once} from 'node:events';
const [count, seed] = process.argv.slice(2).map(Number);
let state = seed >>> 0 || 1;
function random(n) {
	state ^= state << 13; state >>>= 0;
	state ^= state >>> 17;
	state ^= state << 5; state >>>= 0;
	return state % n;
}
const pick = list => list[random(list.length)];
const maybe = (n, make) => (random(n) ? '' : make());

const first = ['marc', 'anne', 'paul', 'irene', 'samuel', 'nadia', 'hugo', 'claire', 'yann', 'zoe'];
const houses = {obs: 'observatoire.example', pousse: 'jeunepousse.example', coop: 'coopfaubourg.example', releve: 'releverp.example'};
const handles = ['@ObsPratiques', '@JeunePousse', '@CoopFaubourg', '@ReleveRP', '@VoisinsUnis', '@RadioQuartier'];
const relations = ['author', 'owner', 'employee', 'client', 'family', 'gifted'];
const writers = [];
for (let i = 0; i < 40; i++) {
	const id = first[i % 10] + (i < 10 ? '' : Math.floor(i / 10));
	const interests = [{names: [`Carnet de ${id}`], relation: 'author', domains: [`carnet-${id}.example`], handles: [`@Carnet${id}`]}];
	const org = pick(Object.keys(houses));
	if (i % 3)
		interests.push({names: [`Maison ${org}`], relation: 'employee', org, domains: [houses[org]]});
	for (let k = random(4); k > 0; k--)
		interests.push({names: [`Atelier ${id} ${k}`], relation: pick(relations), domains: [`atelier${k}-${id}.example`],
			handles: [`@Atelier${k}${id}`], ...(random(3) ? {} : {until: `202${random(6)}-0${1 + random(9)}-15`})});
	writers.push({id, link: `https://carnet-${id}.example/`, people: {
		[id]: {roles: ['manager'], interests},
		lea: {name: 'Léa', roles: ['editor'], interests: [{names: ['Chorale'], relation: 'family', domains: ['chorale.example']}]}}});
}
const words = {
	fr: {
		who: ["L'équipe", 'La bibliothèque du quartier', 'Notre voisine', 'Un collectif de parents', 'Le comité', 'La relève', "L'atelier",
			'Une chercheuse', 'Le marché', 'La coopérative'],
		does: ['présente', 'raconte', 'prépare', 'publie', 'invite à découvrir', 'termine', 'partage', 'remet en question', 'explique'],
		what: ['une enquête sur la gestion de communauté', 'un guide pour réparer son vélo', 'la récolte des premières fraises',
			'le bilan de la saison', 'une exposition de photographies', 'un dossier sur la consommation locale',
			"l'histoire des trois rivières", 'un atelier de couture', 'la persévérance scolaire vue par des élèves'],
		when: ['ce samedi', 'dès lundi', 'jusqu’au 12', 'ce soir à 19 h', 'au printemps', 'pour la dixième année', 'malgré la pluie'],
		more: ['On y parle de « bon voisinage » et de temps.', 'Merci à toutes les personnes qui ont donné un coup de main!',
			"J'y étais, et mon carnet en garde la trace.", 'Nous en reparlerons.', 'Les places sont limitées.',
			'Écrit par notre gestionnaire de communauté.', 'Un extrait : « Rien ne presse, sauf le pain. »'],
		ask: ["Qu'en pensez-vous?", 'Et vous?', 'Dites-nous tout.', 'Vous venez?'],
	},
	en: {
		who: ['The team', 'Our neighbours', 'A group of parents', 'The rooftop garden', 'The board', 'A young researcher', 'The workshop'],
		does: ['presents', 'tells', 'prepares', 'publishes', 'finishes', 'shares', 'explains'],
		what: ['a survey of community management', 'how to mend a bicycle', 'the first harvest', 'the season in figures',
			'a fine documentary about three rivers', 'staying in school, as pupils see it', 'a sewing class'],
		when: ['on Saturday', 'from Monday on', 'tonight at 7', 'in spring', 'for the tenth year', 'in spite of the rain'],
		more: ['Thanks to everyone who came with a shovel!', 'Written by our community manager.', 'Places are limited.',
			"I was there, and it's in my notebook.", 'We shall come back to it.', '“No hurry, but for the bread.”'],
		ask: ['What do you think?', 'Tell us!', 'Will you come?'],
	},
};
const strangers = ['cineclub.example', 'nouvelles.example', 'meteo.example', 'cafe.example', 'velo.example', 'www.ville.example'];
const path = () => `${pick(['dossier', 'billet', 'agenda', 'photos', 'p'])}/${random(9000)}-${pick(['rivieres', 'fraises', 'velo', 'enquete', 'jardin'])}`;
function link(writer) {
	switch (random(8)) {
	case 0: return `${writer.link}${path()}`;
	case 1: return `https://${pick(Object.values(houses))}/${path()}`;
	case 2: return `https://bit.ly/${random(1 << 30).toString(36)}`;
	case 3: return `https://www.${pick(strangers)}/${path()}?utm_source=${pick(['coop', 'obs'])}`;
	default: return `https://${pick(strangers)}/${path()}`;
	}
}
function textOf(lang, writer) {
	const say = words[lang];
	return `${pick(say.who)} ${pick(say.does)} ${pick(say.what)} ${pick(say.when)}. ` +
		maybe(3, () => `${pick(say.more)} `) + maybe(2, () => `${link(writer)} `) + maybe(6, () => `${pick(handles)} `) +
		maybe(2, () => `${pick(say.ask)} `) + maybe(4, () => `#${pick(['Quartier', 'Atelier', 'CircuitCourt', 'ReleveEtRencontres', 'velo'])}`);
}
// the policy's own accounts, and those of the houses' branches, which each case describes
const accounts = ['marc-x', 'obs-fb', 'pousse-fb', 'pousse-ig', 'coop-fb', 'releve-groupe'].map(id => ({id}));
for (let i = 0; i < 600; i++) {
	const owner = pick(Object.keys(houses)), platform = pick(['facebook', 'instagram', 'linkedin', 'x', 'journal']);
	const id = `${owner}-${platform}-${i}`;
	accounts.push({id, described: {[id]: {owner, stance: owner === 'releve' ? 'hosted' : 'organisation', platform}}});
}
const verdicts = ['allow', 'allow', 'allow', 'allow', 'warn', 'warn', 'disclose', 'approve', 'refuse'];
let atMs = Date.parse('2021-01-04T12:00:00Z');
for (let i = 0; i < count; i++) {
	const writer = pick(writers), account = pick(accounts), lang = random(4) ? 'fr' : 'en', text = textOf(lang, writer);
	atMs += random(300000); // some 210,000 a year, one a day for each account
	const at = new Date(atMs).toISOString();
	const one = {id: `p${i}`, policy: 'seed', account: account.id, author: writer.id, at, people: writer.people,
		post: {kind: pick(['post', 'post', 'post', 'share', 'reply']), lang: [lang], text, edited_at: new Date(atMs - 7200000).toISOString()},
		declared: {origin: pick(['organisation', 'third_party', 'third_party', 'own_creation', 'partner', 'client']),
			interest: pick(['project', 'project', 'org_favourite', 'personal_favourite', 'commercial']),
			axis: pick(['project', 'sharing', 'human'])}, verdict: pick(verdicts)};
	if (account.described)
		one.accounts = account.described;
	if (!random(3))
		one.declared.human = [pick(['faces', 'behind_the_scenes', 'testimony'])], one.declared.consent = random(4) > 0;
	if (!random(3))
		one.post.media = [{type: 'image', alt: `Deux tables couvertes d’outils, ${random(100)} personnes autour`}];
	if (!random(4))
		one.approvals = [{by: 'lea', at: new Date(atMs - 3600000).toISOString()}];
	const short = text.match(/https:\/\/bit\.ly\/\S+/);
	if (short && random(3))
		one.resolves = {[short[0]]: `https://${pick(strangers)}/${path()}`};
	if (random(3))
		one.figures = {reads: Math.floor(40 * (one.declared.human ? 3 : 1) / (0.01 + random(1000) / 1000)), comments: random(20)};
	if (!process.stdout.write(JSON.stringify(one) + '\n'))
		await once(process.stdout, 'drain');
}
