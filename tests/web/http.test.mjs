// SPDX-License-Identifier: AGPL-3.0-or-later
// HTTP itself: what a browser, a proxy, a machine and a stranger may send.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from 'node:http';
import { loadApi } from '../lib/openapi.mjs';
import { startDesk } from '../lib/desk.mjs';
import { raw, status } from './raw.mjs';

let desk, marc;
before(async () => {
  desk = await startDesk({ demo: true });
  marc = await desk.signIn('marc@carnetdemarc.example', 'un porte-voix');
});
after(async () => desk?.stop());

const head = (line, more = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\n${more}\r\n`;
const signedIn = () => `Cookie: ${marc.cookie}\r\nX-CSRF-Token: ${marc.csrf}\r\n`;
const post = (path, body, more = '') =>
  Buffer.concat([Buffer.from(head(`POST ${path}`, `${signedIn()}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n${more}`)), Buffer.from(body)]);

test('every path of the description answers as described, to nobody and to somebody', async () => {
  const api = await loadApi();
  const samples = { organization: 'coop' };
  for (const [path, operations] of Object.entries(api.document.paths)) {
    if (!operations.get || ['/events', '/healthz', '/metrics'].includes(path)) continue;
    const address = path.replace(/\{(\w+)\}/g, (_, name) => samples[name] ?? '0'.repeat(26));
    const stranger = desk.client();
    const shut = await stranger.ask('GET', address);
    const open = operations.get.security?.length === 0;
    assert.ok(open ? shut.status !== 401 : shut.status === 401, `${path} → ${shut.status} for nobody`);
    const answer = await marc.ask('GET', address);
    assert.ok(answer.status < 500, `${path} → ${answer.status}`);
  }
});

test('health and figures', async () => {
  const health = await fetch(desk.base + '/healthz');
  const body = await health.json();
  assert.equal(health.status, 200);
  (await loadApi()).check('GET', '/healthz', 200, 'application/json', body);
  const figures = await (await fetch(desk.base + '/metrics')).text();
  for (const name of ['portevoix_http_requests_total{method="GET",code="2xx"}', 'portevoix_http_request_duration_seconds_bucket{le="+Inf"}', 'portevoix_publications{state="published"}', 'portevoix_queue_age_seconds', 'process_resident_memory_bytes', 'portevoix_database_bytes']) {
    assert.ok(figures.includes('\n' + name), `${name} in\n${figures}`);
  }
  for (const line of figures.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[0-9.e+]+)$/);
});

test('security headers on everything', async () => {
  for (const path of ['/api/v1/session', '/api/v1/nothing', '/healthz', '/nothing', '/j/coop', '/']) {
    const { headers } = await fetch(desk.base + path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    const policy = headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/, path);
    assert.ok(headers.get('referrer-policy'), path);
    assert.ok(headers.get('cache-control'), path);
    assert.equal(headers.get('strict-transport-security'), null, 'not over plain http');
    assert.equal(headers.get('access-control-allow-origin'), null);
  }
});

test('HEAD answers what GET would, without the body', async () => {
  const answer = await raw(desk.port, head('HEAD /api/v1/setup', 'Connection: close\r\n'));
  assert.equal(status(answer), 200);
  assert.match(answer, /content-length: 1[0-9]\r\n/i);
  assert.ok(answer.endsWith('\r\n\r\n'));
});

test('OPTIONS and a wrong method name what may be done', async () => {
  for (const [line, code] of [['OPTIONS /api/v1/posts', 204], ['DELETE /api/v1/posts', 405], ['PUT /api/v1/posts', 405], ['TRACE /api/v1/posts', 405]]) {
    const answer = await raw(desk.port, head(line, `${signedIn()}Connection: close\r\n`));
    assert.equal(status(answer), code, line);
    assert.match(answer, /allow: GET, HEAD, POST\r\n/i, line);
  }
});

test('no way out of the files', async () => {
  for (const path of ['/../../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/../../key', '//etc/passwd', '/demo/../key', '/demo/demo.json', '/demo/%2e%2e%2fkey', '/assets/%00', '/api/v1/media/..%2f..%2fkey', '/.git/config']) {
    const answer = await raw(desk.port, head(`GET ${path}`, `${signedIn()}Connection: close\r\n`));
    assert.ok([400, 404].includes(status(answer)), `${path} → ${status(answer)}`);
    assert.doesNotMatch(answer, /root:|SQLite/);
  }
});

test('addresses that are not addresses', async () => {
  for (const [path, code] of [['/api/v1/posts?cursor=%ff%fe', 400], ['/api/v1/posts?a=%zz', 400], ['/api/v1/posts/%00', 400], ['/api/v1/posts?limit=0', 422], ['/api/v1/posts?limit=9999999999999999999', 422], ['/api/v1/posts?limit=ten', 422], ['/' + 'a/'.repeat(40), 404], ['/api/v1/posts?' + 'a=1&'.repeat(200), 413]]) {
    const answer = await raw(desk.port, head(`GET ${path}`, `${signedIn()}Connection: close\r\n`));
    assert.ok(status(answer) === code || (code === 413 && status(answer) === 414), `${path.slice(0, 40)} → ${status(answer)}, not ${code}`);
  }
  const long = await raw(desk.port, head('GET /' + 'x'.repeat(60000), 'Connection: close\r\n'));
  assert.ok([0, 414, 431, 400, 413].includes(status(long)), `a path of 60 kB → ${status(long)}`);
  const wide = await raw(desk.port, head('GET /healthz', `X-Filler: ${'y'.repeat(60000)}\r\n`));
  assert.ok([0, 431, 413, 400].includes(status(wide)), `a header of 60 kB → ${status(wide)}`);
});

test('bodies that are not JSON say where, and nothing is done', async () => {
  const cases = [
    ['not JSON', '{"title": ', 400],
    ['a list', '[]', 400],
    ['a number', '1', 400],
    ['twice the same name', '{"title":"a","title":"b"}', 400],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), 400],
    ['a lone surrogate', '{"title":"\\ud800"}', 400],
    ['a NUL', '{"title":"a\\u0000b"}', 400],
    ['too deep', '['.repeat(5000) + ']'.repeat(5000), 400],
    ['nothing', '', 400],
    ['unknown member', '{"titel":"a"}', 422],
    ['wrong type', '{"variants":"all"}', 422],
    ['wrong type inside', '{"variants":[{"account":1,"text":[]}]}', 422],
    ['unknown account', '{"variants":[{"account":"nobody","text":"a"}]}', 404],
  ];
  const before = (await marc.all('/posts')).length;
  for (const [name, body, code] of cases) {
    const answer = await raw(desk.port, post('/api/v1/posts', body));
    const got = status(answer);
    assert.ok(got === code || (code === 404 && got === 422), `${name} → ${got}: ${answer.split('\r\n\r\n')[1]?.slice(0, 300)}`);
    assert.match(answer, /application\/problem\+json/, name);
  }
  assert.equal((await marc.all('/posts')).length, before);
  const french = await marc.ask('POST', '/posts', '{"title": ', { 'Content-Type': 'application/json', 'Accept-Language': 'fr-CA, en;q=0.5' });
  assert.match(french.body.title, /demande/);
  assert.match(french.body.detail, /ligne 1/);
});

test('another type of body is told so', async () => {
  const answer = await marc.ask('POST', '/posts', 'title=a', { 'Content-Type': 'application/x-www-form-urlencoded' });
  assert.equal(answer.status, 415);
});

test('a body too large is 413, announced or not, and others are served meanwhile', async () => {
  const big = 'x'.repeat(3 << 20);
  const announced = await raw(desk.port, post('/api/v1/posts', JSON.stringify({ text: big })), { wait_ms: 3000 });
  assert.equal(status(announced), 413);
  const chunks = [head('POST /api/v1/posts', `${signedIn()}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n`)];
  for (let i = 0; i < 48; i++) chunks.push(`10000\r\n${'z'.repeat(65536)}\r\n`);
  chunks.push('0\r\n\r\n');
  const streamed = await raw(desk.port, chunks, { wait_ms: 3000 });
  assert.equal(status(streamed), 413);
  const huge = await raw(desk.port, head('POST /api/v1/session', 'Content-Type: application/json\r\nContent-Length: 99999999999\r\n'), { wait_ms: 2000 });
  assert.equal(status(huge), 413);
});

test('slow strangers do not keep others waiting', async () => {
  const slow = [];
  for (let i = 0; i < 60; i++) slow.push(raw(desk.port, [`POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"lo`], { wait_ms: 1500 }));
  const begun = Date.now();
  for (let i = 0; i < 20; i++) assert.equal((await fetch(desk.base + '/healthz')).status, 200);
  assert.ok(Date.now() - begun < 1500, `twenty answers took ${Date.now() - begun} ms`);
  await Promise.all(slow);
});

