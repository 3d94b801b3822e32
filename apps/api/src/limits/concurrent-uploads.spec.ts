import { describe, expect, it } from '@jest/globals';
import { ConcurrentUploads } from './concurrent-uploads.js';

describe('ConcurrentUploads', () => {
  it('attack: an organization with many callers leaves slots to the others', () => {
    const uploads = new ConcurrentUploads(8);
    const acquire = (organizationId: string, subject: string) => uploads.acquire({ organizationId, subject });
    const taken = Array.from({ length: 6 }, (_, index) => acquire('org_hostile', `user ${index}`));
    expect(() => acquire('org_hostile', 'one more')).toThrow('Too many large requests');
    const release = acquire('org_acme', 'ada');
    acquire('org_acme', 'ada');
    expect(() => acquire('org_acme', 'bob')).toThrow('Too many large requests');
    release();
    release();
    expect(() => acquire('org_acme', 'bob')).not.toThrow();
    expect(() => acquire('org_globex', 'eve')).toThrow('Too many large requests');
    taken[0]?.();
    expect(() => acquire('org_hostile', 'one more')).not.toThrow();
  });

  it('has a slot for one caller if it has one in all', () => {
    const uploads = new ConcurrentUploads(1);
    expect(() => uploads.acquire({ organizationId: 'org_acme', subject: 'ada' })).not.toThrow();
  });
});
