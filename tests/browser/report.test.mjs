// SPDX-License-Identifier: AGPL-3.0-or-later
// The month's report: what an exception let out, why and by whose word, in the reader's language; those that were refused
// or served nobody; self-promotion as a share of so many posts.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { startDesk, until } from '../lib/desk.mjs';

let desk, browser, lea, marc, page, show;

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  show = gallery('report', lea);
  const today = new Date().toISOString().slice(0, 10);
  const days = { from: today, until: new Date(Date.now() + 20 * 86400e3).toISOString().slice(0, 10) };
  const ask = (more) => marc.post('/organizations/coop/exceptions', { ...days, ...more });
  const book = await ask({ lifts: ['own-creation', 'plain-link'], when: { origin: 'own_creation' }, reason: { fr: 'Son livre paraît : une fois, pas deux.', en: 'His book is out: once, not twice.' } });
  const idle = await ask({ lifts: ['personal-favourite'], when: { topic: 'nobody' }, reason: { fr: 'Au cas où.', en: 'Just in case.' } });
  const no = await ask({ lifts: ['own-creation'], when: { origin: 'own_creation', lang: 'en' }, reason: { fr: 'En anglais aussi.', en: 'In English too.' } });
  await lea.post(`/exceptions/${book.id}/grant`);
  await lea.post(`/exceptions/${idle.id}/grant`);
  await lea.post(`/exceptions/${no.id}/refuse`, { word: 'Une langue suffit.' });
  const account = (await marc.all('/accounts')).find((a) => a.slug === 'coop-journal').id;
  const declared = { origin: 'own_creation', interest: 'org_favourite' };
  const post = await marc.post('/posts', { variants: [{ account, text: 'Mon livre est en librairie. Qu’en pensez-vous?', languages: ['fr'], declared }] });
  const id = post.variants[0].id;
  await marc.post(`/variants/${id}/submit`);
  const seen = await marc.get(`/variants/${id}`);
  if (seen.stage === 'review') await lea.post(`/variants/${id}/approve`, { digest: seen.digest });
  await marc.post(`/variants/${id}/publish_now`);
  await until(async () => (await marc.get(`/variants/${id}`)).publication?.state === 'published', { what: 'the book' });
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'lea@observatoire.example', 'un autre regard');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

test('each exception says why, by whom, for which rules, and how many posts it let out', async () => {
  await page.goto(`${desk.base}/#/report/coop`);
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Dérogations' }) });
  const used = section.locator('li').filter({ hasText: 'Son livre paraît' });
  await used.getByText('1 publication', { exact: true }).waitFor();
  const text = await used.innerText();
  assert.match(text, /Demandée le .* par Marc.*; accordée le .* par Léa/);
  assert.match(text, /Lève\s: «\s.*propres créations/);
  assert.doesNotMatch(await section.innerText(), /own-creation|[0-9a-f]{8}/);
  assert.match(await section.innerText(), /Accordées, sans avoir servi\s+«\sAu cas où\s»/);
  assert.match(await section.innerText(), /Refusées\s+«\sEn anglais aussi\s»/);
  assert.match(await section.innerText(), /Ce mois\s: 3 demandées, 2 accordées, 1 refusée et 1 n’a pas servi\./);
});

test('self-promotion is a share of so many posts', async () => {
  const row = page.locator('dl > div').filter({ hasText: 'Autopromotion en tout' });
  assert.match(await row.innerText(), /\d+ sur \d+ \(\d+\s%\)/);
});

test('it stands in both languages, by day and by night', async () => {
  await show(page, 'exceptions');
  assert.deepEqual(complaints(page), []);
});
