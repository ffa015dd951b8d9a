// SPDX-License-Identifier: AGPL-3.0-or-later
// Connecting accounts: Bluesky with an app password at a real server, Mastodon with a pasted token; what is wrong is told
// beside the field, in words, and nobody is signed out of the desk for it. What leads inside the house's own network is not asked.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { freePort, startDesk, until } from '../lib/desk.mjs';
import { MastodonLike } from '../lib/networks.mjs';

const PDS = process.env.PV_TEST_PDS;
const here = { skip: PDS ? false : 'no Bluesky server: PV_TEST_PDS is not set' };

let desk;
let browser;
let mastodon;
let lea; // by API
let samira;
let page; // Léa's
let english; // Samira's
let handle;
let appPassword;

async function xrpc(method, body, token) {
  const answer = await fetch(`${PDS}/xrpc/${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} → ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

before(async () => {
  mastodon = await new MastodonLike().start();
  if (PDS) {
    handle = `coop${Date.now() % 1000000}.test`;
    const { accessJwt } = await xrpc('com.atproto.server.createAccount', { handle, email: `${handle}@example.com`, password: 'le mot de passe principal' });
    appPassword = (await xrpc('com.atproto.server.createAppPassword', { name: 'portevoix' }, accessJwt)).password;
  }
  desk = await startDesk({ demo: true, args: ['--allow', mastodon.address, ...(PDS ? ['--allow', new URL(PDS).host] : [])] });
  browser = await openBrowser();
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  samira = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'lea@observatoire.example', 'un autre regard');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  mastodon?.stop();
});

const accounts = async (who, house) => (await who.all('/accounts?organization=' + house)).map((a) => `${a.network} ${a.state}`).sort();

test('Bluesky: the form asks for what that network needs, by keyboard', here, async () => {
  await page.goto(`${desk.base}/#/accounts`);
  await page.getByRole('button', { name: /^Ajouter un compte.*Coop du Faubourg/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'Bluesky' }).check();
  await page.getByLabel('Identifiant').fill(handle);
  await page.getByLabel(/^Serveur/).fill(PDS);
  await page.getByLabel('Mot de passe d’application').waitFor();
  await gallery('connect', lea)(page, 'bluesky');
});

test('Bluesky: a password that is not the one is told beside it; one stays at the desk, and nothing typed is lost', here, async () => {
  await page.getByLabel('Mot de passe d’application').fill('abcd-efgh-ijkl-mnop');
  await page.keyboard.press('Enter');
  await page.locator('.field', { hasText: 'Mot de passe d’application' }).getByText('Bluesky ne reconnaît pas cet identifiant avec ce mot de passe.').waitFor();
  assert.equal(await page.getByLabel('Mot de passe d’application').evaluate((box) => box === document.activeElement), true, 'the cursor is there');
  assert.equal(await page.getByLabel('Identifiant').inputValue(), handle);
  assert.equal(await page.locator('.desk .home').count(), 1, 'still signed in');
  await gallery('connect', lea)(page, 'bluesky-wrong');
  assert.deepEqual(await accounts(lea, 'coop'), ['journal connected']);
});

test('Bluesky: with the app password it is connected', here, async () => {
  await page.getByLabel('Mot de passe d’application').fill(appPassword);
  await page.getByRole('button', { name: 'Connecter', exact: true }).click();
  const row = page.locator('li.account', { hasText: handle });
  await row.getByText('Connecté').waitFor();
  await gallery('connect', lea)(page, 'bluesky-connected');
  assert.deepEqual(await accounts(lea, 'coop'), ['bluesky connected', 'journal connected']);
  await row.getByRole('button', { name: 'Vérifier' }).click();
  await page.getByText('Le compte répond.').waitFor();
});

test('an address inside the house’s network is not asked, and one is told', async () => {
  english = await browser.page({ width: 1280, height: 900, language: 'en-CA' });
  await enter(english, desk.base, 'samira@releverp.example', 'chez nous, bienvenue');
  await english.goto(`${desk.base}/#/accounts`);
  await english.getByRole('button', { name: /^Add an account.*Relève RP/ }).click();
  await english.getByRole('radio', { name: 'Mastodon' }).check();
  await english.getByLabel('Server').fill(`http://127.0.0.1:${await freePort()}`);
  await english.getByLabel('Access token').fill(mastodon.token);
  await english.getByRole('button', { name: 'Connect', exact: true }).click();
  await english.getByText(/leads outside the public internet/).waitFor();
});

test('Mastodon: a token the server does not know is told beside it', async () => {
  await english.getByLabel('Server').fill(mastodon.base);
  await english.getByLabel('Access token').fill('not-this-one');
  await english.getByRole('button', { name: 'Connect', exact: true }).click();
  await english.locator('.field', { hasText: 'Access token' }).getByText(/does not know this token: copy it again, whole/).waitFor();
  assert.equal(await english.locator('.desk .home').count(), 1, 'still signed in');
});

test('Mastodon: with its token it is connected, and a post goes there once', async () => {
  await english.getByLabel('Access token').fill(mastodon.token);
  await english.getByRole('button', { name: 'Connect', exact: true }).click();
  const row = english.locator('li.account', { hasText: `@releverp@${mastodon.address}` });
  await row.getByText('Connected').waitFor();
  assert.equal(await row.getByText('500 characters').count(), 1);
  const account = (await samira.all('/accounts?organization=releve')).find((a) => a.network === 'mastodon');
  assert.ok(!JSON.stringify(account).includes(mastodon.token), 'what was typed is not given back');
  const text = 'La prochaine rencontre a lieu mardi.';
  const { variants } = await samira.post('/posts', { title: text, variants: [{ account: account.id, text, languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }] });
  await samira.post(`/variants/${variants[0].id}/publish_now`);
  const out = await until(async () => { const v = await samira.get('/variants/' + variants[0].id); return v.stage === 'done' && v; }, { what: 'the post on Mastodon' });
  assert.equal(out.publication.permalink, mastodon.statuses[0].url);
  assert.deepEqual(mastodon.statuses.map((s) => s.text), [text]);
});

test('Mastodon: the token dies; the account says so, and takes a new one', async () => {
  mastodon.token = 'un-autre-jeton';
  const row = english.locator('li.account', { hasText: `@releverp@${mastodon.address}` });
  await row.getByRole('button', { name: 'Check' }).click();
  await row.getByText('To connect again').waitFor();
  await gallery('connect', samira)(english, 'mastodon-again');
  await samira.patch('/me', { language: 'en', theme: 'auto' });
  await row.getByRole('button', { name: 'Connect again' }).click();
  assert.equal(await row.getByLabel('Server').inputValue(), mastodon.base);
  await row.getByLabel('Access token').fill('un-autre-jeton');
  await row.locator('form').getByRole('button', { name: 'Connect again' }).click();
  await row.getByText('Connected').waitFor();
  assert.deepEqual(complaints(page, english), []);
});
