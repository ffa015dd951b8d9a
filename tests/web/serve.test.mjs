// SPDX-License-Identifier: AGPL-3.0-or-later
// The commands around the desk: an empty folder and its one-time link, the example done twice, doctor, signals.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { join } from 'node:path';
import { binary, folder, run, startDesk, until } from '../lib/desk.mjs';

test('an empty folder: the printed link makes the first owner, once', async () => {
  const desk = await startDesk();
  try {
    const token = /\/#\/setup\?token=([\w-]+)/.exec(desk.said())?.[1];
    assert.ok(token, desk.said());
    const client = desk.client();
    assert.deepEqual(await client.get('/setup'), { open: true });
    const form = { token, name: 'Ève Roy', login: 'eve@exemple.example', password: 'un mot de passe long', language: 'fr', timezone: 'America/Toronto' };
    assert.equal((await client.ask('POST', '/setup', { ...form, token: 'wrong' })).status >= 400, true);
    const short = await client.ask('POST', '/setup', { ...form, password: 'court' });
    assert.equal(short.status, 422);
    assert.equal(short.body.errors[0].pointer, '/password');
    const session = await client.post('/setup', form);
    client.csrf = session.csrf;
    assert.equal(session.person.name, 'Ève Roy');
    assert.deepEqual(await client.get('/setup'), { open: false });
    assert.equal((await desk.client().ask('POST', '/setup', form)).status >= 400, true, 'the link was good once');
    const organization = await client.post('/organizations', { name: 'Ligue du Vieux-Port', timezone: 'America/Toronto', language: 'fr' });
    assert.equal(organization.role, 'owner');
    const account = await client.post('/accounts', { organization: organization.id, network: 'journal', slug: 'ligue-journal' });
    assert.equal(account.state, 'connected');
    const samples = (await client.get('/policy-samples')).items;
    assert.equal(samples.length, 4);
    const draft = await client.post(`/organizations/${organization.slug}/policies`, { text: samples.find((s) => s.name === 'seed').text, note: 'la première' });
    assert.equal((await client.post(`/policies/${draft.id}/adopt`)).state, 'adopted');
    const wrong = await client.post(`/organizations/${organization.slug}/policies`, { text: 'policy: x\nversion: y\n' });
    assert.ok(wrong.problems.length > 0 && wrong.problems[0].line >= 1, 'kept as it was typed, and what is wrong said');
    const no = await client.ask('POST', `/policies/${wrong.id}/adopt`);
    assert.equal(no.status, 422);
    assert.ok(no.body.broken.problems.length > 0 && no.body.broken.problems[0].line >= 1);
    assert.equal((await stat(desk.data)).mode & 0o077, 0, 'the folder is its owner’s alone');
    assert.equal((await stat(join(desk.data, 'key'))).mode & 0o077, 0);
  } finally {
    await desk.stop();
  }
});

test('the example done twice is the example once; another desk’s folder is left alone', async () => {
  const data = await folder('twice');
  const first = run(['demo', '--data', data]);
  assert.equal(first.code, 0, first.err);
  const again = run(['demo', '--data', data, '--base-url', 'http://127.0.0.1:9090']);
  assert.equal(again.code, 0, again.err);
  const desk = await startDesk({ data });
  try {
    const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
    assert.equal((await marc.all('/accounts')).length, 5);
    assert.deepEqual((await marc.all('/sources')).map((s) => s.url).sort(), ['http://127.0.0.1:9090/demo/blog-atom.xml', 'http://127.0.0.1:9090/demo/wordpress-rss.xml']);
  } finally {
    await desk.stop();
  }
  const other = await startDesk();
  const token = /token=([\w-]+)/.exec(other.said())[1];
  await other.client().post('/setup', { token, name: 'x', login: 'x@exemple.example', password: 'un mot de passe long' });
  await other.stop();
  assert.equal(run(['demo', '--data', other.data]).code, 1);
});

const check = (answer, name) => answer.checks.find((c) => c.name === name);

