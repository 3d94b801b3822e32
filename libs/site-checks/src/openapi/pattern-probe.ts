import { createContext, Script } from 'node:vm';

/** Patterns and texts longer than this are not probed but rejected: nothing readable is longer. */
const MAX_PATTERN_LENGTH = 2_000;
const MAX_PATTERNS = 5_000;

/** Processor time for one pattern on all texts. Ordinary patterns need microseconds. */
const PATTERN_CPU_MS = 50;
/** Processor time for all patterns of a description. */
const TOTAL_CPU_MS = 3_000;

const PROBE = new Script('for (const text of texts) expression.test(text)');

/**
 * Finds a regular expression that takes too long on one of `texts`, e.g. `^(a+)+$` on
 * `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`.
 *
 * Runs the expressions themselves, interrupted by a timeout: the texts are the very ones that Redocly will match. This
 * is exact where analyses of the syntax are not: safe-regex2 accepts `(a|a)*b`, and recheck does not finish on
 * date-times. Limits are processor time: a busy machine does not make a pattern slow.
 *
 * @returns null if all are fast; expressions that do not compile are left to Redocly, which reports them
 */
export function slowPattern(patterns: Iterable<string>, texts: Iterable<string>): string | null {
  const context = createContext({ texts: [...texts], expression: /$/ });
  const total = cpuClock();
  let count = 0;
  for (const pattern of patterns) {
    count += 1;
    if (pattern.length > MAX_PATTERN_LENGTH || count > MAX_PATTERNS) return pattern;
    for (const expression of compile(pattern)) {
      if (total() > TOTAL_CPU_MS || !isFast(Object.assign(context, { expression }))) return pattern;
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

/** Tries again with twice the time while other processes use the processor. */
function isFast(context: object): boolean {
  for (let timeout = PATTERN_CPU_MS; ; timeout *= 2) {
    const used = cpuClock();
    try {
      PROBE.runInContext(context, { timeout });
      return true;
    } catch (error) {
      const timedOut = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      if (!timedOut || used() > PATTERN_CPU_MS * 0.9) return false;
    }
  }
}

/** Measures processor time of this process from now on, in milliseconds. */
function cpuClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };
}
