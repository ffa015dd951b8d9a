// SPDX-License-Identifier: AGPL-3.0-or-later
// The tie that nobody declared: links are followed to pages of strangers, what those say is evidence, and how sure it is
// is told. Some of the pages are hostile.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { binary, startDesk, until } from '../lib/desk.mjs';
import { startSite } from '../lib/site.mjs';

let site, desk, marc, lea, coop;
before(async () => {
  site = await startSite();
  desk = await startDesk({ demo: true, args: ['--allow', site.host] });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  coop = (await marc.get('/accounts')).items.find((a) => a.slug === 'coop-journal').id;
});
after(async () => {
  await desk?.stop();
  await site?.stop();
});

const declared = { origin: 'third_party', interest: 'org_favourite', axis: 'sharing' };
const judge = async (text, more = {}) => (await marc.post('/judge', { account: coop, text, languages: ['fr'], declared, ...more })).judgement;

// The judgement once somebody has looked where the links lead.
async function settled(text, more) {
  return until(
    async () => {
      const judgement = await judge(text, more);
      return judgement.links_unknown.length ? null : judgement;
    },
    { limit_ms: 60000, what: 'that the links were followed' },
  );
}
const sure = (judgement) => [...new Set(judgement.remarks.flatMap((r) => r.evidence.filter((e) => e.certainty === 'sure').map((e) => e.via)))];
const clues = (judgement) => judgement.clues.map((c) => `${c.certainty} ${c.via}`);

const rows = [
  ['/plain', 'warn', [], []],
  ['/by-marc', 'refuse', ['author'], []],
  ['/hop', 'refuse', ['author'], []],
  ['/by-me', 'refuse', ['me'], []],
  ['/by-name', 'warn', [], ['likely author']],
  ['/copy', 'warn', [], ['likely canonical']],
  ['/inside-copy', 'warn', [], []],
  ['/inside', 'warn', [], []],
  ['/loop', 'warn', [], []],
  ['/latin', 'refuse', ['me'], []],
  ['/nested', 'warn', [], ['likely author']],
  ['/endless', 'warn', [], ['likely author']],
  ['/missing', 'warn', [], []],
];
for (const [path, verdict, ways, told] of rows)
  test(`a link to ${path}`, async () => {
    const judgement = await settled(`Et vous? À lire, sur la place du village : ${site.base}${path}`);
    if (verdict === 'refuse') assert.equal(judgement.verdict, 'refuse');
    else assert.notEqual(judgement.verdict, 'refuse', JSON.stringify(judgement.explanation));
    assert.deepEqual(sure(judgement), ways);
    assert.deepEqual(clues(judgement), told);
    if (ways.includes('author')) assert.match(judgement.explanation.fr, /vous nomme comme auteur/);
  });

// Nobody is asked for what stands in the address itself, and the site need not answer.
for (const address of [
  'https://translate.google.com/translate?sl=fr&tl=en&u=https%3A%2F%2Fcarnetdemarc.example%2Fa',
  'https://carnetdemarc-example.translate.goog/a?_x_tr_sl=fr&_x_tr_tl=en',
  'https://web.archive.org/web/20250102030405id_/https://carnetdemarc.example/a',
  'https://archive.ph/newest/https://carnetdemarc.example/a',
  'https://l.facebook.com/l.php?u=https%3A%2F%2Fr.jina.ai%2Fhttps%3A%2F%2Fcarnetdemarc.example%2F',
])
  test(`a link inside ${new URL(address).host}`, async () => {
    const judgement = await settled(`Et vous? À lire : ${address}`);
    assert.equal(judgement.verdict, 'refuse');
    assert.deepEqual(sure(judgement), ['redirect']);
  });

for (const [what, text, way] of [
  ['a Bluesky handle that is the domain', 'Merci @carnetdemarc.example', 'handle'],
  ['the page of that handle', 'Voir https://bsky.app/profile/carnetdemarc.example/post/3k', 'profile'],
  ['a character that nobody sees', 'Voir https://carnet\u200Bdemarc.example/', 'address'],
  ['a dot of another script', 'Voir carnetdemarc\u2024example', 'address'],
])
  test(what, async () => {
    const judgement = await settled(`Et vous? ${text}`);
    assert.equal(judgement.verdict, 'refuse');
    assert.deepEqual(sure(judgement), [way]);
  });

// ---- descriptions of pictures -----------------------------------------------------------------------------------

