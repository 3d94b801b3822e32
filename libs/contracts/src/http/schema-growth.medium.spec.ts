import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { z } from 'zod';
import * as contracts from '../index.js';

const PREFIXES = ['a', '/', '../', '*', '\n', 'refs/', 'é'];

const schemas = Object.entries(contracts as Record<string, unknown>).filter(
  (entry): entry is [string, z.ZodObject] => entry[1] instanceof z.ZodObject,
);

describe('request and response schemas', () => {
  it('are found', () => {
    expect(schemas.map(([name]) => name)).toEqual(
      expect.arrayContaining(['createCommitSchema', 'createProjectSchema']),
    );
  });

  it.each(schemas)('attack: %s rejects long texts and lists in time linear to their size', (_name, schema) => {
    const fields = Object.keys(schema.shape);
    const fill = (value: unknown) => Object.fromEntries(fields.map((field) => [field, value]));
    const run = (input: unknown) => schema.safeParse(input);
    for (const prefix of PREFIXES) {
      const input = (size: number) => fill(prefix.repeat(size / prefix.length));
      expect(growthExponent(input, run, { runs: 1 })).toBeLessThan(1.6);
    }
    for (const item of [null, {}]) {
      const input = (size: number) => fill(Array<unknown>(size / 8).fill(item));
      expect(growthExponent(input, run, { runs: 1 })).toBeLessThan(1.6);
    }
  });
});
