import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidServerUrlError } from './errors/invalid-server-url.error.js';
import { parseServerUrl, serverAddress } from './server-address.rules.js';

function codeOf(input: string): string {
  try {
    return parseServerUrl(input).origin;
  } catch (error) {
    return error instanceof InvalidServerUrlError ? error.code : String(error);
  }
}

describe('parseServerUrl', () => {
  it('returns the addresses of a server', () => {
    expect(parseServerUrl(' https://GHES.Example.com:8443/ ')).toEqual({
      origin: 'https://ghes.example.com:8443',
      host: 'ghes.example.com:8443',
      hostname: 'ghes.example.com',
      apiUrl: 'https://ghes.example.com:8443/api/v3',
      graphqlUrl: 'https://ghes.example.com:8443/api/graphql',
    });
  });

  it.each([
    ['https://ghes.example.com:443', 'https://ghes.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://ghes.example.com.', 'https://ghes.example.com'],
    ['https://2130706433', 'https://127.0.0.1'],
    ['https://[FD00::1]', 'https://[fd00::1]'],
    ['https://notgithub.com', 'https://notgithub.com'],
    ['https://github.com.example.com', 'https://github.com.example.com'],
  ])('reads %s as %s', (input, origin) => {
    expect(codeOf(input)).toBe(origin);
  });

  it.each([
    ['', 'server-url-not-http'],
    ['ghes.example.com', 'server-url-not-http'],
    ['ftp://ghes.example.com', 'server-url-not-http'],
    ['javascript:alert(1)', 'server-url-not-http'],
    ['https://', 'server-url-not-a-url'],
    ['https://a b', 'server-url-not-a-url'],
    ['http://ghes.example.com', 'server-url-insecure'],
    ['https://user:secret@ghes.example.com', 'server-url-has-credentials'],
    ['https://@ghes.example.com', 'server-url-has-credentials'],
    ['https://ghes.example.com/acme', 'server-url-has-path'],
    ['https://ghes.example.com?', 'server-url-has-path'],
    ['https://ghes.example.com/#top', 'server-url-has-path'],
    ['https://github.com', 'server-url-is-github-com'],
    ['https://GitHub.com./', 'server-url-is-github-com'],
    ['https://github.com/acme/docs', 'server-url-is-github-com'],
    ['https://api.github.com', 'server-url-is-github-com'],
    ['https://acme.ghe.com', 'server-url-is-ghe-com'],
  ])('rejects %j as %s', (input, code) => {
    expect(codeOf(input)).toBe(code);
  });

  it('suggests a valid URL, without the password', () => {
    expect(() => parseServerUrl('https://ghes.example.com/api/v3')).toThrow('Enter only https://ghes.example.com.');
    expect(() => parseServerUrl('https://u:hunter2@ghes.example.com')).toThrow(/^(?!.*hunter2)/);
  });

  it('accepts plain HTTP if the operator allows it', () => {
    expect(parseServerUrl('http://localhost:3000', { allowInsecureHttp: true }).apiUrl).toBe(
      'http://localhost:3000/api/v3',
    );
  });

  it('throws or returns an origin in its canonical form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ withQueryParameters: true }),
          fc.string().map((s) => `https://${s}`),
        ),
        (input) => {
          let origin: string;
          try {
            ({ origin } = parseServerUrl(input, { allowInsecureHttp: true }));
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidServerUrlError);
            return;
          }
          expect(new URL(origin).origin).toBe(origin);
          expect(serverAddress(origin).origin).toBe(origin);
        },
      ),
    );
  });
});

describe('serverAddress', () => {
  it('rejects a URL that is not an origin in its canonical form', () => {
    expect(() => serverAddress('https://ghes.example.com/')).toThrow(InvalidServerUrlError);
    expect(serverAddress('http://localhost:1').host).toBe('localhost:1');
  });
});
