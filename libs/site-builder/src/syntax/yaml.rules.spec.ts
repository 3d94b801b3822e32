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
    expect(parseYaml('base: &base { a: 1 }\nother: *base')).toEqual({ base: { a: 1 }, other: { a: 1 } });
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
    expect(parseYaml('a: !!js/function "function () {}"')).toEqual({ a: 'function () {}' });
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
