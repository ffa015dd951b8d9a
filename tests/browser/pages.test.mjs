// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page in both languages, by day and by night, on a phone and on a desk: axe finds nothing, nothing is wider than
// the screen, and nothing of it is kept out by the content policy. An empty desk is opened in four steps.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, openBrowser } from '../lib/browser.mjs';
import { root, startDesk, until } from '../lib/desk.mjs';

const pictures = join(root, 'var/screenshots/pages');
mkdirSync(pictures, { recursive: true });
let browser;
let desk;
let posts;

before(async () => {
  browser = await openBrowser();
  desk = await startDesk({ demo: true });
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const { items } = await marc.get('/accounts');
  const { items: articles } = await marc.get('/items?limit=1');
  posts = await marc.post('/posts', {
    item: articles[0].id,
    text: "Sur mon carnet : l'autopromotion est-elle morale? https://carnetdemarc.example/autopromotion",
    variants: items.map((a) => ({ account: a.id, text: "Sur mon carnet : l'autopromotion est-elle morale? https://carnetdemarc.example/autopromotion", languages: ['fr'] })),
  });
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const places = ['today', 'feeds', 'write', 'posts', 'review', 'calendar', 'conversations', 'policy', 'register', 'accounts', 'people', 'houses', 'me', 'nowhere'];
const looks = [
  { name: 'fr-day-desk', width: 1440, height: 900, language: 'fr-CA', dark: false },
  { name: 'fr-night-phone', width: 360, height: 780, language: 'fr-CA', dark: true },
  { name: 'en-night-desk', width: 1280, height: 800, language: 'en-CA', dark: true },
  { name: 'en-day-phone', width: 390, height: 844, language: 'en-CA', dark: false },
];

async function come(page, person, password) {
  await page.goto(desk.base + '/');
  await page.locator('input[type=email]').fill(person);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button.main').click();
  await page.locator('.desk .home').first().waitFor();
}
async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the screen`);
}
async function settle(page) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(350); // lists come in one or two answers; the live line never ends
}

for (const look of looks)
  test(`every page, ${look.name}`, async (t) => {
    const page = await browser.page(look);
    await page.goto(desk.base + '/');
    await page.locator('input[type=email]').waitFor();
    await accessible(page, 'sign-in');
    await come(page, 'lea@observatoire.example', 'un autre regard');
    // A person's own choice beats the device's.
    await page.evaluate(
      async ([language, theme]) => {
        const { csrf } = await (await fetch('/api/v1/session')).json();
        await fetch('/api/v1/me', { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf }, body: JSON.stringify({ language, theme }) });
      },
      [look.language.slice(0, 2), look.dark ? 'dark' : 'light'],
    );
    await page.reload();
    await page.locator('.desk .home').first().waitFor();
    for (const place of places) {
      await page.goto(`${desk.base}/#/${place}`);
      await page.locator('main#main h1').first().waitFor();
      await settle(page);
      await page.screenshot({ path: join(pictures, `${place}-${look.name}.png`) });
      await fits(page, place);
      await accessible(page, `${place}, ${look.name}`);
    }
    assert.equal(await page.locator('html').getAttribute('lang'), look.language.slice(0, 2));
    await page.goto(`${desk.base}/#/conversations`);
    await page.locator('a.thread').first().click();
    await page.locator('.messages li').first().waitFor();
    await settle(page);
    await page.screenshot({ path: join(pictures, `thread-${look.name}.png`) });
    await fits(page, 'thread');
    await accessible(page, `thread, ${look.name}`);
    await page.goto(`${desk.base}/#/policy`);
    await page.locator('.paper .sentence').first().waitFor(); /* each rule's exact sense */
    await fits(page, 'policy, whole');
    await accessible(page, `policy, whole, ${look.name}`);
    assert.deepEqual(page.complaints.filter((c) => !/status of (401|404|409|422)/.test(c)), []);
    await page.context().close();
  });

for (const look of looks)
  test(`the writing table and its margin, ${look.name}`, async () => {
    const page = await browser.page(look);
    await come(page, 'marc@carnetdemarc.example', 'un porte-voix');
    await page.evaluate(
      async ([language, theme]) => {
        const { csrf } = await (await fetch('/api/v1/session')).json();
        await fetch('/api/v1/me', { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf }, body: JSON.stringify({ language, theme }) });
      },
      [look.language.slice(0, 2), look.dark ? 'dark' : 'light'],
    );
    await page.reload();
    await page.locator('.desk .home').first().waitFor();
    await page.goto(`${desk.base}/#/write/${posts.id}`);
    await page.getByRole('tab').first().waitFor();
    await until(async () => (await page.locator('.overview .sign').count()) >= 4, { what: 'the verdicts' });
    await settle(page);
    await page.screenshot({ path: join(pictures, `compose-all-${look.name}.png`) });
    await fits(page, 'compose, all');
    await accessible(page, `compose, all, ${look.name}`);
    await page.getByRole('tab', { name: /Coop du Faubourg/ }).click();
    await page.locator('aside li').first().waitFor();
    await settle(page);
    await page.screenshot({ path: join(pictures, `compose-${look.name}.png`), fullPage: true });
    await fits(page, 'compose');
    await accessible(page, `compose, ${look.name}`);
    await page.context().close();
  });

test('print: the policy without the desk around it', async () => {
  const page = await browser.page({ width: 1280, height: 900 });
  await come(page, 'lea@observatoire.example', 'un autre regard');
  await page.goto(`${desk.base}/#/policy`);
  await page.locator('.paper').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('nav').first().isVisible(), false);
  await page.screenshot({ path: join(pictures, 'policy-print.png') });
  await page.context().close();
});

test('an empty desk is opened in four steps', async () => {
  const empty = await startDesk({});
  try {
    const link = await until(() => empty.said().match(/http:\S+setup\?token=\S+/)?.[0], { what: 'the link' });
    const page = await browser.page({ width: 1280, height: 900 });
    await page.goto(link);
    await page.getByLabel('Votre nom').fill('Rosalie Côté');
    await page.getByLabel('Adresse de courriel').fill('rosalie@maison.example');
    await page.getByLabel('Choisissez un mot de passe').fill('une phrase assez longue');
    await accessible(page, 'setup 1');
    await page.screenshot({ path: join(pictures, 'setup-1.png') });
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByLabel('Nom de l’organisation').fill('La Maison du quai');
    await accessible(page, 'setup 2');
    await page.screenshot({ path: join(pictures, 'setup-2.png') });
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('radio', { name: 'Journal' }).check();
    await accessible(page, 'setup 3');
    await page.screenshot({ path: join(pictures, 'setup-3.png') });
    await page.getByRole('button', { name: 'Ouvrir le journal' }).click();
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('radio').first().waitFor();
    await page.getByRole('radio').first().check();
    await page.getByText('Ce texte peut être adopté.').waitFor();
    await accessible(page, 'setup 4');
    await page.screenshot({ path: join(pictures, 'setup-4.png') });
    await page.getByRole('button', { name: 'Adopter et commencer' }).click();
    await page.getByText('Rien ne vous attend.').waitFor();
    await accessible(page, 'an empty day');
    await page.screenshot({ path: join(pictures, 'empty-day.png') });
    await page.goto(link);
    await page.context().close();
  } finally {
    await empty.stop();
  }
});
