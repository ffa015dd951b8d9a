// SPDX-License-Identifier: AGPL-3.0-or-later
// A draft is replayed before it is adopted: over what the example desk really published, and over a history brought
// along from elsewhere. Every answer is held against docs/openapi.yaml.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { run, startDesk } from '../lib/desk.mjs';

let desk, lea, marc, draft, publications;

before(async () => {
  desk = await startDesk({ demo: true });
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const present = await lea.get('/organizations/pousse/policy');
  // the draft refuses every human subject: the posts that people like to read
  const text = present.text.replace(/^rules:\n/m, 'rules:\n  - {id: no-people, kind: category, label: {fr: Personne., en: Nobody.}, when: {human: any}, then: refuse}\n');
  draft = await lea.post('/organizations/pousse/policies', { text, note: 'Sans visage' });
  publications = (await marc.all('/publications?organization=pousse')).filter((p) => p.published_at);
});
after(async () => desk?.stop());

const replay = (body, who = marc) => who.post(`/policies/${draft.id}/replay`, body);
const day = (n) => `2025-06-${String(n).padStart(2, '0')}T12:00:00Z`;
const line = (id, n, more = {}) => JSON.stringify({ id, account: 'pousse-fb', author: 'marc', at: day(n), post: { text: 'Et vous?', lang: ['fr'] }, ...more });

test('over what was published', async () => {
  const answer = await replay({ months: 12 });
  assert.equal(answer.policy.id, draft.id);
  assert.ok(answer.against.version < draft.version);
  assert.equal(answer.summary.cases, publications.length);
  assert.ok(publications.length > 3, 'the example has a past');
  assert.equal(answer.summary.errors, 0);
  assert.ok(answer.summary.sequence);
  const refused = answer.changed.filter((p) => p.is === 'refuse');
  assert.ok(refused.length > 0, 'some showed people');
  for (const post of refused) {
    assert.deepEqual(post.decided_by, ['no-people']);
    assert.ok(post.human);
    const publication = publications.find((p) => p.id === post.id);
    assert.equal(post.permalink, publication.permalink);
    assert.ok(publication.text.startsWith(post.text.slice(0, 20)));
  }
  assert.deepEqual(answer.changed.map((p) => p.at), answer.changed.map((p) => p.at).sort().reverse(), 'the latest first');
  const most = answer.summary.most_read;
  assert.equal(most.known, publications.length, 'the journal counts its readers');
  assert.ok(most.at_least > 0 && most.posts > 0);
  const { matrix } = answer.summary;
  const sum = Object.values(matrix).flatMap((row) => Object.values(row)).reduce((a, b) => a + b);
  assert.equal(sum, answer.summary.cases);
});

test('beside what was answered then, and beside itself', async () => {
  assert.equal((await replay({ against: 'kept' })).against, null);
  const same = await replay({ against: draft.id });
  assert.equal(same.summary.changed, 0);
  assert.deepEqual(same.changed, []);
  const seen = await marc.get(`/policies/${draft.id}`);
  assert.deepEqual([seen.state, seen.replayed], ['draft', null], 'who only reads leaves nothing behind');
});

test('a history brought along', async () => {
  const cases = [
    line('un', 1, { declared: { human: ['faces'], interest: 'project' }, figures: { reads: 900 } }),
    line('deux', 3, { declared: { interest: 'project' }, figures: { reads: 2 } }),
    line('avant', 2),
    '{"id":"cassé",',
    line('trois', 4, { declared: { human: ['testimony'], interest: 'project', consent: true } }),
  ].join('\n');
  const answer = await replay({ cases });
  assert.ok(answer.imported);
  assert.equal(answer.summary.cases, 3);
  assert.deepEqual(answer.changed.map((p) => [p.id, p.was, p.is]), [['trois', 'allow', 'refuse']]);
  assert.deepEqual(answer.changed[0].account, { slug: 'pousse-fb', name: null, network: null });
  assert.equal(answer.changed[0].reads, null);
  assert.deepEqual(answer.problems.map((p) => [p.id, p.line]), [['avant', 3], ['cassé', 4]]);
  assert.match(answer.problems[0].message.fr, /ordre du temps/);
  assert.equal(answer.summary.most_read.refused, 1, 'what had no consent was refused before, and is most read');
  assert.equal((await replay({ cases, sequence: false })).summary.cases, 4);
});