test('the interface, where it is built in: whole, packed, kept by its name, nothing inline', async (t) => {
  const page = await fetch(desk.base + '/');
  if (page.status === 404) return t.skip('built without the interface');
  const html = await page.text();
  assert.match(page.headers.get('content-security-policy'), /script-src 'self'/);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/, 'nothing that the policy forbids');
  for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
    const file = await fetch(desk.base + path);
    assert.equal(file.status, 200, path);
    assert.equal(Boolean(file.headers.get('cache-control').includes('immutable')), /-[\w-]{8}\.\w+$/.test(path), path);
    const etag = file.headers.get('etag');
    await file.arrayBuffer();
    assert.equal(status(await raw(desk.port, head(`GET ${path}`, `If-None-Match: ${etag}\r\nConnection: close\r\n`))), 304, path);
  }
});

test('who types a wrong address in a browser gets a page', async () => {
  const answer = await fetch(desk.base + '/nulle-part', { headers: { Accept: 'text/html,*/*;q=0.8', 'Accept-Language': 'fr' } });
  assert.equal(answer.status, 404);
  assert.match(answer.headers.get('content-type'), /^text\/html/);
  assert.match(await answer.text(), /<h1>Introuvable<\/h1>[^]*<a href="\/">/);
});

test('garbage is not HTTP', async () => {
  for (const bytes of ['\0\0\0\0\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'POST / HTTP/1.1\r\nContent-Length: -1\r\nHost: x\r\n\r\n', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n']) {
    const answer = await raw(desk.port, bytes, { wait_ms: 400 });
    assert.ok(status(answer) === 0 || status(answer) >= 400, JSON.stringify(bytes));
  }
  assert.equal((await fetch(desk.base + '/healthz')).status, 200);
});

