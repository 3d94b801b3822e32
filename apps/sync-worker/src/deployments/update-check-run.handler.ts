import type { jobs, PayloadOf } from '@reunite/contracts';
import {
  checkRunHash,
  claimCheckRun,
  readCheckRun,
  releaseCheckRun,
  settleCheckRun,
  WRITE_TIMEOUT_MS,
} from '@reunite/deployments';
import type { CheckRunReport, StatusLinks } from '@reunite/deployments';
import { createCheckRun, MAX_ANNOTATIONS_PER_REQUEST, updateCheckRun } from '@reunite/ghes-client';
import type { CheckAnnotation, GhesClient, RepositoryName } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';
import { castsDoubt } from '../connections/refresh-requests.js';
import type { RefreshRequests } from '../connections/refresh-requests.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';

/**
 * Shows the findings of a commit as a check run. The content follows from the rows at the time of the run. Servers add
 * annotations and remove none, so that each set of findings gets a check run of its own; of one name, servers count and
 * show the newest. Safe to run twice: one run at a time claims the row, and a run that dies leaves a check run that the
 * next one replaces.
 */
export class UpdateCheckRunHandler implements JobHandler<typeof jobs.updateCheckRun> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly refreshes: RefreshRequests,
    private readonly links: StatusLinks,
  ) {}

  async handle({ projectId, commit }: PayloadOf<typeof jobs.updateCheckRun>): Promise<null> {
    const key = { projectId, commit };
    const db = this.dataSource.manager;
    const claimed = await claimCheckRun(db, key);
    if (!claimed) return null;
    try {
      const report = await readCheckRun(db, key, this.links);
      const contentHash = report === null ? claimed.contentHash : checkRunHash(report.run);
      const problem = report === null || contentHash === claimed.contentHash ? null : await this.write(commit, report);
      await settleCheckRun(db, key, claimed, { contentHash: problem === null ? contentHash : null, problem });
    } finally {
      await releaseCheckRun(db, key, claimed.claim);
    }
    return null;
  }

  /** @returns why the server rejects the check run; null if it has it */
  private async write(commit: string, report: CheckRunReport): Promise<string | null> {
    const { connection, name, client } = await this.ghes.repository(report.repositoryId);
    const limited = client({ checks: 'write' }).withSignal(AbortSignal.timeout(WRITE_TIMEOUT_MS));
    try {
      await send(limited, { ...name, sha: commit }, report);
      return null;
    } catch (error) {
      // A run that times out or stops with its worker leaves the check run to the next one.
      if (!isPermanent(error)) throw error;
      // The error ends here, so that no one else notices that the mirror is outdated.
      if (castsDoubt(error)) await this.refreshes.request(connection.id);
      return userMessage(error);
    }
  }
}

/** Sends the annotations in parts; the last one ends the check run. */
async function send(
  client: GhesClient,
  at: RepositoryName & { readonly sha: string },
  { run, detailsUrl }: CheckRunReport,
): Promise<void> {
  const { name, title, summary } = run;
  const [first = [], ...others] = partsOf(run.annotations);
  const state = (annotations: readonly CheckAnnotation[], isLast: boolean) => {
    const conclusion = isLast ? run.conclusion : null;
    return { conclusion, title, summary, annotations };
  };
  const { id } = await createCheckRun(client, { ...at, name, detailsUrl, ...state(first, others.length === 0) });
  for (const [index, part] of others.entries()) {
    await updateCheckRun(client, { ...at, checkRunId: id, ...state(part, index === others.length - 1) });
  }
}

function partsOf(annotations: readonly CheckAnnotation[]): (readonly CheckAnnotation[])[] {
  const count = Math.ceil(annotations.length / MAX_ANNOTATIONS_PER_REQUEST);
  return Array.from({ length: count }, (_, index) =>
    annotations.slice(index * MAX_ANNOTATIONS_PER_REQUEST, (index + 1) * MAX_ANNOTATIONS_PER_REQUEST),
  );
}
