// SPDX-License-Identifier: AGPL-3.0-or-later
// node pds.mjs PACKAGES DATA: a PLC directory in memory and one Bluesky PDS without AppView, both on 127.0.0.1 and
// ports the kernel chooses. Prints the PDS's address, then the directory's. PACKAGES holds node_modules. Node ≥ 22.
import { createRequire } from 'node:module';
import { createServer, Server } from 'node:net';
import { pathToFileURL } from 'node:url';
import { mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

const [, , folder, data] = process.argv;
const from = createRequire(pathToFileURL(folder + '/x.js'));
const load = async (name) => import(pathToFileURL(from.resolve(name)).href);

// Both servers take a port but no host, and would listen on every interface of the machine.
const listen = Server.prototype.listen;
Server.prototype.listen = function (where, ...rest) {
  if (typeof where === 'number' || /^\d+$/.test(where ?? '')) {
    const done = rest.find((r) => typeof r === 'function');
    return listen.call(this, { port: Number(where), host: '127.0.0.1' }, done);
  }
  return listen.call(this, where, ...rest);
};

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

process.env.LOG_ENABLED ??= 'false';
const plcModule = await load('@did-plc/server');
const { PDS } = await load('@atproto/pds');
const Database = plcModule.Database ?? plcModule.default.Database;
const PlcServer = plcModule.PlcServer ?? plcModule.default.PlcServer;
const plcPort = await freePort();
const plc = PlcServer.create({ db: Database.mock(), port: plcPort });
await plc.start();

mkdirSync(data + '/blobs', { recursive: true });
const port = await freePort();
const pds = await PDS.fromEnv({
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: data,
  blobstoreDiskLocation: data + '/blobs',
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  // a secp256k1 private key is any 32 random bytes, but for odds that no one meets
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  jwtSecret: 'jwt-secret',
  adminPassword: 'admin-pass',
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  bskyAppViewUrl: 'http://localhost:1',
  bskyAppViewDid: 'did:web:localhost',
  modServiceUrl: 'http://localhost:1',
  modServiceDid: 'did:web:localhost',
  serviceName: 'test PDS',
});
await pds.start();
console.log(`http://127.0.0.1:${port}\nhttp://127.0.0.1:${plcPort}`);

const stop = async () => {
  await pds.destroy();
  await plc.destroy();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
