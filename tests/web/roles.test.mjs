// SPDX-License-Identifier: AGPL-3.0-or-later
// Roles × verbs over HTTP: what each role may do in an organisation, and that who does not belong to it learns
// nothing of it. A row is a verb, who may, and the request; allowed means any answer but 401, 403 and 404.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDesk } from '../lib/desk.mjs';

const roles = ['owner', 'editor', 'reviewer', 'analyst', 'reader'];
const who = { stranger: null };
let desk, it;

before(async () => {
  desk = await startDesk({ demo: true });
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  who.owner = lea;
  for (const role of roles.slice(1)) {
    const { link } = await lea.post('/organizations/coop/people', { name: `Une ${role}`, login: `${role}@exemple.example`, role, policy_roles: ['editor'] });
    who[role] = desk.client();
    const session = await who[role].post(`/invitations/${new URL(link).hash.split('token=')[1]}`, { password: 'un mot de passe long' });
    who[role].csrf = session.csrf;
    assert.equal(session.person.login, `${role}@exemple.example`);
  }
  who.stranger = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const account = (await marc.all('/accounts')).find((a) => a.slug === 'coop-journal');
  const post = await who.editor.post('/posts', { variants: [{ account: account.id, text: 'La Coop prépare son jardin.', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }] });
  const conversations = (await marc.get('/conversations?organization=coop')).items;
  const conversation = await marc.get('/conversations/' + conversations.find((c) => c.last).id);
  const people = (await lea.get('/organizations/coop/people')).items;
  const publications = (await marc.get('/publications?organization=coop')).items;
  const sources = (await marc.get('/sources?organization=coop')).items;
  const exception = await who.editor.post('/organizations/coop/exceptions', { lifts: ['own-creation'], when: { origin: 'own_creation' }, from: '2026-01-01', until: new Date(Date.now() + 864e5).toISOString().slice(0, 10), reason: 'Un essai.' });
  const policies = (await marc.get('/organizations/coop/policies')).items;
  it = {
    account: account.id, post: post.id, variant: post.variants[0].id, version: post.variants[0].version, digest: post.variants[0].digest,
    conversation: conversation.id, message: conversation.messages.find((m) => m.direction === 'in').id,
    reader: people.find((p) => p.login === 'reader@exemple.example').person.id,
    publication: publications[0].id, source: sources[0].id, policy: policies[0].id, exception: exception.id,
  };
});
after(async () => desk?.stop());

const read = 'owner editor reviewer analyst reader';
const analyse = 'owner editor reviewer analyst';
const review = 'owner editor reviewer';
const write = 'owner editor';
const govern = 'owner';
const author = 'editor'; // whose text it is: nobody else writes in it, nor submits it
const text = { text: 'Un texte.', languages: ['fr'] };

