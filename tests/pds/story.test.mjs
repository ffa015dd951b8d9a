// SPDX-License-Identifier: AGPL-3.0-or-later
// The co-op's post on a real Bluesky server: connected, judged, published once, read back record by record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDesk, until } from '../lib/desk.mjs';

const PDS = process.env.PV_TEST_PDS;
const TEXT = 'L’été à la Coop 🧺 : les paniers reviennent. Détails : https://coopfaubourg.com/paniers #coop';

async function xrpc(method, body, token) {
  const query = body && !method.startsWith('com.atproto.server.create') && !/create|put|delete/.test(method.split('.').pop()) ? '?' + new URLSearchParams(body) : '';
  const get = query !== '' || body === undefined;
  const answer = await fetch(`${PDS}/xrpc/${method}${query}`, {
    method: get ? 'GET' : 'POST',
    headers: { ...(get ? {} : { 'Content-Type': 'application/json' }), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: get ? undefined : JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} → ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

test('a post on Bluesky', { skip: PDS ? false : 'no Bluesky server: PV_TEST_PDS is not set' }, async (t) => {
  const handle = `coop${Date.now() % 1000000}.test`;
  const password = 'mot-de-passe-de-la-coop';
  const { did } = await xrpc('com.atproto.server.createAccount', { handle, email: `${handle}@example.com`, password });
  const records = async () => (await xrpc('com.atproto.repo.listRecords', { repo: did, collection: 'app.bsky.feed.post', limit: '100' })).records;
  const address = new URL(PDS).host;

  let desk = await startDesk({ demo: true, args: ['--allow', address] });
  t.after(() => desk.stop());
  let marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  const write = async (text, account) => {
    const post = await marc.post('/posts', {
      title: 'Paniers',
      variants: [{ account: account.id, text, languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }],
    });
    return post.variants[0];
  };

  await t.test('a wrong password is told, and nothing is connected', async () => {
    const no = await lea.ask('POST', '/accounts', { organization: 'coop', network: 'bluesky', slug: 'coop-bluesky', typed: { server: PDS, handle, password: 'pas celui-là' } });
    assert.equal(no.status, 422);
    assert.deepEqual(no.body.errors, [{ pointer: '/typed/password', message: 'Bluesky does not know this handle with this password.' }]);
    assert.ok(!(await lea.all('/accounts?organization=coop')).some((a) => a.slug === 'coop-bluesky'));
  });

  let account;
  await t.test('the account is connected by the owner, not by the manager', async () => {
    const typed = { server: PDS, handle, password };
    const no = await marc.ask('POST', '/accounts', { organization: 'coop', network: 'bluesky', slug: 'coop-bluesky', typed });
    assert.equal(no.status, 403);
    account = await lea.post('/accounts', { organization: 'coop', network: 'bluesky', slug: 'coop-bluesky', name: 'Coop · Bluesky', typed });
    assert.equal(account.state, 'connected');
    assert.equal(account.handle.replace(/^@/, ''), handle);
    assert.ok(!JSON.stringify(account).includes(password), 'what was typed is not given back');
  });

  await t.test('a text Bluesky would not take is measured before it is sent', async () => {
    const v = await write('é'.repeat(301), account);
    assert.equal(v.measure.valid, false);
    assert.equal(v.measure.limit, 300);
    assert.equal(v.measure.length, 301);
    const no = await marc.ask('POST', `/variants/${v.id}/publish_now`, {});
    assert.ok(no.status >= 400, String(no.status));
    assert.equal((await records()).length, 0);
  });

  let rkey;
  await t.test('it is published, once, with its link and hashtag where they stand', async () => {
    const v = await write(TEXT, account);
    assert.equal(v.judgement.verdict, 'allow');
    await marc.post(`/variants/${v.id}/submit`);
    await marc.post(`/variants/${v.id}/publish_now`);
    const out = await until(async () => { const now = await marc.get(`/variants/${v.id}`); return now.stage === 'done' ? now : null; }, { what: 'the post on Bluesky' });
    assert.equal(out.publication.state, 'published');
    const found = await records();
    assert.equal(found.length, 1);
    const { uri, value } = found[0];
    rkey = uri.split('/').pop();
    assert.ok(out.publication.permalink.includes(rkey), out.publication.permalink);
    assert.equal(value.text, TEXT);
    assert.deepEqual(value.langs, ['fr']);
    const bytes = Buffer.from(value.text);
    const pieces = value.facets.map((f) => bytes.subarray(f.index.byteStart, f.index.byteEnd).toString());
    assert.ok(pieces.includes('https://coopfaubourg.com/paniers'), pieces.join(' | '));
    assert.ok(pieces.includes('#coop'), pieces.join(' | '));
    for (const facet of value.facets) for (const feature of facet.features) if (feature.uri) assert.equal(feature.uri, 'https://coopfaubourg.com/paniers');
  });

  await t.test('killed while posts are leaving and started again: each is there once', async () => {
    const texts = Array.from({ length: 6 }, (_, i) => `Livraison numéro ${i + 1}, comme chaque semaine. ${i % 2 ? 'À jeudi.' : 'À lundi.'}`);
    const ids = [];
    for (const text of texts) {
      const v = await write(text, account);
      await marc.post(`/variants/${v.id}/submit`);
      ids.push(v.id);
    }
    await Promise.all(ids.map((id) => marc.post(`/variants/${id}/publish_now`)));
    await desk.kill();
    desk = await startDesk({ data: desk.data, port: desk.port, args: ['--allow', address] });
    marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
    for (const id of ids) {
      await until(async () => (await marc.get(`/variants/${id}`)).stage === 'done', { limit_ms: 90000, every_ms: 300, what: `publication ${id}` });
    }
    const found = (await records()).map((r) => r.value.text);
    for (const text of texts) assert.equal(found.filter((f) => f === text).length, 1, text);
    assert.equal(found.length, texts.length + 1);
  });
});
