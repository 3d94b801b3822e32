/**
 * The words of docs/glossary.md that the check rejects.
 *
 * - `names` are parts of declared identifiers: `lastWord` has the parts `last` and `word`. `exact` names match whole
 *   identifiers only, because as a part the word is harmless (`wellKnown`).
 * - `phrases` are matched in comments, string literals, JSX text, Markdown and .proto files.
 */
export const TERMS = [
  {
    use: 'status, report, message',
    names: ['say', 'says', 'said', 'spoken', 'speak', 'speaks', 'told', 'tell', 'tells', 'telling', 'hears', 'heard'],
  },
  {
    use: 'is, returns, reports, contains',
    phrases: ['says', 'said', 'speaks', 'tells', 'told', 'hears of', 'is said', 'are said'],
  },
  { use: 'final status', phrases: ['last words?', 'the word of'] },
  { use: 'lock, existing', names: ['hold', 'held', 'holds'], exact: ['known', 'there', 'found', 'seen', 'kept'] },
  { use: 'finalize', names: ['farewell'], phrases: ['farewells?'] },
  { use: 'archive, expire, cancel or finish', names: ['retire', 'retired', 'retires'] },
  { use: 'follow-up jobs', names: ['effects'] },
  {
    use: 'caller, actor, user',
    names: ['person', 'people', 'requester', 'claimant'],
    phrases: ['persons?', 'people', 'whoever', 'somebody', 'nobody', 'everybody'],
  },
  { use: 'concurrency limit', names: ['lane', 'lanes'], phrases: ['lanes?'] },
  { use: 'gRPC server, endpoint', names: ['door', 'doors'], phrases: ['doors?'] },
  {
    use: 'attacker, exfiltration',
    names: ['thief', 'thieves', 'steal', 'steals', 'stolen'],
    phrases: ['thief', 'thieves', 'steals?'],
  },
  { use: 'cycle', names: ['circle', 'circles'], phrases: ['circles?'] },
  { use: 'delta', names: ['difference', 'differences'] },
  { use: 'violation, diagnostic, error', names: ['fault', 'faults', 'remark', 'remarks'] },
  {
    use: 'reject, deny, invalid',
    names: ['refuse', 'refused', 'refuses', 'refusal', 'refusals'],
    phrases: ['refuses?', 'refused', 'refusals?'],
  },
  { use: 'TestWorker, TestApi, TestVault', names: ['stand', 'harness', 'bed', 'stage', 'world'] },
  { use: 'live, active', names: ['standing'] },
  { use: 'low priority', names: ['yields'] },
  { use: 'again, from scratch', names: ['anew'], phrases: ['anew'] },
  { use: 'no longer', phrases: ['any more'] },
  {
    use: 'the thing by its name',
    phrases: [
      'what became of',
      'what is so',
      'of its own accord',
      'goes on with',
      'made-up',
      'is to be',
      'are to be',
      'trouble',
    ],
  },
];

/**
 * Where a word is right. `path` is a prefix of the file's path from the repository's root; every entry gives its
 * reason.
 */
export const ALLOWED = [
  { path: 'docs/glossary.md', reason: 'the list of the words' },
  { path: 'tools/plain-language/', reason: 'the list of the words' },
  {
    path: 'apps/webhook-ingest/',
    words: ['refuse', 'refused', 'refuses', 'refusal', 'refusals'],
    reason: 'the glossary keeps it for a webhook that is not accepted',
  },
  { path: 'apps/ghes-simulator/', words: ['fault', 'faults'], reason: 'fault injection is the standard term' },
  { path: 'apps/ghes-simulator/', words: ['requester'], reason: 'a field of GitHub’s payloads' },
  {
    path: 'libs/ghes-client/src/operations/installations.ts',
    words: ['requester'],
    reason: 'a field of GitHub’s payloads',
  },
  {
    path: 'apps/credential-vault/src/apps/app.service.ts',
    words: ['requester'],
    reason: 'a field of GitHub’s payloads',
  },
  { path: 'libs/testing/', words: ['fault', 'faults'], reason: 'fault injection is the standard term' },
  { path: 'apps/credential-vault/test/', words: ['fault', 'faults'], reason: 'fault injection is the standard term' },
  { path: 'apps/sync-worker/test/', words: ['fault', 'faults'], reason: 'fault injection is the standard term' },
  { path: 'libs/database/src/migrations/', reason: 'a merged migration is never edited' },
  {
    path: 'libs/deployments/src/statuses/status-sending.ts',
    words: ['refused'],
    reason: 'the name of a column of commit_status',
  },
  {
    path: 'libs/deliveries/src/signature.rules.spec.ts',
    words: ['everybody'],
    reason: 'the secret in the example of GitHub’s documentation',
  },
  {
    path: 'apps/sync-worker/src/deployments/promotion.medium.spec.ts',
    words: ['refused'],
    reason: 'the name of a column of commit_status',
  },
  { path: 'libs/contracts/src/generated/', reason: 'generated from the .proto files, whose comments are checked' },
  { path: 'libs/api-client/src/generated/', reason: 'generated from the schemas, whose texts are checked' },
  { path: 'apps/credential-vault/src/migrations/', reason: 'a merged migration is never edited' },
];
