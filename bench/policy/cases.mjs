// SPDX-License-Identifier: AGPL-3.0-or-later
// Cases for the seed policy, one a line: node cases.mjs COUNT SEED
// French and English posts of every kind the policy speaks of: own links, handles, short links, history, approvals.
const [count, seed] = process.argv.slice(2).map(Number);
let state = seed >>> 0 || 1;
function random(n) {
	state ^= state << 13; state >>>= 0;
	state ^= state >>> 17;
	state ^= state << 5; state >>>= 0;
	return state % n;
}
const pick = list => list[random(list.length)];
const people = {
	marc: {roles: ['manager'], interests: [
		{names: ['Carnet de Marc'], relation: 'author', domains: ['carnetdemarc.example'], handles: ['@CarnetDeMarc']},
		{names: ['Observatoire des pratiques sociales'], relation: 'employee', org: 'obs', domains: ['observatoire.example'], handles: ['@ObsPratiques']},
		{names: ['Boulangerie Levain'], relation: 'family', domains: ['boulangerielevain.example'], handles: ['@LevainBoulange']}]},
	lea: {name: 'Léa', roles: ['editor'], interests: []},
};
const texts = [
	['fr', "Nouveau billet sur mon carnet : l'autopromotion est-elle morale? https://carnetdemarc.example/autopromotion Qu'en pensez-vous?"],
	['fr', "L'Observatoire publie les résultats de son enquête sur la gestion de communauté : https://observatoire.example/enquete"],
	['fr', 'Un bon dossier sur la consommation locale : https://www.carnetdemarc.example/conso-locale?utm_source=coop Et vous?'],
	['fr', "Le guide de l'enquête, écrit par notre gestionnaire de communauté : https://carnetdemarc.example/guide-enquete #guide"],
	['fr', "J'ai goûté les premières fraises de nos producteurs ce matin : elles sont sucrées. https://coopfaubourg.example/paniers"],
	['fr', 'Bravo à @CoopFaubourg pour son nouveau comptoir! Et vous, y êtes-vous passés?'],
	['fr', "Vendredi dans l'atelier : l'équipe assemble les premiers bacs. « Je suis fière », dit Anne. #Atelier #Équipe"],
	['en', 'Our neighbours opened a repair café on Saturday; what would you bring? https://bit.ly/repair-cafe'],
	['en', 'The new rooftop garden, told step by step. Thanks to everyone who came with a shovel! https://jeunepousse.example/garden'],
	['en', 'A fine documentary tonight about three rivers and the people who live by them: https://cineclub.example/rivers'],
];
const history = [];
for (let i = 0; i < 8; i++)
	history.push({at: `2026-0${4 + (i > 3)}-${10 + i}T10:00:00-04:00`, origin: i % 2 ? 'third_party' : 'organisation',
		interest: i % 3 ? 'project' : 'org_favourite', axis: i % 2 ? 'sharing' : 'project'});
for (let i = 0; i < count; i++) {
	const [lang, text] = pick(texts);
	const one = {id: `c${i}`, policy: 'seed', account: pick(['marc-x', 'obs-fb', 'pousse-fb', 'pousse-ig', 'coop-fb', 'releve-groupe']),
		author: 'marc', at: `2026-05-${10 + random(15)}T1${random(8)}:00:00-04:00`, people,
		post: {kind: random(8) ? 'post' : 'reply', lang: [lang], text,
			media: random(3) ? [] : [{type: 'image', alt: 'Deux tables couvertes d’outils'}]},
		declared: {origin: pick(['organisation', 'third_party', 'own_creation', 'partner']),
			interest: pick(['project', 'org_favourite', 'personal_favourite', 'commercial']),
			axis: pick(['project', 'sharing', 'human']), human: random(3) ? [] : ['behind_the_scenes']}};
	if (!random(3))
		one.approvals = [{by: 'lea', at: '2026-05-09T09:00:00-04:00'}];
	if (!random(2))
		one.history = history;
	if (text.includes('bit.ly') && random(2))
		one.resolves = {'https://bit.ly/repair-cafe': 'https://cafe.example/repair'};
	console.log(JSON.stringify(one));
}
