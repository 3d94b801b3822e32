import { describe, expect, it } from '@jest/globals';
import { BuildFailedError } from './build-failed.error.js';
import { ProblemLog } from './problem-log.js';

const hostile = 'unresolved alias a\0b\n\u001b[2J\u009b1m';

function failureOf(log: ProblemLog): BuildFailedError {
  try {
    return log.stop({ code: 'too-many-files', message: hostile });
  } catch (error) {
    if (error instanceof BuildFailedError) return error;
    throw error;
  }
}

describe('ProblemLog', () => {
  it('removes control characters', () => {
    const logged: string[] = [];
    const log = new ProblemLog((_, message) => void logged.push(message));
    log.warn({ code: 'link-broken', message: hostile, target: 'x\0y' });
    log.fail({ code: 'front-matter-invalid', message: hostile, file: 'a.md' });
    const thrown = failureOf(log);
    const texts = [
      ...logged,
      thrown.message,
      ...thrown.problems.flatMap(({ message, target = '' }) => [message, target]),
    ];
    expect(texts.join('')).not.toMatch(/\p{Cc}/u);
    expect(thrown.message).toBe('a.md: unresolved alias a b [2J 1m (and 1 more)');
    expect(thrown.problems[0]).toMatchObject({ target: 'x y' });
  });
});
