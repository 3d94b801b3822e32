// Measures the credential vault as it runs: its own process, mutual TLS, a real Postgres that syncs to disk.
// See bench/README.md. The last line is one JSON object.
import { spawn } from 'node:child_process';
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { ensureDevelopmentCa, startPostgres } = await load('libs/testing/dist/index.js');
const { migrate } = await load('libs/database/dist/index.js');
const { loadServiceIdentity } = await load('libs/platform/dist/index.js');
const { createVaultClient } = await load('libs/vault-client/dist/index.js');
const vaultDist = 'apps/credential-vault/dist';
const { openVaultDatabase, vaultDatabase } = await load(`${vaultDist}/vault-database.js`);
const { openKekProvider } = await load(`${vaultDist}/kek/open-kek-provider.js`);
const { addKeyVersion, useNewestKey } = await load(`${vaultDist}/kek/key-file.js`);
const { rotateKek } = await load(`${vaultDist}/rotation/kek-rotation.js`);
const { Envelope } = await load(`${vaultDist}/envelope/envelope.js`);

const CREDENTIALS = 10_000;
const ROUNDS = 5;
const SEQUENTIAL_CALLS = 1_000;
const CONCURRENCY = 128;
const LOAD_MS = 2_000;

const log = (line) => process.argv.includes('--json') || console.log(line);
const cleanups = [];

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'vault-bench-'));
  // Run as root, Postgres is another user's and has to get through.
  await chmod(folder, 0o755);
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres({ directory: join(folder, 'postgres') });
  cleanups.push(() => postgres.stop());
  const databaseUrl = postgres.url('reunite_vault');
  await migrate(vaultDatabase(databaseUrl));
  const kekFile = join(folder, 'kek.json');
  const identities = await ensureDevelopmentCa(folder, ['credential-vault', 'api', 'sync-worker']);
  const server = await startServer();
  const vaultPort = await startVault(databaseUrl, kekFile, identities['credential-vault']);
  const peerPort = await startChild(['bench/vault-peer.mjs'], identities['credential-vault']);

  const client = async (service, port) => {
    const made = createVaultClient({
      address: `127.0.0.1:${port}`,
      identity: await loadServiceIdentity(identities[service]),
    });
    cleanups.push(() => made.close());
    return made;
  };
  const worker = await client('sync-worker', vaultPort);
  const peer = await client('sync-worker', peerPort);
  const connection = await register(await client('api', vaultPort), server);
  const request = (repositoryId) => ({
    ...connection,
    installationId: 7,
    repositoryIds: [repositoryId],
    permissions: { contents: 'read' },
  });

  const before = server.minted();
  await Promise.all(Array.from({ length: 50 }, () => worker.mintInstallationToken(request(1))));
  const requestsFor50Misses = server.minted() - before;
  log(`50 concurrent misses for one key: ${requestsFor50Misses} request(s) to the server`);

  const cached = () => worker.mintInstallationToken(request(1));
  const bare = () => peer.mintInstallationToken(request(1));
  const [tokenP50Ms, bareP50Ms] = await interleaved(p50, cached, bare);
  log(`cached token, one after the other: p50 ${tokenP50Ms} ms; bare gRPC round trip: p50 ${bareP50Ms} ms`);
  const [tokensPerSecond, barePerSecond] = await interleaved(perSecond, cached, bare);
  log(`cached tokens: ${tokensPerSecond}/s with ${CONCURRENCY} callers at once; bare gRPC: ${barePerSecond}/s`);

  const { rewrapPerSecond, bareWrapPerSecond } = await measureRotation(databaseUrl, kekFile, connection);
  log(`KEK rotation: ${rewrapPerSecond} credentials/s; bare AES-GCM: ${bareWrapPerSecond}/s`);
  return {
    bench: 'vault',
    ratios: {
      'cached tokens / bare gRPC calls': round(tokensPerSecond / barePerSecond, 3),
      'KEK rotation / bare AES-GCM': round(rewrapPerSecond / bareWrapPerSecond, 4),
    },
    figures: {
      tokenP50Ms,
      bareGrpcP50Ms: bareP50Ms,
      inProcessP50Ms: round(tokenP50Ms - bareP50Ms),
      tokensPerSecond,
      bareGrpcPerSecond: barePerSecond,
      requestsFor50Misses,
      rotatedCredentials: CREDENTIALS,
      rewrapPerSecond,
      bareWrapPerSecond,
    },
  };
}

/** The least of a GitHub Enterprise Server that registering an app and minting a token need. */
async function startServer() {
  let minted = 0;
  const app = { id: 1, slug: 'bench', name: 'Bench', client_id: 'Iv1.bench', owner: null, html_url: '', events: [] };
  const http = createServer((incoming, response) => {
    incoming.resume();
    const token = incoming.url.endsWith('/access_tokens');
    if (token) minted += 1;
    const body = token
      ? { token: randomBytes(250).toString('hex'), expires_at: new Date(Date.now() + 3_600_000).toISOString() }
      : { ...app, permissions: { contents: 'write' } };
    const answer = () => response.writeHead(token ? 201 : 200, { 'content-type': 'application/json' });
    setTimeout(() => answer().end(JSON.stringify(body)), 30);
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => http.close(resolve).closeAllConnections()));
  return { origin: `http://127.0.0.1:${http.address().port}`, minted: () => minted };
}

