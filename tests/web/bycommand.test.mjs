// SPDX-License-Identifier: AGPL-3.0-or-later
// The manager's day by command, beside a desk that is being served: an article of the feed becomes a post, a reader's
// comment is shown and answered.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { run, startDesk, until } from '../lib/desk.mjs';

let desk;
let marc;
before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
});
after(() => desk?.stop());

const say = (...args) => run([...args, '--data', desk.data]);
const lines = ({ code, out, err }) => {
  assert.equal(code, 0, err);
  return out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
};

test('feeds and their articles', async () => {
  await until(async () => (await marc.all('/items')).length > 0, { what: 'the articles' });
  const sources = lines(say('source', 'list', '--organization', 'coop'));
  assert.equal(sources.length, 1);
  assert.equal(sources[0].state, 'active');
  const [again] = lines(say('source', 'fetch', sources[0].id, '--as', 'marc', '--allow', new URL(desk.base).host));
  assert.equal(again.fresh, 0);
  const items = lines(say('source', 'items', '--organization', 'coop', '--limit', '2'));
  assert.equal(items.length, 2);
  assert.ok(items[0].title && items[0].published_at >= items[1].published_at);
  assert.deepEqual(lines(say('source', 'items', '--source', sources[0].id, '--state', 'set_aside')), []);
  assert.equal(say('source', 'items', '--limit', '0').code, 2);
  const [post] = lines(say('post', 'add', '--as', 'marc', '--account', 'coop-journal', '--item', items[0].id));
  assert.ok(post.text.includes(items[0].url), post.text);
  assert.equal((await marc.get('/items?organization=coop')).items.find((i) => i.id === items[0].id).state, 'used');
});

test('feeds come and go, by who may', async () => {
  const url = `${desk.base}/demo/blogger-atom.xml?again`;
  assert.equal(say('source', 'add', 'coop', url, '--as', 'samira').code, 1);
  const [source] = lines(say('source', 'add', 'coop', url, '--as', 'marc'));
  assert.equal(source.url, url);
  lines(say('source', 'remove', source.id, '--as', 'marc'));
  assert.ok(!lines(say('source', 'list', '--organization', 'coop')).some((s) => s.id === source.id));
});

test('a reader’s comment is shown, and answered in the organisation’s voice', async () => {
  const [first] = lines(say('conversation', 'list', '--organization', 'coop', '--state', 'open'));
  const [whole] = lines(say('conversation', 'show', first.id, '--as', 'marc'));
  const comment = whole.messages.findLast((m) => m.direction === 'in');
  const [shown] = lines(say('conversation', 'moderate', comment.id, '--as', 'marc', '--state', 'shown'));
  assert.equal(shown.state, 'shown');
  assert.equal(say('conversation', 'moderate', comment.id, '--as', 'samira', '--state', 'spam').code, 1);
  const no = say('conversation', 'answer', comment.id, '--as', 'marc', '--text', 'Lisez donc https://carnetdemarc.example/autopromotion');
  assert.equal(no.code, 1);
  assert.match(no.err, /carnetdemarc\.example/);
  const [answer] = lines(say('conversation', 'answer', comment.id, '--as', 'marc', '--text', 'Merci! Nous vous attendons samedi.', '--language', 'fr'));
  assert.equal(answer.account, 'coop-journal');
  await until(async () => (await marc.get('/conversations/' + first.id)).messages.some((m) => m.direction === 'out' && /samedi/.test(m.text)), { what: 'the answer under the comment' });
  assert.equal(lines(say('conversation', 'close', first.id, '--as', 'marc'))[0].state, 'closed');
  assert.equal(lines(say('conversation', 'reopen', first.id, '--as', 'marc'))[0].state, 'open');
});
