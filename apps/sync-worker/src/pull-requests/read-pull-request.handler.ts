import { setTimeout as wait } from 'node:timers/promises';
import { mergeMethods } from '@reunite/contracts';
import type {
  jobs,
  MergeMethod,
  MergeReadiness,
  PayloadOf,
  PullRequestCheck,
  PullRequestReview,
  ResultOf,
} from '@reunite/contracts';
import {
  compareCommits,
  GhesError,
  getBranchProtection,
  getCombinedStatus,
  getPullRequest,
  getRepository,
  listBranchRules,
  listCheckRuns,
  listPullRequestCommits,
  listPullRequestReviews,
} from '@reunite/ghes-client';
import type { Commit, GhesClient, PullRequestDetail, PullRequestName, RepositoryName } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { mergeReadiness } from '@reunite/pull-requests';
import type { DataSource } from 'typeorm';
import { describePullRequest } from './pull-request-effects.js';
import type { GhesConnections } from '../connections/ghes-connections.js';
import { branchRequirements } from '@reunite/pull-requests';
import type { BranchRequirements } from '@reunite/pull-requests';
import { assertGranted, grantedSubset, grantedPermissions } from '../connections/granted-permissions.js';
import type { NeededPermissions } from '@reunite/contracts';
import { checkOfRun, checkOfStatus, lastWords, reviewOf } from '@reunite/pull-requests';
import type { PullRequestMirror } from './pull-request-mirror.js';

/** Servers work out lazily whether a pull request merges, begun by the first question: how long to wait for it. */
const MERGEABLE_DELAYS_MS = [300, 700, 1_500];

/** An answer goes through the queue and into a page: what one person can write on a server must not fill either. */
const MAX_ITEMS = 2_000;
const MAX_REVIEWS = 250;
const MAX_CHARS = 10_000;

const needed = { pull_requests: 'read' } as const;

/** What is left out where it is not granted. */
const wanted: NeededPermissions = {
  ...needed,
  contents: 'read',
  statuses: 'read',
  checks: 'read',
  administration: 'read',
};

/** Only who may write is told which ways to merge are allowed. */
const mayWrite = { contents: 'write' } as const;

interface Facts {
  readonly reviews: PullRequestReview[];
  readonly checks: PullRequestCheck[];
  readonly methods: readonly MergeMethod[];
}

type Detail = ResultOf<typeof jobs.readPullRequest>;

/** Answers what the server knows of a pull request now, and mirrors it. Changes nothing there: safe to run twice. */
export class ReadPullRequestHandler implements JobHandler<typeof jobs.readPullRequest> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly mirror: PullRequestMirror,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.readPullRequest>): Promise<Detail> {
    const { connection, repository, client } = await this.ghes.repository(repositoryId);
    const { owner, name: repo, githubId } = repository;
    const name = { owner, repo, number };
    const granted = await grantedPermissions(this.dataSource, repository);
    assertGranted(granted, needed, repository);
    const server = client({ ...grantedSubset(granted, wanted) });
    const [pull, reviews, commits, methods] = await Promise.all([
      readWithMergeability(server, name),
      gather(listPullRequestReviews(server, name)),
      gather(listPullRequestCommits(server, name)),
      allowedMethods(client({ ...grantedSubset(granted, mayWrite), metadata: 'read' }), name),
    ]);
    await this.mirror.record(connection, describePullRequest(repositoryId, githubId, pull));
    const facts = { reviews: reviews.map(reviewOf), checks: await checksOf(server, name, pull.head.sha) };
    return {
      ...sizeOf(pull),
      body: pull.body ?? '',
      headRepository: pull.head.repo?.full_name ?? null,
      baseCommit: pull.base.sha,
      createdAt: pull.created_at,
      readiness: await readinessOf(server, name, pull, { ...facts, methods }),
      commits: commits.map(commitOf),
      ...facts,
      reviews: facts.reviews.slice(-MAX_REVIEWS).map((one) => ({ ...one, body: one.body.slice(0, MAX_CHARS) })),
    };
  }
}