test('doctor says what would stop a post, and the remedy', async (t) => {
  const data = await folder('doctor');
  assert.equal(run(['doctor', '--data', join(data, 'nowhere')]).code, 1);
  const desk = await startDesk({ data: join(data, 'd'), demo: true });
  t.after(() => desk.kill());
  const ask = () => {
    const done = run(['doctor', '--data', desk.data, '--json']);
    return { code: done.code, answer: JSON.parse(done.out) };
  };
  let { code, answer } = ask();
  assert.equal(code, 0, JSON.stringify(answer));
  assert.equal(answer.ok, true);
  for (const name of ['folder', 'space', 'database', 'running', 'dispatcher']) assert.ok(check(answer, name), name);
  const lea = await desk.signIn('lea@observatoire.example', 'un autre regard');
  await lea.post('/organizations/coop/pause', { why: 'travaux' });
  ({ code, answer } = ask());
  assert.equal(code, 1);
  assert.equal(check(answer, 'pause').state, 'stop');
  assert.match(check(answer, 'pause').words.fr, /Coop.*travaux/);
  await lea.delete('/organizations/coop/pause');
  await chmod(desk.data, 0o755);
  ({ code, answer } = ask());
  assert.equal(check(answer, 'folder').state, 'note');
  await desk.kill();
  ({ code, answer } = ask());
  assert.equal(code, 1);
  assert.equal(check(answer, 'running').state, 'stop');
  const text = run(['doctor', '--data', desk.data], { env: { LC_ALL: 'fr_CA.UTF-8' } });
  assert.match(text.out, /^stop +running +Aucun bureau ne répond/m);
  await writeFile(join(desk.data, 'portevoix.db'), 'not a database at all, but long enough to be read as a header'.repeat(20));
  ({ code, answer } = ask());
  assert.equal(code, 1);
  assert.equal(check(answer, 'database').state, 'stop');
});

