import { claimRefresh } from '@reunite/connections';
import { isCoded, jobs } from '@reunite/contracts';
import type { Logger } from '@reunite/platform';
import type { JobHandler, JobHandlers, JobProducer } from '@reunite/queueing';
import { JobOwners } from '@reunite/unit-of-work';
import { VaultError } from '@reunite/vault-client';
import type { DataSource } from 'typeorm';

/** Requests refreshes of connections whose mirror no longer matches the server. */
export class RefreshRequests {
  private readonly owners: JobOwners;

  constructor(
    private readonly dataSource: DataSource,
    private readonly producer: Pick<JobProducer, 'add'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.owners = new JobOwners(dataSource);
  }

  /** Never fails: the periodic refresh makes up for a request that was lost. */
  async request(connectionId: string): Promise<void> {
    try {
      if (await claimRefresh(this.dataSource, connectionId))
        await this.producer.add(jobs.refreshConnection, { connectionId });
    } catch (error) {
      this.logger.warn({ err: error, connectionId }, 'refresh not requested');
    }
  }

  /** Requests a refresh whenever a job fails in a way that a rename, a new installation or a new key explains. */
  watch(handlers: JobHandlers): JobHandlers {
    const watched = Object.entries(handlers).map(([key, handler]) => [key, this.watched(handler as JobHandler<never>)]);
    return Object.fromEntries(watched) as JobHandlers;
  }

  private watched(handler: JobHandler<never>): JobHandler<never> {
    return {
      handle: async (payload, run) => {
        try {
          return await handler.handle(payload, run);
        } catch (error) {
          if (castsDoubt(error)) {
            const owner = await this.owners.of(payload);
            if (owner) await this.request(owner.connectionId);
          }
          throw error;
        }
      },
    };
  }
}

/** Answers of the server that a working mirror would not have led to. */
const DOUBTFUL = new Set(['ghes-redirected', 'ghes-unauthorized', 'ghes-suspended']);

/**
 * The vault asks for tokens only: "not found" and "invalid" are about the installation and the repositories of a token.
 */
const DOUBTFUL_FOR_TOKENS = new Set([...DOUBTFUL, 'ghes-not-found', 'ghes-validation']);

/** True for errors after which a connection should be refreshed, also where one is the cause of an error for users. */
export function castsDoubt(error: unknown): boolean {
  if (!isCoded(error)) return false;
  if ((error instanceof VaultError ? DOUBTFUL_FOR_TOKENS : DOUBTFUL).has(error.code)) return true;
  return castsDoubt(error.cause);
}
