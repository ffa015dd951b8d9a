// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture in the composer: its sentence is asked for, it is seen as readers will see it, taken away and put back; what
// is no picture, or too heavy, is told; in the journal it stands with its sentence.
import { strict as assert } from 'node:assert';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { folder, startDesk, until } from '../lib/desk.mjs';
import { TrialNetwork } from '../lib/networks.mjs';
import { picture } from '../lib/picture.mjs';

const ALT = 'Trois rangées de collines au couchant, vues du toit de la coopérative.';
const hills = { name: 'collines.png', mimeType: 'image/png', buffer: picture(600, 400) };

let desk;
let browser;
let network; // takes pictures of 10 MB at most
let marc; // by API
let show;
let page;
let journal; // the co-op's
let trial;
let variant;

before(async () => {
  network = await new TrialNetwork().start();
  desk = await startDesk({ demo: true, args: ['--allow', network.address] });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  show = gallery('media', marc);
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  trial = await lea.post('/accounts', { organization: 'coop', network: 'fake', slug: 'coop-essai', typed: { server: network.base, token: 'coop' } });
  journal = (await marc.get('/accounts')).items.find((a) => a.slug === 'coop-journal');
  variant = (await write([journal])).variants[0];
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'marc@carnetdemarc.example', 'un porte-voix');
  await page.goto(`${desk.base}/#/variant/${variant.id}`);
  await page.locator('textarea').first().waitFor();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  network?.stop();
});

const write = (accounts) =>
  marc.post('/posts', {
    title: 'La vue du toit',
    text: 'Du toit de la coop, ce soir.',
    variants: accounts.map((a) => ({ account: a.id, text: 'Du toit de la coop, ce soir.', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } })),
  });
const add = (file) => page.locator('input[type=file]').setInputFiles(file);
const alt = () => page.getByLabel('Ce que montre cette image');
// A file on the disk of so many megabytes, with nothing in it.
const heavy = async (megabytes) => {
  const file = join(await folder('heavy'), 'affiche.png');
  await writeFile(file, '');
  await truncate(file, megabytes << 20);
  return file;
};
const kept = async () => (await marc.get('/variants/' + variant.id)).media;

test('a picture is added by keyboard, and its sentence is asked for at once', async () => {
  const chosen = page.waitForEvent('filechooser');
  await page.locator('input[type=file]').focus();
  await page.keyboard.press('Enter');
  await (await chosen).setFiles(hills);
  await alt().waitFor();
  assert.equal(await alt().evaluate((box) => box === document.activeElement), true, 'the cursor is where the sentence goes');
  await page.getByText('Décrivez cette image.').waitFor();
  await until(async () => (await kept()).length === 1, { what: 'the picture at the desk' });
  await show(page, 'asked');
});

test('described, it is seen as readers will see it', async () => {
  await page.keyboard.type(ALT);
  await until(async () => (await kept())[0]?.alt === ALT, { what: 'the sentence at the desk' });
  assert.equal(await page.getByText('Décrivez cette image.').count(), 0);
  const shown = page.locator('.preview').getByRole('img', { name: ALT });
  await shown.scrollIntoViewIfNeeded();
  assert.ok(await shown.evaluate((img) => img.complete && img.naturalWidth === 600), 'the picture is loaded');
  await show(page, 'described');
});

test('it is taken away, and put back', async () => {
  await page.getByRole('button', { name: `Retirer : ${ALT}` }).click();
  await until(async () => (await kept()).length === 0, { what: 'the picture gone' });
  assert.equal(await page.locator('.preview img').count(), 0);
  await add(hills);
  await alt().fill(ALT);
  await until(async () => (await kept())[0]?.alt === ALT, { what: 'the picture back' });
});

test('a file that lies about what it is is not taken, and one is told what is', async () => {
  await add({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!doctype html><script>alert(1)</script>') });
  await page.getByRole('alert').getByText(/Une image PNG, JPEG, GIF ou WebP/).waitFor();
  await show(page, 'not-a-picture');
  assert.equal((await kept()).length, 1);
});

test('one too heavy for the desk is told before it is sent', async () => {
  let sent = 0;
  page.on('request', (r) => (sent += r.method() === 'POST' && r.url().includes('/media')));
  await add(await heavy(17));
  await page.getByRole('alert').getByText(/Cette image pèse 17\sMo; au plus 16\sMo \(Journal\)/).waitFor();
  assert.equal(sent, 0);
  // The desk holds to its own limit, whoever asks.
  const no = await marc.ask('POST', '/media?organization=coop', Buffer.alloc((16 << 20) + 1), { 'Content-Type': 'image/png' });
  assert.equal(no.status, 413);
});

test('in the journal it stands with its sentence', async () => {
  await page.getByRole('button', { name: 'Publier maintenant' }).click();
  await page.getByText(/^Publié le/).waitFor({ timeout: 20000 });
  const link = await page.getByRole('link', { name: 'Voir dans le journal' }).getAttribute('href');
  const reader = await browser.page({ width: 390, height: 844, language: 'en-CA' });
  await reader.goto(new URL(link, desk.base).href);
  const shown = reader.getByRole('img', { name: ALT });
  await shown.waitFor();
  assert.ok(await shown.evaluate((img) => img.complete && img.naturalWidth === 600), 'a reader gets the picture');
  await reader.screenshot({ path: 'var/screenshots/media/journal-phone.png', fullPage: true });
  await page.screenshot({ path: 'var/screenshots/media/published.png', fullPage: true });
  assert.deepEqual(complaints(reader), []);
});

test('for several accounts at once: one sentence for all, the picture of one stays its own, the smallest limit holds', async () => {
  const post = await write([journal, trial]);
  const media = async () => (await marc.get('/posts/' + post.id)).variants.map((v) => [v.account.slug, v.media.map((m) => m.alt)]).sort();
  await page.goto(`${desk.base}/#/write/${post.id}`);
  await page.getByRole('tab', { name: 'Tous les comptes' }).waitFor();
  await add(await heavy(11));
  await page.getByRole('alert').getByText(/Cette image pèse 11\sMo; au plus 10\sMo \(Réseau d’essai\)/).waitFor();
  await add(hills);
  await alt().fill(ALT);
  await until(async () => (await media()).every(([, alts]) => alts[0] === ALT), { what: 'the picture on both' });
  await page.getByRole('tab', { name: /Réseau d’essai/ }).click();
  await alt().fill('Les mêmes collines, autrement dites.');
  await page.getByRole('tab', { name: 'Tous les comptes' }).click();
  await page.getByRole('button', { name: `Retirer : ${ALT}` }).click();
  await until(async () => assert.deepEqual(await media(), [['coop-essai', ['Les mêmes collines, autrement dites.']], ['coop-journal', []]]) ?? true, { what: 'its own picture kept' });
  assert.deepEqual(complaints(page), []);
});
