// SPDX-License-Identifier: AGPL-3.0-or-later
// A post tried against a policy's text that is being written: the same answer as `portevoix judge` gives, problems beside
// it, and words for what cannot be judged.
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, run, shared, startDesk } from '../lib/desk.mjs';

let desk;
let marc;
const policy = (name) => readFile(join(root, 'examples/policies', name + '.yaml'), 'utf8');
const post = {
  account: 'coop-fb', author: 'marc', at: '2026-03-02T10:00:00-05:00',
  people: { marc: { roles: [], interests: [{ names: ['Le carnet'], relation: 'author', domains: ['carnetdemarc.example'] }] } },
  post: { kind: 'post', lang: ['fr'], text: 'À lire : https://carnetdemarc.example/autopromotion' },
  declared: { interest: 'org_favourite' },
};

before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
});
after(() => desk?.stop());

test('a draft answers as it would once adopted', async () => {
  const text = await policy('seed');
  const { problems, judgement } = await marc.post('/policy-try', { text, case: post });
  assert.deepEqual(problems, []);
  assert.equal(judgement.verdict, 'refuse');
  assert.deepEqual(judgement.decided_by, ['own-creation']);
  assert.equal(judgement.policy, null);
  const milder = text.replace(/(- id: own-creation\n(?:.*\n)*?.*then:) refuse/, '$1 warn');
  assert.notEqual(milder, text);
  assert.equal((await marc.post('/policy-try', { text: milder, case: post })).judgement.verdict, 'disclose');
});

test('the cases people judged by hand get the same answer', async (t) => {
  const lines = await shared('policies/vignettes.jsonl');
  if (!lines) return t.skip('no shared contracts here');
  for (const line of lines.split('\n').filter(Boolean)) {
    const given = JSON.parse(line);
    const { judgement } = await marc.post('/policy-try', { text: await policy(given.policy), case: given });
    const { verdict, decided_by } = given.expect;
    assert.deepEqual({ verdict: judgement.verdict, decided_by: judgement.decided_by }, { verdict, decided_by }, given.id);
  }
});

test('a text with problems tells them; it judges only while its meaning is certain', async () => {
  const text = await policy('seed');
  const unsure = await marc.post('/policy-try', { text: text.replace('then: refuse', 'then: refuses'), case: post });
  assert.equal(unsure.judgement, null);
  assert.equal(unsure.problems.length, 1);
  const broken = await marc.post('/policy-try', { text: 'rules: [', case: post });
  assert.equal(broken.judgement, null);
  const firm = await marc.post('/policy-try', { text: text.replace('id: own-creation\n    kind: category\n', 'id: own-creation\n    kind: category\n    overrides: [faces-consent]\n'), case: post });
  assert.equal(firm.problems.length, 1);
  assert.equal(firm.judgement.verdict, 'refuse');
});

test('what cannot be judged is said in words', async () => {
  const text = await policy('seed');
  for (const [given, pointer] of [
    [{ ...post, account: 'nowhere' }, '/case/account'],
    [{ ...post, declared: { origin: 'martian' } }, '/case'],
    [{}, '/case'],
  ]) {
    const no = await marc.ask('POST', '/policy-try', { text, case: given });
    assert.equal(no.status, 422, JSON.stringify(no.body));
    assert.equal(no.body.errors[0].pointer, pointer);
    assert.ok(no.body.detail.length > 10);
  }
  assert.equal((await marc.ask('POST', '/policy-try', { text, case: 'no' })).status, 422);
  assert.equal((await marc.ask('POST', '/policy-try', { text, case: post, more: 1 })).status, 422);
  const stranger = desk.client();
  assert.equal((await stranger.ask('POST', '/policy-try', { text, case: post })).status, 401);
});

test('as the command answers, word for word', async () => {
  const text = await policy('agency');
  const given = { id: 'x', account: 'boreale-li', author: 'ana', at: '2026-03-02T10:00:00-05:00', post: { lang: ['fr'], text: 'Bravo à notre cliente, la Brasserie du Fleuve!' }, declared: { origin: 'client' } };
  const { judgement } = await marc.post('/policy-try', { text, case: given });
  const [line] = run(['judge', '--policy', join(root, 'examples/policies/agency.yaml')], { input: JSON.stringify(given) + '\n' }).lines;
  assert.deepEqual(judgement.explanation, line.explanation);
  assert.equal(judgement.verdict, line.verdict);
});
