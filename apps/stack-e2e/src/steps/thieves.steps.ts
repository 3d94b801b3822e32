import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { isAtHome, ownKinds } from '../secrets/own-secrets.js';
import { connectAsSuperuser, inFiles, inRedis, inTables } from '../secrets/places.js';
import type { Finding } from '../secrets/places.js';
import { SecretSearch } from '../secrets/secret-search.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

/** Kinds of which there must be some after the whole journey: a list without them would prove nothing. */
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
  ...ownKinds,
];

export const thievesSteps: readonly Step[] = [
  { title: 'a secret that is planted in a log, a table, an artifact or the queue is found (P5)', run: plant },
  { title: 'who steals the databases, the queue, the logs and all files has no secret (P5)', run: steal },
];

/** All that a thief finds in what the stack wrote. */
async function stolen(world: World, search: SecretSearch, database: Client): Promise<Finding[]> {
  const { redisUrl } = world;
  const findings = [...(await inTables(search, database)), ...(await inFiles(search, world.stack.data))];
  if (redisUrl !== undefined) findings.push(...(await inRedis(search, redisUrl)));
  return findings.filter((finding) => !isAtHome(finding));
}

/** With a secret made for this: the search below could otherwise find nothing because it looks at nothing. */
async function plant(world: World): Promise<void> {
  const value = `planted-${randomBytes(20).toString('hex')}`;
  const bytes = Buffer.from(value);
  const log = join(world.stack.data.logs, 'planted.log');
  const artifact = join(world.stack.data.artifacts, 'planted.html');
  const database = await connectAsSuperuser(world.stack.data, world.stack.ports.postgres);
  const redis = world.redisUrl === undefined ? null : new Redis(world.redisUrl);
  try {
    await appendFile(log, `{"msg":"token ${value}"}\n`);
    await writeFile(artifact, `<p>${Buffer.from(`x${value}`).toString('base64')}</p>`);
    await database.query('CREATE SCHEMA planted');
    await database.query('CREATE TABLE planted.in_text AS SELECT $1::text AS it', [bytes.toString('hex')]);
    await database.query('CREATE TABLE planted.in_bytes AS SELECT $1::bytea AS it', [bytes]);
    await database.query('CREATE TABLE planted.in_json AS SELECT $1::jsonb AS it', [JSON.stringify({ deep: [value] })]);
    await redis?.hset('bull:planted:1', 'data', JSON.stringify({ value }));
    const findings = await stolen(world, new SecretSearch([{ kind: 'planted', value }]), database);
    const places = findings.map(({ place }) => place);
    const tables = ['in_text', 'in_bytes', 'in_json'].map((name) => `table planted.${name}`);
    const queue = redis ? ['Redis key bull:planted:1'] : [];
    for (const place of ['file logs/planted.log', 'file artifacts/planted.html', ...tables, ...queue]) {
      assert.ok(places.includes(place), `it was not found in: ${place}`);
    }
    assert.ok(
      places.some((place) => place.startsWith('file postgres/data/')),
      'it was not found in PostgreSQL’s files',
    );
  } finally {
    await database.query('DROP SCHEMA IF EXISTS planted CASCADE');
    await database.end();
    await redis?.del('bull:planted:1');
    redis?.disconnect();
    await Promise.all([log, artifact].map((file) => rm(file, { force: true })));
  }
}

async function steal(world: World): Promise<void> {
  const secrets = await world.secrets();
  for (const kind of kinds) {
    assert.ok(
      secrets.some((secret) => secret.kind === kind),
      `the journey has made no ${kind}`,
    );
  }
  const database = await connectAsSuperuser(world.stack.data, world.stack.ports.postgres);
  try {
    assert.deepEqual(await stolen(world, new SecretSearch(secrets), database), []);
  } finally {
    await database.end();
  }
}
