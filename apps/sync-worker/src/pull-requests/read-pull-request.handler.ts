import { setTimeout as wait } from 'node:timers/promises';
import type { jobs, NeededPermissions, PayloadOf, PullRequestReview, ResultOf } from '@reunite/contracts';
import { getPullRequest, listPullRequestCommits, listPullRequestReviews } from '@reunite/ghes-client';
import type { Commit, GhesClient, PullRequestDetail, PullRequestName } from '@reunite/ghes-client';
import {
  collect,
  describePullRequest,
  readChecks,
  readMergeMethods,
  readReadiness,
  reviewOf,
} from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import { requestedReviewersOf } from './set-requested-reviewers.handler.js';
import type { GhesAccess } from '../connections/ghes-access.js';
import { assertGranted, grantedPermissions, grantedSubset } from '../connections/granted-permissions.js';

/** Servers compute `mergeable` lazily, after the first request: pauses before the next requests. */
const MERGEABLE_DELAYS_MS = [300, 700, 1_500];

/** The result passes through the queue and into a page: what one user writes on a server must not fill either. */
const MAX_REVIEWS = 250;
const MAX_TEXT_LENGTH = 10_000;

const NEEDED = { pull_requests: 'read' } as const;

/** Parts of the answer are omitted if one of these is not granted. */
const OPTIONAL: NeededPermissions = {
  ...NEEDED,
  contents: 'read',
  statuses: 'read',
  checks: 'read',
  administration: 'read',
};

/** Servers return the allowed merge methods only to callers with write access. */
const FOR_METHODS = { contents: 'write' } as const;

type Detail = ResultOf<typeof jobs.readPullRequest>;

/**
 * Reads a pull request with everything around it, and mirrors it. Safe to run twice: it changes nothing on the server.
 */
export class ReadPullRequestHandler implements JobHandler<typeof jobs.readPullRequest> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly tracker: PullRequestTracker,
  ) {}

  async handle({ repositoryId, number }: PayloadOf<typeof jobs.readPullRequest>): Promise<Detail> {
    const access = await this.ghes.repository(repositoryId);
    const { connection, repository } = access;
    const name = { ...access.name, number };
    const granted = await grantedPermissions(this.dataSource, repository);
    assertGranted(granted, NEEDED, repository);
    const client = access.client(grantedSubset(granted, OPTIONAL));
    const settingsClient = access.client({ ...grantedSubset(granted, FOR_METHODS), metadata: 'read' });
    const [pull, serverReviews, commits, methods] = await Promise.all([
      readWithMergeability(client, name),
      collect(listPullRequestReviews(client, name)),
      collect(listPullRequestCommits(client, name)),
      readMergeMethods(settingsClient, name),
    ]);
    await this.tracker.track(connection, describePullRequest(repository, pull));
    const reviews = serverReviews.map(reviewOf);
    const checks = await readChecks(client, name, pull.head.sha);
    return {
      ...detailOf(pull),
      readiness: await readReadiness(client, name, pull, { reviews, checks, methods }),
      commits: commits.map(commitOf),
      reviews: reviews.slice(-MAX_REVIEWS).map(shortened),
      checks,
    };
  }
}

/** Reads a pull request with `mergeable`, if the server computes it in time. */
async function readWithMergeability(client: GhesClient, name: PullRequestName): Promise<PullRequestDetail> {
  let pull = await getPullRequest(client, name);
  for (const delay of MERGEABLE_DELAYS_MS) {
    if (pull.state === 'closed' || typeof pull.mergeable === 'boolean') return pull;
    await wait(delay);
    pull = await getPullRequest(client, name);
  }
  return pull;
}

function detailOf(pull: PullRequestDetail): Omit<Detail, 'readiness' | 'commits' | 'reviews' | 'checks'> {
  return {
    additions: pull.additions,
    deletions: pull.deletions,
    changedFiles: pull.changed_files,
    body: pull.body ?? '',
    headRepository: pull.head.repo?.full_name ?? null,
    baseCommit: pull.base.sha,
    createdAt: pull.created_at,
    requestedReviewers: requestedReviewersOf(pull),
  };
}

function commitOf({ sha, html_url: htmlUrl, commit, author }: Commit): Detail['commits'][number] {
  return {
    commit: sha,
    message: commit.message.slice(0, MAX_TEXT_LENGTH),
    author: author?.login ?? commit.author?.name ?? 'unknown',
    authoredAt: commit.author?.date ?? null,
    htmlUrl,
  };
}

function shortened(review: PullRequestReview): PullRequestReview {
  return { ...review, body: review.body.slice(0, MAX_TEXT_LENGTH) };
}
