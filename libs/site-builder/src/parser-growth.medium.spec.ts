import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { resolveReference } from './links/links.rules.js';
import { parseMarkdown } from './markdown/markdown.parser.js';
import { rewriteSource } from './markdown/rewrite-source.rules.js';
import { slugOf } from './markdown/slug.rules.js';
import { readDescription } from './openapi/detect.rules.js';
import { encodingError } from './source/file-content.rules.js';
import { splitFrontMatter } from './syntax/front-matter.rules.js';
import { parseJson, parseYaml } from './syntax/yaml.rules.js';

const KIB = 1_024;

/** Beginnings of constructs that are never finished. */
const MARKDOWN = [
  ...['[', '![', '[a](', '[^a]', '<', '<a ', '<!--', '</', '&', '`', '*', '**a', '_', '~~', '|', '> ', '- ', '1. '],
  ...['{%', '{% if %}', '{% a ', '\\', '\t', '\n', '# a\n', '|a|\n|-|\n', '[a]: b\n', '[^a]: x\n', '- [ ] ', 'http://'],
];
const YAML = [
  '[',
  '{"a":',
  '- ',
  '? ',
  '"',
  "'",
  '&a ',
  '*a ',
  '!!a ',
  '|\n',
  '>\n',
  ': ',
  'a: ',
  '\t',
  '\n',
  '#',
  '---\n',
];
const JSON_TEXT = ['[', '{"a":', '"', '\\', '[1,', '1', ' ', '\n'];

/** Sizes that take seconds at most: Markdown and YAML need about 10 µs for each construct. */
describe('parsers of files of a repository', () => {
  it.each<[string, readonly string[], number, (text: string) => unknown]>([
    ['Markdown', MARKDOWN, 256 * KIB, (text) => parseMarkdown(text, 'a.md')],
    ['Markdoc', MARKDOWN, 128 * KIB, (text) => parseMarkdown(text, 'a.mdoc')],
    ['links in Markdown', MARKDOWN, 1_024 * KIB, (text) => rewriteSource(text, () => undefined)],
    ['front matter', YAML, 64 * KIB, (text) => splitFrontMatter(`---\n${text}\n---\n`)],
    ['unfinished front matter', ['---\n', '---', '\n', ' '], 1_024 * KIB, splitFrontMatter],
    ['YAML', YAML, 128 * KIB, parseYaml],
    ['JSON', JSON_TEXT, 1_024 * KIB, parseJson],
    [
      'descriptions',
      [...YAML, ...JSON_TEXT],
      128 * KIB,
      (text) => readDescription('openapi.yaml', `openapi: 3.1.0\n${text}`),
    ],
    [
      'references',
      ['/', '../', './', '%2e', '?', '#', '\\', ':'],
      1_024 * KIB,
      (text) => resolveReference(text, 'a/b.md'),
    ],
    ['slugs', ['a', ' ', '-', '_', 'é', '\ud800'], 1_024 * KIB, slugOf],
    ['encodings', ['a', '\0', 'é'], 1_024 * KIB, (text) => encodingError(Buffer.from(text))],
  ])(
    'attack: %s of beginnings without end take time linear to their size',
    (_name, prefixes, maxSize, parse) => {
      const slow = prefixes.filter((prefix) => {
        const input = (size: number) => prefix.repeat(Math.ceil(size / prefix.length));
        return growthExponent(input, parse, { maxSize, runs: 1 }) > 1.6;
      });
      expect(slow).toEqual([]);
    },
    240_000,
  );
});
