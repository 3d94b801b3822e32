import { describe, expect, it } from '@jest/globals';
import { SourceSyntaxError } from './source-syntax.error.js';
import { lineAt, parseJson, parseYaml } from './yaml.rules.js';

function faultOf(parse: () => unknown): SourceSyntaxError {
  try {
    parse();
  } catch (error) {
    if (error instanceof SourceSyntaxError) return error;
  }
  throw new Error('it parsed');
}

describe('parseYaml', () => {
  it('names the line of a fault', () => {
    expect(faultOf(() => parseYaml('a: 1\nb:\n  - c\n d: e\n')).line).toBe(4);
  });

  it('refuses an alias bomb', () => {
    const levels = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
      const above = `*${'abcdefgh'.charAt(index)}`;
      return `${name}: &${name} [${Array<string>(9).fill(above).join(', ')}]`;
    });
    expect(faultOf(() => parseYaml(['a: &a [x, x, x]', ...levels].join('\n'))).reason).toMatch(/alias/i);
  });

  it('refuses a value that contains itself', () => {
    expect(faultOf(() => parseYaml('a: &a { b: *a, c: *a }')).reason).toBe('its aliases expand too far');
  });

  it('takes anchors as people use them', () => {
    expect(parseYaml('base: &base { a: 1 }\nother: *base')).toEqual({ base: { a: 1 }, other: { a: 1 } });
  });

  it('refuses absurd nesting instead of overflowing the stack', () => {
    expect(faultOf(() => parseYaml('['.repeat(100_000))).reason).toBe('it is nested too deeply');
  });

  it('makes nothing but plain values of tags', () => {
    expect(parseYaml('a: !!js/function "function () {}"')).toEqual({ a: 'function () {}' });
  });
});

describe('parseJson', () => {
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    [`{\n  "a": "${'long '.repeat(20)}",\n  "b": }\n`, 3],
    ['{\n  "a": [1,\n', 3],
  ])('names the line of the fault in %j', (text, line) => {
    expect(faultOf(() => parseJson(text)).line).toBe(line);
  });
});

describe('lineAt', () => {
  it('counts from 1', () => {
    expect([0, 1, 2, 4].map((position) => lineAt('a\nb\nc', position))).toEqual([1, 1, 2, 3]);
  });
});
