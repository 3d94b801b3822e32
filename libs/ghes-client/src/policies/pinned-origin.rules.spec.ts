import { describe, expect, it } from '@jest/globals';
import { GhesForeignOriginError, GhesValidationError } from '../errors/index.js';
import { assertPinned } from './pinned-origin.rules.js';

const apiUrl = 'https://ghes.example.com/api/v3';

describe('assertPinned', () => {
  it.each([
    `${apiUrl}/meta`,
    `${apiUrl}/repos/a/b..c?x=../y`,
    `${apiUrl}/repos/a/b/compare/release%2F1...topic%2F.github`,
    'https://ghes.example.com/api/graphql',
  ])('accepts %s', (url) => {
    expect(() => assertPinned(url, apiUrl)).not.toThrow();
  });

  it.each([
    'https://evil.example.com/api/v3/meta',
    'http://ghes.example.com/api/v3/meta',
    'https://ghes.example.com:444/api/v3/meta',
    'https://ghes.example.com@evil.example.com/api/v3/meta',
    'https://user@ghes.example.com/api/v3/meta',
    '//evil.example.com/api/v3/meta',
    'not a url',
  ])('rejects %s as another origin', (url) => {
    expect(() => assertPinned(url, apiUrl)).toThrow(GhesForeignOriginError);
  });

  it.each([
    `${apiUrl}/repos/../installation/token`,
    `${apiUrl}/repos/%2e%2E/x`,
    `${apiUrl}/repos/./x`,
    `${apiUrl}/repos/x/..`,
    `${apiUrl}/repos\\..\\x`,
    `${apiUrl}/repos/a/b/contents/docs%2F..%2F..%2Fx`,
    'https://ghes.example.com/login',
    'https://ghes.example.com/api/graphql/x',
    'https://ghes.example.com/api/graphql?x=1',
  ])('rejects %s as another operation', (url) => {
    expect(() => assertPinned(url, apiUrl)).toThrow(GhesValidationError);
  });
});
