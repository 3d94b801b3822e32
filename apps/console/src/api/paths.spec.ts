import { describe, expect, it } from '@jest/globals';
import { paths, withQuery } from './paths.js';

describe('paths', () => {
  it('keep an id inside its segment', () => {
    expect(paths.connection('../x?y')).toBe('/v1/connections/..%2Fx%3Fy');
  });

  it('encode parameters and leave out those without a value', () => {
    expect(paths.deleteConnection('con_1', 'Acme & Co')).toBe('/v1/connections/con_1?name=Acme+%26+Co');
    expect(paths.content('prj_1', { branch: 'feature/a', path: '' })).toBe(
      '/v1/projects/prj_1/content?branch=feature%2Fa',
    );
  });

  it('request the largest page of changed files that the API returns', () => {
    expect(paths.pullRequestFiles('prj_1', 4)).toBe('/v1/projects/prj_1/pull-requests/4/files?limit=100');
  });

  it('add to existing parameters', () => {
    expect(withQuery(paths.pullRequests('prj_1', { state: 'open' }), { after: 'c1' })).toBe(
      '/v1/projects/prj_1/pull-requests?state=open&after=c1',
    );
  });
});