function startVault(databaseUrl, kekFile, identity) {
  return startChild([`${vaultDist}/main.js`], identity, {
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    KEK_URL: pathToFileURL(kekFile).href,
    GHES_ALLOWED_CIDRS: '127.0.0.0/8',
    GHES_ALLOW_INSECURE_HTTP: 'true',
    CALLS_PER_SECOND_PER_CALLER: '1000000',
    CALLS_PER_SECOND_PER_ORGANIZATION: '1000000',
  });
}

/** Starts a child process. @returns the port that it reports */
function startChild(args, identity, environment = {}) {
  const tls = { TLS_CA_FILE: identity.caFile, TLS_CERT_FILE: identity.certFile, TLS_KEY_FILE: identity.keyFile };
  const env = { PATH: process.env.PATH, ...tls, ...environment };
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(() => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM'))));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => line.startsWith('{"ready"') && resolve(JSON.parse(line).port));
  });
}

async function register(api, { origin }) {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const connection = { organizationId: randomUUID(), connectionId: 'con_bench' };
  const secrets = { clientSecret: 'bench client secret', webhookSecret: 'bench webhook secret', privateKey };
  const app = { appId: 1, clientId: 'Iv1.bench', requiredPermissions: {} };
  await api.registerApp({ ...connection, subject: 'bench', origin, ...app, ...secrets });
  return connection;
}

/** Measures both by turns, so that what else the machine does meets both. @returns the median of each */
async function interleaved(measure, ...calls) {
  const results = calls.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, call] of calls.entries()) results[i].push(await measure(call));
  }
  return results.map((values) => values.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
}

async function p50(call) {
  const times = [];
  for (let i = 0; i < SEQUENTIAL_CALLS; i += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return round(times.sort((a, b) => a - b)[SEQUENTIAL_CALLS / 2]);
}

async function perSecond(call) {
  let done = 0;
  const start = performance.now();
  const caller = async () => {
    while (performance.now() - start < LOAD_MS) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  return Math.round((done / (performance.now() - start)) * 1_000);
}

async function measureRotation(databaseUrl, kekFile, { organizationId, connectionId }) {
  const settings = { url: pathToFileURL(kekFile).href, previousUrls: [], variable: () => undefined };
  const dataSource = await openVaultDatabase(databaseUrl);
  try {
    const [{ origin }] = await dataSource.query('SELECT origin FROM connection WHERE id = $1', [connectionId]);
    const envelope = new Envelope(await openKekProvider(settings, []));
    const kind = 'client-secret';
    const rows = await Promise.all(
      Array.from({ length: CREDENTIALS }, async (_, i) => {
        const version = i + 2;
        const binding = { organizationId, connectionId, origin, kind, version };
        return { connectionId, kind, version, ...(await envelope.seal(binding, Buffer.from('a client secret'))) };
      }),
    );
    for (let i = 0; i < rows.length; i += 1_000) {
      await dataSource.getRepository('CredentialEntity').insert(rows.slice(i, i + 1_000));
    }
    await addKeyVersion(kekFile);
    await useNewestKey(kekFile);
    const kek = await openKekProvider(settings, []);
    const current = await kek.current();
    const start = performance.now();
    let last;
    for await (last of rotateKek(dataSource, new Envelope(kek), current));
    const seconds = (performance.now() - start) / 1_000;
    if (last.rewrapped < CREDENTIALS || last.failed > 0) throw new Error(`rotation: ${JSON.stringify(last)}`);
    return { rewrapPerSecond: Math.round(last.rewrapped / seconds), bareWrapPerSecond: bareWrapsPerSecond() };
  } finally {
    await dataSource.destroy();
  }
}

/** The lower bound of a rotation: unwrap 32 bytes with one key, wrap them with another. */
function bareWrapsPerSecond() {
  const [oldKey, newKey, data] = [randomBytes(32), randomBytes(32), randomBytes(100)];
  const wrap = (key, dek) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(data);
    return { nonce, text: Buffer.concat([cipher.update(dek), cipher.final()]), tag: cipher.getAuthTag() };
  };
  const unwrap = (key, { nonce, text, tag }) => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(data).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  };
  const wrapped = Array.from({ length: CREDENTIALS }, () => wrap(oldKey, randomBytes(32)));
  const start = performance.now();
  for (const one of wrapped) wrap(newKey, unwrap(oldKey, one));
  return Math.round((CREDENTIALS / (performance.now() - start)) * 1_000);
}

function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

try {
  const result = await main();
  console.log(JSON.stringify(result));
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}