/** The pull request with `mergeable`, where the server works it out in time. */
async function readWithMergeability(server: GhesClient, name: PullRequestName): Promise<PullRequestDetail> {
  let pull = await getPullRequest(server, name);
  for (const delay of MERGEABLE_DELAYS_MS) {
    if (pull.state === 'closed' || typeof pull.mergeable === 'boolean') return pull;
    await wait(delay);
    pull = await getPullRequest(server, name);
  }
  return pull;
}

async function checksOf(server: GhesClient, name: PullRequestName, ref: string): Promise<PullRequestCheck[]> {
  const [statuses, runs] = await Promise.all([
    unlessRefused(getCombinedStatus(server, { ...name, ref }), null),
    unlessRefused(gather(listCheckRuns(server, { ...name, ref })), []),
  ]);
  return [...(statuses?.statuses ?? []).map(checkOfStatus), ...runs.map(checkOfRun)];
}

async function readinessOf(
  server: GhesClient,
  name: PullRequestName,
  pull: PullRequestDetail,
  { reviews, checks, methods }: Facts,
): Promise<MergeReadiness> {
  const { state, merged, base, head } = pull;
  const isOpen = state === 'open';
  const [required, comparison] = await Promise.all([
    isOpen ? requirementsOf(server, { ...name, branch: base.ref }) : branchRequirements(null, []),
    isOpen ? unlessRefused(compareCommits(server, { ...name, base: base.ref, head: head.sha }), null) : null,
  ]);
  const successes = checks.filter((one) => ['success', 'neutral'].includes(one.state));
  // https://docs.github.com/en/rest/commits/statuses#create-a-commit-status: the case of a context means nothing.
  const passed = new Set(successes.map((one) => one.name.toLowerCase()));
  const readiness = mergeReadiness({
    ...lastWords(reviews),
    state: merged ? 'merged' : state,
    draft: pull.draft ?? false,
    baseBranch: base.ref,
    mergeable: pull.mergeable ?? null,
    mergeableState: pull.mergeable_state ?? 'unknown',
    requiredApprovals: required.approvals,
    unmetChecks: required.checks.filter((context) => !passed.has(context.toLowerCase())),
    otherRequirements: required.others,
    failingChecks: checks.filter((one) => ['failure', 'error'].includes(one.state)).map((one) => one.name),
  });
  return { ...readiness, behind: (comparison?.behind_by ?? 0) > 0, methods: methods.filter(required.allows) };
}

async function requirementsOf(
  server: GhesClient,
  branch: RepositoryName & { branch: string },
): Promise<BranchRequirements> {
  const [protection, rules] = await Promise.all([
    unlessRefused(getBranchProtection(server, branch), null),
    unlessRefused(gather(listBranchRules(server, branch)), []),
  ]);
  return branchRequirements(protection, rules);
}

/** All three where the server does not say. */
export async function allowedMethods(server: GhesClient, name: PullRequestName): Promise<MergeMethod[]> {
  const repository = await unlessRefused(getRepository(server, name), null);
  const refused: Record<MergeMethod, boolean> = {
    merge: repository?.allow_merge_commit === false,
    squash: repository?.allow_squash_merge === false,
    rebase: repository?.allow_rebase_merge === false,
  };
  return mergeMethods.filter((method) => !refused[method]);
}

function sizeOf({ additions, deletions, changed_files: changedFiles }: PullRequestDetail) {
  return { additions, deletions, changedFiles };
}

function commitOf({ sha, html_url: htmlUrl, commit, author }: Commit): Detail['commits'][number] {
  const who = author?.login ?? commit.author?.name ?? 'unknown';
  return {
    commit: sha,
    message: commit.message.slice(0, MAX_CHARS),
    author: who,
    authoredAt: commit.author?.date ?? null,
    htmlUrl,
  };
}

async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) if (gathered.push(item) >= MAX_ITEMS) break;
  return gathered;
}

/** What the app may not read is left out; the rest is of use without it. */
async function unlessRefused<Answer, Instead>(answer: Promise<Answer>, instead: Instead): Promise<Answer | Instead> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GhesError && ['ghes-forbidden', 'ghes-not-found'].includes(error.code)) return instead;
    throw error;
  }
}
