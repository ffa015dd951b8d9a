// SPDX-License-Identifier: AGPL-3.0-or-later
// A manager's day through the API, on the example desk: from an article of his blog to three organisations' journals,
// judged, approved, published once, commented, answered. Every answer is held against docs/openapi.yaml.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, startDesk, until } from '../lib/desk.mjs';

const MARC = ['marc@carnetdemarc.example', 'un porte-voix'];
const LEA = ['lea@observatoire.example', 'un autre regard'];
const LINK = 'https://carnetdemarc.example/2026/03/autopromotion.html';
const DISCLOSED = `Un billet écrit par notre gestionnaire de communauté, pour notre enquête : l’autopromotion est-elle morale? ${LINK} Et vous, qu’en pensez-vous?`;
const OWN = `Nouveau billet : l’autopromotion est-elle morale? ${LINK} Et vous, qu’en pensez-vous?`;

// A no: its status, and a problem that says what and why.
async function refused(client, method, path, body, ...statuses) {
  const answer = await client.ask(method, path, body);
  assert.ok(statuses.includes(answer.status), `${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
  assert.ok(answer.body.detail.length > 0);
  return answer.body;
}

test('a manager’s day', async (t) => {
  let desk = await startDesk({ demo: true });
  t.after(() => desk.stop());
  let marc = await desk.signIn(...MARC);
  let lea = await desk.signIn(...LEA);
  const accounts = Object.fromEntries((await marc.all('/accounts')).map((a) => [a.slug, a]));
  const variants = {};
  const read = (slug, who = marc) => who.get(`/variants/${variants[slug]}`);

  // Asked to go out at once, it may wait for a review, and no more; left as it was found.
  const goesNoFurther = async (slug) => {
    const { stage } = await read(slug);
    await marc.ask('POST', `/variants/${variants[slug]}/publish_now`, {});
    const after = await read(slug);
    assert.ok(['draft', 'review', 'sent_back'].includes(after.stage), after.stage);
    assert.equal(after.publication, null);
    if (after.stage === 'review' && stage !== 'review') await marc.post(`/variants/${after.id}/withdraw`);
  };

  await t.test('the example has its three organisations, and a community that is someone else’s', async () => {
    const slugs = (await marc.all('/organizations')).map((o) => o.slug);
    for (const slug of ['obs', 'pousse', 'coop', 'releve']) assert.ok(slugs.includes(slug), `${slug} among ${slugs}`);
    for (const slug of ['marc-journal', 'obs-journal', 'pousse-journal', 'coop-journal']) assert.ok(accounts[slug], slug);
  });

  const article = await until(async () => (await marc.all('/items')).find((i) => i.url === LINK), { what: 'the article in the feeds' });

  await t.test('the article comes in through the feed of the blog', async () => {
    assert.equal(article.title, 'L’autopromotion est-elle morale?');
    assert.equal(article.state, 'new');
    const whole = await marc.get(`/items/${article.id}`);
    assert.match(whole.content, /porte|plateformes/);
    assert.doesNotMatch(whole.content, /<p>/);
  });

  await t.test('it becomes a post for four accounts at once, each judged by itself', async () => {
    const declared = (interest) => ({ origin: 'own_creation', interest, axis: 'sharing' });
    const post = await marc.post('/posts', {
      item: article.id,
      title: article.title,
      variants: [
        { account: accounts['marc-journal'].id, text: OWN, languages: ['fr'], declared: declared('personal_favourite') },
        { account: accounts['obs-journal'].id, text: OWN, languages: ['fr'], declared: declared('project') },
        { account: accounts['pousse-journal'].id, text: OWN, languages: ['fr'], declared: declared('personal_favourite') },
        { account: accounts['coop-journal'].id, text: OWN, languages: ['fr'], declared: { origin: 'third_party', interest: 'org_favourite', axis: 'sharing' } },
      ],
    });
    for (const v of post.variants) variants[v.account.slug] = v.id;
    const verdict = {};
    for (const slug of Object.keys(variants)) verdict[slug] = (await read(slug)).judgement;
    assert.equal(verdict['marc-journal'].verdict, 'allow');
    assert.deepEqual(verdict['marc-journal'].decided_by, ['own-platform']);
    assert.equal(verdict['obs-journal'].verdict, 'approve');
    assert.ok(verdict['obs-journal'].decided_by.includes('own-creation-project'));
    assert.ok(verdict['obs-journal'].also.includes('plain-link'), 'the disclosure is owed too');
    assert.equal(verdict['pousse-journal'].verdict, 'refuse');
    assert.ok(verdict['pousse-journal'].decided_by.includes('own-creation'));
    assert.equal(verdict['coop-journal'].verdict, 'refuse', 'declared as someone else’s, found in the register');
    assert.ok(verdict['coop-journal'].decided_by.includes('own-creation'));
    for (const judgement of Object.values(verdict)) assert.ok(judgement.explanation.fr && judgement.explanation.en);
  });

  await t.test('a refused variant goes out by no path', async () => {
    const id = variants['pousse-journal'];
    await refused(marc, 'POST', `/variants/${id}/submit`, {}, 409, 422);
    await refused(marc, 'POST', `/variants/${id}/publish_now`, {}, 409, 422);
    await refused(marc, 'POST', `/variants/${id}/schedule`, { due_at: new Date(Date.now() + 3600e3).toISOString() }, 409, 422);
    const seen = await read('pousse-journal', lea);
    await refused(lea, 'POST', `/variants/${id}/approve`, { digest: seen.digest }, 403, 409, 422);
    assert.ok(['draft', 'sent_back'].includes((await read('pousse-journal')).stage));
  });

  await t.test('one’s own account asks nobody', async () => {
    const v = await marc.post(`/variants/${variants['marc-journal']}/submit`);
    assert.equal(v.stage, 'ready');
    await marc.post(`/variants/${v.id}/publish_now`);
  });

  await t.test('the disclosure is written, then it waits for another person', async () => {
    await goesNoFurther('obs-journal');
    const before = await read('obs-journal');
    const edited = await marc.patch(`/variants/${before.id}`, { version: before.version, text: DISCLOSED });
    assert.equal(edited.judgement.verdict, 'approve');
    assert.ok(edited.judgement.satisfied.includes('plain-link'));
    assert.equal((await marc.post(`/variants/${before.id}/submit`)).stage, 'review');
    await refused(marc, 'POST', `/variants/${before.id}/approve`, { digest: edited.digest }, 403, 422);
    await goesNoFurther('obs-journal');
  });

  await t.test('the reviewer sees it, sends it back with a word, and sees it again', async () => {
    const waiting = (await lea.all('/reviews')).find((r) => r.variant.id === variants['obs-journal']);
    assert.ok(waiting?.may_review);
    assert.equal(waiting.variant.text, DISCLOSED);
    const back = await lea.post(`/variants/${variants['obs-journal']}/send_back`, { digest: waiting.variant.digest, word: 'Dites de quelle enquête il s’agit.' });
    assert.equal(back.stage, 'sent_back');
    const mine = await read('obs-journal');
    assert.equal(mine.reviews.at(-1).word, 'Dites de quelle enquête il s’agit.');
    await marc.patch(`/variants/${mine.id}`, { version: mine.version, text: DISCLOSED.replace('notre enquête', 'notre enquête sur les comités de parents') });
    assert.equal((await marc.post(`/variants/${mine.id}/submit`)).stage, 'review');
  });

  await t.test('an approval is of exactly what was seen', async () => {
    const id = variants['obs-journal'];
    const seen = await read('obs-journal', lea);
    await refused(lea, 'POST', `/variants/${id}/approve`, { digest: '0'.repeat(seen.digest.length) }, 409);
    assert.equal((await lea.post(`/variants/${id}/approve`, { digest: seen.digest, word: 'Très bien.' })).stage, 'ready');
    const approved = await read('obs-journal');
    const changed = await marc.patch(`/variants/${id}`, { version: approved.version, text: approved.text + ' ' });
    assert.equal(changed.stage, 'draft', 'an edit after the approval takes it back');
    await goesNoFurther('obs-journal');
    await marc.post(`/variants/${id}/submit`);
    const again = await read('obs-journal', lea);
    assert.equal((await lea.post(`/variants/${id}/approve`, { digest: again.digest })).stage, 'ready');
  });

  await t.test('an older version is not written over a newer one', async () => {
    const v = await read('coop-journal');
    await marc.patch(`/variants/${v.id}`, { version: v.version, text: v.text + ' Bonne lecture.' });
    await refused(marc, 'PATCH', `/variants/${v.id}`, { version: v.version, text: 'perdu' }, 409);
  });

  let entry;
  await t.test('it goes out at its time, once, and can be read', async () => {
    const id = variants['obs-journal'];
    const moment = await read('obs-journal');
    const v = await marc.post(`/variants/${id}/publish_now`);
    if (v.digest !== moment.digest && v.stage !== 'scheduled') {
      // the time is a part of what is approved: the moment it is set, it is approved anew
      const seen = await read('obs-journal', lea);
      await lea.post(`/variants/${id}/approve`, { digest: seen.digest });
    }
    const out = await until(async () => ((await read('obs-journal')).stage === 'done' ? read('obs-journal') : null), { what: 'the publication' });
    assert.equal(out.publication.state, 'published');
    assert.match(out.publication.permalink, /\/j\/obs\//);
    entry = new URL(out.publication.permalink);
    const page = await fetch(desk.base + entry.pathname);
    assert.equal(page.status, 200);
    const html = await page.text();
    assert.match(html, /h-entry/);
    assert.ok(html.includes('comités de parents'));
    assert.equal(page.headers.get('set-cookie'), null, 'reading leaves no cookie');
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src/);
    const feed = await (await fetch(desk.base + '/j/obs/feed.atom')).text();
    assert.equal(feed.split('comités de parents').length >= 2, true);
  });

  await t.test('a visitor’s comment waits, is shown, and is answered in the house’s voice', async () => {
    const sent = await fetch(desk.base + entry.pathname + '/comments', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: desk.base },
      body: new URLSearchParams({ name: 'Rosalie', text: 'Trois questions, je les garde au-dessus de mon bureau.' }),
      redirect: 'follow',
    });
    assert.ok(sent.status < 400, `a comment: ${sent.status}`);
    const held = await until(
      async () => {
        for (const c of await marc.all('/conversations?organization=obs')) {
          const whole = await marc.get(`/conversations/${c.id}`);
          const message = whole.messages.find((m) => m.author_name === 'Rosalie');
          if (message) return { conversation: whole, message };
        }
        return null;
      },
      { what: 'the comment' },
    );
    assert.equal(held.message.state, 'held');
    const before = await (await fetch(desk.base + entry.pathname)).text();
    assert.ok(!before.includes('Rosalie'), 'not shown before somebody read it');
    await marc.patch(`/messages/${held.message.id}`, { state: 'shown' });
    const answer = await marc.post(`/conversations/${held.conversation.id}/answer`, {
      message: held.message.id,
      text: 'Merci. Nous en ferons une affiche, avec la marge pour les crayons.',
      languages: ['fr'],
    });
    assert.equal(answer.kind, 'reply');
    await until(async () => (await marc.get(`/variants/${answer.id}`)).stage === 'done', { what: 'the answer' });
    const after = await (await fetch(desk.base + entry.pathname)).text();
    assert.ok(after.includes('Rosalie') && after.includes('affiche'));
  });

  await t.test('killed and started again, nothing is lost and nothing goes out twice', async () => {
    await desk.kill();
    desk = await startDesk({ data: desk.data, port: desk.port });
    marc = await desk.signIn(...MARC);
    lea = await desk.signIn(...LEA);
    const out = await read('obs-journal');
    assert.equal(out.stage, 'done');
    assert.equal(new URL(out.publication.permalink).pathname, entry.pathname);
    const feed = await (await fetch(desk.base + '/j/obs/feed.atom')).text();
    assert.equal(feed.split(entry.pathname).length - 1, 1, 'it stands once in the feed');
    const ids = [...feed.matchAll(/<id>([^<]*)<\/id>/g)].map((m) => m[1]);
    assert.equal(new Set(ids).size, ids.length);
  });

  await t.test('the house paused, nothing leaves; resumed, it does', async () => {
    await lea.post('/organizations/coop/pause', { why: 'Deuil dans le quartier.' });
    const post = await marc.post('/posts', {
      title: 'Assemblée',
      variants: [{ account: accounts['coop-journal'].id, text: 'L’ordre du jour est affiché près de la caisse. https://coopfaubourg.example/ordre-du-jour', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }],
    });
    const id = post.variants[0].id;
    assert.equal((await marc.post(`/variants/${id}/submit`)).stage, 'ready');
    const now = await marc.ask('POST', `/variants/${id}/publish_now`, {});
    assert.ok([200, 409, 422].includes(now.status));
    await new Promise((done) => setTimeout(done, 1500));
    assert.notEqual((await marc.get(`/variants/${id}`)).stage, 'done');
    await lea.delete('/organizations/coop/pause');
    if (now.status !== 200) await marc.post(`/variants/${id}/publish_now`);
    await until(async () => (await marc.get(`/variants/${id}`)).stage === 'done', { what: 'the post after the pause' });
  });

  await t.test('strangers and other houses see nothing', async () => {
    const nobody = desk.client();
    await refused(nobody, 'GET', '/items', undefined, 401);
    await refused(nobody, 'POST', '/session', { login: MARC[0], password: 'pas celui-là' }, 401);
    const samira = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
    await refused(samira, 'GET', `/variants/${variants['obs-journal']}`, undefined, 404);
    const forged = desk.client();
    await forged.signIn(...MARC);
    forged.csrf = 'autre chose';
    await refused(forged, 'POST', `/variants/${variants['coop-journal']}/submit`, {}, 403);
  });

  await t.test('what was done is written down, and the chain holds', async () => {
    const acts = await lea.all('/audit?organization=obs');
    assert.ok(acts.length > 5);
    await desk.stop();
    const verified = run(['audit', 'verify', '--data', desk.data]);
    assert.equal(verified.code, 0, verified.err);
  });
});
