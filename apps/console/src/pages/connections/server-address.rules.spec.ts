import { describe, expect, it } from '@jest/globals';
import { checkAddress } from './server-address.rules.js';

describe('the typed address of a server', () => {
  it.each([
    ['ghes.example.com', 'https://ghes.example.com'],
    ['localhost:5500', 'https://localhost:5500'],
    ['https://ghes.example.com/some/path', 'https://ghes.example.com'],
    ['https://user:secret@ghes.example.com', 'https://ghes.example.com'],
  ])('%s: %s is suggested', (typed, suggestion) => {
    expect(checkAddress(typed)).toMatchObject({ state: 'invalid', suggestion });
  });

  it.each(['https://github.com', 'https://acme.ghe.com', 'ftp://ghes.example.com', 'https://', 'https://ex ample'])(
    '%s is invalid, without a suggestion',
    (typed) => expect(checkAddress(typed)).toMatchObject({ state: 'invalid', suggestion: null }),
  );

  it('is valid without a path', () => {
    expect(checkAddress(' https://ghes.example.com/ ')).toEqual({
      state: 'valid',
      origin: 'https://ghes.example.com',
      isEncrypted: true,
    });
    expect(checkAddress('http://localhost:5500')).toMatchObject({ state: 'valid', isEncrypted: false });
    expect(checkAddress('')).toEqual({ state: 'empty' });
  });
});
