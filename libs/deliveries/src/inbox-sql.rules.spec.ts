import { describe, expect, it } from '@jest/globals';
import { isMissingConnection, isUnavailable } from './inbox-sql.rules.js';

const error = (code?: string) => Object.assign(new Error('x'), code === undefined ? {} : { code });

describe('errors of the database', () => {
  it.each([undefined, 'ECONNREFUSED', 'ECONNRESET', '08006', '53300', '57P01', '57P03', '57014', '25006'])(
    'with code %s say that it is away',
    (code) => {
      expect(isUnavailable(error(code))).toBe(true);
    },
  );

  it.each(['23503', '23505', '22021', '40P01', '42P01'])('with code %s are about the statement or its rows', (code) => {
    expect(isUnavailable(error(code))).toBe(false);
    expect(isMissingConnection(error(code))).toBe(code === '23503');
  });
});
