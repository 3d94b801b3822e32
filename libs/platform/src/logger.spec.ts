import { describe, expect, it } from '@jest/globals';
import { harmlessError } from './logger.js';

describe('a logged error', () => {
  it('says what happened and why, and nothing of the connection or of the row', () => {
    const cause = Object.assign(new Error('refused'), {
      code: '23514',
      detail: 'Failing row contains (secret body)',
      client: { secretKey: 1234 },
    });
    const logged = harmlessError(new Error('not kept', { cause }));
    expect(logged).toMatchObject({ message: 'not kept', cause: { message: 'refused', code: '23514' } });
    expect(JSON.stringify(logged)).not.toMatch(/secret|Failing row/);
  });
});
