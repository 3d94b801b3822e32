import { GhesNotFoundError, GhesRedirectedError } from '@reunite/ghes-client';
import type { LfsLocation, LfsObject, RepositoryName } from '@reunite/ghes-client';
import type { UploadPackRequests } from '@reunite/repositories';

/** Times that a listing begins again because the repository was renamed meanwhile. */
const MAX_MOVES = 3;

/** Requests to a repository's Git LFS. */
export interface LfsRequests {
  /** @param objects at most `MAX_LFS_BATCH` */
  locate(objects: readonly LfsObject[]): Promise<ReadonlyMap<string, LfsLocation>>;
  read<T>(
    location: Extract<LfsLocation, { url: URL }>,
    read: (content: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T>;
}

export interface RepositoryGitOptions {
  /** The name under which the repository was last seen. */
  readonly name: RepositoryName;
  readonly listRefs: (name: RepositoryName, request: Buffer) => Promise<Buffer>;
  readonly fetch: <T>(
    name: RepositoryName,
    request: Buffer,
    read: (response: AsyncIterable<Buffer>) => Promise<T>,
  ) => Promise<T>;
  /** Reads the current name of the repository by its id. */
  readonly locate: () => Promise<RepositoryName>;
}

/**
 * Git knows repositories by name only. These requests stay with one repository, whatever becomes of its name (P9):
 *
 * - Objects are named by their content, so that a repository that took the name has the wanted ones or none.
 * - A listing of refs counts only if the name still belonged to the repository when it was complete.
 */
export class RepositoryGit implements UploadPackRequests {
  private name: RepositoryName;
  private moves = 0;

  constructor(private readonly options: RepositoryGitOptions) {
    this.name = options.name;
  }

  /** @throws GhesError; GhesRedirectedError if the repository is renamed again and again */
  async listRefs(request: Buffer): Promise<{ body: Buffer; confirmed: Promise<boolean> }> {
    for (;;) {
      const used = this.name;
      try {
        const body = await this.options.listRefs(used, request);
        const confirmed = this.isUnmoved(used);
        confirmed.catch(() => undefined); // the caller may have failed before it looks
        return { body, confirmed };
      } catch (error) {
        if (!mayHaveMoved(error) || (await this.isUnmoved(used))) throw error;
      }
    }
  }

  /** @throws GhesError, and the errors of `read` */
  fetch<T>(request: Buffer, read: (response: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    return this.atCurrentName((name) => this.options.fetch(name, request, read));
  }

  /** Sends a request whose answer names objects by their content; again if the repository was renamed. */
  async atCurrentName<T>(send: (name: RepositoryName) => Promise<T>): Promise<T> {
    const used = this.name;
    try {
      return await send(used);
    } catch (error) {
      if (!mayHaveMoved(error) || (await this.isUnmoved(used))) throw error;
      return send(this.name);
    }
  }

  private async isUnmoved(used: RepositoryName): Promise<boolean> {
    this.name = await this.options.locate();
    if (isSame(this.name, used)) return true;
    this.moves += 1;
    if (this.moves > MAX_MOVES) throw new GhesRedirectedError(`${used.owner}/${used.repo} is being renamed`, true);
    return false;
  }
}

function mayHaveMoved(error: unknown): boolean {
  return error instanceof GhesNotFoundError || (error instanceof GhesRedirectedError && error.sameOrigin);
}

function isSame(one: RepositoryName, other: RepositoryName): boolean {
  return one.owner === other.owner && one.repo === other.repo;
}
