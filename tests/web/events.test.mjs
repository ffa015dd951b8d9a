// SPDX-License-Identifier: AGPL-3.0-or-later
// Live changes: who is told, who is not, and that a closing desk lets go of its streams.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk, until } from '../lib/desk.mjs';

let desk, marc, samira;
before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  samira = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
});
after(async () => desk?.stop());

// Opens a stream and gathers its events until `close`.
async function listen(client) {
  const stop = new AbortController();
  const answer = await fetch(desk.base + '/api/v1/events', { headers: { Cookie: client.cookie }, signal: stop.signal });
  const events = [];
  const stream = { answer, events, ended: false, close: () => stop.abort() };
  (async () => {
    let text = '';
    try {
      for await (const chunk of answer.body) {
        text += Buffer.from(chunk).toString();
        let cut;
        while ((cut = text.indexOf('\n\n')) >= 0) {
          const lines = Object.fromEntries(text.slice(0, cut).split('\n').map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]));
          text = text.slice(cut + 2);
          if (lines.event) events.push({ event: lines.event, data: JSON.parse(lines.data) });
        }
      }
    } catch { /* aborted */ }
    stream.ended = true;
  })();
  return stream;
}

test('a change is told to those of its organisation, within a moment', async () => {
  const his = await listen(marc);
  const hers = await listen(samira);
  assert.equal(his.answer.headers.get('content-type'), 'text/event-stream');
  await until(() => his.events.some((e) => e.event === 'hello') && hers.events.length, { what: 'hello' });
  const { items } = await marc.get('/accounts');
  const coop = items.find((a) => a.slug === 'coop-journal');
  const post = await marc.post('/posts', { variants: [{ account: coop.id, text: 'Bonjour.', languages: ['fr'] }] });
  const begun = Date.now();
  await until(() => his.events.some((e) => e.event === 'change' && e.data.organization === coop.organization.id), { what: 'the change', every_ms: 5 });
  assert.ok(Date.now() - begun < 1000);
  assert.ok(post.id);
  await new Promise((r) => setTimeout(r, 100));
  assert.ok(!hers.events.some((e) => e.data.organization === coop.organization.id), 'she is of another house');
  his.close();
  hers.close();
});

test('many streams, many changes: nobody waits', async () => {
  const streams = await Promise.all(Array.from({ length: 40 }, () => listen(marc)));
  await until(() => streams.every((s) => s.events.length), { what: 'forty hellos' });
  const { items } = await marc.get('/accounts');
  const account = items.find((a) => a.slug === 'obs-journal').id;
  for (let i = 0; i < 100; i++) await marc.post('/posts', { variants: [{ account, text: `Numéro ${i}.`, languages: ['fr'] }] });
  await until(() => streams.every((s) => s.events.filter((e) => e.event === 'change').length >= 100 || s.events.some((e) => e.event === 'resync')), { what: 'a hundred changes each' });
  for (const stream of streams) stream.close();
});

test('a link that nobody had followed is followed, and who typed it is told', async () => {
  const stream = await listen(marc);
  const { items } = await marc.get('/accounts');
  const account = items.find((a) => a.slug === 'coop-journal').id;
  const draft = { account, text: 'À lire : https://bit.ly/porte-voix', languages: ['fr'] };
  const { judgement } = await marc.post('/judge', draft);
  assert.deepEqual(judgement.links_unknown, ['https://bit.ly/porte-voix']);
  await until(() => stream.events.some((e) => e.data.kind === 'links' && e.data.id === account), { limit_ms: 60000, what: 'word that the link was followed' });
  assert.deepEqual((await marc.post('/judge', draft)).judgement.links_unknown, []);
  stream.close();
});

// A history that takes seconds: some posts a minute, in the pages of Jeune Pousse.
const longPast = (n) => Array.from({ length: n }, (_, i) => JSON.stringify({ id: i, account: 'pousse-fb', author: 'marc', at: new Date(1.7e12 + i * 6e4).toISOString(), post: { text: 'Et vous?', lang: ['fr'] } })).join('\n');

test('how far a replay is comes as it goes, to those of its organisation', async () => {
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  const his = await listen(marc);
  const hers = await listen(samira);
  await until(() => his.events.length && hers.events.length, { what: 'hello' });
  const { text } = await lea.get('/organizations/pousse/policy');
  const draft = await lea.post('/organizations/pousse/policies', { text });
  const answer = await lea.post(`/policies/${draft.id}/replay`, { cases: longPast(60000) });
  assert.equal(answer.summary.cases, 60000);
  const told = his.events.filter((e) => e.data.kind === 'replay').map((e) => e.data);
  assert.ok(told.length >= 1, `${told.length} times`);
  assert.ok(told.every((t, i) => t.id === draft.id && t.total === 60000 && t.done <= t.total && (!i || t.done > told[i - 1].done)));
  await until(() => his.events.some((e) => e.data.kind === 'policy' && e.data.id === draft.id), { what: 'word that it is kept' });
  assert.ok(!hers.events.some((e) => e.data.kind === 'replay'));
  his.close();
  hers.close();
});

test('nobody, or a head alone, opens none', async () => {
  assert.equal((await fetch(desk.base + '/api/v1/events')).status, 401);
  assert.equal((await fetch(desk.base + '/api/v1/events', { method: 'HEAD', headers: { Cookie: marc.cookie } })).status, 200);
});

test('a desk that closes ends its streams at once, and cleanly, a long replay or not', async () => {
  const stream = await listen(marc);
  await until(() => stream.events.length, { what: 'hello' });
  const { id } = await marc.get('/organizations/pousse/policy');
  const replay = marc.ask('POST', `/policies/${id}/replay`, { cases: longPast(60000) }).catch((e) => e);
  await until(() => stream.events.some((e) => e.data.kind === 'replay'), { what: 'the replay under way', limit_ms: 90000 });
  const begun = Date.now();
  await desk.stop();
  await until(() => stream.ended, { what: 'the end' });
  assert.ok(Date.now() - begun < 5000, `closing took ${Date.now() - begun} ms`);
  await replay;
  assert.equal(desk.child.exitCode, 0);
});
