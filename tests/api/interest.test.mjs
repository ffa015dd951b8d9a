// SPDX-License-Identifier: AGPL-3.0-or-later
// A tie cannot be argued away: whoever shares the interest at stake does not approve, and striking a tie out of one's
// own register just before does not let out what it refuses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk } from '../lib/desk.mjs';

const LINK = 'https://carnetdemarc.example/2026/03/autopromotion.html';
const DISCLOSED = `Un billet écrit par notre gestionnaire de communauté, pour notre enquête : l’autopromotion est-elle morale? ${LINK} Et vous, qu’en pensez-vous?`;
const BLOG = { names: ['Carnet de Marc'], relation: 'author', domains: ['carnetdemarc.example'] };

let desk, marc, lea, coop;

before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  coop = (await marc.all('/accounts')).find((a) => a.slug === 'coop-journal');
});
after(async () => desk?.stop());

const write = async (text, declared) => (await marc.post('/posts', { title: 'Un billet', variants: [{ account: coop.id, text, languages: ['fr'], declared }] })).variants[0];
const mine = async (who, name) => (await who.all('/interests?person=me')).find((i) => i.names.includes(name));

test('a reviewer tied to what is shared does not approve it, and is told why; she may still send it back', async () => {
  const variant = await write(DISCLOSED, { origin: 'own_creation', interest: 'project', axis: 'sharing' });
  const waiting = await marc.post(`/variants/${variant.id}/submit`);
  assert.equal(waiting.stage, 'review');
  const seen = async () => (await lea.all('/reviews')).find((r) => r.variant.id === variant.id);
  assert.equal((await seen()).may_review, true, 'before she is tied, she may');
  await lea.post('/interests', BLOG);

  const no = await lea.ask('POST', `/variants/${variant.id}/approve`, { digest: waiting.digest });
  assert.equal(no.status, 403);
  assert.match(no.body.detail, /share the interest/);
  const { may_review, why_not } = await seen();
  assert.equal(may_review, false);
  assert.match(why_not.fr, /Vous partagez l'intérêt en cause/);
  assert.ok(!(await lea.get('/today')).items.some((i) => i.link.id === variant.id), 'it does not wait for her');

  // Nor by any other way out.
  assert.equal((await marc.get('/variants/' + variant.id)).stage, 'review');
  const out = await marc.ask('POST', `/variants/${variant.id}/publish_now`, {});
  assert.ok(out.status >= 400, String(out.status));
  assert.equal((await marc.get('/variants/' + variant.id)).publication, null);
  const back = await lea.post(`/variants/${variant.id}/send_back`, { digest: waiting.digest, word: 'Demandez à une autre personne.' });
  assert.equal(back.stage, 'sent_back');
});

test('an approval already given does not count any more once its giver enters the tie', async () => {
  const tie = await mine(lea, 'Carnet de Marc');
  await lea.delete('/interests/' + tie.id); // a slip of the pen: it stood for less than an hour
  const variant = await write(DISCLOSED, { origin: 'own_creation', interest: 'project', axis: 'sharing' });
  const waiting = await marc.post(`/variants/${variant.id}/submit`);
  const ready = await lea.post(`/variants/${variant.id}/approve`, { digest: waiting.digest });
  assert.equal(ready.stage, 'ready');
  await lea.post('/interests', BLOG);
  const out = await marc.ask('POST', `/variants/${variant.id}/publish_now`, {});
  const now = await marc.get('/variants/' + variant.id);
  assert.notEqual(now.stage, 'done');
  assert.ok(out.status >= 400 || now.stage === 'review', `${out.status} ${now.stage}`);
});

// Declared as the organisation's own: only the register knows better.
for (const [how, strike] of [
  ['struck out', (tie) => marc.delete('/interests/' + tie.id)],
  ['rewritten without its address', (tie) => marc.patch('/interests/' + tie.id, { names: ['Un carnet'], domains: [], handles: [], feeds: [] })],
])
  test(`${how} before submitting, the author’s tie still refuses the post`, async () => {
    const declared = { origin: 'organisation', interest: 'org_favourite', axis: 'sharing' };
    const variant = await write(`À lire : ${LINK} Et vous, qu’en pensez-vous?`, declared);
    assert.equal(variant.judgement.verdict, 'refuse');
    const tie = (await mine(marc, 'Carnet de Marc')) ?? (await marc.post('/interests', BLOG));
    await strike(tie);
    assert.ok(!(await marc.all('/interests?person=me')).some((i) => i.domains.includes('carnetdemarc.example')), 'it is gone from the register');

    const { judgement } = await marc.post('/judge', { account: coop.id, text: variant.text, languages: ['fr'], declared });
    assert.equal(judgement.verdict, 'refuse', 'while typing');
    const fresh = await write(variant.text, declared);
    for (const v of [variant, fresh])
      for (const verb of ['submit', 'publish_now']) {
        const no = await marc.ask('POST', `/variants/${v.id}/${verb}`, {});
        assert.equal(no.status, 422, `${verb}: ${no.status}`);
        assert.equal(no.body.type, '/problems/refused');
        assert.equal((await marc.get('/variants/' + v.id)).stage, 'draft');
      }
  });

test('what asked for another person before the tie was struck out still asks for one', async () => {
  const variant = await write(DISCLOSED, { origin: 'organisation', interest: 'project', axis: 'sharing' });
  assert.equal((await marc.post(`/variants/${variant.id}/submit`)).stage, 'review');
});
