import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { isExpected, stackSecretKinds } from '../secrets/stack-secrets.js';
import { connectAsSuperuser, inFiles, inRedis, inTables } from '../secrets/places.js';
import type { Leak } from '../secrets/places.js';
import { SecretSearch } from '../secrets/secret-search.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

/** Kinds of secrets that the journey must have produced; otherwise the search would prove nothing. */
const kinds = [
  'app-jwt',
  'client-secret',
  'installation-token',
  'manifest-code',
  'oauth-code',
  'pkce-verifier',
  'private-key',
  'user-refresh-token',
  'user-token',
  'webhook-secret',
  ...stackSecretKinds,
];

export const exfiltrationSteps: readonly Step[] = [
  { title: 'the search finds a secret planted in a log, a table, an artifact and the queue (P5)', run: findPlanted },
  { title: 'attack: databases, queue, logs and all files are copied: they contain no secret (P5)', run: findNoSecret },
];

/** Secrets in everything that the stack stored, except in their expected places. */
async function findLeaks(stack: TestStack, search: SecretSearch, database: Client): Promise<Leak[]> {
  const { redisUrl } = stack;
  const leaks = [...(await inTables(search, database)), ...(await inFiles(search, stack.local.data))];
  if (redisUrl !== undefined) leaks.push(...(await inRedis(search, redisUrl)));
  return leaks.filter((leak) => !isExpected(leak));
}

/** Proves that the search covers all places, with a secret written for this purpose. */
async function findPlanted(stack: TestStack): Promise<void> {
  const value = `planted-${randomBytes(20).toString('hex')}`;
  const bytes = Buffer.from(value);
  const log = join(stack.local.data.logs, 'planted.log');
  const artifact = join(stack.local.data.artifacts, 'planted.html');
  const database = await connectAsSuperuser(stack.local.data, stack.local.ports.postgres);
  const redis = stack.redisUrl === undefined ? null : new Redis(stack.redisUrl);
  try {
    await appendFile(log, `{"msg":"token ${value}"}\n`);
    await writeFile(artifact, `<p>${Buffer.from(`x${value}`).toString('base64')}</p>`);
    await database.query('CREATE SCHEMA planted');
    await database.query('CREATE TABLE planted.in_text AS SELECT $1::text AS it', [bytes.toString('hex')]);
    await database.query('CREATE TABLE planted.in_bytes AS SELECT $1::bytea AS it', [bytes]);
    await database.query('CREATE TABLE planted.in_json AS SELECT $1::jsonb AS it', [JSON.stringify({ deep: [value] })]);
    await redis?.hset('bull:planted:1', 'data', JSON.stringify({ value }));
    const leaks = await findLeaks(stack, new SecretSearch([{ kind: 'planted', value }]), database);
    const places = leaks.map(({ place }) => place);
    const tables = ['in_text', 'in_bytes', 'in_json'].map((name) => `table planted.${name}`);
    const queue = redis ? ['Redis key bull:planted:1'] : [];
    for (const place of ['file logs/planted.log', 'file artifacts/planted.html', ...tables, ...queue]) {
      assert.ok(places.includes(place), `the search missed it in: ${place}`);
    }
    assert.ok(
      places.some((place) => place.startsWith('file postgres/data/')),
      'the search missed it in PostgreSQL’s files',
    );
  } finally {
    await database.query('DROP SCHEMA IF EXISTS planted CASCADE');
    await database.end();
    await redis?.del('bull:planted:1');
    redis?.disconnect();
    await Promise.all([log, artifact].map((file) => rm(file, { force: true })));
  }
}

async function findNoSecret(stack: TestStack): Promise<void> {
  const secrets = await stack.secrets();
  for (const kind of kinds) {
    assert.ok(
      secrets.some((secret) => secret.kind === kind),
      `the journey produced no ${kind}`,
    );
  }
  const database = await connectAsSuperuser(stack.local.data, stack.local.ports.postgres);
  try {
    assert.deepEqual(await findLeaks(stack, new SecretSearch(secrets), database), []);
  } finally {
    await database.end();
  }
}
