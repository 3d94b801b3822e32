/**
 * Finds words that docs/glossary.md replaces, in declared names, comments, texts and documents.
 *
 *     node tools/plain-language/check.mjs [path prefix …] [--count]
 *
 * Checks all tracked files, or those below the given paths. `--count` prints one line per project. Exits with 1 if a
 * word is found. Why no spelling checker: the list depends on the context (a name, a comment) and has phrases, which
 * cspell's `flagWords` cannot express.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { ALLOWED, TERMS } from './terms.mjs';

const CODE = /\.(?:ts|tsx|js|mjs|cjs)$/;
const TEXT = /\.(?:md|proto)$/;

/** A doc comment that opens with a noun clause names nothing: "What becomes of …", "Who calls". */
const RIDDLE = /^\/\*\*[\s*]*(What|Who|Whose|Whoever|How|Where|So many|So long)\b/;

const nameParts = new Map(TERMS.flatMap(({ names = [], use }) => names.map((name) => [name, use])));
const exactNames = new Map(TERMS.flatMap(({ exact = [], use }) => exact.map((name) => [name, use])));
const phrases = TERMS.flatMap(({ phrases: texts = [], use }) =>
  texts.map((text) => ({ pattern: new RegExp(`\\b${text}\\b`, 'gi'), use })),
);

/** The parts of an identifier, in lower case: `lastWordOf` → last, word, of. */
function partsOf(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_$]+/);
}

function* wordsOfName(name) {
  if (exactNames.has(name)) yield { word: name, use: exactNames.get(name) };
  for (const part of partsOf(name)) if (nameParts.has(part)) yield { word: part, use: nameParts.get(part) };
}

function* wordsOfText(text) {
  for (const { pattern, use } of phrases)
    for (const { 0: word, index } of text.matchAll(pattern)) yield { word, use, index };
}

function isText(node) {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isJsxText(node)
  );
}

/** `a.b` where `b` belongs to a library is no name of ours: only declarations count. */
function isDeclaredName(node) {
  return ts.isIdentifier(node) && node.parent?.name === node && !ts.isPropertyAccessExpression(node.parent);
}

function* inCode(path, source) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const comments = new Map();
  const matches = [];
  const visit = (node) => {
    if (isDeclaredName(node)) {
      for (const { word, use } of wordsOfName(node.text))
        matches.push({ at: node.getStart(), word, use, what: `the name ${node.text}` });
    } else if (isText(node) && !ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent)) {
      for (const { word, use, index } of wordsOfText(node.text))
        matches.push({ at: node.getStart() + 1 + index, word, use, what: 'a text' });
    }
    if (!ts.isJsxText(node)) {
      for (const { pos, end } of ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []) comments.set(pos, end);
      for (const { pos, end } of ts.getTrailingCommentRanges(source, node.end) ?? []) comments.set(pos, end);
    }
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  for (const [start, end] of comments) {
    const comment = source.slice(start, end);
    for (const { word, use, index } of wordsOfText(comment))
      matches.push({ at: start + index, word, use, what: 'a comment' });
    const opening = RIDDLE.exec(comment)?.[1];
    if (opening)
      matches.push({ at: start, word: opening, use: 'subject, verb, object', what: 'the opening of a comment' });
  }
  matches.sort((one, other) => one.at - other.at);
  for (const { at, ...rest } of matches) yield { line: file.getLineAndCharacterOfPosition(at).line + 1, ...rest };
}

function* inText(source) {
  for (const [index, line] of source.split('\n').entries())
    for (const { word, use } of wordsOfText(line)) yield { line: index + 1, word, use, what: 'a text' };
}

function isAllowed(path, word) {
  return ALLOWED.some(
    (entry) => path.startsWith(entry.path) && (!entry.words || entry.words.includes(word.toLowerCase())),
  );
}

const flags = process.argv.slice(2);
const prefixes = flags.filter((flag) => !flag.startsWith('--')).map((prefix) => prefix.replace(/^\.\//, ''));
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n');
const counts = new Map();
let total = 0;
for (const path of tracked) {
  if (prefixes.length > 0 && !prefixes.some((prefix) => path.startsWith(prefix))) continue;
  if (!CODE.test(path) && !TEXT.test(path)) continue;
  let source;
  try {
    source = readFileSync(path, 'utf8');
  } catch {
    continue; // Deleted, and not yet staged.
  }
  for (const { line, word, use, what } of CODE.test(path) ? inCode(path, source) : inText(source)) {
    if (isAllowed(path, word)) continue;
    total++;
    const project = path.split('/').slice(0, 2).join('/');
    counts.set(project, (counts.get(project) ?? 0) + 1);
    if (!flags.includes('--count')) console.log(`${path}:${line} "${word}" in ${what}; use: ${use}`);
  }
}
if (flags.includes('--count'))
  for (const [project, count] of [...counts].sort(([, one], [, other]) => other - one))
    console.log(`${count}\t${project}`);
console.log(
  total === 0 ? 'No word that docs/glossary.md replaces.' : `${total} words to replace, see docs/glossary.md.`,
);
process.exitCode = total === 0 ? 0 : 1;
