import { describe, expect, it } from '@jest/globals';
import { SourceSyntaxError } from './source-syntax.error.js';
import { lineAt, parseJson, parseYaml } from './yaml.rules.js';

function errorOf(parse: () => unknown): SourceSyntaxError {
  try {
    parse();
  } catch (error) {
    if (error instanceof SourceSyntaxError) return error;
  }
  throw new Error('it parsed');
}

describe('parseYaml', () => {
  it('reports the line of an error', () => {
    expect(errorOf(() => parseYaml('a: 1\nb:\n  - c\n d: e\n')).line).toBe(4);
  });

  it('attack: rejects an alias bomb', () => {
    const levels = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
      const above = `*${'abcdefgh'.charAt(index)}`;
      return `${name}: &${name} [${Array<string>(9).fill(above).join(', ')}]`;
    });
    expect(errorOf(() => parseYaml(['a: &a [x, x, x]', ...levels].join('\n'))).reason).toMatch(/alias/i);
  });

  it('attack: rejects a value that contains itself', () => {
    expect(errorOf(() => parseYaml('a: &a { b: *a, c: *a }')).reason).toBe('YAML aliases expand too far');
  });

  it('accepts ordinary anchors', () => {
    expect(parseYaml('base: &base { a: 1 }\nother: *base')).toEqual({
      base: { a: 1 },
      other: { a: 1 },
    });
  });

  it('applies merge keys', () => {
    const text =
      'std: &std { 400: Bad, 500: Oops }\na: { <<: *std, 200: OK, 500: Own }\nb: { <<: [*std, { 404: Gone, 400: No }] }\nc: &c { <<: *std, 1: x }\nd: { <<: *c }\ne: { <<: 3 }';
    expect(parseYaml(text)).toMatchObject({
      a: { 200: 'OK', 400: 'Bad', 500: 'Own' },
      b: { 400: 'Bad', 404: 'Gone', 500: 'Oops' },
      d: { 1: 'x', 400: 'Bad', 500: 'Oops' },
      e: { '<<': 3 },
    });
    expect(JSON.stringify((parseYaml(text) as Record<string, unknown>)['a'])).not.toContain('<<');
  });

  it('attack: merges a bounded number of keys', () => {
    const wide = `a: &a {${Array.from({ length: 3000 }, (_, at) => `k${at}: 1`).join(', ')}}\n`;
    const merges = Array.from({ length: 500 }, (_, at) => `b${at}: { <<: *a }`).join('\n');
    expect(errorOf(() => parseYaml(wide + merges)).reason).toBe('YAML aliases expand too far');
    expect(parseYaml('a: &a { <<: *a, b: 1 }')).toEqual({ a: { b: 1 } });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    parseYaml('a: &a { __proto__: { x: 1 } }\nb: { <<: *a }');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('keeps the digits of large integers', () => {
    expect(parseYaml('a: 9223372036854775807\nb: 12\nc: 1234567890123456.5')).toEqual({
      a: '9223372036854775807',
      b: 12,
      c: 1234567890123456.5,
    });
    expect(parseJson('{"a": -9223372036854775808, "b": "9223372036854775807", "c": 12}')).toEqual({
      a: '-9223372036854775808',
      b: '9223372036854775807',
      c: 12,
    });
  });

  it('attack: rejects deep nesting', () => {
    // Each size reaches the end of the stack at another place. One of them ended the process on Node 20.
    for (const opening of ['[', '{a: ', '- ', '? ', '[{"a":']) {
      for (const count of [1_000, 2_000, 4_000, 100_000]) {
        expect(errorOf(() => parseYaml(opening.repeat(count))).reason).toBe('the file is nested too deeply');
      }
    }
    expect(parseYaml(`${'['.repeat(400)}${']'.repeat(400)}`)).toEqual(expect.any(Array));
  });

  it('attack: ignores YAML tags', () => {
    expect(parseYaml('a: !!js/function "function () {}"')).toEqual({
      a: 'function () {}',
    });
  });
});

describe('parseJson', () => {
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    [`{\n  "a": "${'long '.repeat(20)}",\n  "b": }\n`, 3],
    ['{\n  "a": [1,\n', 3],
  ])('reports the line of the error in %j', (text, line) => {
    expect(errorOf(() => parseJson(text)).line).toBe(line);
  });
});

describe('lineAt', () => {
  it('counts from 1', () => {
    expect([0, 1, 2, 4].map((position) => lineAt('a\nb\nc', position))).toEqual([1, 1, 2, 3]);
  });
});
