import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readConfig } from './config.js';
import {
  checkGhesLimits,
  ghesLimitSettings,
  gitLimitSettings,
  ghesNetworkLimits,
  gitNetworkLimits,
} from './ghes-limits.js';

const defaults = {
  ...{ requestSeconds: 30, listingSeconds: 45, listingPages: 100, listingItems: 2_000 },
  ...{ pageBytes: 1_000, connectionBytes: 4_000, organizationBytes: 16_000 },
};
const schema = z.object({ ...ghesLimitSettings(defaults), ...gitLimitSettings }).superRefine(checkGhesLimits);

describe('the limits of servers', () => {
  it('are consistent by default, and reach the client in its units', () => {
    const config = readConfig(schema, {});
    expect({ ...ghesNetworkLimits(config), ...gitNetworkLimits(config) }).toMatchObject({
      ...{ totalTimeoutMs: 30_000, listingTimeoutMs: 45_000, maxListingPages: 100, maxListingItems: 2_000 },
      ...{ maxPageBytes: 1_000, maxBytesInFlight: 4_000, maxPackBytes: 1024 ** 3, maxPackBytesInFlight: 1024 ** 3 },
    });
  });

  it('attack: a pack that may be larger than what may be in flight stops the start with a line that names what to raise', () => {
    expect(() => readConfig(schema, { MAX_PACK_BYTES: String(2 * 1024 ** 3) })).toThrow(
      'MAX_PACK_BYTES: 2147483648 is more than GIT_CONNECTION_BYTES (1073741824); raise that one too, or lower this one (Maximum size of the pack',
    );
    const raised = { GIT_CONNECTION_BYTES: '2147483648', GIT_ORGANIZATION_BYTES: '2147483648' };
    expect(readConfig(schema, { MAX_PACK_BYTES: String(2 * 1024 ** 3), ...raised })).toMatchObject({
      MAX_PACK_BYTES: 2 * 1024 ** 3,
    });
  });

  it('lists every contradiction', () => {
    const wrong = { GHES_MAX_PAGE_BYTES: '5000', GHES_LISTING_TIMEOUT_SECONDS: '10', GHES_PROCESS_BYTES: '8000' };
    const read = () => readConfig(schema, wrong);
    expect(read).toThrow(/GHES_MAX_PAGE_BYTES: 5000 is more than GHES_CONNECTION_BYTES/);
    expect(read).toThrow(/GHES_REQUEST_TIMEOUT_SECONDS: 30 is more than GHES_LISTING_TIMEOUT_SECONDS/);
    expect(read).toThrow(/GHES_ORGANIZATION_BYTES: 16000 is more than GHES_PROCESS_BYTES/);
  });

  it.each(['0', '-1', '1.5', 'many'])('are whole numbers from 1, not %s', (value) => {
    expect(() => readConfig(schema, { GHES_MAX_LISTING_PAGES: value })).toThrow('GHES_MAX_LISTING_PAGES');
  });
});
