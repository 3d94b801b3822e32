import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LocalStack } from '@reunite/local-stack';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { SecretSearch } from './secret-search.js';

type DataFolder = LocalStack['data'];

/** A place that contains a secret of a kind. */
export interface Leak {
  readonly place: string;
  readonly kind: string;
}

/** Data and log of the simulated server are not part of the search. */
const EXCLUDED = /^(simulator\/|logs\/ghes-simulator)/;

/** Searches all files of the stack: logs, content, artifacts, and PostgreSQL's data with its write-ahead log. */
export async function inFiles(search: SecretSearch, { root }: DataFolder): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const place = relative(root, file);
    if (!entry.isFile() || EXCLUDED.test(place)) continue;
    for (const kind of await kindsInFile(search, file)) leaks.push({ place: `file ${place}`, kind });
  }
  return leaks;
}

async function kindsInFile(search: SecretSearch, file: string): Promise<Set<string>> {
  const kinds = new Set<string>();
  let tail: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      const block = Buffer.concat([tail, chunk]);
      for (const kind of search.kindsIn(block)) kinds.add(kind);
      tail = block.subarray(Math.max(0, block.length - search.overlap));
    }
  } catch (error) {
    // PostgreSQL removes files during the search.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return kinds;
}

/** Connects to the database of the stack as a superuser, who can read all schemas. */
export async function connectAsSuperuser({ postgres }: DataFolder, port: number): Promise<Client> {
  const { postgres: password } = JSON.parse(await readFile(join(postgres, 'passwords.json'), 'utf8')) as {
    postgres: string;
  };
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'reunite' });
  await client.connect();
  return client;
}

/** Searches all values of all tables, including `bytea`. */
export async function inTables(search: SecretSearch, database: Client): Promise<Leak[]> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const leaks: Leak[] = [];
  for (const { name } of tables) {
    const { rows } = await database.query<(string | Buffer | null)[]>({
      text: `SELECT * FROM ${name}`,
      rowMode: 'array',
      types: { getTypeParser: (type: number) => (type === BYTEA ? fromHex : (text: string) => text) },
    });
    const values = rows.flat().filter((value) => value !== null);
    const block = Buffer.concat(values.flatMap((value) => [Buffer.from(value), separator]));
    for (const kind of search.kindsIn(block)) leaks.push({ place: `table ${name}`, kind });
  }
  return leaks;
}

/** https://www.postgresql.org/docs/current/datatype-binary.html: `\x` and hexadecimal. */
const BYTEA = 17;
const fromHex = (text: string) => Buffer.from(text.slice(2), 'hex');
const separator = Buffer.from('\n');

/** Searches all keys and values of a Redis. */
export async function inRedis(search: SecretSearch, url: string): Promise<Leak[]> {
  const redis = new Redis(url);
  try {
    // Long values would be compressed otherwise.
    await redis.config('SET', 'rdbcompression', 'no');
    const leaks: Leak[] = [];
    for (const key of await redis.keys('*')) {
      const value = await redis.dumpBuffer(key);
      const kinds = search.kindsIn(Buffer.concat([Buffer.from(key), separator, value]));
      for (const kind of kinds) leaks.push({ place: `Redis key ${key}`, kind });
    }
    return leaks;
  } finally {
    redis.disconnect();
  }
}