test('what cannot be asked', async () => {
  const rows = [
    [{ months: 0 }, '/months'], [{ months: 121 }, '/months'], [{ months: 1.5 }, '/months'], [{ months: 'six' }, '/months'],
    [{ against: 'nowhere' }, '/against'], [{ against: 7 }, '/against'], [{ cases: [] }, '/cases'], [{ sequence: 'no' }, '/sequence'],
    [{ month: 3 }, '/month'], [{ cases: 'x'.repeat((8 << 20) + 1) }, '/cases'],
  ];
  for (const [body, pointer] of rows) {
    const { status, body: problem } = await marc.ask('POST', `/policies/${draft.id}/replay`, body);
    assert.equal(status, 422, JSON.stringify(body).slice(0, 60));
    assert.ok(problem.errors.some((e) => e.pointer === pointer), pointer);
  }
  const huge = await marc.ask('POST', `/policies/${draft.id}/replay`, { cases: 'x'.repeat(10 << 20) });
  assert.equal(huge.status, 413);
  assert.equal((await marc.ask('POST', `/policies/${'0'.repeat(26)}/replay`, {})).status, 404);
});

test('a large history takes a moment, and others are answered meanwhile', async () => {
  const lines = [];
  for (let i = 0; i < 30000; i++) lines.push(line(i, 1 + Math.floor(i / 1500), { declared: { human: ['faces'], interest: 'project' } }));
  const long = replay({ cases: lines.join('\n') });
  const start = Date.now();
  await lea.get('/organizations/pousse/policies');
  const answered_ms = Date.now() - start;
  const answer = await long;
  assert.equal(answer.summary.cases, 30000);
  assert.ok(answered_ms < 5000, `${answered_ms} ms`);
});

test('what an owner replayed is kept until the text changes', async () => {
  const answer = await replay({ months: 6 }, lea);
  assert.equal(answer.kept, true);
  const { replayed } = await marc.get(`/policies/${draft.id}`);
  assert.deepEqual(replayed.summary, answer.summary);
  assert.deepEqual([replayed.months, replayed.imported, replayed.current], [6, false, true]);
  assert.ok(Date.parse(replayed.from) < Date.parse(replayed.until));
  const edited = await lea.patch(`/policies/${draft.id}`, { text: draft.text + '# un mot\n' });
  assert.equal(edited.replayed.current, false, 'of an earlier text');
  assert.equal(edited.replay_due, true);
  assert.equal((await lea.patch(`/policies/${draft.id}`, { text: draft.text })).replayed.current, true);
});

test('by command, from the data folder', async () => {
  const { code, lines, err } = run(['policy', 'replay', '--draft', draft.id, '--data', desk.data]);
  assert.equal(code, 0, err);
  const { summary } = lines.at(-1);
  assert.equal(summary.cases, publications.length);
  assert.equal(lines.length - 1, summary.changed);
  assert.ok(lines.slice(0, -1).every((l) => l.was !== l.is && l.permalink));
});

test('adopted by command: replayed first, and said', async () => {
  const other = await lea.post('/organizations/pousse/policies', { text: draft.text });
  const { code, lines, err } = run(['policy', 'adopt', other.id, '--data', desk.data], { env: { LC_ALL: 'fr_CA.UTF-8' } });
  assert.equal(code, 0, err);
  assert.equal(lines[0].state, 'adopted');
  assert.match(err, new RegExp(`^Rejouée sur ce qui a paru ces 12 derniers mois : ${publications.length} publications, \\d+ jugées autrement, \\d+ refusées`));
  assert.match(err, /Parmi les plus lues/);
  const again = run(['policy', 'show', other.id, '--data', desk.data]);
  assert.equal(again.lines[0].replayed.summary.cases, publications.length);
});
