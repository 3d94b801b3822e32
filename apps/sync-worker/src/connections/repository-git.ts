import { GhesNotFoundError, GhesRedirectedError } from '@reunite/ghes-client';
import type { RepositoryName } from '@reunite/ghes-client';
import type { UploadPack } from '@reunite/repositories';

/** Times that a listing begins again because the repository was renamed meanwhile. */
const MAX_MOVES = 3;

export interface RepositoryGitOptions {
  /** The name under which the repository was last seen. */
  readonly name: RepositoryName;
  readonly send: (name: RepositoryName, ...request: Parameters<UploadPack>) => Promise<Buffer>;
  /** Reads the current name of the repository by its id. */
  readonly locate: () => Promise<RepositoryName>;
}

/**
 * Git knows repositories by name only. These requests stay with one repository, whatever becomes of its name (P9):
 *
 * - Objects are named by their content, so that a repository that took the name has the wanted ones or none.
 * - A listing of refs counts only if the name still belonged to the repository when it was complete.
 */
export class RepositoryGit {
  private name: RepositoryName;

  constructor(private readonly options: RepositoryGitOptions) {
    this.name = options.name;
  }

  /** @throws GhesError; GhesRedirectedError if the repository is renamed again and again */
  readonly uploadPack: UploadPack = (body, command) =>
    command === 'ls-refs' ? this.listRefs(body) : this.fetchObjects(body);

  private async fetchObjects(body: Buffer): Promise<Buffer> {
    const { send, locate } = this.options;
    try {
      return await send(this.name, body, 'fetch');
    } catch (error) {
      if (!mayHaveMoved(error)) throw error;
      const used = this.name;
      this.name = await locate();
      if (isSame(this.name, used)) throw error;
      return send(this.name, body, 'fetch');
    }
  }

  private async listRefs(body: Buffer): Promise<Buffer> {
    const { send, locate } = this.options;
    for (let moves = 0; ; moves += 1) {
      const used = this.name;
      const refs = await send(used, body, 'ls-refs').catch((error: unknown) => {
        if (!mayHaveMoved(error)) throw error;
        return error as Error;
      });
      this.name = await locate();
      if (isSame(this.name, used)) {
        if (refs instanceof Error) throw refs;
        return refs;
      }
      if (moves === MAX_MOVES) {
        throw new GhesRedirectedError(`${used.owner}/${used.repo} is being renamed`, true);
      }
    }
  }
}

function mayHaveMoved(error: unknown): boolean {
  return error instanceof GhesNotFoundError || (error instanceof GhesRedirectedError && error.sameOrigin);
}

function isSame(one: RepositoryName, other: RepositoryName): boolean {
  return one.owner === other.owner && one.repo === other.repo;
}