test('another host name, another origin: no', async () => {
  const ask = (headers, path = '/api/v1/setup') =>
    new Promise((done, fail) => {
      const sent = request({ host: '127.0.0.1', port: desk.port, path, headers }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
      sent.on('error', fail);
      sent.end();
    });
  assert.equal(await ask({ Host: 'desk.evil.example' }), 421);
  assert.equal(await ask({ Host: 'localhost:1' }), 200);
  assert.equal(await ask({ Host: '[::1]:8080' }), 200);
  assert.equal(await ask({ Host: 'monitor.example' }, '/healthz'), 200, 'a monitor may call it as it likes');
  const variants = [
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ Origin: desk.base }, 200],
    [{}, 200],
  ];
  for (const [headers, code] of variants) assert.equal((await marc.ask('PATCH', '/me', { theme: 'auto' }, headers)).status, code, JSON.stringify(headers));
  const stranger = desk.client();
  assert.equal((await stranger.ask('POST', '/session', { login: 'a', password: 'b' }, { Origin: 'https://evil.example' })).status, 403, 'nor to sign in');
});

test('every change asks for the CSRF value', async () => {
  const api = await loadApi();
  for (const [path, operations] of Object.entries(api.document.paths))
    for (const method of ['post', 'patch', 'delete']) {
      if (!operations[method] || operations[method].security?.length === 0) continue;
      const address = path.replace(/\{\w+\}/g, 'coop');
      for (const csrf of ['', 'x'.repeat(43)]) {
        const answer = await marc.ask(method.toUpperCase(), address, method === 'delete' ? undefined : {}, { 'X-CSRF-Token': csrf });
        assert.equal(answer.status, 403, `${method} ${path}`);
      }
    }
  assert.equal((await marc.get('/session')).person.slug, 'marc', 'the session stands');
});

