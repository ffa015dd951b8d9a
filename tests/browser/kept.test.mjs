// SPDX-License-Identifier: AGPL-3.0-or-later
// Nothing typed is lost: the desk goes away, the window is closed, someone else writes first, a session ends.
import { strict as assert } from 'node:assert';
import { after, before, beforeEach, test } from 'node:test';
import { accessible, openBrowser } from '../lib/browser.mjs';
import { startDesk, until } from '../lib/desk.mjs';

let desk;
let browser;
let marc; // by API
let page;
let variant;

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  page = await browser.page({ width: 1280, height: 800 });
  await page.goto(desk.base + '/');
  await page.getByLabel('Adresse de courriel').fill('marc@carnetdemarc.example');
  await page.getByLabel('Mot de passe').fill('un porte-voix');
  await page.getByRole('button', { name: 'Entrer' }).click();
  await page.locator('.desk .home').waitFor();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});
beforeEach(async () => {
  const { items } = await marc.get('/accounts');
  const coop = items.find((a) => a.slug === 'coop-journal');
  const post = await marc.post('/posts', { text: 'Premier jet.', variants: [{ account: coop.id, text: 'Premier jet.', languages: ['fr'] }] });
  variant = post.variants[0];
  await page.goto(`${desk.base}/#/write/${post.id}`);
  await until(async () => (await area().inputValue().catch(() => '')) === 'Premier jet.', { what: 'the page' });
});
const area = (on = page) => on.getByRole('textbox', { name: /Texte pour Coop du Faubourg/ });
const kept = async () => (await marc.get('/variants/' + variant.id)).text;

test('the desk is away: what is typed stays in the browser, and goes when it answers', async () => {
  await page.context().setOffline(true);
  await area().fill('Écrit sans le bureau.');
  await page.getByText(/Gardé dans ce navigateur/).waitFor();
  assert.equal(await kept(), 'Premier jet.');
  await page.context().setOffline(false);
  await until(async () => (await kept()) === 'Écrit sans le bureau.', { what: 'the text at the desk' });
  await page.getByText('Brouillon gardé').waitFor();
});

test('the window is closed before the desk has it: the text is offered back', async () => {
  await page.context().setOffline(true);
  await area().fill('Écrit juste avant de fermer.');
  await page.getByText(/Gardé dans ce navigateur/).waitFor();
  await page.close();
  // setOffline held the pages of this context; a new one comes back to a desk that answers.
  const context = page.context();
  await context.setOffline(false);
  page = await context.newPage();
  page.complaints = [];
  await page.goto(`${desk.base}/#/variant/${variant.id}`);
  await page.getByText(/Un texte non envoyé est resté/).waitFor();
  await accessible(page, 'a text found again');
  await page.getByRole('button', { name: 'Le reprendre' }).click();
  assert.equal(await area().inputValue(), 'Écrit juste avant de fermer.');
  await until(async () => (await kept()) === 'Écrit juste avant de fermer.', { what: 'the text at the desk' });
});

test('someone writes first: both texts stand until one is chosen', async () => {
  let hold;
  const held = new Promise((go) => (hold = go));
  await page.route('**/api/v1/variants/*', async (route) => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  await area().fill('Mon texte.');
  await page.waitForRequest((r) => r.method() === 'PATCH');
  await marc.patch('/variants/' + variant.id, { version: variant.version, text: 'Le texte d’une autre.' });
  hold();
  await page.getByText('Ce texte a changé ailleurs entre-temps.').waitFor();
  assert.equal(await area().inputValue(), 'Mon texte.');
  await accessible(page, 'two texts');
  await page.unroute('**/api/v1/variants/*');
  await page.getByRole('button', { name: 'Garder le mien' }).click();
  await until(async () => (await kept()) === 'Mon texte.', { what: 'mine at the desk' });
});

test('the session ends while one writes: coming in again, the text is there', async () => {
  const browserSession = await page.evaluate(async () => (await (await fetch('/api/v1/me/sessions')).json()).items.find((s) => s.current).id);
  // What was typed is on its way when the session ends: the page may know of it at once.
  let hold;
  const held = new Promise((go) => (hold = go));
  await page.route('**/api/v1/variants/*', async (route) => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  await area().fill('Écrit après la fin de la séance.');
  await page.waitForRequest((r) => r.method() === 'PATCH');
  await marc.delete('/me/sessions/' + browserSession);
  hold();
  await page.getByText(/Votre séance est terminée/).waitFor();
  await page.unroute('**/api/v1/variants/*');
  await page.getByLabel('Adresse de courriel').fill('marc@carnetdemarc.example');
  await page.getByLabel('Mot de passe').fill('un porte-voix');
  await page.getByRole('button', { name: 'Entrer' }).click();
  await page.getByRole('button', { name: 'Le reprendre' }).click();
  assert.equal(await area().inputValue(), 'Écrit après la fin de la séance.');
  await until(async () => (await kept()) === 'Écrit après la fin de la séance.', { what: 'the text at the desk' });
});
