// SPDX-License-Identifier: AGPL-3.0-or-later
// 200 publications to a network that delays, loses its line and forgets to answer, while the desk is killed with SIGKILL
// at random moments at least 50 times: each published exactly once, and nobody had to be asked.
//
// PV_KILL_SEED repeats a run's chances (the kernel's own remain); PV_KILL_DATABASE is another database than SQLite's, empty.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import test from 'node:test';
import { binary, folder, freePort, run, sleep, startDesk, until } from '../lib/desk.mjs';

const POSTS = 25;
const ACCOUNTS = 8;
const KILLS = 50;
const SPREAD_MS = 15000;

const seed = Number(process.env.PV_KILL_SEED ?? Date.now() % 1000000);

// mulberry32: small, and the same everywhere.
let state = seed;
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

// The trial network (src/networks/fake): it counts what arrived, whatever it then answers.
class Network {
  posts = [];
  moods = { taken: 0, taken_late: 0, taken_silently: 0, lost: 0, busy: 0 };

  async start() {
    this.server = createServer((ask, answer) => this.serve(ask, answer).catch(() => ask.socket.destroy()));
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.port = this.server.address().port;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async serve(ask, answer) {
    const url = new URL(ask.url, 'http://network');
    const say = (status, body) => {
      answer.writeHead(status, { 'Content-Type': 'application/json' });
      answer.end(JSON.stringify(body));
    };
    if (url.pathname === '/account') return say(200, { id: ask.headers.authorization, handle: ask.headers.authorization, name: 'Trial' });
    if (url.pathname !== '/posts') return say(404, {});
    if (ask.method === 'GET') {
      const key = url.searchParams.get('key');
      return say(200, { posts: this.posts.filter((post) => post.key === key).map(({ id, url }) => ({ id, url })) });
    }
    let text = '';
    for await (const chunk of ask) text += chunk;
    const post = JSON.parse(text);
    const mood = chance();
    if (mood < 0.08) {
      this.moods.lost++;
      return ask.socket.destroy();
    }
    if (mood < 0.12) {
      this.moods.busy++;
      answer.setHeader('Retry-After', '1');
      return say(429, {});
    }
    post.id = `p${this.posts.length + 1}`;
    post.url = `http://127.0.0.1:${this.port}/p/${post.id}`;
    this.posts.push(post);
    if (mood < 0.25) {
      this.moods.taken_silently++;
      return ask.socket.destroy();
    }
    if (mood < 0.5) {
      this.moods.taken_late++;
      await sleep(20 + chance() * 200);
    } else this.moods.taken++;
    say(201, { id: post.id, url: post.url });
  }
}

function must(done, what) {
  assert.equal(done.code, 0, `${what}: exit ${done.code}\n${done.err}`);
  return done;
}

test(`200 publications, 50 deaths (PV_KILL_SEED=${seed})`, { timeout: 400000 }, async (t) => {
  const network = await new Network().start();
  t.after(() => network.stop());
  const data = await folder('kill');
  const database = process.env.PV_KILL_DATABASE ? ['--database', process.env.PV_KILL_DATABASE] : [];
  const args = ['--allow', `127.0.0.1:${network.port}`, ...database];
  must(run(['demo', '--data', data, ...database]), 'demo');
  // Written and planned over the next seconds, by the API.
  const began = Date.now();
  const desk = await startDesk({ data, args });
  const boot_ms = Date.now() - began;
  const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const home = (await marc.get('/session')).person.home.id;
  const accounts = [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const typed = { server: `http://127.0.0.1:${network.port}`, token: `token-${i}` };
    accounts.push(await marc.post('/accounts', { organization: home, network: 'fake', slug: `marc-trial-${i}`, typed }));
  }
  const texts = new Set();
  const ids = [];
  const start = Date.now() + 4000;
  for (let n = 0; n < POSTS; n++) {
    const variants = accounts.map((account, k) => {
      const text = `Publication ${n} sur le compte ${k}.`;
      texts.add(text);
      return { account: account.id, text, due_at: new Date(start + chance() * SPREAD_MS).toISOString() };
    });
    const post = await marc.post('/posts', { title: `Publication ${n}`, variants });
    for (const variant of post.variants) {
      const submitted = await marc.post(`/variants/${variant.id}/submit`);
      assert.equal(submitted.stage, 'scheduled');
      ids.push(variant.id);
    }
  }
  await desk.kill();
  assert.equal(ids.length, POSTS * ACCOUNTS);

  // Killed again and again: before it listens, while it sends, while it reads back, while it writes it down.
  const port = await freePort();
  let kills = 1;
  while (kills < KILLS || (network.posts.length < texts.size && kills < KILLS * 3)) {
    const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...args], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    await sleep(chance() < 0.15 ? chance() * boot_ms : boot_ms * 0.5 + chance() * 500);
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL', 'the desk ended by itself');
    kills++;
  }

  // Left alone, it finishes.
  const last = await startDesk({ data, args });
  t.after(() => last.kill());
  const again = await last.signIn('marc@carnetdemarc.example', 'un porte-voix');
  const seen = async () => {
    const states = {};
    for (const publication of await again.all('/publications?limit=100'))
      if (publication.account?.network === 'fake') states[publication.state] = (states[publication.state] ?? 0) + 1;
    return states;
  };
  await until(async () => ((await seen()).published === texts.size ? true : Promise.reject(new Error(JSON.stringify(await seen())))), {
    limit_ms: 180000,
    every_ms: 500,
    what: '200 published',
  });

  const copies = new Map();
  for (const post of network.posts) copies.set(post.text, (copies.get(post.text) ?? 0) + 1);
  const twice = [...copies].filter(([, n]) => n !== 1);
  t.diagnostic(`${kills} kills, boot ${boot_ms} ms, network ${JSON.stringify(network.moods)}, all in ${Math.round((Date.now() - start) / 1000)} s`);
  assert.deepEqual(twice, [], 'published twice');
  assert.equal(copies.size, texts.size, 'published at all');
  assert.ok(kills >= KILLS);
  must(run(['audit', 'verify', '--data', data, ...database]), 'audit verify');
});