const verbs = [
  ['GET', () => '/organizations/coop', read],
  ['GET', () => '/organizations/coop/people', read],
  ['GET', () => '/organizations/coop/policies', read],
  ['GET', () => '/organizations/coop/policy', read],
  ['GET', () => `/policies/${it.policy}`, read],
  ['GET', () => '/interests?organization=coop', read],
  ['GET', () => `/accounts/${it.account}`, read],
  ['GET', () => '/accounts?organization=coop', read],
  ['GET', () => '/sources?organization=coop', read],
  ['GET', () => `/sources/${it.source}`, read],
  ['GET', () => '/items?organization=coop', read],
  ['GET', () => '/posts?organization=coop', read],
  ['GET', () => `/posts/${it.post}`, read],
  ['GET', () => `/variants/${it.variant}`, read],
  ['GET', () => `/publications/${it.publication}`, read],
  ['GET', () => '/conversations?organization=coop', read],
  ['GET', () => `/conversations/${it.conversation}`, read],
  ['GET', () => '/media?organization=coop', read],
  ['GET', () => '/audit?organization=coop', analyse],
  ['POST', () => '/judge', write, () => ({ account: it.account, ...text })],
  ['POST', () => '/posts', write, () => ({ variants: [{ account: it.account, ...text }] })],
  ['PATCH', () => `/variants/${it.variant}`, author, () => ({ version: 0, text: 'x' })],
  ['POST', () => `/variants/${it.variant}/submit`, author, () => ({})],
  ['POST', () => `/variants/${it.variant}/withdraw`, write, () => ({})],
  ['POST', () => `/variants/${it.variant}/unschedule`, write, () => ({})],
  ['POST', () => `/variants/${it.variant}/schedule`, write, () => ({ due_at: '2020-01-01T00:00:00Z' })],
  ['POST', () => `/variants/${it.variant}/resolve`, write, () => ({ decision: 'drop' })],
  ['POST', () => `/variants/${it.variant}/approve`, review, () => ({ digest: 'f'.repeat(64) })],
  ['POST', () => `/variants/${it.variant}/send_back`, review, () => ({ digest: 'f'.repeat(64), word: 'x' })],
  ['PATCH', () => `/conversations/${it.conversation}`, write, () => ({ unread: 0 })],
  ['PATCH', () => `/messages/${it.message}`, write, () => ({ state: 'shown' })],
  ['POST', () => `/conversations/${it.conversation}/answer`, write, () => ({ message: it.message, ...text })],
  ['PATCH', () => `/sources/${it.source}`, write, () => ({ state: 'active' })],
  ['POST', () => `/sources/${it.source}/fetch`, write, () => ({})],
  ['PATCH', () => '/organizations/coop', govern, () => ({ colour: 'ochre' })],
  ['POST', () => '/organizations/coop/pause', review, () => ({ why: 'essai' })],
  ['DELETE', () => '/organizations/coop/pause', review],
  ['POST', () => '/organizations/coop/people', govern, () => ({ name: 'x', login: 'pas une adresse', role: 'reader' })],
  ['PATCH', () => `/organizations/coop/people/${it.reader}`, govern, () => ({ role: 'reader' })],
  ['GET', () => `/policies/${it.policy}/difference?with=${it.policy}`, read],
  ['GET', () => '/organizations/coop/guarantees', read],
  ['GET', () => '/organizations/coop/exceptions', read],
  ['GET', () => '/organizations/coop/cases', govern],
  ['PUT', () => '/organizations/coop/cases', govern, () => ({ text: 'x' })],
  ['POST', () => '/organizations/coop/cases', govern, () => ({ variant: it.variant })],
  ['POST', () => '/organizations/coop/guarantees', govern, () => ({ text: 'never' })],
  ['PATCH', () => `/policies/${it.policy}`, govern, () => ({ note: 'x' })],
  ['DELETE', () => `/policies/${it.policy}`, govern],
  ['POST', () => `/policies/${it.policy}/check`, govern, () => ({})],
  ['POST', () => '/organizations/coop/exceptions', write, () => ({ lifts: [] })],
  ['GET', () => `/exceptions/${it.exception}`, read],
  ['POST', () => `/exceptions/${it.exception}/refuse`, 'owner reviewer', () => ({ word: '' })], // the editor asked for it
  ['POST', () => `/exceptions/${it.exception}/end`, 'owner editor', () => ({ word: 'x'.repeat(2000) })],
  ['POST', () => '/organizations/coop/policies', govern, () => ({ text: 'policy: x' })],
  ['POST', () => `/policies/${it.policy}/adopt`, govern, () => ({})],
  ['POST', () => `/policies/${it.policy}/replay`, read, () => ({})],
  ['POST', () => '/interests', govern, () => ({ organization: 'coop', names: ['Serres du Port'], relation: 'client' })],
  ['POST', () => '/accounts', govern, () => ({ organization: 'coop', network: 'nowhere' })],
  ['PATCH', () => `/accounts/${it.account}`, govern, () => ({ name: 'Coop du Faubourg' })],
];

for (const [method, path, allowed, body] of verbs) {
  const name = `${method} ${path.toString().slice(6).replace(/[`']/g, '').replace(/\$\{it\.(\w+)\}/g, '{$1}')}`;
  test(name, async () => {
    for (const role of [...roles, 'stranger']) {
      const { status, body: said } = await who[role].ask(method, path(), body?.());
      const what = `${role} → ${status} ${JSON.stringify(said).slice(0, 200)}`;
      if (role === 'stranger') assert.ok([404, 422].includes(status) && (status === 404 || said.errors.length > 0), what);
      else if (allowed.split(' ').includes(role)) assert.ok(![401, 403, 404].includes(status) && status < 500, what);
      else assert.equal(status, 403, what);
    }
  });
}

test('a stranger’s lists hold nothing of the organisation', async () => {
  for (const list of ['/posts', '/accounts', '/sources', '/items', '/publications', '/conversations', '/reviews', '/organizations']) {
    const text = JSON.stringify(await who.stranger.get(list));
    assert.ok(!text.includes('"slug":"coop"'), list);
  }
});

test('a role taken away holds at once', async () => {
  await who.owner.delete(`/organizations/coop/people/${it.reader}`);
  assert.equal((await who.reader.ask('GET', '/organizations/coop')).status, 404);
  assert.equal((await who.reader.ask('GET', `/variants/${it.variant}`)).status, 404);
});
