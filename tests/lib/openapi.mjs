// SPDX-License-Identifier: AGPL-3.0-or-later
// docs/openapi.yaml as a judge of answers.
//
//	const api = await loadApi();
//	api.check('GET', '/organizations/coop', response.status, response.headers.get('content-type'), json);
//
// throws an Error that says where the answer and the description part.
import { readFile } from 'node:fs/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const pointer = (...parts) => parts.map((p) => '/' + encodeURIComponent(String(p).replaceAll('~', '~0').replaceAll('/', '~1'))).join('');

export async function loadApi(file = new URL('../../docs/openapi.yaml', import.meta.url)) {
  return new Api(parse(await readFile(file, 'utf8')));
}

export class Api {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema({ ...document, $id: 'openapi' });
    this.compiled = new Map();
    this.routes = Object.keys(document.paths).map((path) => ({
      path,
      parts: path.split('/'),
      fixed: path.split('/').filter((p) => !p.startsWith('{')).length,
    }));
  }

  // The path of the description that an address answers to: "/posts/{post}" for "/posts/p1?x=y".
  route(address) {
    const parts = address.split('?')[0].split('/');
    const fit = this.routes
      .filter((r) => r.parts.length === parts.length && r.parts.every((p, i) => p.startsWith('{') || p === parts[i]))
      .sort((a, b) => b.fixed - a.fixed);
    return fit[0]?.path;
  }

  // Follows one $ref; gives what stands there and the pointer to it.
  follow(at, node) {
    if (!node?.$ref) return [at, node];
    const target = node.$ref.replace(/^#/, '');
    const found = target.split('/').slice(1).reduce((n, p) => n?.[decodeURIComponent(p).replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    if (found === undefined) throw new Error(`${node.$ref} leads nowhere`);
    return this.follow(target, found);
  }

  validator(at) {
    if (!this.compiled.has(at)) this.compiled.set(at, this.ajv.compile({ $ref: 'openapi#' + at }));
    return this.compiled.get(at);
  }

  // Throws when `value` does not fit the schema at a pointer of the description.
  fits(at, value, what) {
    const valid = this.validator(at);
    if (valid(value)) return;
    const wrong = valid.errors.slice(0, 8).map((e) => `  ${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
    throw new Error(`${what} is not as docs/openapi.yaml says (${at}):\n${wrong.join('\n')}\n${JSON.stringify(value)?.slice(0, 2000)}`);
  }

  check(method, address, status, type, body) {
    const what = `${method} ${address} → ${status}`;
    const path = this.route(address);
    if (!path) throw new Error(`${what}: no such path in docs/openapi.yaml`);
    const verb = method.toLowerCase();
    const operation = this.document.paths[path][verb];
    if (!operation) {
      if (status === 405 || status === 404) return;
      throw new Error(`${what}: ${path} has no ${verb} in docs/openapi.yaml`);
    }
    const key = [String(status), `${String(status)[0]}XX`, 'default'].find((k) => operation.responses[k]);
    if (!key) throw new Error(`${what}: this status is not in docs/openapi.yaml (${Object.keys(operation.responses)})`);
    const [at, response] = this.follow(pointer('paths', path, verb, 'responses', key), operation.responses[key]);
    if (!response.content) {
      if (body !== undefined && body !== null && body !== '') throw new Error(`${what}: a body where none is described`);
      return;
    }
    const media = (type ?? '').split(';')[0].trim();
    if (!response.content[media]) throw new Error(`${what}: content type ${media || '(none)'} is not described (${Object.keys(response.content)})`);
    if (/json$/.test(media)) this.fits(at + pointer('content', media, 'schema'), body, what);
  }
}

export { pointer };
