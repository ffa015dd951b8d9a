// SPDX-License-Identifier: AGPL-3.0-or-later
// The description of the API itself: whole, without loose ends, its examples as its schemas say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadApi, pointer } from '../lib/openapi.mjs';

const api = await loadApi();
const verbs = ['get', 'put', 'post', 'delete', 'patch'];
const operations = Object.entries(api.document.paths).flatMap(([path, item]) =>
  verbs.filter((v) => item[v]).map((v) => ({ path, verb: v, operation: item[v], at: pointer('paths', path, v), item })),
);

test('it is OpenAPI 3.1 and holds operations', () => {
  assert.match(api.document.openapi, /^3\.1\./);
  assert.ok(operations.length > 40);
});

test('every reference leads somewhere', () => {
  const walk = (node, at) => {
    if (node === null || typeof node !== 'object') return;
    if (typeof node.$ref === 'string') api.follow(at, node);
    for (const [key, value] of Object.entries(node)) walk(value, at + pointer(key));
  };
  walk(api.document, '');
});

test('every schema compiles', () => {
  for (const name of Object.keys(api.document.components.schemas)) api.validator(pointer('components', 'schemas', name));
});

test('operation ids are there, and one of a kind', () => {
  const ids = operations.map((o) => o.operation.operationId);
  assert.deepEqual(ids.filter((id) => !id), []);
  assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
});

test('every parameter of a path is described', () => {
  for (const { path, operation, item, verb } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    const told = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((p) => api.follow('', p)[1]).filter((p) => p.in === 'path').map((p) => p.name);
    assert.deepEqual(named.filter((n) => !told.includes(n)), [], `${verb} ${path}`);
  }
});

test('every POST takes an Idempotency-Key', () => {
  for (const { path, verb, operation, item } of operations.filter((o) => o.verb === 'post')) {
    const told = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((p) => api.follow('', p)[1]);
    assert.ok(told.some((p) => p.in === 'header' && p.name === 'Idempotency-Key'), `${verb} ${path}`);
  }
});

test('every operation can answer with a problem', () => {
  for (const { path, verb, operation } of operations) {
    if (['/healthz', '/metrics', '/openapi.json', '/events'].includes(path)) continue;
    const problem = Object.values(operation.responses).some((r) => 'application/problem+json' in (api.follow('', r)[1].content ?? {}));
    assert.ok(problem, `${verb} ${path}`);
  }
});

for (const { path, verb, operation, at } of operations) {
  const bodies = [];
  if (operation.requestBody) {
    const [where, body] = api.follow(at + '/requestBody', operation.requestBody);
    for (const [type, media] of Object.entries(body.content ?? {})) bodies.push([where + pointer('content', type), type, media]);
  }
  for (const [status, given] of Object.entries(operation.responses)) {
    const [where, response] = api.follow(at + pointer('responses', status), given);
    for (const [type, media] of Object.entries(response.content ?? {})) bodies.push([where + pointer('content', type), type, media]);
  }
  const examples = bodies
    .filter(([, type, media]) => /json$/.test(type) && media.schema)
    .flatMap(([where, , media]) => [...(media.example !== undefined ? [media.example] : []), ...Object.values(media.examples ?? {}).map((e) => e.value)].map((value) => [where + '/schema', value]));
  if (examples.length === 0) continue;
  test(`examples of ${verb.toUpperCase()} ${path}`, () => {
    for (const [where, value] of examples) api.fits(where, value, `an example of ${verb} ${path}`);
  });
}
