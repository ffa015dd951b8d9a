// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever shares the interest at stake sees what waits and why it is not theirs to approve; someone else approves.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { startDesk } from '../lib/desk.mjs';

const TEXT = 'Un billet écrit par notre gestionnaire de communauté, pour notre enquête : l’autopromotion est-elle morale? https://carnetdemarc.example/autopromotion Et vous, qu’en pensez-vous?';

let desk;
let browser;
let lea; // by API
let show;
let page;
let variant;

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  show = gallery('interest', lea);
  const coop = (await marc.all('/accounts')).find((a) => a.slug === 'coop-journal');
  const post = await marc.post('/posts', { title: 'Un billet', variants: [{ account: coop.id, text: TEXT, languages: ['fr'], declared: { origin: 'own_creation', interest: 'project', axis: 'sharing' } }] });
  variant = await marc.post(`/variants/${post.variants[0].id}/submit`);
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'lea@observatoire.example', 'un autre regard');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

test('she enters her own tie, by keyboard', async () => {
  await page.goto(`${desk.base}/#/register`);
  const opener = page.getByRole('button', { name: 'Inscrire un intérêt' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Carnet de Marc');
  await page.getByRole('radio', { name: 'Autrice ou auteur' }).check();
  await page.getByLabel(/^Domaines/).fill('carnetdemarc.example');
  await show(page, 'register');
  await page.getByRole('button', { name: 'Inscrire', exact: true }).click();
  await page.locator('.entry', { hasText: 'Carnet de Marc' }).waitFor();
  assert.equal(await opener.evaluate((button) => button === document.activeElement), true, 'one is back where one was');
});

test('what waits says that another person must read it, and why', async () => {
  await page.goto(`${desk.base}/#/review`);
  const row = page.locator('a.row-link', { hasText: 'Coop du Faubourg' });
  await row.getByText(/Vous partagez l’intérêt en cause/).waitFor();
  await show(page, 'list');
  await row.click();
  await page.getByText('Une autre personne doit relire.').waitFor();
  await page.getByText(/Vous partagez l’intérêt en cause/).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Approuver/ }).count(), 0);
  await show(page, 'one');
});

test('asked all the same, the desk says no', async () => {
  const no = await lea.ask('POST', `/variants/${variant.id}/approve`, { digest: variant.digest });
  assert.equal(no.status, 403);
  assert.equal((await lea.get('/variants/' + variant.id)).stage, 'review');
});

test('another editor approves it', async () => {
  const { link } = await lea.post('/organizations/coop/people', { name: 'Ana Belo', login: 'ana@coopfaubourg.example', role: 'reviewer', policy_roles: ['editor'] });
  const token = new URL(link, desk.base).href.match(/[^/=]+$/)[0];
  await desk.client().post(`/invitations/${token}`, { name: 'Ana Belo', password: 'relire à tête reposée' });
  const ana = await browser.page({ width: 390, height: 844 });
  await enter(ana, desk.base, 'ana@coopfaubourg.example', 'relire à tête reposée');
  await ana.goto(`${desk.base}/#/review/${variant.id}`);
  await ana.getByRole('button', { name: /^Approuver/ }).click();
  await ana.getByText('Approuvé.', { exact: true }).waitFor();
  await page.goto(`${desk.base}/#/variant/${variant.id}`);
  await page.getByText('Approuvé par Ana Belo.').waitFor();
  assert.deepEqual(complaints(page, ana), []);
});
