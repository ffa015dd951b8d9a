// SPDX-License-Identifier: AGPL-3.0-or-later
// Connecting an account through the API: what the network says of what was typed is said of that field, and is never
// "sign in to this desk"; an address that the desk does not ask is told so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort, startDesk } from '../lib/desk.mjs';
import { MastodonLike } from '../lib/networks.mjs';

let desk, mastodon, lea;

before(async () => {
  mastodon = await new MastodonLike().start();
  desk = await startDesk({ demo: true, args: ['--allow', mastodon.address] });
  lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
});
after(async () => {
  await desk?.stop();
  mastodon?.stop();
});

const connect = (typed) => lea.ask('POST', '/accounts', { organization: 'coop', network: 'mastodon', typed });

test('what is wrong is said of the field it stands in', async () => {
  const closed = `http://127.0.0.1:${await freePort()}`;
  const rows = [
    [{ server: mastodon.base, token: 'pas celui-là' }, '/typed/token', /does not know this token/],
    [{ server: mastodon.base }, '/typed/token', /Paste the application's access token/],
    [{ token: mastodon.token }, '/typed/server', /Write the server's address/],
    [{ server: 'http://mastodon.example', token: mastodon.token }, '/typed/server', /by https/],
    [{ server: closed, token: mastodon.token }, '/typed/server', /leads outside the public internet/],
  ];
  for (const [typed, pointer, said] of rows) {
    const no = await connect(typed);
    assert.equal(no.status, 422, JSON.stringify(no.body));
    assert.equal(no.body.type, '/problems/invalid');
    const told = no.body.errors.find((e) => e.pointer === pointer);
    assert.match(told?.message ?? JSON.stringify(no.body), said);
  }
  assert.ok(!(await lea.all('/accounts?organization=coop')).some((a) => a.network === 'mastodon'));
});

test('a server that does not answer is not a field’s fault', async () => {
  const quiet = await new MastodonLike().start();
  const { address, base } = quiet;
  quiet.stop();
  const other = await startDesk({ demo: true, args: ['--allow', address] });
  try {
    const who = await other.signIn('lea@observatoire.example', 'un autre regard');
    const no = await who.ask('POST', '/accounts', { organization: 'coop', network: 'mastodon', typed: { server: base, token: 'x' } });
    assert.equal(no.status, 503);
    assert.match(no.body.detail, /does not answer/);
  } finally {
    await other.stop();
  }
});

test('connected; a token that dies asks for another one, and only that one field', async () => {
  const made = await connect({ server: mastodon.base, token: mastodon.token });
  assert.equal(made.status, 201);
  mastodon.token = 'le suivant';
  assert.equal((await lea.post(`/accounts/${made.body.id}/check`)).state, 'sign_in');
  const no = await lea.ask('POST', `/accounts/${made.body.id}/connect`, { typed: { server: mastodon.base, token: 'pas celui-là' } });
  assert.equal(no.status, 422);
  assert.equal(no.body.errors[0].pointer, '/typed/token');
  assert.equal((await lea.post(`/accounts/${made.body.id}/connect`, { typed: { server: mastodon.base, token: 'le suivant' } })).state, 'connected');
});