const png = Buffer.alloc(33);
Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex').copy(png);
async function picture(name) {
  const made = await marc.ask('POST', `/media?organization=coop&name=${name}.png&alt=`, png, { 'Content-Type': 'image/png' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}

test('a link in the description of a picture is followed, and said to be there', async () => {
  const media = [
    { id: await picture('un'), alt: 'Un chien dort' },
    { id: await picture('deux'), alt: `Capture de ${site.base}/by-marc?x=alt` },
  ];
  const text = 'Et vous?';
  const judgement = await settled(text, { media });
  assert.equal(judgement.verdict, 'refuse');
  assert.deepEqual(sure(judgement), ['author']);
  const found = judgement.remarks.flatMap((r) => r.evidence).find((e) => e.via === 'author');
  assert.deepEqual([found.media, found.span], [2, undefined]);
  assert.match(judgement.explanation.fr, /Dans la description de l'image 2, la page de .* vous nomme comme auteur/);
  assert.match(judgement.explanation.en, /In the description of picture 2, the page at .* names you as its author/);
  const post = await marc.post('/posts', { variants: [{ account: coop, text, languages: ['fr'], declared, media }] });
  const no = await marc.ask('POST', `/variants/${post.variants[0].id}/submit`, {});
  assert.equal(no.status, 422, JSON.stringify(no.body));
});

test('an approval does not outlive the description that it was given to', async () => {
  const own = { origin: 'own_creation', interest: 'project', axis: 'sharing' };
  const id = await picture('trois');
  const text = 'Écrit par notre gestionnaire de communauté : un billet. Qu’en pensez-vous?';
  const post = await marc.post('/posts', { variants: [{ account: coop, text, languages: ['fr'], declared: own, media: [{ id, alt: 'Un billet' }] }] });
  let v = await marc.post(`/variants/${post.variants[0].id}/submit`);
  assert.equal(v.stage, 'review');
  v = await lea.post(`/variants/${v.id}/approve`, { digest: v.digest });
  assert.equal(v.stage, 'ready');
  v = await marc.get(`/variants/${v.id}`);
  const edited = await marc.patch(`/variants/${v.id}`, { version: v.version, media: [{ id, alt: 'Un billet de @CarnetDeMarc' }] });
  assert.notEqual(edited.digest, v.digest);
  assert.equal(edited.stage, 'draft');
  assert.ok(edited.reviews.every((r) => r.decision !== 'approve' || r.voided_at), 'no approval stands');
});

test('a disclosure that is denied is not made', async () => {
  const own = { declared: { origin: 'own_creation', interest: 'project', axis: 'sharing' } };
  const denied = await settled("Ce n'est pas écrit par notre gestionnaire de communauté. Et vous? https://carnetdemarc.example/a", own);
  assert.deepEqual([denied.satisfied, denied.also], [[], ['plain-link']]);
  const { reason } = denied.remarks.find((r) => r.rule === 'plain-link');
  assert.match(reason.fr, /n'est pas écrit par notre gestionnaire de communauté\u00a0»; la mention y est niée et ne compte pas/);
  assert.match(reason.en, /the wording is denied there and does not count/);
  const made = await settled("Écrit par notre gestionnaire de communauté, ce n'est pas de la publicité. Et vous? https://carnetdemarc.example/a", own);
  assert.deepEqual(made.satisfied, ['plain-link']);
});

test('a clue says what may be declared, and declaring it is judged', async () => {
  const text = `Et vous? ${site.base}/by-name`;
  const [clue] = (await settled(text)).clues;
  assert.deepEqual([clue.field, clue.value, clue.name], ['origin', 'own_creation', 'Marc Tessier']);
  const after = await settled(text, { declared: { ...declared, origin: clue.value } });
  assert.equal(after.verdict, 'refuse');
  assert.deepEqual(after.clues, []);
});

test('what was found is kept with the judgement, and the text whatever happens', async () => {
  const text = `À lire : ${site.base}/by-marc?x=kept Et vous?`;
  const post = await marc.post('/posts', { variants: [{ account: coop, text, languages: ['fr'], declared }] });
  const id = post.variants[0].id;
  const no = await marc.ask('POST', `/variants/${id}/submit`, {});
  assert.equal(no.status, 422, JSON.stringify(no.body));
  assert.match(no.body.detail, /auteur|author/);
  const kept = await marc.get(`/variants/${id}`);
  assert.equal(kept.text, text);
  assert.equal(kept.verdict, 'refuse');
});

// ---- every way out looks first ----------------------------------------------------------------------------------

const written = async (text, more = {}) => (await marc.post('/posts', { variants: [{ account: coop, text, languages: ['fr'], declared, ...more }] })).variants[0].id;
// The site answers meanwhile: nobody waits for a command here.
const command = (verb, id) =>
  new Promise((done) => {
    const args = ['post', verb, id, '--as', 'marc', '--data', desk.data, '--allow', site.host];
    execFile(binary, args, (failed, out, err) => done({ code: failed?.code ?? 0, err }));
  });

for (const verb of ['submit', 'publish'])
  test(`by command, ${verb} follows links as the desk does`, async () => {
    const id = await written(`À lire : ${site.base}/hop?x=${verb} Et vous?`);
    const no = await command(verb, id);
    assert.equal(no.code, 1, no.err);
    assert.match(no.err, /auteur|author/);
    const kept = await marc.get(`/variants/${id}`);
    assert.deepEqual([kept.stage, kept.verdict], ['draft', 'refuse']);
  });

test('a link whose end nobody could see is said to be so, and why', async () => {
  const judgement = await settled(`Et vous? ${site.base}/loop`);
  assert.deepEqual(judgement.links_unresolved.map((l) => l.url), [`${site.base}/loop`]);
  assert.match(judgement.links_unresolved[0].why.fr, /tourne en rond/);
  assert.deepEqual((await settled(`Et vous? ${site.base}/plain`)).links_unresolved, []);
});

test('a text with more links than can be checked is not submitted, and says the limit', async () => {
  const id = await written(`Et vous? ${Array.from({ length: 51 }, (_, i) => `https://a.example/${i}`).join(' ')}`);
  const no = await marc.ask('POST', `/variants/${id}/submit`, {});
  assert.equal(no.status, 422, JSON.stringify(no.body));
  assert.deepEqual(no.body.errors.map((e) => e.pointer), ['/text']);
  assert.match(no.body.errors[0].message, /50/);
});

test('scheduling and approving look again', async () => {
  const own = { origin: 'own_creation', interest: 'project', axis: 'sharing' };
  const path = '/changes?x=schedule';
  const text = `Écrit par notre gestionnaire de communauté : un billet. Et vous? ${site.base}${path}`;
  const id = await written(text, { declared: own, due_at: new Date(Date.now() + 3 * 86400e3).toISOString() });
  let v = await marc.post(`/variants/${id}/submit`);
  assert.equal(v.stage, 'review');
  const asked = () => site.asked.filter((p) => p === path).length;
  const before = asked();
  assert.ok(before > 0);
  const aged = await lea.ask('POST', `/variants/${id}/approve`, { digest: v.digest });
  assert.equal(aged.status, 200, JSON.stringify(aged.body));
  assert.equal(asked(), before, 'what was looked at within the hour is not asked again');
});

test('a register holds feeds and pages, and can be changed', async () => {
  const entry = await marc.post('/interests', {
    names: ['Mes billets invités'], relation: 'author', domains: ['https://hote.example/@marc'], feeds: ['https://hote.example/@marc/rss'],
  });
  assert.deepEqual([entry.domains, entry.feeds], [['hote.example/@marc'], ['https://hote.example/@marc/rss']]);
  const changed = await marc.patch(`/interests/${entry.id}`, { feeds: [] });
  assert.deepEqual([changed.domains, changed.feeds], [['hote.example/@marc'], []]);
  const no = await marc.ask('POST', '/interests', { names: ['X'], relation: 'author', domains: ['github.io'] });
  assert.equal(no.status, 422);
  assert.equal(no.body.errors[0].pointer, '/domains/0');
  const house = await lea.post('/interests', { organization: 'coop', names: ['Moulin'], relation: 'client', feeds: ['https://moulin.example/feed'] });
  assert.equal(house.person, null);
  assert.equal((await settled('Et vous? https://hote.example/@marc/un-billet')).verdict, 'refuse');
  assert.notEqual((await settled('Et vous? https://hote.example/@marcel/un-billet')).verdict, 'refuse');
});

test('nobody was asked inside the house', () => {
  assert.ok(site.asked.length > 0);
  assert.ok(!site.asked.some((path) => path.includes('meta-data')));
});
