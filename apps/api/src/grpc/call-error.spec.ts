import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { ConflictError } from '@reunite/contracts';
import { CommitConflictError } from '../application/commits/commit-conflict.error.js';
import { callErrorOf, violationsTrailer, headTrailer } from './call-error.js';

describe('an error over gRPC', () => {
  it('of a commit conflict contains the head of the branch and the files that differ', () => {
    const head = 'd'.repeat(40);
    const { code, metadata } = callErrorOf(new CommitConflictError('main', head, ['index.md']));
    expect([code, metadata.get(headTrailer)]).toEqual([status.FAILED_PRECONDITION, [head]]);
    expect(JSON.parse(String(metadata.get(violationsTrailer)[0]))).toMatchObject([{ path: 'index.md' }]);
  });

  it('of anything else has no head', () => {
    expect(callErrorOf(new ConflictError('There is one already.')).metadata.get(headTrailer)).toEqual([]);
  });
});
