// SPDX-License-Identifier: AGPL-3.0-or-later
// A manager's day in a browser, in French, on the example desk: from an article to three organisations' accounts,
// judged, sent back, approved on a phone, published once, commented and answered.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { accessible, openBrowser } from '../lib/browser.mjs';
import { root, startDesk, until } from '../lib/desk.mjs';

const pictures = join(root, 'var/screenshots/story');
mkdirSync(pictures, { recursive: true });

let desk;
let browser;
let marc; // the manager's page
let lea; // the reviewer's, on a phone
let commented; // the journal's page with a comment

before(async () => {
  desk = await startDesk({ demo: true });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

// What stood on the screens when something failed.
afterEach(async (t) => {
  if (t.passed !== false && !t.error) return;
  await marc?.screenshot({ path: join(pictures, 'failed-marc.png') }).catch(() => {});
  await lea?.screenshot({ path: join(pictures, 'failed-lea.png') }).catch(() => {});
});

async function enter(page, login, password) {
  await page.goto(desk.base + '/');
  await page.getByLabel('Adresse de courriel').fill(login);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Entrer' }).click();
}
async function look(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await accessible(page, name);
}
const verdictOf = (page) => page.locator('aside [data-head] .sign').first();
const goTo = (page, place) => page.evaluate((to) => (location.hash = to), '#/' + place);

test('a wrong password is answered with a word, and nothing more', async () => {
  marc = await browser.page({ width: 1440, height: 900 });
  await enter(marc, 'marc@carnetdemarc.example', 'un autre mot');
  await marc.getByRole('alert').waitFor();
  await look(marc, 'sign-in');
  assert.equal(await marc.getByLabel('Adresse de courriel').inputValue(), 'marc@carnetdemarc.example');
});

test('the manager comes in and sees what waits', async () => {
  await marc.getByLabel('Mot de passe').fill('un porte-voix');
  await marc.getByRole('button', { name: 'Entrer' }).click();
  await marc.getByRole('heading', { name: /choses vous attendent/ }).waitFor();
  await look(marc, 'today');
});

test('the new article of his blog becomes a post for four accounts at once', async () => {
  await marc.getByRole('link', { name: 'Fils' }).first().click();
  const article = marc.locator('li.item', { hasText: 'L’autopromotion est-elle morale' });
  await article.waitFor();
  await look(marc, 'feeds');
  await article.getByRole('link', { name: 'En faire une publication' }).click();
  for (const house of ['Observatoire des pratiques sociales', 'Jeune Pousse', 'Coop du Faubourg', 'Marc Tessier'])
    await marc.getByRole('checkbox', { name: house }).check();
  await look(marc, 'new');
  await marc.getByRole('button', { name: 'Commencer une page' }).click();
  await marc.getByRole('tab', { name: 'Tous les comptes' }).waitFor();
  assert.equal(await marc.getByRole('tab').count(), 5);
  await until(async () => (await marc.locator('.overview .sign').count()) === 4, { what: 'four verdicts' });
  await look(marc, 'compose-everyone');
});

test('on his own account it is allowed, and the margin is blank', async () => {
  await marc.getByRole('tab', { name: /Marc Tessier/ }).click();
  await until(async () => (await verdictOf(marc).innerText()).includes('Autorisé'), { what: 'the verdict' });
  assert.equal(await marc.locator('aside ol li').count(), 0);
  await look(marc, 'compose-own');
});

test('on an organisation’s account it is refused, in the policy’s own words, beside the link', async () => {
  await marc.getByRole('tab', { name: /Coop du Faubourg/ }).click();
  await until(async () => (await verdictOf(marc).innerText()).includes('Refusé'), { what: 'the verdict' });
  const note = marc.locator('aside li', { hasText: 'Le statut de gestionnaire ne sert pas à promouvoir ses propres créations' });
  await note.waitFor();
  assert.match(await note.innerText(), /carnetdemarc\.example/);
  assert.ok((await marc.locator('.copy mark.refuse').count()) > 0, 'the link is underlined');
  assert.ok((await marc.locator('svg.threads path').count()) > 0, 'a line ties it to its note');
  assert.equal(await marc.getByRole('button', { name: 'Publier maintenant' }).getAttribute('aria-disabled'), 'true');
  await look(marc, 'compose-refused');
});

test('the text is kept as it is typed, and comes back when the page is opened again', async () => {
  const area = marc.getByRole('textbox', { name: /Texte pour Coop du Faubourg/ });
  await area.focus();
  await marc.keyboard.press('Control+End');
  await marc.keyboard.type(" Et vous, qu'en pensez-vous?", { delay: 4 });
  await marc.getByText('Brouillon gardé').waitFor();
  await marc.reload();
  await marc.getByRole('tab', { name: /Coop du Faubourg/ }).click();
  await until(async () => (await area.inputValue()).endsWith("qu'en pensez-vous?"), { what: 'the text' });
});

test('declared as a project it needs another person, and the disclosure is inserted from the margin', async () => {
  await marc.getByRole('radio', { name: 'Projet de l’organisation' }).check();
  await marc.getByRole('radio', { name: 'Partage' }).check();
  await until(async () => (await verdictOf(marc).innerText()).includes('À approuver'), { what: 'the verdict' });
  await marc.getByRole('button', { name: /Insérer la divulgation/ }).click();
  const area = marc.getByRole('textbox', { name: /Texte pour Coop du Faubourg/ });
  await until(async () => /notre gestionnaire de communauté/i.test(await area.inputValue()), { what: 'the wording' });
  await until(async () => (await marc.getByRole('button', { name: /Insérer la divulgation/ }).count()) === 0, { what: 'the demand met' });
  await marc.getByText('Brouillon gardé').waitFor();
  await look(marc, 'compose-approve');
  await marc.getByRole('button', { name: 'Envoyer à l’approbation' }).click();
  await marc.getByText('Attend une approbation.').waitFor();
});

test('his own account goes out at once, to his own journal', async () => {
  await marc.getByRole('tab', { name: /Marc Tessier/ }).click();
  await marc.getByRole('button', { name: 'Publier maintenant' }).click();
  await marc.getByText(/^Publié le/).waitFor({ timeout: 20000 });
  await look(marc, 'compose-published');
});

test('the reviewer sees exactly what goes out and sends it back with a word', async () => {
  lea = await browser.page({ width: 390, height: 844, hasTouch: true });
  await enter(lea, 'lea@observatoire.example', 'un autre regard');
  await lea.getByRole('heading', { name: /vous attend/ }).waitFor();
  await lea.getByRole('link', { name: 'Relecture' }).first().click();
  await lea.locator('a.row-link', { hasText: 'Coop du Faubourg' }).click();
  await lea.getByRole('heading', { name: 'Déclaré' }).waitFor();
  assert.match(await lea.locator('.copy.read').innerText(), /notre gestionnaire de communauté/i);
  await look(lea, 'review-phone');
  await lea.getByRole('button', { name: 'Renvoyer avec un mot' }).click();
  await lea.getByLabel('Votre mot').fill('Dites plus simplement de quoi parle le billet.');
  await look(lea, 'review-send-back');
  await lea.getByRole('button', { name: 'Renvoyer', exact: true }).click();
  await lea.getByText('Renvoyé avec votre mot.').waitFor();
  await until(async () => (await lea.locator('a.row-link', { hasText: 'Coop du Faubourg' }).count()) === 0, { what: 'the list without it' });
});

test('the manager sees the word at once, changes the text, and sends it again', async () => {
  await marc.getByRole('tab', { name: /Coop du Faubourg/ }).click();
  await marc.getByText('Dites plus simplement de quoi parle le billet.').waitFor();
  const area = marc.getByRole('textbox', { name: /Texte pour Coop du Faubourg/ });
  const text = await area.inputValue();
  await area.fill(text.replace('L’autopromotion est-elle morale?', 'Peut-on parler de soi au nom des autres?'));
  await marc.getByText('Brouillon gardé').waitFor();
  await look(marc, 'compose-sent-back');
  await marc.getByRole('button', { name: 'Envoyer à l’approbation' }).click();
  await marc.getByText('Attend une approbation.').waitFor();
});

test('she approves it on her phone in three touches, having seen what changed', async () => {
  await goTo(lea, 'today');
  await lea.getByRole('link', { name: 'Relecture' }).first().tap(); // one
  await lea.locator('a.row-link', { hasText: 'Coop du Faubourg' }).tap(); // two
  await lea.getByRole('heading', { name: 'Depuis votre dernière lecture' }).waitFor({ timeout: 5000 });
  assert.ok((await lea.locator('ins').count()) > 0 && (await lea.locator('del').count()) > 0);
  await look(lea, 'review-differences');
  await lea.getByRole('button', { name: /^Approuver/ }).tap(); // three
  await lea.getByText('Approuvé.', { exact: true }).waitFor();
});

test('approved, it is published once, and its permalink opens the journal', async () => {
  const now = marc.getByRole('button', { name: 'Publier maintenant' });
  await now.waitFor();
  await now.click();
  await marc.getByText(/^Publié le/).waitFor({ timeout: 20000 });
  const link = await marc.getByRole('link', { name: 'Voir dans le journal' }).getAttribute('href');
  const reader = await browser.page({ width: 1280, height: 900 });
  await reader.goto(new URL(link, desk.base).href);
  assert.match(await reader.locator('.h-entry .e-content').first().innerText(), /parler de soi au nom des autres/);
  await look(reader, 'journal-entry');
  // A visitor's comment is held.
  await reader.getByRole('textbox', { name: /nom/i }).fill('Une lectrice');
  await reader.getByRole('textbox', { name: /commentaire/i }).fill('Et quand on parle de soi sans le dire?');
  await reader.locator('form.comment-form button').click();
  await reader.locator('.notice').waitFor();
  await look(reader, 'journal-comment');
  assert.equal(await reader.getByText('Et quand on parle de soi sans le dire?').count(), 0, 'nobody sees it yet');
  commented = reader.url().replace(/[?#].*$/, '');
  await reader.context().close();
});

test('the comment arrives, is let through, and is answered in the organisation’s voice', async () => {
  await goTo(marc, 'conversations');
  const talk = marc.locator('a.thread', { hasText: 'sans le dire' });
  await talk.click();
  await marc.getByText('Retenu : personne ne le voit encore.').waitFor();
  await look(marc, 'conversation');
  await marc.getByRole('button', { name: 'Laisser paraître' }).click();
  await until(async () => (await marc.getByText('Retenu : personne ne le voit encore.').count()) === 0, { what: 'the comment shown' });
  const box = marc.getByRole('textbox', { name: 'Votre réponse' });
  await box.fill('Nous le disons, justement : merci de la question.');
  await marc.locator('aside [data-head] .sign').first().waitFor();
  await look(marc, 'conversation-answer');
  await marc.getByRole('button', { name: 'Répondre', exact: true }).click();
  await marc.getByText('Votre réponse part.').waitFor();
  await marc.locator('.messages li.out', { hasText: 'Nous le disons, justement' }).waitFor();
  const reader = await browser.page({ width: 390, height: 844 });
  await reader.goto(commented);
  await reader.locator('.answer', { hasText: 'Nous le disons, justement' }).waitFor();
  assert.match(await reader.locator('.comment').first().innerText(), /sans le dire/);
  await look(reader, 'journal-answered');
  await reader.context().close();
});

test('a scheduled post stands in the calendar, by keyboard too', async () => {
  await goTo(marc, 'write');
  await marc.getByRole('checkbox', { name: 'Jeune Pousse' }).check();
  await marc.getByRole('button', { name: 'Commencer une page' }).click();
  const area = marc.getByRole('textbox', { name: /Texte pour Jeune Pousse/ });
  await area.fill('L’atelier ouvre ses portes samedi : venez voir pousser.');
  await marc.getByRole('radio', { name: 'Projet de l’organisation' }).check();
  await marc.getByRole('radio', { name: 'L’organisation', exact: true }).check();
  await marc.getByRole('radio', { name: 'Projet', exact: true }).check();
  await marc.getByRole('radio', { name: 'À une date' }).check();
  await marc.getByLabel('Heure', { exact: true }).fill('11:15');
  await marc.getByLabel('Heure', { exact: true }).blur();
  await until(async () => (await verdictOf(marc).innerText()).includes('Autorisé'), { what: 'the verdict' });
  await marc.getByText('Brouillon gardé').waitFor();
  await look(marc, 'compose-when');
  await marc.getByRole('button', { name: /^Publier le .* à 11\sh\s15/ }).click();
  await marc.getByText(/Part le .* à 11\sh\s15/).waitFor();
  await goTo(marc, 'calendar');
  await marc.getByRole('link', { name: /Jeune Pousse/ }).filter({ hasText: /11\sh\s15/ }).waitFor();
  await look(marc, 'calendar');
  await marc.locator('[data-day][tabindex="0"]').focus();
  await marc.keyboard.press('ArrowRight');
  await marc.keyboard.press('Enter');
  assert.match(await marc.evaluate(() => document.activeElement.className), /entry|add/);
});

test('nothing was kept from the page by the content policy, and nothing broke', async () => {
  for (const page of [marc, lea]) {
    const said = page.complaints.filter((c) => !/status of (401|404|409|422)/.test(c));
    assert.deepEqual(said, []);
  }
});
