// SPDX-License-Identifier: AGPL-3.0-or-later
// Posts as organisations write them, half French, half English, about 200 bytes each, as JSON Lines
// {"id","text"} on standard output: node corpus.mjs COUNT [SEED]. The same seed, the same posts.
const count = Number(process.argv[2] ?? 10000);
let state = BigInt(process.argv[3] ?? 1) * 0x9e3779b97f4a7c15n & 0xffffffffffffffffn;

function below(n) {
	state ^= state << 13n & 0xffffffffffffffffn;
	state ^= state >> 7n;
	state ^= state << 17n & 0xffffffffffffffffn;
	return Number((state >> 11n) % BigInt(n));
}
const pick = (list) => list[below(list.length)];

const french = {
	starts: ['Notre équipe', 'La coopérative', 'Le musée', 'L’association', 'Le laboratoire', 'La bibliothèque',
		'Le comité', 'Une chercheuse de l’université', 'Le théâtre', 'La mairie'],
	verbs: ['présente', 'prépare', 'publie aujourd’hui', 'vous invite à découvrir', 'répond à vos questions sur',
		'a étudié pendant deux ans', 'remercie celles et ceux qui ont porté', 'reprend'],
	things: ['son rapport annuel', 'une étude sur la qualité de l’eau', 'le programme de la saison',
		'un atelier pour les élèves', 'l’exposition « Mémoires vives »', 'la nouvelle carte des sentiers',
		'les résultats de la consultation', 'un article à lire en dix minutes', 'le marché de décembre'],
	ends: ['Entrée libre, samedi à 14 h.', 'À lire ici :', 'Dites-nous ce que vous en pensez.', 'Merci à toutes et à tous !',
		'Les inscriptions ouvrent mardi…', 'Plus de détails dans l’article.', 'On vous attend nombreux.'],
	tags: ['#patrimoine', '#économie', '#écologie', '#rentrée2026', '#Montréal', '#coopération', '#santé'],
};
const english = {
	starts: ['Our team', 'The co-op', 'The museum', 'The association', 'The lab', 'The public library', 'The committee',
		'A researcher at the university', 'The theatre', 'City hall'],
	verbs: ['presents', 'is preparing', 'published today', 'invites you to discover', 'answers your questions about',
		'has spent two years on', 'thanks everyone who carried', 'goes back to'],
	things: ['its annual report', 'a study of water quality', 'the programme of the season', 'a workshop for pupils',
		'the exhibition “Living memories”', 'the new map of trails', 'the results of the survey', 'a ten-minute read',
		'the December market'],
	ends: ['Free entry, Saturday at 2 p.m.', 'Read it here:', 'Tell us what you think.', 'Thanks to all of you!',
		'Registration opens on Tuesday…', 'More in the article.', 'See you there.'],
	tags: ['#heritage', '#economy', '#climate', '#backtoschool', '#Montreal', '#cooperation', '#health'],
};
const links = ['https://exemple.org/articles/2026/11/la-qualite-de-l-eau?utm_source=reseaux', 'https://example.com/reports/annual-2026.pdf',
	'musee-exemple.fr/expositions/memoires-vives', 'https://carnet.example.net/blog/(archives)/12', 'https://t.co/AbCd1234',
	'example.org'];
const names = ['@musee_exemple', '@exemple.bsky.social', '@amelie@mastodon.social', '@city_lab'];
const emoji = ['🎉', '👩‍🔬', '🇫🇷', '👍🏽', '📚', '❤️', '1️⃣'];

function post() {
	const words = below(2) ? french : english;
	const parts = [];
	for (let n = 1 + below(3); n > 0; n--)
		parts.push(`${pick(words.starts)} ${pick(words.verbs)} ${pick(words.things)}.`);
	if (below(3) === 0)
		parts.push(pick(names));
	parts.push(pick(words.ends));
	if (below(2))
		parts.push(pick(links));
	for (let n = below(3); n > 0; n--)
		parts.push(pick(words.tags));
	if (below(4) === 0)
		parts.push(pick(emoji));
	return parts.join(' ');
}

let chunk = '';
for (let id = 1; id <= count; id++) {
	chunk += JSON.stringify({id, text: post()}) + '\n';
	if (chunk.length > 1 << 20 || id === count) {
		process.stdout.write(chunk);
		chunk = '';
	}
}