test('unchanged answers are not sent again', async () => {
  for (const path of ['/organizations', '/networks', '/organizations/coop/policy', '/openapi.json']) {
    const first = await marc.ask('GET', path);
    const etag = first.headers.get('etag');
    assert.ok(etag, path);
    const second = await raw(desk.port, head(`GET /api/v1${path}`, `${signedIn()}If-None-Match: ${etag}\r\nConnection: close\r\n`));
    assert.equal(status(second), 304, path);
    assert.doesNotMatch(second, /content-length: [1-9]/i);
  }
});

test('API tokens: read, write, revoked', async () => {
  const { token, item } = await marc.post('/me/tokens', { name: 'lecture', scopes: ['read'] });
  const reader = desk.client();
  reader.token = token;
  assert.equal((await reader.get('/session')).csrf, '');
  assert.ok((await reader.get('/posts')).items.length > 0);
  const { items } = await reader.get('/accounts');
  await reader.post('/judge', { account: items[0].id, text: 'Bonjour', languages: ['fr'] });
  assert.equal((await reader.ask('POST', '/posts', { title: 'a' })).status, 403);
  const writing = await marc.post('/me/tokens', { name: 'écriture', scopes: ['read', 'write'] });
  const writer = desk.client();
  writer.token = writing.token;
  await writer.post('/posts', { variants: [{ account: items[0].id, text: 'par un script', languages: ['fr'] }] });
  await marc.delete('/me/tokens/' + item.id);
  assert.equal((await reader.ask('GET', '/posts')).status, 401);
  for (const wrong of ['pv_wrong', 'Basic x', '']) {
    const nobody = desk.client();
    assert.equal((await nobody.ask('GET', '/posts', undefined, { Authorization: `Bearer ${wrong}` })).status, 401);
  }
});

test('behind a proxy, the address is what the proxy wrote last', async () => {
  const behind = await startDesk({ demo: true, args: ['--behind-proxy'] });
  try {
    const body = JSON.stringify({ login: 'marc@carnetdemarc.example', password: 'un porte-voix' });
    const forwarded = async (lines) => {
      const answer = await raw(behind.port, `POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:${behind.port}\r\n${lines}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`, { wait_ms: 3000 });
      const cookie = /Set-Cookie: ([^;]+)/i.exec(answer)[1];
      const list = await fetch(`${behind.base}/api/v1/me/sessions`, { headers: { Cookie: cookie } });
      return (await list.json()).items.map((s) => s.address);
    };
    assert.ok((await forwarded('X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n')).includes('192.0.2.2'));
    // a proxy that adds a line of its own puts it under the stranger's
    const seen = await forwarded('X-Forwarded-For: 192.0.2.3\r\nX-Forwarded-For: 192.0.2.4\r\n');
    assert.ok(seen.includes('192.0.2.4') && !seen.includes('192.0.2.3'), seen.join(' '));
  } finally {
    await behind.stop();
  }
});

test('signing out ends the session, here and elsewhere', async () => {
  const here = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  const there = await desk.signIn('samira@releverp.example', 'chez nous, bienvenue');
  assert.equal((await here.get('/me/sessions')).items.length, 2);
  await here.delete('/me/sessions');
  assert.equal((await there.ask('GET', '/me')).status, 401);
  await here.delete('/session');
  assert.equal((await here.ask('GET', '/me')).status, 401);
});
