import { describe, expect, it } from '@jest/globals';
import { GhesValidationError } from './errors/validation.error.js';
import { manifestFormUrl, newInstallationUrl } from './web-addresses.rules.js';

const origin = 'https://ghes.example.com';

describe('web addresses', () => {
  it("are URLs of the server's pages", () => {
    expect(manifestFormUrl({ origin, owner: 'acme', state: 'a&b' })).toBe(
      `${origin}/organizations/acme/settings/apps/new?state=a%26b`,
    );
    expect(manifestFormUrl({ origin, state: 's' })).toBe(`${origin}/settings/apps/new?state=s`);
    expect(newInstallationUrl({ origin, slug: 'reunite' })).toBe(`${origin}/github-apps/reunite/installations/new`);
  });

  it('encode names, so that they cannot change the path', () => {
    expect(manifestFormUrl({ origin, owner: 'a/b?c', state: 's' })).toContain('/organizations/a%2Fb%3Fc/');
    expect(() => newInstallationUrl({ origin, slug: '..' })).toThrow(GhesValidationError);
  });
});
