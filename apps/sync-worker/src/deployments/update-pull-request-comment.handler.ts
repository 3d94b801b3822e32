import { createHash } from 'node:crypto';
import type { ConnectionEntity } from '@reunite/connections';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import {
  claimComment,
  commentBody,
  commentMarker,
  readHeadReport,
  recordCommentCreation,
  releaseComment,
  settleComment,
  WRITE_TIMEOUT_MS,
} from '@reunite/deployments';
import type { ClaimedComment, CommentKey, CommentOutcome, HeadReport, StatusLinks } from '@reunite/deployments';
import { createIssueComment, GhesNotFoundError, listIssueComments, updateIssueComment } from '@reunite/ghes-client';
import type { GhesClient, IssueComment, PullRequestName } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import type { GhesAccess } from '../connections/ghes-access.js';
import { castsDoubt } from '../connections/refresh-requests.js';
import type { RefreshRequests } from '../connections/refresh-requests.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import { changedPages } from './changed-pages.js';

/** The clock of a server may be behind by less than this. */
const MAX_CLOCK_SKEW_MS = 24 * 3_600_000;

interface CommentServices {
  readonly artifacts: Pick<ArtifactStore, 'site'>;
  readonly links: StatusLinks;
}

/** One run: whose comment is written, and how to reach it. */
interface CommentRun {
  readonly key: CommentKey;
  readonly claimed: ClaimedComment;
  readonly client: GhesClient;
  readonly pull: PullRequestName;
  readonly connection: ConnectionEntity;
}

/**
 * Creates the comment of a project on a pull request, or brings it up to date. The body follows from the rows at the
 * time of the run, so that any number of changes is one update. Safe to run twice: one run at a time claims the
 * comment. A run that dies after the creation leaves a comment without a known id, which the next run finds by its
 * marker. A deleted comment is created again.
 */
export class UpdatePullRequestCommentHandler implements JobHandler<typeof jobs.updatePullRequestComment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly refreshes: RefreshRequests,
    private readonly services: CommentServices,
  ) {}

  async handle({ projectId, number }: PayloadOf<typeof jobs.updatePullRequestComment>): Promise<null> {
    const key = { projectId, number };
    const db = this.dataSource.manager;
    const claimed = await claimComment(db, key);
    if (!claimed) return null;
    try {
      const report = await readHeadReport(db, key, this.services.links);
      // In a repository with many projects, most pull requests do not change this one.
      const isWanted = report !== null && (report.differs || claimed.createStartedAt !== null);
      const outcome = isWanted ? await this.write(key, claimed, report) : { problem: null };
      await settleComment(db, key, claimed, outcome);
    } finally {
      await releaseComment(db, key, claimed.claim);
    }
    return null;
  }

  private async write(key: CommentKey, claimed: ClaimedComment, report: HeadReport): Promise<CommentOutcome> {
    const { project } = report;
    const { connection, name, client } = await this.ghes.repository(project.repositoryId);
    // The permission also covers reading the changed files.
    const limited = client({ pull_requests: 'write' }).withSignal(AbortSignal.timeout(WRITE_TIMEOUT_MS));
    const run = { key, claimed, connection, client: limited, pull: { ...name, number: key.number } };
    let outcome: CommentOutcome;
    try {
      outcome = await this.send(run, await this.bodyOf(run, report));
    } catch (error) {
      // A run that times out or stops with its worker leaves the comment to the next one.
      if (!isPermanent(error)) throw error;
      // The error ends here, so that no one else notices that the mirror is outdated.
      if (castsDoubt(error)) await this.refreshes.request(connection.id);
      outcome = { problem: userMessage(error) };
    }
    const event = { type: 'pull-request', id: String(key.number), repositoryId: project.repositoryId } as const;
    await publishLiveEvent(this.dataSource.manager, connection.organizationId, event);
    return outcome;
  }

  private async bodyOf({ client, pull }: CommentRun, { project, previewId, content }: HeadReport): Promise<string> {
    const none = { pages: [], morePages: false };
    if (previewId === null || content.previewUrl === null) return commentBody({ ...content, ...none });
    const site = await this.services.artifacts.site(previewId);
    if (!site) return commentBody({ ...content, ...none });
    const { rootFolder } = project;
    const changed = await changedPages(client, pull, { rootFolder, url: content.previewUrl, site });
    return commentBody({ ...content, ...changed });
  }

  private async send(run: CommentRun, body: string): Promise<CommentOutcome> {
    const { claimed, client, pull } = run;
    const bodyHash = createHash('sha256').update(body).digest('hex');
    const existingId = claimed.commentId ?? (await this.findCreated(run));
    if (existingId !== null) {
      if (existingId === claimed.commentId && bodyHash === claimed.bodyHash) return { problem: null };
      try {
        await updateIssueComment(client, { ...pull, commentId: existingId, body });
        return { written: { commentId: existingId, bodyHash }, problem: null };
      } catch (error) {
        if (!(error instanceof GhesNotFoundError)) throw error;
      }
    }
    await recordCommentCreation(this.dataSource.manager, run.key, claimed.claim);
    const { id } = await createIssueComment(client, { ...pull, body });
    return { written: { commentId: id, bodyHash }, problem: null };
  }

  /** Finds the comment of an earlier run that died before it stored the id. */
  private async findCreated({ key, claimed, client, pull, connection }: CommentRun): Promise<number | null> {
    if (claimed.createStartedAt === null) return null;
    const since = new Date(claimed.createStartedAt.getTime() - MAX_CLOCK_SKEW_MS);
    let ownId: number | null = null;
    for await (const comment of listIssueComments(client, { ...pull, since })) {
      if (isOwn(comment, connection, key.projectId)) ownId = comment.id;
    }
    return ownId;
  }
}

/** Anyone can copy the marker, and the app may edit comments of other users: only the app's own are taken. */
function isOwn({ user, body }: IssueComment, { appSlug }: ConnectionEntity, projectId: string): boolean {
  return appSlug !== null && user?.login === `${appSlug}[bot]` && body.startsWith(commentMarker(projectId));
}
