import { describe, expect, it } from '@jest/globals';
import { schema as published } from '@octokit/graphql-schema';
import { buildSchema, parse, validate } from 'graphql';
import type { GhesClient } from '../client.js';
import { createCommitOnBranch, getMergeCommit, moveRef, setPullRequestDraft } from '../operations/index.js';

// The published SDL repeats some fields, which strict validation rejects.
const schema = buildSchema(published.idl, { assumeValidSDL: true });

/** Returns the document of an operation; the client rejects it instead of sending it. */
async function documentOf(run: (client: GhesClient) => Promise<unknown>): Promise<string> {
  let sent = '';
  const graphql = (document: string): Promise<never> => {
    sent = document;
    return Promise.reject(new Error('not sent'));
  };
  await run({ graphql, serverVersion: () => undefined } as unknown as GhesClient).catch(() => undefined);
  return sent;
}

describe('GraphQL documents', () => {
  const docs = { owner: 'acme', repo: 'docs' };

  it.each<[string, (client: GhesClient) => Promise<unknown>]>([
    [
      'createCommitOnBranch',
      (client) => createCommitOnBranch(client, { ...docs, branch: 'main', expectedHeadOid: 'a', headline: 'x' }),
    ],
    [
      'moveRef',
      (client) => moveRef(client, { ...docs, repositoryNodeId: 'R_1', ref: 'heads/main', from: 'a', to: 'b' }),
    ],
    ['getMergeCommit', (client) => getMergeCommit(client, { nodeId: 'PR_1' })],
    ['setPullRequestDraft to draft', (client) => setPullRequestDraft(client, { nodeId: 'PR_1', draft: true })],
    ['setPullRequestDraft to ready', (client) => setPullRequestDraft(client, { nodeId: 'PR_1', draft: false })],
  ])("of %s are valid by GitHub's schema", async (_, run) => {
    const document = await documentOf(run);
    expect(document).not.toBe('');
    expect(validate(schema, parse(document))).toEqual([]);
  });
});
