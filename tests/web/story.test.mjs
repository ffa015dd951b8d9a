// SPDX-License-Identifier: AGPL-3.0-or-later
// A manager's day by API alone: an article becomes four variants, each judged by its account's policy; one is
// approved, scheduled, published in the journal; a visitor comments, is shown, is answered. And the ways round that
// the desk must not leave open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk, until } from '../lib/desk.mjs';

let desk, marc, lea, samira, accounts;

before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  samira = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  accounts = Object.fromEntries((await marc.all('/accounts')).map((a) => [a.slug, a]));
});
after(async () => desk?.stop());

const article = 'Nouveau billet : l’autopromotion est-elle morale? https://carnetdemarc.example/autopromotion';
const disclosed = 'Écrit par notre gestionnaire de communauté : l’autopromotion est-elle morale? https://carnetdemarc.example/autopromotion Qu’en pensez-vous?';
let post, item;

test('the feed of the blog brings its articles', async () => {
  const items = await until(async () => {
    const page = await marc.get('/items?organization=marc&state=new');
    return page.items.length ? page.items : null;
  }, { what: 'an article' });
  item = items[0];
  const whole = await marc.get('/items/' + item.id);
  assert.ok(whole.content.length > 100, 'the article has a text');
  assert.equal(whole.source.title, 'Carnet de Marc');
});

test('one article, four accounts, four answers of the policy', async () => {
  const declared = { origin: 'own_creation', interest: 'personal_favourite', axis: 'sharing' };
  post = await marc.post('/posts', {
    item: item.id,
    title: 'L’autopromotion est-elle morale?',
    variants: ['marc-journal', 'obs-journal', 'pousse-journal', 'coop-journal'].map((slug) => ({ account: accounts[slug].id, text: article, languages: ['fr'], declared })),
  });
  assert.equal(post.variants.length, 4);
  const verdicts = Object.fromEntries(post.variants.map((v) => [v.account.slug, v.judgement.verdict]));
  assert.equal(verdicts['marc-journal'], 'allow');
  for (const slug of ['obs-journal', 'pousse-journal', 'coop-journal']) assert.equal(verdicts[slug], 'refuse', slug);
  const refused = post.variants.find((v) => v.account.slug === 'coop-journal').judgement;
  assert.deepEqual(refused.decided_by, ['own-creation', 'personal-favourite']);
  const remark = refused.remarks.find((r) => r.rule === 'own-creation');
  assert.match(remark.label.fr, /ses propres créations/);
  const link = remark.evidence.find((e) => e.kind === 'link');
  assert.equal([...article].slice(link.span.start, link.span.end).join(''), 'https://carnetdemarc.example/autopromotion');
  assert.ok(refused.remedies.length > 0, 'the refusal says what would help');
  assert.match(refused.explanation.fr, /Refusé/);
  assert.match(refused.explanation.en, /Refused/);
});

test('while typing: judged and measured, nothing stored', async () => {
  const before = (await marc.all('/posts')).length;
  const { judgement, measure } = await marc.post('/judge', { account: accounts['coop-journal'].id, text: disclosed, languages: ['fr'], declared: { origin: 'own_creation', interest: 'project', axis: 'sharing' } });
  assert.equal(judgement.verdict, 'approve');
  assert.deepEqual(judgement.satisfied, ['plain-link']);
  assert.equal(measure.length, [...disclosed].length);
  assert.equal((await marc.all('/posts')).length, before);
});

const of = (slug) => post.variants.find((v) => v.account.slug === slug);

test('on his own account it goes out at once', async () => {
  await marc.post(`/variants/${of('marc-journal').id}/publish_now`);
  const done = await until(async () => {
    const v = await marc.get('/variants/' + of('marc-journal').id);
    return v.stage === 'done' ? v : null;
  }, { what: 'the publication' });
  assert.equal(done.publication.state, 'published');
  const page = await fetch(done.publication.permalink);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /l’autopromotion est-elle morale/);
});

