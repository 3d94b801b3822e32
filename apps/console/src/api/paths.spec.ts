import { describe, expect, it } from '@jest/globals';
import { keyOf, paths, withQuery } from './paths.js';

describe('the key of an address', () => {
  it('has the parameters of the path', () => {
    expect(keyOf(paths.pullRequestFiles('prj_1', 4))).toBe('/v1/projects/prj_1/pull-requests/4/files?limit=100');
    expect(keyOf(paths.connection('../x?y'))).toBe('/v1/connections/..%2Fx%3Fy');
  });

  it('has the parameters of the query that have a value', () => {
    const address = paths.pullRequests('prj_1', { state: 'open', search: '' });
    expect(keyOf(withQuery(address, { after: 'c1' }))).toBe('/v1/projects/prj_1/pull-requests?state=open&after=c1');
  });
});
