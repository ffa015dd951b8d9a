// SPDX-License-Identifier: AGPL-3.0-or-later
// A desk of one's own for a test: the program on a free port with its data in a folder of the suite, and a client that
// checks every answer against docs/openapi.yaml.
//
//	const desk = await startDesk({ demo: true });
//	const marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
//	const { items } = await marc.get('/posts');
//	await desk.stop();
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadApi } from './openapi.mjs';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const binary = process.env.PV_BIN ?? join(root, 'build/portevoix');
const api = await loadApi();

export async function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export async function folder(name = 'desk') {
  const under = process.env.PV_TEST_TMP ?? tmpdir();
  await mkdir(under, { recursive: true });
  return mkdtemp(join(under, name + '-'));
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until `ask` answers something true; throws with what it last answered or threw.
export async function until(ask, { limit_ms = 20000, every_ms = 50, what = 'it' } = {}) {
  const end = Date.now() + limit_ms;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last) return last;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${limit_ms} ms; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
    await sleep(every_ms);
  }
}

// A version as an owner adopts it: replayed over what was published, then put in force.
export async function adopt(owner, policy) {
  await owner.post(`/policies/${policy}/replay`, {});
  return owner.post(`/policies/${policy}/adopt`, {});
}

// Runs a subcommand to its end: {code, out, err, lines} (lines: standard output as JSON, one a line).
export function run(args, { input = '', env = {}, limit_ms = 60000 } = {}) {
  const done = spawnSync(binary, args, { input, env: { ...process.env, ...env }, timeout: limit_ms, maxBuffer: 1 << 28, encoding: 'utf8' });
  if (done.error) throw done.error;
  return {
    code: done.status,
    out: done.stdout,
    err: done.stderr,
    get lines() {
      return done.stdout.split('\n').filter(Boolean).map((l) => JSON.parse(l));
    },
  };
}

// {data, port, demo, args, env, healthy_ms}: `demo` puts the example into the folder first.
export async function startDesk(options = {}) {
  const data = options.data ?? (await folder());
  const port = options.port ?? (await freePort());
  if (options.demo) {
    const seeded = run(['demo', '--data', data, '--base-url', `http://127.0.0.1:${port}`], { env: options.env });
    if (seeded.code !== 0) throw new Error(`portevoix demo: exit ${seeded.code}\n${seeded.err}`);
  }
  const log = join(data, '..', `desk-${port}.log`);
  const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...(options.args ?? [])], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-200000);
      file.write(chunk);
    });
  }
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  const desk = new Desk({ data, port, child, ended, log, said: () => said });
  try {
    await until(
      async () => {
        if (child.exitCode !== null || child.signalCode) throw new Error(`the desk ended (${child.exitCode ?? child.signalCode}):\n${said}`);
        return (await fetch(desk.base + '/healthz')).ok;
      },
      { limit_ms: options.healthy_ms ?? 30000, what: 'a healthy desk' },
    );
  } catch (problem) {
    child.kill('SIGKILL');
    throw new Error(`${problem.message}\n${said}`);
  }
  return desk;
}

class Desk {
  constructor(own) {
    Object.assign(this, own);
    this.base = `http://127.0.0.1:${this.port}`;
  }

  client() {
    return new Client(this.base);
  }

  async signIn(login, password) {
    const client = this.client();
    await client.signIn(login, password);
    return client;
  }

  // Ends as a person would; a sanitizer's finding is an exit code, and throws.
  async stop() {
    if (this.child.exitCode === null && !this.child.signalCode) this.child.kill('SIGTERM');
    const { code, signal } = await this.ended;
    if (code !== 0 && signal !== 'SIGTERM') throw new Error(`the desk ended with ${code ?? signal}:\n${this.said()}`);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

export class Client {
  constructor(base) {
    this.base = base;
    this.cookie = '';
    this.csrf = '';
    this.language = 'en';
  }

  async signIn(login, password) {
    const session = await this.post('/session', { login, password });
    this.csrf = session.csrf;
    return session;
  }

  // The raw answer, checked against the description: {status, headers, body}.
  async ask(method, path, body, headers = {}) {
    const sent = { 'Accept-Language': this.language, ...headers };
    if (this.cookie) sent.Cookie = this.cookie;
    if (this.token) sent.Authorization = `Bearer ${this.token}`;
    if (this.csrf && method !== 'GET') sent['X-CSRF-Token'] ??= this.csrf;
    let bytes = body;
    if (body !== undefined && !(body instanceof Uint8Array) && typeof body !== 'string') {
      bytes = JSON.stringify(body);
      sent['Content-Type'] ??= 'application/json';
    }
    const answer = await fetch(this.base + '/api/v1' + path, { method, headers: sent, body: bytes, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      if (cookie.startsWith('pv_session=')) this.cookie = cookie.split(';')[0];
    }
    const text = await answer.text();
    const type = answer.headers.get('content-type');
    const json = /json/.test(type ?? '') ? JSON.parse(text) : text;
    api.check(method, path, answer.status, type, json);
    return { status: answer.status, headers: answer.headers, body: json };
  }

  // The body of an answer that must be a yes.
  async yes(method, path, body, headers) {
    const answer = await this.ask(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} → ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get(path, headers) {
    return this.yes('GET', path, undefined, headers);
  }
  post(path, body, headers) {
    return this.yes('POST', path, body ?? {}, headers);
  }
  patch(path, body, headers) {
    return this.yes('PATCH', path, body, headers);
  }
  put(path, body, headers) {
    return this.yes('PUT', path, body, headers);
  }
  delete(path, headers) {
    return this.yes('DELETE', path, undefined, headers);
  }

  // Every item of a list, page after page.
  async all(path) {
    const items = [];
    let next = null;
    do {
      const page = await this.get(path + (next ? (path.includes('?') ? '&' : '?') + 'cursor=' + encodeURIComponent(next) : ''));
      items.push(...page.items);
      next = page.next;
    } while (next);
    return items;
  }
}

// The cases of a JSON Lines file of the shared contracts, or null when they are not there.
export async function shared(file) {
  if (!process.env.PV_SHARED) return null;
  return readFile(join(process.env.PV_SHARED, file), 'utf8').catch(() => null);
}
