// SPDX-License-Identifier: AGPL-3.0-or-later
// Networks that a test holds in its hand, on loopback: the desk reaches them only where it is told to
// (`--allow`, network.address).
//
//	const network = await new TrialNetwork().start();
//	const desk = await startDesk({ demo: true, args: ['--allow', network.address] });
//	network.mood = 'silent';
//	t.after(() => network.stop());
import { createServer } from 'node:http';

class Held {
  async start() {
    this.server = createServer((ask, answer) => this.take(ask, answer).catch(() => ask.socket.destroy()));
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.address = `127.0.0.1:${this.server.address().port}`;
    this.base = `http://${this.address}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async take(ask, answer) {
    const chunks = [];
    for await (const chunk of ask) chunks.push(chunk);
    const say = (status, body) => {
      answer.writeHead(status, { 'Content-Type': 'application/json' });
      answer.end(JSON.stringify(body));
    };
    await this.serve({ url: new URL(ask.url, this.base), method: ask.method, token: (ask.headers.authorization ?? '').replace(/^Bearer /, ''), headers: ask.headers, body: Buffer.concat(chunks), cut: () => ask.socket.destroy() }, say);
  }
}

// The trial network (src/networks/fake). Its mood: 'well'; 'refusing', it says no; 'silent', it takes a post and cuts the
// line; 'deaf', it cuts the line without taking it. `mute`: it does not say what stands there either, so that nothing can settle it.
export class TrialNetwork extends Held {
  posts = [];
  mood = 'well';
  mute = false;

  async serve({ url, method, token, body, cut }, say) {
    if (url.pathname === '/account') return say(200, { id: token, handle: `@${token}`, name: 'Essai' });
    if (url.pathname !== '/posts') return say(404, {});
    if (method === 'GET') {
      if (this.mute) return say(403, { error: 'The list of posts is closed to this token' });
      const key = url.searchParams.get('key');
      return say(200, { posts: this.posts.filter((post) => post.key === key).map(({ id, url: at }) => ({ id, url: at })) });
    }
    if (this.mood === 'deaf') return cut();
    if (this.mood === 'refusing') return say(422, { error: 'This word is not welcome here' });
    const post = { ...JSON.parse(body), id: `p${this.posts.length + 1}` };
    post.url = `${this.base}/p/${post.id}`;
    this.posts.push(post);
    if (this.mood === 'silent') return cut();
    say(201, { id: post.id, url: post.url });
  }
}

// As Mastodon 4 answers to a token of its own: who the account is, what the server takes, statuses kept once by their
// Idempotency-Key.
export class MastodonLike extends Held {
  token = 'jeton-de-releve';
  name = 'releverp';
  statuses = [];

  async serve({ url, method, token, headers, body }, say) {
    if (url.pathname === '/api/v2/instance')
      return say(200, {
        domain: this.address,
        version: '4.3.1',
        configuration: {
          statuses: { max_characters: 500, max_media_attachments: 4, characters_reserved_per_url: 23 },
          media_attachments: { supported_mime_types: ['image/jpeg', 'image/png'], description_limit: 1500, image_size_limit: 16777216 },
        },
      });
    if (token !== this.token) return say(401, { error: 'The access token is invalid' });
    const account = { id: '7', username: this.name, acct: this.name, display_name: 'Relève RP', url: `${this.base}/@${this.name}` };
    if (url.pathname === '/api/v1/accounts/verify_credentials') return say(200, account);
    if (url.pathname === '/api/v1/accounts/7/statuses') return say(200, url.searchParams.has('max_id') ? [] : this.statuses);
    if (url.pathname === '/api/v1/notifications') return say(200, []);
    if (url.pathname !== '/api/v1/statuses' || method !== 'POST') return say(404, { error: 'Record not found' });
    const { status, language } = JSON.parse(body);
    const key = headers['idempotency-key'];
    const known = this.statuses.find((s) => key && s.key === key);
    if (known) return say(200, known);
    const id = String(1001 + this.statuses.length);
    const made = { id, key, uri: `${this.base}/@${this.name}/${id}`, url: `${this.base}/@${this.name}/${id}`, created_at: new Date().toISOString(), content: `<p>${status}</p>`, text: status, visibility: 'public', language, account };
    this.statuses.unshift(made);
    say(200, made);
  }
}
