// SPDX-License-Identifier: AGPL-3.0-or-later
// A site of strangers on loopback, some of whose pages misbehave; a desk reaches it with `--allow ${site.host}`.
//
//	const site = await startSite();
//	const desk = await startDesk({ demo: true, args: ['--allow', site.host] });
//	… `${site.base}/by-marc` …
//	await site.stop();
import { createServer } from 'node:http';

const page = (head, body = '<p>Un billet.</p>') => `<!doctype html><html lang="fr"><head><title>Un billet</title>${head}</head><body>${body}</body></html>`;
const ld = (data) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`;

// Path → what it answers: a page, [status, location], or a function of the response.
const pages = {
  '/plain': page(''),
  '/by-marc': page(ld({ '@context': 'https://schema.org', '@type': 'Article', author: { '@type': 'Person', name: 'M. T.', url: 'https://carnetdemarc.example/a-propos' } })),
  '/by-name': page('<meta name="author" content="Marc Tessier">'),
  '/by-me': page('', '<a rel="me" href="https://www.carnetdemarc.example/">moi</a>'),
  '/copy': page('<link rel="canonical" href="https://carnetdemarc.example/2026/03/autopromotion.html">'),
  '/inside-copy': page('<link rel="canonical" href="http://169.254.169.254/latest/meta-data/">'),
  '/hop': [302, '/by-marc'],
  '/loop': [302, '/loop2'],
  '/loop2': [302, '/loop'],
  '/inside': [302, 'http://169.254.169.254/latest/meta-data/'],
  '/latin': (answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    answer.end(Buffer.from('<meta name=author content="\xc9va"><a rel=me href=https://carnetdemarc.example/>', 'latin1'));
  },
  '/nested': page(`<script type="application/ld+json">${'['.repeat(10000)}</script><meta name="author" content="Marc Tessier">`),
  '/endless': (answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html' });
    answer.write('<meta name="author" content="Marc Tessier">');
    const more = Buffer.alloc(1 << 16, 'x');
    const pour = () => {
      while (!answer.destroyed && answer.write(more));
    };
    answer.on('drain', pour);
    pour();
  },
};

export async function startSite() {
  const asked = [];
  const server = createServer((question, answer) => {
    asked.push(question.url);
    const what = pages[new URL(question.url, 'http://x').pathname];
    if (typeof what === 'function') return what(answer);
    if (Array.isArray(what)) return answer.writeHead(what[0], { Location: what[1] }).end();
    answer.writeHead(what ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(what ?? 'rien');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${server.address().port}`;
  return {
    host,
    base: `http://${host}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
