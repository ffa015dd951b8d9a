// SPDX-License-Identifier: AGPL-3.0-or-later
// An organisation's sending is paused with a reason: whoever waits for a post reads there that it is held and why, as it
// happens; resumed, it goes out.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { startDesk, until } from '../lib/desk.mjs';

const WHY = 'Un accident dans le quartier : nous attendons des nouvelles avant de reprendre.';

let desk;
let browser;
let marc; // by API
let showLea;
let showMarc;
let page; // Marc's
let owner; // Léa's
let later; // planned for tomorrow
let ready; // to go out now

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  showMarc = gallery('paused', marc);
  showLea = gallery('paused', await desk.signIn('lea@observatoire.example', 'un autre regard'));
  const { items } = await marc.get('/accounts');
  const account = items.find((a) => a.slug === 'coop-journal').id;
  const declared = { origin: 'organisation', interest: 'project', axis: 'project' };
  const write = async (text, more = {}) => (await marc.post('/posts', { title: text, variants: [{ account, text, languages: ['fr'], declared, ...more }] })).variants[0];
  later = await write('L’ordre du jour de l’assemblée est affiché.', { due_at: new Date(Date.now() + 26 * 3600e3).toISOString() });
  await marc.post(`/variants/${later.id}/submit`);
  ready = await write('Les paniers sont prêts dès ce soir.');
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'marc@carnetdemarc.example', 'un porte-voix');
  await page.goto(`${desk.base}/#/variant/${later.id}`);
  await page.getByText(/Part le \d/).waitFor();
  owner = await browser.page({ width: 1280, height: 900 });
  await enter(owner, desk.base, 'lea@observatoire.example', 'un autre regard');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const held = (on) => on.getByRole('status').filter({ hasText: 'Coop du Faubourg a suspendu ses envois' });

test('pausing asks why, by keyboard; without a word nothing is paused', async () => {
  await owner.goto(`${desk.base}/#/houses/coop`);
  const act = owner.getByRole('button', { name: 'Suspendre les envois' });
  await act.focus();
  await owner.keyboard.press('Enter');
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Pourquoi').waitFor();
  assert.equal(await dialog.getByLabel('Pourquoi').evaluate((box) => box === document.activeElement), true);
  assert.equal(await dialog.getByRole('button', { name: 'Suspendre les envois' }).isDisabled(), true);
  await showLea(owner, 'asked-why');
  await owner.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await act.evaluate((button) => button === document.activeElement), true, 'one is back where one was');
  await act.click();
  await owner.keyboard.type(WHY);
  await dialog.getByRole('button', { name: 'Suspendre les envois' }).click();
  await owner.getByText(/Envois suspendus depuis le /).waitFor();
  await owner.getByText(WHY).waitFor();
  await showLea(owner, 'paused');
});

test('what is planned says at once, on its page, that it is held and why', async () => {
  await held(page).getByText(WHY).waitFor();
  assert.match(await held(page).innerText(), /Part le .* si les envois ont repris/);
  await showMarc(page, 'planned');
});

test('in the lists and in the calendar it is held too, and Today says who stopped', async () => {
  await page.goto(`${desk.base}/#/posts`);
  await page.locator('a.line', { hasText: 'L’ordre du jour de l’assemblée' }).getByText('Retenue').waitFor();
  await page.goto(`${desk.base}/#/calendar`);
  await page.locator('a.entry', { hasText: 'L’ordre du jour de l’assemblée' }).getByText('Retenue').first().waitFor({ state: 'attached' });
  await showMarc(page, 'calendar');
  await page.goto(`${desk.base}/#/today`);
  const stopped = page.locator('a.thing', { hasText: 'Envois suspendus' });
  await stopped.getByText(WHY).waitFor();
  await showMarc(page, 'today');
  await stopped.click();
  await page.getByRole('button', { name: 'Reprendre les envois' }).waitFor();
});

test('sent now, it waits there with the reason', async () => {
  await page.goto(`${desk.base}/#/variant/${ready.id}`);
  await page.getByRole('button', { name: 'Publier maintenant' }).click();
  await held(page).getByText('Part dès que les envois reprennent.').waitFor();
  const publication = await until(async () => (await marc.get('/variants/' + ready.id)).publication?.state === 'held' && (await marc.get('/variants/' + ready.id)).publication, { what: 'the publication held' });
  assert.match(publication.reason.fr, /Coop du Faubourg a suspendu ses envois : « Un accident/);
  await page.goto(`${desk.base}/#/publication/${publication.id}`);
  await page.getByRole('heading', { name: 'Retenue' }).waitFor();
  await held(page).getByText(WHY).waitFor();
  await showMarc(page, 'held');
});

test('resumed, it goes out, and the rest is planned as before', async () => {
  await page.getByRole('link', { name: 'Reprendre les envois' }).click();
  await page.getByRole('button', { name: 'Reprendre les envois' }).click();
  await page.getByText('Les envois reprennent.').waitFor();
  await owner.getByRole('button', { name: 'Suspendre les envois' }).waitFor();
  await page.goto(`${desk.base}/#/variant/${ready.id}`);
  await page.getByText(/^Publié le/).waitFor({ timeout: 20000 });
  await page.goto(`${desk.base}/#/variant/${later.id}`);
  await page.getByText(/Part le \d/).waitFor();
  assert.equal(await held(page).count(), 0);
  assert.deepEqual(complaints(page, owner), []);
});
