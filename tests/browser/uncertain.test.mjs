// SPDX-License-Identifier: AGPL-3.0-or-later
// A network that takes a post, cuts the line and will not say what stands there: nobody can know, so a person is asked.
// They see what is known, and decide with one act: it is there, send it again, drop it. What a network refused is told
// with its words, and can be sent again, dropped, or changed.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { complaints, enter, gallery, openBrowser } from '../lib/browser.mjs';
import { startDesk, until } from '../lib/desk.mjs';
import { TrialNetwork } from '../lib/networks.mjs';

let desk;
let browser;
let network;
let marc; // by API
let show;
let page;
const variants = {};

before(async () => {
  network = await new TrialNetwork().start();
  network.mute = true;
  desk = await startDesk({ demo: true, args: ['--allow', network.address] });
  browser = await openBrowser();
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  show = gallery('uncertain', marc);
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  const account = await lea.post('/accounts', { organization: 'coop', network: 'fake', slug: 'coop-essai', typed: { server: network.base, token: 'coop' } });
  const post = async (mood, text, state = 'asking') => {
    network.mood = mood;
    const { variants: made } = await marc.post('/posts', { title: text, variants: [{ account: account.id, text, languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }] });
    await marc.post(`/variants/${made[0].id}/publish_now`);
    await until(async () => (await marc.get('/variants/' + made[0].id)).publication?.state === state, { what: 'the question' });
    return made[0].id;
  };
  variants.there = await post('silent', 'Les paniers d’hiver arrivent jeudi.');
  variants.again = await post('deaf', 'L’assemblée est déplacée au 12.');
  variants.drop = await post('deaf', 'Le vrac est de retour.');
  variants.refused = await post('refusing', 'La soupe est chaude dès midi.', 'refused');
  network.mood = 'well';
  network.mute = false;
  page = await browser.page({ width: 1280, height: 900 });
  await enter(page, desk.base, 'marc@carnetdemarc.example', 'un porte-voix');
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  network?.stop();
});

const waiting = (text) => page.locator('a.thing', { hasText: 'À décider' }).filter({ hasText: text });
const publication = async (name) => (await marc.get('/variants/' + variants[name])).publication;

test('Today puts the three questions first, and leads to them', async () => {
  await page.getByRole('heading', { name: /choses vous attendent/ }).waitFor();
  assert.equal(await page.getByText('À décider').count(), 3);
  await waiting('Les paniers d’hiver').click();
  await page.getByRole('heading', { name: 'Est-ce paru?' }).waitFor();
});

test('what is known stands before the answers: why, and what came back', async () => {
  await page.getByText(/sa réponse n’est pas arrivée/).waitFor();
  await page.locator('.asks pre').waitFor();
  assert.ok((await page.locator('.asks pre').innerText()).length > 5);
  await show(page, 'question');
});

test('an address that is none is told beside its field; then: it is there, with its address', async () => {
  const address = page.getByLabel(/Son adresse sur le réseau/);
  await address.fill('la page de la coop');
  await page.getByRole('button', { name: 'C’est paru' }).click();
  await page.getByText(/Un lien commence par https/).waitFor();
  await address.fill(`${network.base}/p/p1`);
  await page.getByRole('button', { name: 'C’est paru' }).click();
  await page.getByRole('heading', { name: 'Publiée' }).waitFor();
  assert.equal(await page.getByRole('link', { name: /Voir sur/ }).getAttribute('href'), `${network.base}/p/p1`);
  await page.getByText('C’est noté : la publication est parue.').waitFor();
  assert.equal((await publication('there')).state, 'published');
  assert.equal(network.posts.length, 1, 'nothing was sent again');
});

test('it is not there: sent again with one act, by keyboard, and it arrives once', async () => {
  await page.goto(`${desk.base}/#/today`);
  await waiting('L’assemblée est déplacée').click();
  const again = page.getByRole('button', { name: 'Ce n’est pas paru : renvoyer' });
  await again.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Publiée' }).waitFor();
  assert.equal(network.posts.filter((p) => p.text.startsWith('L’assemblée')).length, 1);
  await page.getByText('pas paru', { exact: true }).waitFor();
});

test('dropped: nothing leaves, and from its page one sees it', async () => {
  await page.goto(`${desk.base}/#/variant/${variants.drop}`);
  await page.getByRole('link', { name: 'Décider' }).click();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  await page.getByRole('heading', { name: 'Abandonnée' }).waitFor();
  assert.equal(network.posts.length, 2);
  await page.getByRole('link', { name: 'Voir sa page d’écriture' }).click();
  await page.getByText('Changez le texte pour l’envoyer de nouveau.').waitFor();
  await page.getByRole('textbox', { name: /^Texte pour/ }).fill('Le vrac revient vendredi.');
  await page.getByRole('button', { name: 'Publier maintenant' }).waitFor();
  await page.goto(`${desk.base}/#/today`);
  await page.locator('.page-head').waitFor();
  await until(async () => (await page.getByText('À décider').count()) === 0, { what: 'a day without questions' });
});

test('refused: the network’s words, and the same acts but one', async () => {
  await page.goto(`${desk.base}/#/variant/${variants.refused}`);
  await page.getByRole('link', { name: 'Décider' }).click();
  await page.getByRole('heading', { name: 'Refusée par le réseau' }).waitFor();
  await page.locator('.asks pre', { hasText: 'This word is not welcome here' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'C’est paru' }).count(), 0);
  await show(page, 'refused');
  await page.getByRole('button', { name: 'Renvoyer', exact: true }).click();
  await page.getByRole('heading', { name: 'Publiée' }).waitFor();
  assert.equal(network.posts.length, 3);
});

test('what is only late cannot be there already: two answers', async () => {
  await page.route('**/api/v1/publications/*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const reason = { class: 'late', fr: 'L’heure est passée. Faut-il publier quand même ?', en: 'Its time is past. Should it still be published?', evidence: '' };
    await route.fulfill({ response: answer, json: { ...body, state: 'asking', reason, attempts: [] } });
  });
  await page.route('**/api/v1/variants/*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    await route.fulfill({ response: answer, json: { ...body, acts: { ...body.acts, resolve: true } } });
  });
  await page.goto(`${desk.base}/#/publication/${(await publication('there')).id}`);
  await page.getByRole('heading', { name: 'L’heure est passée' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'C’est paru' }).count(), 0);
  await page.getByRole('button', { name: 'Publier quand même' }).waitFor();
  await show(page, 'late');
  assert.deepEqual(complaints(page), []);
});
