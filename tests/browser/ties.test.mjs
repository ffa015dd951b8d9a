// SPDX-License-Identifier: AGPL-3.0-or-later
// The tie that nobody declared, as the margin shows it: while one types, in both languages, with how sure it is.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, openBrowser } from '../lib/browser.mjs';
import { root, startDesk, until } from '../lib/desk.mjs';
import { startSite } from '../lib/site.mjs';

const pictures = join(root, 'var/screenshots/ties');
mkdirSync(pictures, { recursive: true });
let site, desk, browser, marc, post;

before(async () => {
  site = await startSite();
  desk = await startDesk({ demo: true, args: ['--allow', site.host] });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const account = (await marc.get('/accounts')).items.find((a) => a.slug === 'coop-journal').id;
  post = await marc.post('/posts', { text: '', variants: [{ account, text: 'À lire : ', languages: ['fr'], declared: { origin: 'third_party', interest: 'org_favourite', axis: 'sharing' } }] });
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  await site?.stop();
});

async function come(language, place) {
  const page = await browser.page({ width: 1440, height: 900, language });
  await page.goto(desk.base + '/');
  await page.locator('input[type=email]').fill('marc@carnetdemarc.example');
  await page.locator('input[type=password]').fill('un porte-voix');
  await page.locator('button.main').click();
  await page.locator('.desk .home').first().waitFor();
  // A person's own choice beats the device's.
  await page.evaluate(async (chosen) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    await fetch('/api/v1/me', { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf }, body: JSON.stringify({ language: chosen }) });
  }, language.slice(0, 2));
  await page.reload();
  await page.locator('.desk .home').first().waitFor();
  await page.evaluate((to) => (location.hash = to), '#/' + place);
  return page;
}
async function look(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(350);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await accessible(page, name);
}
const type = (page, text) => page.locator('textarea[aria-details]').first().fill(text);

let page;
test('the page that names its author is evidence, once somebody has looked, without another key', async () => {
  page = await come('fr-CA', `write/${post.id}`);
  await page.locator('textarea[aria-details]').first().waitFor();
  await type(page, `À lire, cette tribune : ${site.base}/by-marc Et vous, qu'en pensez-vous?`);
  const note = page.locator('aside li', { hasText: 'vous nomme comme auteur' });
  await note.first().waitFor({ timeout: 20000 });
  assert.match(await note.first().innerText(), /Certain\s?: la page nomme son auteur\./);
  await until(async () => (await page.locator('aside [data-head] .sign').first().innerText()).includes('Refusé'), { what: 'the verdict' });
  assert.ok((await page.locator('.copy mark.refuse').count()) > 0, 'the link is underlined');
  await look(page, 'sure-fr');
});

test('a name alone is a clue: it decides nothing, and may be declared', async () => {
  await type(page, `À lire, cette tribune : ${site.base}/by-name Et vous, qu'en pensez-vous?`);
  const clue = page.locator('aside li', { hasText: 'comme vous' });
  await clue.waitFor({ timeout: 20000 });
  assert.match(await clue.innerText(), /Probable/);
  assert.match(await clue.innerText(), /Un indice\s?: il ne décide de rien\./);
  assert.ok(!(await page.locator('aside [data-head] .sign').first().innerText()).includes('Refusé'));
  await look(page, 'clue-fr');
  const english = await come('en-CA', `write/${post.id}`);
  const told = english.locator('aside li', { hasText: 'as you are called' });
  await told.waitFor({ timeout: 20000 });
  assert.match(await told.innerText(), /Likely/);
  await look(english, 'clue-en');
  await english.context().close();
  // Their choice of a language reaches every page of theirs.
  await marc.patch('/me', { language: 'fr' });
  await page.locator('html[lang=fr]').waitFor({ state: 'attached' });
  await clue.getByRole('button', { name: 'C’est ma création' }).click();
  await until(async () => (await page.locator('aside [data-head] .sign').first().innerText()).includes('Refusé'), { what: 'the verdict of a creation of one’s own' });
  assert.equal(await clue.count(), 0);
});

test('a look-alike is told, and accused of nothing', async () => {
  await page.getByRole('radio', { name: 'Quelqu’un d’autre' }).check();
  await type(page, "À lire : https://carnet-de-marc.example/ Et vous, qu'en pensez-vous?");
  const clue = page.locator('aside li', { hasText: 'ressemble à carnetdemarc.example' });
  await clue.waitFor({ timeout: 20000 });
  assert.match(await clue.innerText(), /Ressemblance/);
  assert.equal(await clue.getByRole('button', { name: /création|Déclarer/ }).count(), 0);
  await look(page, 'alike-fr');
});

test('feeds are entered in the register, seen there, and an entry can be changed', async () => {
  await page.evaluate(() => (location.hash = '#/register'));
  await page.getByText('Fil : https://carnetdemarc.example/feeds/posts/default').waitFor();
  await page.getByRole('button', { name: 'Inscrire un intérêt' }).click();
  await page.getByLabel('Noms', { exact: true }).fill('Tribunes');
  await page.getByLabel('Domaines').fill('hote.example/@marc');
  await page.getByLabel('Fils facultatif').fill('https://hote.example/@marc/rss');
  await look(page, 'register-form');
  await page.getByRole('button', { name: 'Inscrire', exact: true }).click();
  const entry = page.locator('li.entry', { hasText: 'Tribunes' });
  await entry.waitFor();
  assert.match(await entry.innerText(), /hote\.example\/@marc\n/);
  await entry.getByRole('button', { name: /Modifier/ }).click();
  await page.getByLabel('Fils facultatif').fill('');
  await page.getByRole('button', { name: 'Garder' }).click();
  await until(async () => !(await entry.innerText()).includes('/rss'), { what: 'the entry without its feed' });
  await look(page, 'register');
});