test('refused is refused by every path', async () => {
  const id = of('coop-journal').id;
  for (const verb of ['submit', 'publish_now']) {
    const answer = await marc.ask('POST', `/variants/${id}/${verb}`, {});
    assert.equal(answer.status, 422, verb);
    assert.equal(answer.body.type, '/problems/refused', verb);
  }
  assert.equal((await marc.ask('POST', `/variants/${id}/schedule`, { due_at: '2030-01-01T12:00:00Z' })).status >= 400, true);
  const digest = (await lea.get('/variants/' + id)).digest;
  assert.equal((await lea.ask('POST', `/variants/${id}/approve`, { digest })).status >= 400, true, 'what was not submitted is not approved');
  assert.equal((await marc.get('/variants/' + id)).stage, 'draft');
});

test('declared for a project and disclosed, it waits for another person', async () => {
  const v = of('coop-journal');
  const edited = await marc.patch('/variants/' + v.id, { version: v.version, text: disclosed, declared: { origin: 'own_creation', interest: 'project', axis: 'sharing' } });
  assert.equal(edited.judgement.verdict, 'approve');
  const stale = await marc.ask('PATCH', '/variants/' + v.id, { version: v.version, text: 'x' });
  assert.equal(stale.status, 409, 'an older version is not written over');
  const submitted = await marc.post(`/variants/${v.id}/submit`);
  assert.equal(submitted.stage, 'review');
});

test('nobody approves their own post, nor what they did not see', async () => {
  const id = of('coop-journal').id;
  const { digest } = await marc.get('/variants/' + id);
  const own = await marc.ask('POST', `/variants/${id}/approve`, { digest });
  assert.equal(own.status, 403);
  const blind = await lea.ask('POST', `/variants/${id}/approve`, { digest: 'f'.repeat(64) });
  assert.equal(blind.status, 409);
});

test('the reviewer sees exactly what will go out, and sends it back with a word', async () => {
  const id = of('coop-journal').id;
  const { items } = await lea.get('/reviews');
  const row = items.find((r) => r.variant.id === id);
  assert.ok(row.may_review);
  assert.equal(row.variant.text, disclosed);
  assert.equal((await lea.ask('POST', `/variants/${id}/send_back`, { digest: row.variant.digest, word: '' })).status, 422, 'a word is asked for');
  const back = await lea.post(`/variants/${id}/send_back`, { digest: row.variant.digest, word: 'Dites « nous », s’il vous plaît.' });
  assert.equal(back.stage, 'sent_back');
  const today = await marc.get('/today');
  assert.ok(today.items.some((i) => i.kind === 'sent_back' && i.link.id === id), 'its author is told');
});

let due;
test('approved, then edited: the approval is void', async () => {
  const id = of('coop-journal').id;
  let v = await marc.get('/variants/' + id);
  v = await marc.patch('/variants/' + id, { version: v.version, text: disclosed.replace('est-elle', 'est-elle vraiment') });
  v = await marc.post(`/variants/${id}/submit`);
  const seen = (await lea.get('/reviews')).items.find((r) => r.variant.id === id).variant;
  assert.deepEqual(seen.differences, [{ field: 'text', was: disclosed, is: v.text }], 'what changed since she sent it back');
  v = await lea.post(`/variants/${id}/approve`, { digest: v.digest, word: 'Très bien.' });
  assert.equal(v.stage, 'ready');
  v = await marc.get('/variants/' + id);
  v = await marc.patch('/variants/' + id, { version: v.version, text: disclosed });
  assert.equal(v.stage, 'draft');
  assert.ok(v.reviews.every((r) => r.decision !== 'approve' || r.voided_at), 'no approval stands');
  assert.ok((await marc.ask('POST', `/variants/${id}/publish_now`, {})).body.stage !== 'done');
});

