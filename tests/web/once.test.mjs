// SPDX-License-Identifier: AGPL-3.0-or-later
// Idempotency-Key: asked twice, done once. And wrong passwords, which are counted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk } from '../lib/desk.mjs';

let desk, marc, accounts;
before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  accounts = Object.fromEntries((await marc.all('/accounts')).map((a) => [a.slug, a.id]));
});
after(async () => desk?.stop());

const draft = (text) => ({ variants: [{ account: accounts['obs-journal'], text, languages: ['fr'] }] });
const key = (name) => ({ 'Idempotency-Key': name });

test('the same key and body: the same answer, one post', async () => {
  const before = (await marc.all('/posts')).length;
  const body = draft('Une seule fois.');
  const first = await marc.ask('POST', '/posts', body, key('a-1'));
  const again = await marc.ask('POST', '/posts', body, key('a-1'));
  assert.equal(first.status, 201);
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first.body);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal((await marc.all('/posts')).length, before + 1);
});

test('the same key, another body: no', async () => {
  await marc.post('/posts', draft('un'), key('a-2'));
  const other = await marc.ask('POST', '/posts', draft('deux'), key('a-2'));
  assert.equal(other.status, 422);
});

test('the same key at another address, or of another person, is another key', async () => {
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  const one = await marc.post('/posts', draft('x'), key('a-3'));
  const two = await lea.post('/posts', draft('x'), key('a-3'));
  assert.notEqual(one.id, two.id);
  assert.equal((await marc.ask('POST', '/policy-check', { text: '' }, key('a-3'))).status, 200);
});

test('the same key and bytes, asked for something else in the address: another thing is done', async () => {
  const png = Buffer.alloc(33);
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex').copy(png);
  const put = (alt) => marc.ask('POST', `/media?organization=coop&name=p.png&alt=${alt}`, png, { ...key('a-7'), 'Content-Type': 'image/png' });
  const [one, two, again] = [await put('un'), await put('deux'), await put('un')];
  assert.deepEqual([one.status, two.status, again.status], [201, 201, 201]);
  assert.deepEqual([one.body.alt, two.body.alt], ['un', 'deux']);
  assert.equal(again.body.id, one.body.id);
});

test('a dozen at the same instant: one is done', async () => {
  const before = (await marc.all('/posts')).length;
  const answers = await Promise.all(Array.from({ length: 12 }, () => marc.ask('POST', '/posts', draft('course'), key('a-4'))));
  const codes = answers.map((a) => a.status);
  assert.ok(codes.every((c) => c === 201 || c === 409), codes.join(' '));
  const ids = new Set(answers.filter((a) => a.status === 201).map((a) => a.body.id));
  assert.equal(ids.size, 1);
  assert.equal((await marc.all('/posts')).length, before + 1);
});

test('of nobody in particular no key is kept', async () => {
  const stranger = desk.client();
  const asked = (password) => stranger.ask('POST', '/session', { login: 'nobody@nowhere.example', password }, key('n-1'));
  const [one, other] = [await asked('x'), await asked('y')];
  assert.deepEqual([one.status, other.status], [401, 401], 'another body with the same key is another request');
});

test('a refusal is kept too, an empty or endless key is refused', async () => {
  const bad = await marc.ask('POST', '/posts', { titel: 'x' }, key('a-5'));
  assert.equal(bad.status, 422);
  assert.deepEqual((await marc.ask('POST', '/posts', { titel: 'x' }, key('a-5'))).body, bad.body);
  assert.equal((await marc.ask('POST', '/posts', draft('x'), key('k'.repeat(201)))).status, 422);
});

test('a secret shown once is shown again only to the same request', async () => {
  const body = { name: 'deux fois', scopes: ['read'] };
  const first = await marc.post('/me/tokens', body, key('t-1'));
  const again = await marc.post('/me/tokens', body, key('t-1'));
  assert.equal(again.token, first.token);
  assert.equal((await marc.get('/me/tokens')).items.filter((t) => t.name === 'deux fois').length, 1);
});

test('wrong passwords: the same words for every reason, then 429 with Retry-After', async () => {
  const stranger = desk.client();
  const seen = new Set();
  let throttled;
  for (let i = 0; i < 9 && !throttled; i++) {
    const answer = await stranger.ask('POST', '/session', { login: 'samira@releverp.example', password: 'non' + i });
    if (answer.status === 429) throttled = answer;
    else {
      assert.equal(answer.status, 401);
      seen.add(answer.body.detail);
    }
  }
  assert.ok(throttled, 'throttled within nine tries');
  assert.ok(Number(throttled.headers.get('retry-after')) >= 1);
  const unknown = await stranger.ask('POST', '/session', { login: 'nobody@nowhere.example', password: 'x' });
  if (unknown.status === 401) seen.add(unknown.body.detail);
  assert.equal(seen.size, 1, 'nothing tells which of the two was wrong: ' + [...seen].join(' | '));
  assert.equal((await marc.get('/me')).slug, 'marc', 'sessions that stand are not touched');
});
