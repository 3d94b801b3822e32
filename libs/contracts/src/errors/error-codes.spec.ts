import { describe, expect, it } from '@jest/globals';
import { CodedError, ERROR_CODES, isCoded, isErrorCode } from './index.js';

class TestError extends CodedError {
  readonly code = 'vault-unavailable';
}

describe('ERROR_CODES', () => {
  it('has kebab-case codes only', () => {
    expect(Object.keys(ERROR_CODES).filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });

  it('retries no error of the caller except rate limits and slow bodies', () => {
    const retried = Object.entries(ERROR_CODES).filter(([, { http, retryable }]) => retryable && http < 500);
    expect(retried.map(([code]) => code)).toEqual(['rate-limited', 'body-too-slow']);
  });

  it('rejects an unregistered code at compile time', () => {
    class UnregisteredError extends CodedError {
      // @ts-expect-error the code is not in ERROR_CODES
      readonly code = 'no-such-code';
    }
    expect(isCoded(new UnregisteredError('x'))).toBe(false);
    expect(isErrorCode('toString')).toBe(false);
  });
});

describe('a coded error', () => {
  it('takes its name from its class and whether to retry from the registry', () => {
    expect(new TestError('The vault is down.')).toMatchObject({ name: 'TestError', retryable: true });
  });

  it('is distinguished from errors of Node, which have codes too', () => {
    expect(isCoded(Object.assign(new Error('no such file'), { code: 'ENOENT', retryable: false }))).toBe(false);
  });
});