test('approved with its time, scheduled, and out at that time, once', async () => {
  const id = of('coop-journal').id;
  let v = await marc.get('/variants/' + id);
  if (v.stage !== 'draft') v = await marc.post(`/variants/${id}/withdraw`);
  due = new Date(Date.now() + 4000);
  v = await marc.patch('/variants/' + id, { version: v.version, due_at: due.toISOString() });
  assert.match(v.due_local.zone, /Toronto/);
  v = await marc.post(`/variants/${id}/submit`);
  assert.equal(v.stage, 'review');
  v = await lea.post(`/variants/${id}/approve`, { digest: v.digest });
  assert.equal(v.stage, 'scheduled');
  const calendar = await marc.get(`/calendar?from=${new Date(Date.now() - 3600e3).toISOString()}&to=${new Date(Date.now() + 3600e3).toISOString()}`);
  assert.ok(calendar.items.some((r) => r.id === id));
  v = await until(async () => {
    const now = await marc.get('/variants/' + id);
    return now.stage === 'done' ? now : null;
  }, { what: 'the publication' });
  assert.equal(v.publication.attempts.length, 1);
  assert.ok(v.publication.lateness_ms >= 0 && v.publication.lateness_ms < 2000, `late by ${v.publication.lateness_ms} ms`);
  post.permalink = v.publication.permalink;
});

test('a visitor comments; held, shown, answered in the organisation’s voice', async () => {
  const form = await fetch(post.permalink + '/comments', {
    method: 'POST',
    body: new URLSearchParams({ name: 'Une voisine', text: 'Et quand c’est un ami qui écrit?' }),
    redirect: 'manual',
  });
  assert.ok([200, 201, 202, 302, 303].includes(form.status), `the form answers ${form.status}`);
  assert.doesNotMatch(await (await fetch(post.permalink)).text(), /quand c’est un ami/, 'held until somebody has read it');
  const conversation = await until(async () => {
    const { items } = await marc.get('/conversations?organization=coop');
    return items.find((c) => c.last?.text.includes('un ami'));
  }, { what: 'the conversation' });
  let whole = await marc.get('/conversations/' + conversation.id);
  assert.equal(whole.held, 1);
  const message = whole.messages.find((m) => m.state === 'held');
  await marc.patch('/messages/' + message.id, { state: 'shown' });
  assert.match(await (await fetch(post.permalink)).text(), /quand c’est un ami/);
  const answer = await marc.post(`/conversations/${conversation.id}/answer`, { message: message.id, text: 'Nous le disons aussi : un lien se nomme.', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'sharing' } });
  assert.equal(answer.kind, 'reply');
  await until(async () => (await (await fetch(post.permalink)).text()).includes('un lien se nomme'), { what: 'the answer in the journal' });
  whole = await marc.get('/conversations/' + conversation.id);
  assert.equal(whole.state, 'answered');
});

test('a paused organisation sends nothing until resumed', async () => {
  await lea.post('/organizations/obs/pause', { why: 'Un deuil dans l’équipe.' });
  const p = await marc.post('/posts', { variants: [{ account: accounts['obs-journal'].id, text: 'Les résultats sont en ligne. https://observatoire.example/resultats', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }] });
  const id = p.variants[0].id;
  await marc.post(`/variants/${id}/publish_now`);
  await new Promise((r) => setTimeout(r, 700));
  assert.notEqual((await marc.get('/variants/' + id)).stage, 'done');
  const resumed = await marc.ask('DELETE', '/organizations/obs/pause');
  assert.equal(resumed.status, 200, 'an editor may resume what an owner paused');
  await until(async () => (await marc.get('/variants/' + id)).stage === 'done', { what: 'the publication after the pause' });
});

test('the record tells who did it, and holds', async () => {
  const entries = await lea.all('/audit?organization=coop&limit=100');
  for (const verb of ['variant.submit', 'variant.approve', 'publication.published']) assert.ok(entries.some((e) => e.verb === verb), `${verb} among ${[...new Set(entries.map((e) => e.verb))]}`);
});

test('somebody of another house sees none of it', async () => {
  assert.equal((await samira.ask('GET', '/variants/' + of('coop-journal').id)).status, 404);
  assert.equal((await samira.ask('GET', '/posts/' + post.id)).status, 404);
  assert.equal((await samira.ask('GET', '/organizations/coop')).status, 404);
});
