// SPDX-License-Identifier: AGPL-3.0-or-later
// An owner invites someone; with the link alone they choose a password, come in, and find what their role allows, and
// nothing more. The link works once.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { startDesk, until } from '../lib/desk.mjs';

const LOGIN = 'noemie@releverp.example';
const PASSWORD = 'relire avant de publier';

let desk;
let browser;
let samira; // by API
let owner; // Samira's page
let guest; // whoever took the link
let link;
let show;

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  samira = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  show = gallery('invite', samira);
  owner = await browser.page({ width: 1280, height: 900 });
  await enter(owner, desk.base, 'samira@releverp.example', 'chez nous, bienvenue');
  await samira.patch('/me', { language: 'fr' });
  await owner.locator('html[lang=fr]').waitFor({ state: 'attached' });
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

test('the owner invites, by keyboard: a name, an address, a role and what it means', async () => {
  await owner.goto(`${desk.base}/#/people/releve`);
  await owner.getByRole('button', { name: 'Inviter une personne' }).focus();
  await owner.keyboard.press('Enter');
  const name = owner.getByLabel('Nom', { exact: true });
  await name.waitFor();
  assert.equal(await name.evaluate((box) => box === document.activeElement), true, 'the cursor is in the first field');
  await owner.keyboard.type('Noémie Roy');
  await owner.keyboard.press('Tab');
  await owner.keyboard.type('pas une adresse');
  await owner.getByRole('radio', { name: 'Relecture' }).check();
  await owner.locator('form').getByText('relit, approuve ou renvoie, suspend les envois').waitFor();
  await owner.locator('form').getByLabel(/Rôles dans la politique/).fill('editor');
  await show(owner, 'form');
});

test('an address that is none is told beside it', async () => {
  await owner.getByRole('button', { name: 'Créer le lien d’invitation' }).click();
  await owner.locator('.field .problem').waitFor();
  assert.equal(await owner.getByLabel('Adresse de courriel').getAttribute('aria-invalid'), 'true');
  await show(owner, 'not-an-address');
  await owner.getByLabel('Adresse de courriel').fill(LOGIN);
});

test('the link is given once, and can be copied', async () => {
  await owner.getByRole('button', { name: 'Créer le lien d’invitation' }).click();
  const box = owner.getByLabel(/Remettez ce lien à la personne/);
  await box.waitFor();
  link = await box.inputValue();
  assert.match(link, /token=|invitation/);
  await owner.getByRole('button', { name: 'Copier' }).click();
  await owner.getByRole('button', { name: 'Copié' }).waitFor();
  await owner.locator('li.member', { hasText: 'Noémie Roy' }).getByText('invitée, pas encore entrée').waitFor();
  await show(owner, 'link');
  assert.equal(await box.inputValue(), link, 'it stays while it is copied, whatever is told meanwhile');
});

test('the person takes the link on a phone: who invites, and what is asked', async () => {
  guest = await browser.page({ width: 390, height: 844 });
  await guest.goto(link);
  await guest.getByRole('heading', { name: 'Relève RP vous invite' }).waitFor();
  assert.equal(await guest.getByLabel('Votre nom').inputValue(), 'Noémie Roy');
  assert.equal(await guest.getByLabel('Adresse de courriel').inputValue(), LOGIN);
  await guest.getByLabel('Choisissez un mot de passe').fill('trop court');
  await gallery('invite', null)(guest, 'taken');
});

test('a password too short is told beside it; a good one lets in', async () => {
  const password = guest.getByLabel('Choisissez un mot de passe');
  await password.fill('court');
  await guest.getByRole('button', { name: 'Entrer au bureau' }).click();
  await guest.locator('.field .problem').waitFor();
  await password.fill(PASSWORD);
  await guest.getByRole('button', { name: 'Entrer au bureau' }).click();
  await guest.locator('.desk .home').first().waitFor();
  await owner.locator('li.member', { hasText: 'Noémie Roy' }).waitFor();
  await until(async () => (await owner.getByText('invitée, pas encore entrée').count()) === 0, { what: 'the owner sees that she came in' });
});

test('at the desk: what her role allows, and nothing more', async () => {
  const noemie = await desk.signIn(LOGIN, PASSWORD);
  const look = gallery('invite', noemie);
  await guest.getByRole('heading', { name: /^\p{L}+ \d/u }).waitFor();
  await look(guest, 'her-day');
  await guest.goto(`${desk.base}/#/write`);
  await guest.getByRole('heading', { name: 'Une nouvelle publication' }).waitFor();
  assert.equal(await guest.getByRole('checkbox', { name: /Relève RP/ }).count(), 0, 'a reviewer does not write there');
  await guest.goto(`${desk.base}/#/people/releve`);
  await guest.locator('li.member', { hasText: 'Samira Haddad' }).waitFor();
  assert.equal(await guest.getByRole('button', { name: 'Inviter une personne' }).count(), 0);
  assert.equal(await guest.getByText(LOGIN).count(), 0, 'addresses are the owners’');
  await guest.goto(`${desk.base}/#/houses/releve`);
  await guest.getByRole('button', { name: 'Suspendre les envois' }).waitFor();
  assert.equal(await guest.getByRole('button', { name: 'Enregistrer' }).count(), 0);
  assert.equal(await guest.getByRole('button', { name: 'Ajouter une organisation' }).count(), 0);
  await guest.goto(`${desk.base}/#/accounts`);
  await guest.getByText('Relève RP').first().waitFor();
  assert.equal(await guest.getByRole('button', { name: /^Ajouter un compte.*Relève RP/ }).count(), 0);
});

test('the link does not work twice, and says so', async () => {
  const second = await browser.page({ width: 390, height: 844 });
  await second.goto(link);
  await second.getByRole('alert').waitFor();
  assert.equal(await second.getByLabel('Choisissez un mot de passe').count(), 0);
  await gallery('invite', null)(second, 'used');
  assert.deepEqual(complaints(owner, guest, second), []);
});

test('her role is changed while she is there: what she sees follows at once', async () => {
  const row = owner.locator('li.member', { hasText: 'Noémie Roy' });
  await row.getByRole('combobox').selectOption({ label: 'Rédaction' });
  await owner.getByText('Enregistré').waitFor();
  await guest.goto(`${desk.base}/#/write`);
  await guest.getByRole('checkbox', { name: /Relève RP/ }).waitFor();
});
