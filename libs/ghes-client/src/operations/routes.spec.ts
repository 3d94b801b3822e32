import { describe, expect, it } from '@jest/globals';
import * as operations from './index.js';
import { ghesOperations } from './routes.js';

describe('ghesOperations', () => {
  it('lists exactly the exported operations', () => {
    // The same request as `createBlob`, with a body that is streamed.
    const { createBlobFromPieces, ...listed } = operations;
    expect(createBlobFromPieces).toBeInstanceOf(Function);
    expect(Object.keys(ghesOperations).sort()).toEqual(Object.keys(listed).sort());
  });

  it('separates method and route', () => {
    expect(ghesOperations['getRepository']).toEqual({ method: 'GET', route: '/repos/{owner}/{repo}' });
    expect(ghesOperations['moveRef']).toBe('graphql');
  });
});
