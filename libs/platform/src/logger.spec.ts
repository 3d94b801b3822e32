import { describe, expect, it } from '@jest/globals';
import { harmlessError } from './logger.js';

describe('a logged error', () => {
  it('keeps message and cause, but no connection and no row', () => {
    const cause = Object.assign(new Error('rejected'), {
      code: '23514',
      detail: 'Failing row contains (secret body)',
      client: { secretKey: 1234 },
    });
    const logged = harmlessError(new Error('not stored', { cause }));
    expect(logged).toMatchObject({ message: 'not stored', cause: { message: 'rejected', code: '23514' } });
    expect(JSON.stringify(logged)).not.toMatch(/secret|Failing row/);
  });
});
