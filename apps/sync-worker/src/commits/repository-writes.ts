import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { jobs, NotFoundError } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';
import type { RepositoryName } from '@reunite/ghes-client';
import type { Logger } from '@reunite/platform';
import { branchRef, GitRefEntity, readWanted, syncContent, wantedAfterPush, wantRef } from '@reunite/repositories';
import type { PushedChange } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { IsNull, Not } from 'typeorm';
import type { DataSource } from 'typeorm';
import { isInTime, refuseUnknown } from '../interactive/for-person.js';
import type { AskedByPerson } from '../interactive/for-person.js';
import { refusalOf } from '../connections/acting.js';
import type { ActingAccess } from '../connections/acting.js';
import type { GhesConnections } from '../connections/ghes-connections.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';
import type { NeededPermissions } from '@reunite/contracts';

/** A repository that is written to for a person. */
export interface WriteAccess extends Pick<ActingAccess, 'client' | 'as'> {
  readonly name: RepositoryName;
  readonly objects: RepositoryObjects;
  /** Holds a commit's snapshot from here on. @returns its tree; null where the server has no such commit */
  readonly bring: (branch: string, commit: string) => Promise<string | null>;
  /** What was written is wanted at once; the server's own word of it then changes nothing. */
  readonly moved: (branch: string, push: PushedChange) => Promise<void>;
}

/** How many snapshots are offered as `have`: what is fetched then is only what differs. */
const OTHER_SNAPSHOTS = 5;

interface Asked extends AskedByPerson {
  /** What it takes besides `contents: write`. */
  readonly permissions?: NeededPermissions;
}

/** Reaches repositories to write commits and branches, as the person where they signed in at the server. */
export class RepositoryWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly content: ContentStore,
    private readonly unitOfWork: UnitOfWork,
    private readonly logger: Logger,
  ) {}

  /**
   * @param lookBack finds what a run before wrote, once nobody waits any more and nothing is written
   * @throws ForbiddenError that names the permission which is missing
   * @throws TooLateError, or OutcomeUnknownError where a run before may have written
   */
  async act<Answer>(
    asked: Asked,
    work: (access: WriteAccess) => Promise<Answer>,
    lookBack: (access: WriteAccess) => Promise<Answer> = refuseUnknown,
  ): Promise<Answer> {
    const { repositoryId, actor, permissions } = asked;
    const needed = { contents: 'write', ...permissions } as const;
    const task = isInTime(asked) ? work : lookBack;
    const { repository } = await this.ghes.repository(repositoryId);
    // A person's token may do no more than the app whose token it is.
    assertGranted(await grantedPermissions(this.dataSource, repository), needed, repository);
    const access = await this.ghes.actingFor(repositoryId, actor, needed);
    try {
      return await task({
        ...{ client: access.client, as: access.as, name: { owner: repository.owner, repo: repository.name } },
        objects: this.content.repository(repositoryId),
        bring: (branch, commit) => this.bring(repositoryId, branch, commit),
        moved: (branch, push) => this.moved(access, branch, push),
      });
    } catch (error) {
      const refused = refusalOf(error, access);
      if (!(refused instanceof GhesError) || refused.code !== 'ghes-not-found') throw refused;
      const { owner, name } = repository;
      throw new NotFoundError(`The server no longer has ${owner}/${name}, or the app may not see it.`, {
        cause: error,
      });
    }
  }

  private async bring(repositoryId: string, branch: string, commit: string): Promise<string | null> {
    const objects = this.content.repository(repositoryId);
    if (await objects.hasSnapshot(commit)) return (await objects.readCommit(commit)).tree;
    const refs = await this.dataSource.getRepository(GitRefEntity).find({
      where: { repositoryId, syncedCommit: Not(IsNull()) },
      order: { syncedAt: 'DESC' },
      take: OTHER_SNAPSHOTS,
    });
    const have = refs.flatMap(({ syncedCommit }) => syncedCommit ?? []);
    const { uploadPack } = await this.ghes.repository(repositoryId);
    const request = { refName: branchRef(branch), wantedCommit: commit, have };
    const outcome = await syncContent(uploadPack, objects, request);
    return outcome.kind === 'synced' && outcome.commit === commit ? outcome.tree : null;
  }

  /** By the rule for pushes that are told of: what came in between is not undone, and the same is not done twice. */
  private async moved({ connection, repository }: ActingAccess, branch: string, push: PushedChange): Promise<void> {
    const ref = { repositoryId: repository.id, name: branchRef(branch) };
    try {
      await this.unitOfWork.run({ connectionId: connection.id }, async ({ db, afterCommit }) => {
        const wanted = wantedAfterPush(await readWanted(db, ref.repositoryId, ref.name), push);
        if (!wanted) return;
        const { refId } = await wantRef(db, { ...ref, ...wanted });
        afterCommit.enqueue(jobs.syncRef, { refId });
      });
    } catch (error) {
      // It is written: to say otherwise would have the person write it again. The webhook or the reconciler tells of it.
      this.logger.warn({ err: error, ...ref }, 'what was written is not wanted yet');
    }
  }
}
