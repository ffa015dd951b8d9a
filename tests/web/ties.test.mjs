// SPDX-License-Identifier: AGPL-3.0-or-later
// The tie that nobody declared: links are followed to pages of strangers, what those say is evidence, and how sure it is
// is told. Some of the pages are hostile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk, until } from '../lib/desk.mjs';
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
