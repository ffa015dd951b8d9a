// SPDX-License-Identifier: AGPL-3.0-or-later
// See run.sh. Prints "what, ours, other's, ratio, aim" with tabs; remarks go to standard error.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';

const bin = process.env.PV_BIN, built = join(process.env.PV_BENCH, 'web');
const work = mkdtempSync(join(tmpdir(), 'pv-bench-web-'));
const children = [];
const seconds = Number(process.env.PV_BENCH_SECONDS ?? 5);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const row = (...cells) => console.log(cells.join('\t'));
const remark = (text) => console.error('  ' + text);

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

async function answers(url, limit_ms = 20000) {
  const end = Date.now() + limit_ms;
  for (;;) {
    try {
      return await fetch(url);
    } catch (problem) {
      if (Date.now() > end) throw problem;
      await sleep(1);
    }
  }
}

async function start(data) {
  const port = await freePort();
  const begun = process.hrtime.bigint();
  const child = spawn(bin, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'ignore'] });
  children.push(child);
  const base = `http://127.0.0.1:${port}`;
  await answers(base + '/api/v1/setup');
  return { child, base, took_ms: Number(process.hrtime.bigint() - begun) / 1e6 };
}

async function stop(desk) {
  desk.child.kill('SIGTERM');
  await new Promise((done) => desk.child.on('exit', done));
}

async function signIn(base) {
  const answer = await fetch(base + '/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: 'marc@carnetdemarc.example', password: 'un porte-voix' }) });
  const { csrf } = await answer.json();
  return { csrf, cookie: answer.headers.getSetCookie()[0].split(';')[0] };
}

const ask = async (desk, me, method, path, body) => {
  // wrk has held this process up: no connection is kept that the desk may have closed meanwhile
  const answer = await fetch(desk.base + '/api/v1' + path, { method, headers: { Connection: 'close', Cookie: me.cookie, 'X-CSRF-Token': me.csrf, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (answer.status >= 300) throw new Error(`${method} ${path} → ${answer.status} ${JSON.stringify(json)}`);
  return json;
};

// {rate, p99_ms, bad}
function wrk(url, args = [], env = {}) {
  const out = execFileSync('wrk', ['-t2', '-c16', `-d${seconds}s`, '--latency', ...args, url], { encoding: 'utf8', env: { ...process.env, ...env } });
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(out);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
    p99_ms: Number(p99[1]) * { us: 0.001, ms: 1, s: 1000 }[p99[2]],
    bad: Number(/Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? 0),
  };
}

const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function list() {
  const data = join(work, 'thousand');
  execFileSync(bin, ['demo', '--data', data], { stdio: 'ignore' });
  execFileSync(join(built, 'fill'), [data, '1000']);
  const desk = await start(data);
  const me = await signIn(desk.base);
  const port = await freePort();
  const bare = spawn(join(built, 'bare'), ['serve', join(data, 'portevoix.db'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(bare);
  await new Promise((done) => bare.stdout.once('data', done));
  const path = '/api/v1/posts?limit=20';
  remark(`bytes of an answer: ${(await (await fetch(desk.base + path, { headers: { Connection: 'close', Cookie: me.cookie } })).text()).length}, bare ${(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { Cookie: 'pv_session=secret' } })).text()).length}`);
  const runs = [];
  for (let i = 0; i < 3; i++) {
    const theirs = wrk(`http://127.0.0.1:${port}/`, ['-H', 'Cookie: pv_session=secret']);
    const ours = wrk(desk.base + path, ['-H', `Cookie: ${me.cookie}`]);
    if (ours.bad || theirs.bad) throw new Error(`answers that are not 200: ${ours.bad}, ${theirs.bad}`);
    runs.push({ ours, theirs, ratio: ours.rate / theirs.rate });
  }
  bare.kill();
  const { ours, theirs, ratio } = runs.sort((a, b) => a.ratio - b.ratio)[1];
  row('list 20 of 1,000 posts, 16 connections (requests/s)', ours.rate.toFixed(0), theirs.rate.toFixed(0), ratio.toFixed(2), '≥ 0.5');
  row('list 20 of 1,000 posts, p99 (ms)', ours.p99_ms.toFixed(2), theirs.p99_ms.toFixed(2), (ours.p99_ms / theirs.p99_ms).toFixed(2), '-');
  return { desk, me };
}

async function write({ desk, me }) {
  const account = (await ask(desk, me, 'GET', '/accounts')).items.find((a) => a.slug === 'coop-journal').id;
  const body = { variants: [{ account, text: 'La Coop annonce le calendrier de ses paniers.', languages: ['fr'], declared: { origin: 'organisation', interest: 'project', axis: 'project' } }] };
  await ask(desk, me, 'POST', '/posts', body);
  const runs = [];
  for (let i = 0; i < 3; i++) {
    const theirs = Number(execFileSync(join(built, 'bare'), ['write', join(work, 'write.db'), String(seconds)], { encoding: 'utf8' }));
    const ours = wrk(desk.base + '/api/v1/posts', ['-s', 'bench/web/create.lua'], { PV_COOKIE: me.cookie, PV_CSRF: me.csrf, PV_BODY: JSON.stringify(body) });
    if (ours.bad) throw new Error(`${ours.bad} writes were refused`);
    runs.push({ ours, theirs, ratio: ours.rate / theirs });
  }
  const { ours, theirs, ratio } = runs.sort((a, b) => a.ratio - b.ratio)[1];
  row('create a post, durable, 16 connections (writes/s)', ours.rate.toFixed(0), theirs.toFixed(0), ratio.toFixed(2), '≥ 0.5');
  await stop(desk);
}

async function rest() {
  const data = join(work, 'hundred-thousand');
  execFileSync(bin, ['demo', '--data', data], { stdio: 'ignore' });
  execFileSync(join(built, 'fill'), [data, '100000']);
  const starts = [];
  let desk;
  for (let i = 0; i < 5; i++) {
    if (desk) await stop(desk);
    desk = await start(data);
    starts.push(desk.took_ms);
  }
  row('start to first answer, 100,000 posts (ms)', starts.sort((a, b) => a - b)[2].toFixed(0), '-', '-', '≤ 200');
  const me = await signIn(desk.base);
  const account = (await ask(desk, me, 'GET', '/accounts')).items.find((a) => a.slug === 'marc-journal').id;
  for (const path of ['/posts?limit=100', '/publications?limit=100', '/today', '/conversations', `/calendar?from=${new Date().toISOString()}&to=${new Date(Date.now() + 30 * 864e5).toISOString()}`]) await ask(desk, me, 'GET', path);
  const due_at = new Date(Date.now() + 62000).toISOString();
  const post = await ask(desk, me, 'POST', '/posts', { variants: [{ account, text: 'À l’heure dite.', languages: ['fr'], due_at }] });
  const variant = await ask(desk, me, 'POST', `/variants/${post.variants[0].id}/submit`, {});
  if (variant.stage !== 'scheduled') throw new Error(`the punctual post is ${variant.stage}`);
  await sleep(60500); // nobody asks anything
  row('resident at rest, 100,000 posts (MiB)', resident(desk.child.pid).toFixed(1), '-', '-', '≤ 32');
  await sleep(3500);
  const done = await ask(desk, me, 'GET', `/variants/${variant.id}`);
  row('lateness of a post after an idle minute (ms)', String(done.publication.lateness_ms), '-', '-', '≤ 20');
  await stop(desk);
}

try {
  await write(await list());
  await rest();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}
