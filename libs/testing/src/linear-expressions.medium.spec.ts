import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { growthExponent } from './growth.js';

const root = resolve(import.meta.dirname, '../../..');
const SERVICES = ['api', 'sync-worker', 'credential-vault', 'webhook-ingest', 'preview-host'];

const MAX_PREFIXES = 24;
const SMALL = 262_144;
/** Below this time for {@link SMALL}, even a quadratic expression takes less than half a second for 1 MiB. */
const FAST_MS = 20;

interface Expression {
  readonly place: string;
  readonly pattern: string;
  readonly flags: string;
}

/** All regular expressions in the source of services and libraries, without tests. */
function findExpressions(): Expression[] {
  const expressions: Expression[] = [];
  for (const path of sourceFiles()) {
    const source = ts.createSourceFile(path, readFileSync(resolve(root, path), 'utf8'), ts.ScriptTarget.ESNext);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        const end = node.text.lastIndexOf('/');
        const place = `${path}:${line + 1}`;
        expressions.push({ place, pattern: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return expressions;
}

function sourceFiles(): string[] {
  const libraries = readdirSync(join(root, 'libs')).map((name) => `libs/${name}/src`);
  const folders = [...libraries, ...SERVICES.map((name) => `apps/${name}/src`)];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => `${folder}/${name}`),
  );
}

/** Texts that the expression begins to match: each beginning of a sample of each alternative. */
function prefixesOf({ pattern, flags }: Expression): string[] {
  const prefixes = new Set<string>([' ', '\n']);
  const parsed = new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode: /[uv]/.test(flags) });
  visitRegExpAST(parsed, {
    onAlternativeEnter: ({ elements }) => {
      for (const end of ['first', 'last'] as const) {
        const samples = elements.map((element) => sampleOf(element, end));
        for (let count = 1; count <= samples.length; count++) prefixes.add(samples.slice(0, count).join(''));
        prefixes.add(samples.at(-1) ?? '');
      }
    },
  });
  prefixes.delete('');
  return [...prefixes].slice(0, MAX_PREFIXES);
}

/** A text that matches one element. `end` chooses the first or last member of a character class. */
function sampleOf(
  element: AST.Element | AST.CharacterClassElement | AST.UnicodeSetsCharacterClassElement,
  end: 'first' | 'last',
): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value);
    case 'CharacterClass': {
      const member = element.elements.at(end === 'first' ? 0 : -1);
      return element.negate || !member ? 'a' : sampleOf(member, end);
    }
    case 'CharacterClassRange':
      return String.fromCodePoint(element.min.value);
    case 'CharacterSet':
      return element.kind === 'digit' ? '0' : element.kind === 'space' ? ' ' : 'a';
    case 'Quantifier':
      return sampleOf(element.element, end).repeat(Math.max(1, Math.min(element.min, 8)));
    case 'Group':
    case 'CapturingGroup':
      return (element.alternatives[0]?.elements ?? []).map((inner) => sampleOf(inner, end)).join('');
    default:
      return '';
  }
}

/** Texts on which the expression takes more than linear time. */
function slowPrefixes(expression: Expression): string[] {
  const { pattern, flags } = expression;
  const run = (text: string): unknown => text.replace(new RegExp(pattern, flags), '');
  return prefixesOf(expression).filter((prefix) => {
    // The last character ends every match that has not ended before.
    const input = (size: number): string => `${prefix.repeat(size / prefix.length)}\0`;
    const start = performance.now();
    run(input(SMALL / 16));
    if (performance.now() - start < FAST_MS) {
      run(input(SMALL));
      if (performance.now() - start < FAST_MS) return false;
    }
    return growthExponent(input, run) > 1.6;
  });
}

describe('regular expressions of services and libraries', () => {
  it('attack: a long text of its own beginnings takes each of them time linear to its length', () => {
    const expressions = findExpressions();
    expect(expressions.length).toBeGreaterThan(100);
    const slow = expressions.flatMap((expression) =>
      slowPrefixes(expression).map(
        (prefix) => `${expression.place} /${expression.pattern}/ on ${JSON.stringify(prefix)}`,
      ),
    );
    expect(slow).toEqual([]);
  }, 240_000);

  it('finds the expression that once stopped the vault', () => {
    const expression = { place: '', pattern: String.raw`\beyJ[\w-]+\.[\w-]+\.[\w-]*`, flags: 'g' };
    expect(slowPrefixes(expression)).not.toEqual([]);
  });
});
