import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as contracts from '@reunite/contracts';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

const BOUNDED_FORMATS = ['date-time', 'date', 'uuid'];

/** Paths in a JSON schema at which a request may be as large as its sender likes. */
function unboundedPaths(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as JsonSchema;
  const own: string[] = [];
  const isFixed = 'enum' in node || 'const' in node || BOUNDED_FORMATS.includes(String(node['format']));
  if (node['type'] === 'string' && !isFixed && !('maxLength' in node)) own.push(path);
  if (node['type'] === 'array' && !('maxItems' in node)) own.push(`${path}[]`);
  if (typeof node['additionalProperties'] === 'object' && !('maxProperties' in node)) own.push(`${path}{}`);
  const nested = Object.entries(node).flatMap(([key, value]) => {
    if (key === 'properties' || key === '$defs') {
      return Object.entries(value as JsonSchema).flatMap(([name, one]) => unboundedPaths(one, `${path}.${name}`));
    }
    if (Array.isArray(value)) return value.flatMap((one: unknown) => unboundedPaths(one, path));
    return ['items', 'additionalProperties', 'not'].includes(key) ? unboundedPaths(value, path) : [];
  });
  return [...own, ...nested];
}

/** The schemas that controllers validate requests with, found in their source. */
function requestSchemas(): string[] {
  const folders = ['../http', '../grpc'].map((folder) => new URL(`${folder}/`, import.meta.url));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.controller.ts'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8')),
  );
  const uses = sources.flatMap((text) => [
    ...text.matchAll(/@(?:Body|Query|Param)\(\{ schema: (\w+)/g),
    ...text.matchAll(/validated\(\s*(\w+)/g),
  ]);
  return [...new Set(uses.map(([, name]) => name ?? ''))].sort();
}

describe('request schemas', () => {
  const names = requestSchemas();

  it('are found in the controllers', () => {
    expect(names).toEqual(expect.arrayContaining(['createCommitSchema', 'deploymentQuerySchema']));
  });

  it.each(names)('attack: %s has no string, array or record without an upper bound', (name) => {
    const schema = (contracts as Record<string, unknown>)[name] as z.ZodType;
    expect(unboundedPaths(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), name)).toEqual([]);
  });

  it('attack: a million wrong entries are rejected at once, with one violation', () => {
    const changes = Array.from({ length: 1_000_000 }, () => ({}));
    const started = performance.now();
    const { error } = contracts.createCommitSchema.shape.changes.safeParse(changes);
    expect(error?.issues.map(({ code }) => code)).toEqual(['too_big']);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
