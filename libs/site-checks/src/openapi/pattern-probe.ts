import { createContext, Script } from 'node:vm';

/** Patterns and texts longer than this are not probed but rejected: nothing readable is longer. */
const MAX_PATTERN_LENGTH = 2_000;
const MAX_PATTERNS = 5_000;

/** Time for one pattern on all texts. Ordinary patterns need microseconds. */
const PATTERN_TIMEOUT_MS = 100;
/** Time for all patterns of a description. */
const TOTAL_TIMEOUT_MS = 3_000;

const PROBE = new Script('for (const text of texts) expression.test(text)');

/**
 * Finds a regular expression that takes too long on one of `texts`, e.g. `^(a+)+$` on
 * `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`.
 *
 * Runs the expressions themselves, interrupted by a timeout: the texts are the very ones that Redocly will match. This
 * is exact where analyses of the syntax are not: safe-regex2 accepts `(a|a)*b`, and recheck does not finish on
 * date-times.
 *
 * @returns null if all are fast; expressions that do not compile are left to Redocly, which reports them
 */
export function slowPattern(patterns: Iterable<string>, texts: Iterable<string>): string | null {
  const context = createContext({ texts: [...texts], expression: /$/ });
  const endAt = performance.now() + TOTAL_TIMEOUT_MS;
  let count = 0;
  for (const pattern of patterns) {
    count += 1;
    if (pattern.length > MAX_PATTERN_LENGTH || count > MAX_PATTERNS) return pattern;
    for (const expression of compile(pattern)) {
      const timeout = Math.min(PATTERN_TIMEOUT_MS, Math.floor(endAt - performance.now()));
      if (timeout <= 0 || !isFast(Object.assign(context, { expression }), timeout)) return pattern;
    }
  }
  return null;
}

/** As JSON Schema validators compile a pattern (`u`), and as written in `redocly.yaml` (`/pattern/flags`). */
function compile(pattern: string): RegExp[] {
  const [, source, flags = ''] = /^\/(.*)\/([dgimsuvy]*)$/s.exec(pattern) ?? [];
  const variants = [[pattern, 'u'], [pattern, ''], ...(source === undefined ? [] : [[source, flags]])] as const;
  return variants.flatMap(([text = '', flag]) => {
    try {
      return [new RegExp(text, flag)];
    } catch {
      return [];
    }
  });
}

function isFast(context: object, timeout: number): boolean {
  try {
    PROBE.runInContext(context, { timeout });
    return true;
  } catch {
    return false;
  }
}
