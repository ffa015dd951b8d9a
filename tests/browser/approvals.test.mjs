// SPDX-License-Identifier: AGPL-3.0-or-later
// A post that takes two approvals, one after the other: two people, two browsers, two languages; and an absence.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, openBrowser } from '../lib/browser.mjs';
import { adopt, root, startDesk } from '../lib/desk.mjs';

const pictures = join(root, 'var/screenshots/approvals');
mkdirSync(pictures, { recursive: true });
const password = 'un deuxième regard';

let desk, browser, coop, variant;
let lea; // first, on a desk, in French
let dan; // second, on a phone, in English

const look = async (page, name) => {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await accessible(page, name);
};

async function enter(page, labels, login, secret) {
  await page.goto(desk.base + '/');
  await page.getByLabel(labels.login).fill(login);
  await page.getByLabel(labels.password).fill(secret);
  await page.getByRole('button', { name: labels.enter }).click();
}

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
  const owner = await desk.signIn('lea@observatoire.example', 'un autre regard');
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  coop = (await owner.all('/organizations')).find((o) => o.slug === 'coop');
  const invited = await owner.post(`/organizations/${coop.id}/people`, { name: 'Dan Roy', login: 'dan@coop.example', role: 'reviewer', policy_roles: ['director'], language: 'en' });
  const token = new URL(invited.link, desk.base).hash.split('token=')[1];
  await desk.client().post(`/invitations/${token}`, { password });
  const { text } = await owner.get(`/organizations/${coop.id}/policy`);
  const steps = text.replace(/^approvals:\n/m, 'approvals:\n  then:\n    - {by: [director]}\n').replace(/^version: .*$/m, 'version: 2');
  const draft = await owner.post(`/organizations/${coop.id}/policies`, { text: steps, note: 'Deux étapes.' });
  await adopt(owner, draft.id);
  const account = (await marc.all('/accounts')).find((a) => a.organization.id === coop.id);
  const post = await marc.post('/posts', {
    title: 'Deux regards',
    text: 'Un projet de la Coop, écrit par notre gestionnaire de communauté : https://carnetdemarc.example/projet Et vous, qu’en pensez-vous?',
    variants: [{ account: account.id, languages: ['fr'], declared: { interest: 'project', origin: 'own_creation', axis: 'project' } }],
  });
  variant = await marc.post(`/variants/${post.variants[0].id}/submit`);
  assert.equal(variant.stage, 'review');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const fr = { login: 'Adresse de courriel', password: 'Mot de passe', enter: 'Entrer' };
const en = { login: 'E-mail address', password: 'Password', enter: 'Come in' };

test('who comes second reads it, and is told that it is not yet their turn', async () => {
  dan = await browser.page({ width: 390, height: 844, hasTouch: true, language: 'en-CA' });
  await enter(dan, en, 'dan@coop.example', password);
  await dan.getByRole('heading', { name: /Saturday|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday/ }).first().waitFor();
  await dan.evaluate((id) => (location.hash = `#/review/${id}`), variant.id);
  await dan.getByText('Someone else must review it').waitFor();
  assert.match(await dan.locator('.decide').innerText(), /Someone else approves before you/);
  assert.equal(await dan.getByRole('button', { name: /^Approve/ }).count(), 0);
  await look(dan, 'second-waits-phone-en');
});

test('the first one approves, and the second one’s page gives them the buttons', async () => {
  lea = await browser.page({ width: 1280, height: 900 });
  await enter(lea, fr, 'lea@observatoire.example', 'un autre regard');
  await lea.getByRole('heading', { name: /vous attend/ }).waitFor();
  await lea.evaluate((id) => (location.hash = `#/review/${id}`), variant.id);
  await lea.getByRole('button', { name: 'Approuver' }).waitFor();
  await look(lea, 'first-desktop-fr');
  await lea.getByRole('button', { name: 'Approuver' }).click();
  await lea.getByText('Approuvé.').first().waitFor();
  await dan.getByRole('button', { name: /^Approve/ }).waitFor();
  await look(dan, 'second-may-phone-en');
});

test('the second one approves, and it is ready', async () => {
  await dan.getByRole('button', { name: /^Approve/ }).click();
  await dan.getByText('Approved.').first().waitFor();
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const ready = await marc.get(`/variants/${variant.id}`);
  assert.equal(ready.stage, 'ready');
  assert.equal(ready.reviews.filter((r) => r.decision === 'approve' && !r.voided_at).length, 2);
});

test('an absence is planned, shown to both, and ended', async () => {
  await lea.evaluate((id) => (location.hash = `#/people/${id}`), coop.id);
  await lea.getByRole('button', { name: 'Prévoir une absence' }).click();
  await lea.getByLabel('Qui approuve pendant ce temps').selectOption({ label: 'Dan Roy' });
  await lea.getByLabel('Un mot').fill('Congés');
  await look(lea, 'away-form-fr');
  await lea.getByRole('button', { name: 'Prêter ces rôles' }).click();
  await lea.getByText('approuve à la place de Léa Fontaine').waitFor();
  await look(lea, 'away-fr');
  await dan.evaluate((id) => (location.hash = `#/people/${id}`), coop.id);
  await dan.getByText('approves for Léa Fontaine').waitFor();
  await look(dan, 'away-phone-en');
  await dan.getByRole('button', { name: 'End now' }).click();
  await lea.getByText('approuve à la place de Léa Fontaine').waitFor({ state: 'detached' });
  assert.deepEqual(lea.complaints, []);
  assert.deepEqual(dan.complaints, []);
});