test('wrong usage is 2, a place that cannot be had is 3, --help says an example', async () => {
  for (const name of ['serve', 'demo', 'doctor']) {
    const help = run([name, '--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /Example:\n +\$ portevoix/);
    assert.equal(run([name, '--no-such-option']).code, 2, name);
    assert.equal(run([name, 'extra']).code, 2, name);
  }
  assert.equal(run(['serve', '--listen', 'nowhere:port']).code, 2);
  const data = await folder('usage');
  assert.equal(run(['serve', '--data', '/proc/nowhere/at/all', '--listen', '127.0.0.1:0']).code, 3);
  assert.equal(run(['serve', '--data', data, '--listen', 'no-such-host.invalid:0']).code, 3);
});

test('behind a proxy over https: a Secure cookie, the caller’s own address, the desk’s own name', async (t) => {
  const data = await folder('proxy');
  assert.equal(run(['demo', '--data', data]).code, 0);
  const desk = await startDesk({ data, args: ['--base-url', 'https://bureau.example/', '--behind-proxy'] });
  t.after(() => desk.stop());
  const ask = (headers, path, method = 'GET', body) =>
    new Promise((done, fail) => {
      const sent = request({ host: '127.0.0.1', port: desk.port, path, method, headers }, (answer) => {
        let text = '';
        answer.on('data', (c) => (text += c));
        answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
      });
      sent.on('error', fail);
      sent.end(body);
    });
  const named = { Host: 'bureau.example', Origin: 'https://bureau.example', 'X-Forwarded-For': '192.0.2.66, 198.51.100.7', 'Content-Type': 'application/json' };
  const answer = await ask(named, '/api/v1/session', 'POST', JSON.stringify({ login: 'marc@carnetdemarc.example', password: 'un porte-voix' }));
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['set-cookie'][0], /; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
  assert.match(answer.headers['strict-transport-security'], /max-age=/);
  assert.match(answer.text, /https:\/\/bureau\.example\/j\/coop/);
  const cookie = answer.headers['set-cookie'][0].split(';')[0];
  const sessions = JSON.parse((await ask({ ...named, Cookie: cookie }, '/api/v1/me/sessions')).text);
  assert.equal(sessions.items[0].address, '198.51.100.7', 'what the nearest proxy saw, not what the caller wrote');
  assert.equal((await ask({ Host: 'autre.example' }, '/api/v1/setup')).status, 421);
});

test('an IPv6 address is listened on as it is written', async (t) => {
  const data = await folder('six');
  const child = spawn(binary, ['serve', '--data', data, '--listen', '[::1]:0']);
  t.after(() => child.kill('SIGKILL'));
  let out = '', err = '';
  child.stdout.on('data', (c) => (out += c));
  child.stderr.on('data', (c) => (err += c));
  await until(() => out || child.exitCode !== null, { every_ms: 5, what: 'the address' });
  if (child.exitCode !== null && /Cannot listen|not an address/.test(err)) return t.skip('this machine has no IPv6 loopback');
  const address = /^http:\S+/m.exec(out)[0];
  assert.match(address, /^http:\/\/\[::1\]:\d+$/);
  assert.equal((await fetch(address + '/api/v1/setup')).status, 200);
});

test('ready within a moment, and a signal closes it in order', async (t) => {
  const data = await folder('quick');
  assert.equal(run(['demo', '--data', data]).code, 0);
  const begun = process.hrtime.bigint();
  const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--log', 'json']);
  t.after(() => child.kill('SIGKILL'));
  let out = '', err = '';
  child.stdout.on('data', (c) => (out += c));
  child.stderr.on('data', (c) => (err += c));
  const address = await until(() => /^http:\S+/m.exec(out)?.[0], { every_ms: 2, what: 'the address' });
  assert.equal((await fetch(address + '/api/v1/setup')).status, 200);
  const took = Number(process.hrtime.bigint() - begun) / 1e6;
  assert.ok(took < 3000, `first answer after ${took} ms`);
  const note = JSON.parse(await readFile(join(data, 'running.json'), 'utf8'));
  assert.equal(note.url, address);
  child.kill('SIGTERM');
  const [code] = await new Promise((done) => child.on('exit', (...how) => done(how)));
  assert.equal(code, 0, err);
  for (const line of err.trim().split('\n')) JSON.parse(line);
  await assert.rejects(readFile(join(data, 'running.json')));
});

test('stopped while slow requests keep coming over open connections: in order too', async () => {
  const desk = await startDesk();
  const agent = new Agent({ keepAlive: true, maxSockets: 24 });
  const body = JSON.stringify({ login: 'nobody@nowhere.example', password: 'x' });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  let going = true, answered = 0;
  const ask = () =>
    new Promise((done) => {
      const sent = request({ port: desk.port, host: '127.0.0.1', method: 'POST', path: '/api/v1/session', agent, headers }, (answer) => {
        answered++;
        answer.resume().on('end', done).on('error', done);
      });
      sent.on('error', done).end(body);
    });
  const callers = Array.from({ length: 24 }, async () => {
    while (going) await ask();
  });
  try {
    await until(() => answered > 30, { what: 'thirty answers' });
  } finally {
    await desk.stop();
    going = false;
    agent.destroy();
    await Promise.all(callers);
  }
});

test('while another process holds the pen: reading goes on, and /healthz says that writing does not', async () => {
  const desk = await startDesk();
  const other = new DatabaseSync(join(desk.data, 'portevoix.db'));
  try {
    await until(async () => (await fetch(desk.base + '/healthz')).ok, { what: 'health' });
    other.exec('BEGIN IMMEDIATE');
    await new Promise((r) => setTimeout(r, 1100)); // what /healthz remembers is over
    const begun = Date.now();
    const asked = Array.from({ length: 8 }, () => fetch(desk.base + '/healthz').then((a) => a.status));
    for (let i = 0; i < 5; i++) assert.equal((await fetch(desk.base + '/api/v1/setup')).status, 200);
    assert.ok(Date.now() - begun < 4000, `five pages took ${Date.now() - begun} ms`);
    await until(async () => (await fetch(desk.base + '/healthz')).status === 503, { limit_ms: 8000, what: '503' });
    other.exec('ROLLBACK');
    await Promise.all(asked);
    await until(async () => (await fetch(desk.base + '/healthz')).ok, { what: 'health again' });
  } finally {
    other.close();
    await desk.stop();
  }
});

test('networks that hang keep nobody from signing in', async () => {
  let hanging = 0;
  const silent = createServer(() => hanging++);
  await new Promise((ready) => silent.listen(0, '127.0.0.1', ready));
  const place = `127.0.0.1:${silent.address().port}`;
  const desk = await startDesk({ demo: true, args: ['--allow', place] });
  const gone = new AbortController();
  try {
    const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
    const sent = { Cookie: marc.cookie, 'X-CSRF-Token': marc.csrf, 'Content-Type': 'application/json' };
    for (let i = 0; i < 6; i++) {
      const body = JSON.stringify({ organization: 'coop', url: `http://${place}/${i}` });
      fetch(desk.base + '/api/v1/sources', { method: 'POST', headers: sent, body, signal: gone.signal }).catch(() => {});
    }
    await until(() => hanging >= 2, { what: 'two feeds being asked' });
    const begun = Date.now();
    await desk.signIn('lea@observatoire.example', 'un autre regard');
    assert.ok(Date.now() - begun < 8000, `signed in after ${Date.now() - begun} ms`);
  } finally {
    gone.abort();
    silent.closeAllConnections();
    silent.close();
    await desk.stop();
  }
});
