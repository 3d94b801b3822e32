import { describe, expect, it } from '@jest/globals';
import { isKeyConflict, isRejectedValue, isUnavailable } from './database-errors.rules.js';

const error = (code?: string) => Object.assign(new Error('x'), code === undefined ? {} : { code });

describe('errors of the database', () => {
  it.each([undefined, 'ECONNREFUSED', 'ECONNRESET', '08006', '53300', '57P01', '57P03', '57014', '25006'])(
    'with code %s mean that it is unreachable',
    (code) => {
      expect(isUnavailable(error(code))).toBe(true);
    },
  );

  it.each(['23503', '23505', '22021', '40P01', '42P01'])('with code %s are about the statement or its rows', (code) => {
    expect(isUnavailable(error(code))).toBe(false);
    expect(isKeyConflict(error(code))).toBe(['23505', '40P01'].includes(code));
    expect(isRejectedValue(Object.assign(new Error('x'), { driverError: error(code) }))).toBe(code === '22021');
  });
});
