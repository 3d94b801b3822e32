import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { databaseSettings, queueSettings, readConfig, secretVariable } from './config.js';

describe('a secret in a file', () => {
  const schema = z.object({ ...databaseSettings('reunite_api'), ...queueSettings });
  const url = 'postgres://reunite_api:s3cret@db:5432/reunite';
  const queue = { QUEUE_URL: 'redis://redis:6379' };
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secret-'));
    file = join(folder, 'url');
    writeFileSync(file, `${url}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read without its last line break', () => {
    expect(readConfig(schema, { ...queue, DATABASE_URL_FILE: file })).toMatchObject({ DATABASE_URL: url, ...queue });
  });

  it('is checked like the variable, and an error does not contain it', () => {
    writeFileSync(join(folder, 'invalid'), 's3cret');
    const read = () => readConfig(schema, { ...queue, DATABASE_URL_FILE: join(folder, 'invalid') });
    expect(read).toThrow(/DATABASE_URL: Invalid/);
    expect(read).not.toThrow('s3cret');
  });

  it('is rejected if it is also in the variable, missing or empty, in one message', () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    const missing = join(folder, 'missing');
    const both = { DATABASE_URL: url, DATABASE_URL_FILE: file, QUEUE_URL_FILE: missing };
    expect(() => readConfig(schema, both)).toThrow(
      `DATABASE_URL_FILE: and DATABASE_URL exclude each other\n  - QUEUE_URL_FILE: cannot read ${missing} (ENOENT)`,
    );
    expect(() => readConfig(schema, { ...queue, DATABASE_URL_FILE: empty })).toThrow(`${empty} is empty`);
  });

  it('is only read for settings that are secrets', () => {
    const caFile = { ...queue, DATABASE_URL: url, QUEUE_CA_FILE: '/tls/ca.pem' };
    expect(readConfig(schema, caFile)).toMatchObject({ QUEUE_CA_FILE: '/tls/ca.pem' });
  });

  it('can be the key-encryption key, whose variable the operator names', () => {
    expect(secretVariable('KEK', { KEK_FILE: file })).toBe(url);
    expect(secretVariable('KEK', { KEK: 'value' })).toBe('value');
    expect(secretVariable('KEK', { KEK: '' })).toBeUndefined();
  });
});
