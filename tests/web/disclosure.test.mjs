// SPDX-License-Identifier: AGPL-3.0-or-later
// The wording that the desk offers, put where the composer would put it, meets the demand: in every sample, for every
// disclosure and mention, in one language and in two, in texts of many shapes.
import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { insertion, offered, takenOut } from '../../ui/src/lib/compose/insertion.ts';
import { root, startDesk } from '../lib/desk.mjs';

let desk;
let marc;
const folder = join(root, 'examples/policies');
const samples = readdirSync(folder).filter((f) => f.endsWith('.yaml')).map((f) => f.replace('.yaml', ''));
const long = 'Le marché du quartier ouvre ses portes avec ses légumes, ses fleurs et ses pains, comme chaque année à la même heure'.repeat(6);

before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
});
after(() => desk?.stop());

const texts = {
  fr: [
    '',
    'Un mot.',
    'Un mot',
    'Le carnet paraît. Il est à lire sans attendre. #carnet #lecture',
    'M. Roy a écrit ceci : https://carnet.example/a.b?c=d#e',
    long,
    long + '. Et voilà. #un #deux #trois',
    'Voici une liste :\n- un\n- deux\n\nÀ bientôt',
    '« Un beau texte. » Il paraît demain. 🎉🎉',
    'E\u0301crit avec des accents de\u0301compose\u0301s. Suite.',
    '#seul',
  ],
  en: ['', 'A word.', 'A word', 'The notebook is out. It is worth reading. #notebook #reading', 'Read this: https://notebook.example/a.b'],
  // Not the empty text: two hashtags alone are a run that closes it, and count for nothing.
  both: [
    'Le carnet paraît. Il est à lire.\n\nThe notebook is out. It is worth reading.',
    'The notebook is out.\nLe carnet paraît.',
    'Le carnet paraît, et nous le lisons.',
    `${long}.\n\nThe market is open for all of us. #market #open`,
    'Bonjour\n\nHello',
  ],
};
const languages = { fr: ['fr'], en: ['en'], both: ['fr', 'en'] };

// Every fact that a sample's disclosure and mention rules may ask for.
function facts(policy) {
  const ties = [{ names: ['Le carnet'], relation: 'author', domains: ['tie.example'] }, { names: ['La Brasserie'], relation: 'client', domains: ['client.example'] }];
  const declared = [
    { origin: 'own_creation', interest: 'project' }, { origin: 'client', relation: ['client'] }, { origin: 'organisation', relation: ['client'] },
    { sponsored: 'yes' }, { relation: ['family', 'employee', 'gifted'] }, { interest: 'commercial' },
    ...(policy.topics ?? []).map((t) => ({ topic: [t.id] })),
  ];
  return { ties, declared };
}
const asked = (judgement) => judgement.remedies.filter((r) => r.act === 'insert_disclosure' || r.act === 'move_disclosure');

async function settle(text, given, caret) {
  for (let turns = 0; turns < 8; turns++) {
    const { judgement } = await marc.post('/policy-try', { text, case: given });
    const [remedy] = asked(judgement);
    if (!remedy) return { judgement, turns, text: given.post.text };
    let before = given.post.text;
    const missing = judgement.remarks.find((r) => r.rule === remedy.rule).evidence.find((e) => e.kind === 'missing' && e.lang === remedy.lang);
    let [words] = offered(before, remedy.text, missing?.wordings ?? []);
    if (remedy.act === 'move_disclosure') {
      const span = { start: units(before, remedy.span.start), end: units(before, remedy.span.end) };
      words = before.slice(span.start, span.end);
      before = takenOut(before, span);
    }
    const put = insertion(before, { words, position: remedy.position, fold: remedy.fold ?? 0, lang: remedy.lang, languages: given.post.lang, caret });
    const after = before.slice(0, put.from) + put.insert + before.slice(put.to);
    assert.equal(after.slice(put.start, put.end).toLowerCase(), words.toLowerCase(), 'what is selected are the words');
    given = { ...given, post: { ...given.post, text: after } };
  }
  const { judgement } = await marc.post('/policy-try', { text, case: given });
  assert.fail(`still asked after eight: ${JSON.stringify(asked(judgement))}\n${given.post.text}`);
}
const units = (text, points) => [...text].slice(0, points).join('').length;

for (const sample of samples)
  test(`${sample}: the offered wording meets the demand`, async () => {
    const text = await readFile(join(folder, sample + '.yaml'), 'utf8');
    const { document } = await marc.post('/policy-check', { text });
    const { ties, declared } = facts(document);
    let met = 0;
    let tried = 0;
    for (const account of document.accounts)
      for (const [at, facts] of declared.entries())
        for (const side of ['fr', 'en', 'both'])
          for (const [i, post] of texts[side].entries()) {
            // Some of the combinations, the same ones each time.
            if ((at * 5 + i * 3 + tried++) % 8) continue;
            const given = {
              account: account.id, author: 'marc', at: '2026-03-02T10:00:00-05:00', people: { marc: { roles: [], interests: ties } },
              post: { kind: 'post', lang: languages[side], text: post + (i % 4 === 1 ? ' https://tie.example/x' : '') }, declared: facts,
            };
            const { turns } = await settle(text, given, [undefined, 0, 5, 1000][i % 4]);
            if (turns) met++;
          }
    assert.ok(met > 5, `${met} demands met of ${tried} tried`);
  });

test('what stands too low is moved up, and nothing of it is left behind', async () => {
  const text = await readFile(join(folder, 'seed.yaml'), 'utf8');
  for (const [post, left] of [
    [`${long}. Écrit par notre gestionnaire de communauté.`, `${long}.`],
    [`${long} (écrit par notre gestionnaire de communauté). Fin.`, `${long}. Fin.`],
    [`${long} et c’est écrit par notre gestionnaire de communauté, voilà`, `${long} et c’est, voilà`],
  ]) {
    const given = { account: 'coop-fb', author: 'marc', at: '2026-03-02T10:00:00-05:00', people: {}, post: { lang: ['fr'], text: post }, declared: { relation: ['author'], interest: 'project' } };
    const first = await marc.post('/policy-try', { text, case: given });
    const [remedy] = asked(first.judgement);
    assert.equal(remedy.act, 'move_disclosure');
    const span = { start: units(post, remedy.span.start), end: units(post, remedy.span.end) };
    assert.equal(takenOut(post, span), left);
    const { turns } = await settle(text, given);
    assert.equal(turns, 1);
  }
});
