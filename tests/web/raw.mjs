// SPDX-License-Identifier: AGPL-3.0-or-later
// Bytes as a stranger may send them: no client library in between.
import { connect } from 'node:net';

// Sends each part in turn and answers what came until the other side closed, or `wait_ms` of silence.
export function raw(port, parts, { wait_ms = 800, pause_ms = 0 } = {}) {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1');
    let came = Buffer.alloc(0);
    let timer;
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      done(came.toString('latin1'));
    };
    const silence = () => {
      clearTimeout(timer);
      timer = setTimeout(end, wait_ms);
    };
    socket.on('connect', async () => {
      for (const part of [].concat(parts)) {
        if (socket.destroyed) break;
        socket.write(part);
        if (pause_ms) await new Promise((r) => setTimeout(r, pause_ms));
      }
      silence();
    });
    socket.on('data', (chunk) => {
      came = Buffer.concat([came, chunk]);
      silence();
    });
    socket.on('close', end);
    socket.on('error', (problem) => (came.length || problem.code === 'ECONNRESET' || problem.code === 'EPIPE' ? end() : fail(problem)));
  });
}

export const status = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
