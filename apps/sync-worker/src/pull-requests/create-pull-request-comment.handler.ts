import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf, PullRequestComment } from '@reunite/contracts';
import { createIssueComment, GhesError, listIssueComments } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import { failAsUnknown } from '../interactive/interactive-request.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { serverMessage } from '../interactive/user-message.js';
import { commentOf } from './list-pull-request-comments.handler.js';
import { attributed } from './mirrored-changes.js';

/** Clocks differ, and an earlier run began before its deadline. */
const LOOK_BACK_MS = 600_000;

type Payload = PayloadOf<typeof jobs.createPullRequestComment>;

/**
 * Comments on a pull request, as the caller's account or as the app with a line that names the caller. Safe to run twice: a
 * rerun looks for the same text first.
 */
export class CreatePullRequestCommentHandler implements JobHandler<typeof jobs.createPullRequestComment> {
  constructor(private readonly writes: InteractiveWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<PullRequestComment> {
    return this.writes.run(
      { ...payload, isRerun },
      { pull_requests: 'write' },
      async (access) => (isRerun ? await writtenBefore(access, payload) : null) ?? write(access, payload),
      async (access) => (await writtenBefore(access, payload)) ?? failAsUnknown(),
    );
  }
}

async function write(access: ActorAccess, { number, actor, body }: Payload): Promise<PullRequestComment> {
  const { client, name } = access;
  try {
    return commentOf(await createIssueComment(client, { ...name, number, body: attributed(access, actor, body) }));
  } catch (error) {
    if (!(error instanceof GhesError) || error.code !== 'ghes-validation') throw error;
    throw new ConflictError(`The server rejects the comment: ${serverMessage(error)}`, { cause: error });
  }
}

async function writtenBefore(access: ActorAccess, payload: Payload): Promise<PullRequestComment | null> {
  const { client, name } = access;
  const { number, actor, deadline, body } = payload;
  const text = attributed(access, actor, body);
  const since = new Date(Date.parse(deadline) - LOOK_BACK_MS);
  for await (const comment of listIssueComments(client, { ...name, number, since })) {
    // Servers may store other line ends than they received.
    if (comment.body.replaceAll('\r\n', '\n') === text.replaceAll('\r\n', '\n')) return commentOf(comment);
  }
  return null;
}
