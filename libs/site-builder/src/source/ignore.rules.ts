/** Patterns beyond this number have no effect, which bounds the time per file. */
const MAX_PATTERNS = 500;
/** Longer patterns have no effect. */
const MAX_PATTERN_LENGTH = 500;
/** Alternatives of one pattern with braces, `{a,b}`. */
const MAX_ALTERNATIVES = 32;

interface Pattern {
  readonly negated: boolean;
  /** True if only files below a matching folder are meant. */
  readonly folderOnly: boolean;
  readonly segments: readonly Segment[];
}

/** A name, `**` for any number of names, or the parts of a name with wildcards. */
type Segment = string | readonly string[];

/**
 * Decides which files are no part of the site. The last matching pattern wins, and `!` makes an exception. Matching
 * takes at most pattern length times path length: libraries translate patterns to regular expressions, whose time can
 * be exponential.
 */
export class IgnoredFiles {
  private readonly patterns: Pattern[] = [];

  /**
   * @param globs as in `ignore` of `redocly.yaml`: relative to the root
   * @see https://redocly.com/docs/realm/config/ignore
   */
  addGlobs(globs: readonly string[]): void {
    for (const glob of globs) this.add(glob.trim(), true);
  }

  /**
   * @param text of a `.reuniteignore`, in the syntax of `.gitignore`
   * @see https://git-scm.com/docs/gitignore#_pattern_format
   */
  addFile(text: string): void {
    for (const line of text.split(/\r\n?|\n/)) {
      const pattern = trimEnd(line);
      if (pattern !== '' && !pattern.startsWith('#')) this.add(pattern, false);
    }
  }

  has(path: string): boolean {
    let ignored = false;
    const segments = this.patterns.length === 0 ? [] : path.split('/');
    for (const pattern of this.patterns) {
      if (pattern.negated === ignored && matchesFile(pattern, segments)) ignored = !pattern.negated;
    }
    return ignored;
  }

  private add(written: string, rooted: boolean): void {
    const negated = written.startsWith('!');
    const pattern = negated ? written.slice(1) : written;
    for (const alternative of alternativesOf(pattern)) {
      if (this.patterns.length >= MAX_PATTERNS || alternative.length > MAX_PATTERN_LENGTH) return;
      const segments = alternative.split('/').filter((segment) => segment !== '' && segment !== '.');
      if (segments.length === 0) continue;
      // In `.gitignore`, a pattern without a slash before its end matches in every folder.
      const anchored = rooted || alternative.replace(/\/$/, '').includes('/');
      const folderOnly = alternative.endsWith('/');
      const parts = (anchored ? segments : ['**', ...segments]).map(segmentOf);
      this.patterns.push({ negated, folderOnly, segments: parts });
    }
  }
}

function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && line.charAt(end - 1) === ' ' && line.charAt(end - 2) !== '\\') end -= 1;
  return line.slice(0, end);
}

/** Expands the first group of braces, and the groups in its alternatives: `*.{md,mdoc}` → `*.md`, `*.mdoc`. */
function alternativesOf(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && done.length + open.length <= MAX_ALTERNATIVES) {
    const next = open.shift() ?? '';
    const start = next.indexOf('{');
    const end = next.indexOf('}', start);
    if (start === -1 || end === -1) done.push(next);
    else
      for (const part of next.slice(start + 1, end).split(',', MAX_ALTERNATIVES + 1))
        open.push(next.slice(0, start) + part + next.slice(end + 1));
  }
  return done.concat(open).slice(0, MAX_ALTERNATIVES);
}

/** True if the pattern matches the file or a folder above it. */
function matchesFile({ segments, folderOnly }: Pattern, path: readonly string[]): boolean {
  const below: Segment[] = folderOnly ? ['**', ['*']] : ['**'];
  return matches([...segments, ...below], path, (part) => part === '**', matchesSegment);
}

function matchesSegment(segment: Segment, name: string): boolean {
  if (typeof segment === 'string') return segment === name;
  return matches(segment, Array.from(name), (token) => token === '*', matchesCharacter);
}

/** The parts of a name with wildcards are characters, `*`, `?`, sets as `[ab]`, and escaped characters as `\*`. */
function segmentOf(pattern: string): Segment {
  if (pattern === '**' || !/[*?[\\]/.test(pattern)) return pattern;
  return pattern.match(/\[!?\]?[^[\]]*\]|\\?[^]/gu)?.map((token) => (token === '**' ? '*' : token)) ?? [];
}

function matchesCharacter(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length > 1 && token.startsWith('[')) return inSet(token.slice(1, -1), character);
  return (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token) === character;
}

function inSet(set: string, character: string): boolean {
  const negated = /^[!^]/.test(set);
  const members = Array.from(negated ? set.slice(1) : set);
  const included = members.some((member, at) => {
    if (members[at + 1] === '-' && members[at + 2] !== undefined)
      return member <= character && character <= (members[at + 2] ?? '');
    return member === character;
  });
  return included !== negated;
}

/** Matches wildcards. Returns to the last wildcard only, so the time is at most the product of both lengths. */
function matches<Part>(
  pattern: readonly Part[],
  values: readonly string[],
  isWildcard: (part: Part) => boolean,
  isMatch: (part: Part, value: string) => boolean,
): boolean {
  let [at, position, wildcard, resume] = [0, 0, -1, 0];
  while (position < values.length) {
    const part = pattern[at];
    const value = values[position] ?? '';
    if (part !== undefined && isWildcard(part)) {
      wildcard = at;
      resume = position;
      at += 1;
    } else if (part !== undefined && isMatch(part, value)) {
      at += 1;
      position += 1;
    } else if (wildcard !== -1) {
      at = wildcard + 1;
      resume += 1;
      position = resume;
    } else return false;
  }
  return pattern.slice(at).every(isWildcard);
}
