import { z } from 'zod';
import { GhesNotFoundError } from '../errors/not-found.error.js';
import type { GhesNetwork } from '../network/ghes-network.js';
import type { ResponseSize } from '../network/network-limits.js';

/** The repository that a client is bound to: its id, and the name under which it was last seen. */
export interface BoundRepository {
  readonly id: number;
  readonly owner: string;
  readonly repo: string;
}

type Send = <T>(
  route: string,
  parameters: Record<string, unknown>,
  schema: z.ZodType<T>,
  options?: { readonly size?: ResponseSize },
) => Promise<{ readonly data: T; readonly link: string | undefined }>;

const BY_NAME = '/repos/{owner}/{repo}';
const REPOSITORY_BY_ID = '/repositories/{repository_id}';

const identitySchema = z.looseObject({ id: z.number() });

/**
 * Sends requests about one repository so that no rename, transfer or reuse of its name can lead them to another one
 * (P9): under its id, or where the server lacks that route under its name, right after the id behind the name was
 * compared.
 */
export class RepositoryRequests {
  constructor(
    private readonly send: Send,
    private readonly network: Pick<GhesNetwork, 'repositoryAddressing'>,
    private readonly repository: BoundRepository,
  ) {}

  /** @throws GhesNotFoundError if the name belongs to another repository now, and for every 404 */
  request: Send = async (route, parameters, schema, options) => {
    if (!route.includes(BY_NAME)) return this.send(this.pageRoute(route), parameters, schema, options);
    if (this.network.repositoryAddressing !== 'by-name') {
      try {
        const response = await this.sendById(route, parameters, schema, options);
        this.network.repositoryAddressing = 'by-id';
        return response;
      } catch (error) {
        // A 404 has changed nothing, so that even a write may be repeated.
        if (!(error instanceof GhesNotFoundError) || (await this.isAddressedById())) throw error;
      }
    }
    await this.assertName();
    const { owner, repo } = this.repository;
    return this.send(route, { ...parameters, owner, repo }, schema, options);
  };

  private sendById: Send = (route, { owner: _owner, repo: _repo, ...parameters }, schema, options) =>
    this.send(
      route.replace(BY_NAME, REPOSITORY_BY_ID),
      { ...parameters, repository_id: this.repository.id },
      schema,
      options,
    );

  /** Links to further pages name the repository on some servers. */
  private pageRoute(route: string): string {
    return route.replace(/\/api\/v3\/repos\/[^/?]+\/[^/?]+/, `/api/v3/repositories/${this.repository.id}`);
  }

  /** Distinguishes a 404 of the repository, or of a thing in it, from a server without the route. */
  private async isAddressedById(): Promise<boolean> {
    if (this.network.repositoryAddressing === 'by-id') return true;
    if ((await this.idAt(`GET ${REPOSITORY_BY_ID}`)) === this.repository.id) {
      this.network.repositoryAddressing = 'by-id';
      return true;
    }
    if ((await this.idAt(`GET ${BY_NAME}`)) !== this.repository.id) return true;
    this.network.repositoryAddressing = 'by-name';
    return false;
  }

  private async assertName(): Promise<void> {
    const { id, owner, repo } = this.repository;
    const current = await this.idAt(`GET ${BY_NAME}`);
    if (current === id) return;
    throw new GhesNotFoundError(
      current === null
        ? `The server has no repository ${owner}/${repo}`
        : `${owner}/${repo} is another repository now (id ${current}, not ${id})`,
      { status: 404 },
    );
  }

  /** Returns the id of the repository at an address, or null if there is none that the caller may see. */
  private async idAt(route: string): Promise<number | null> {
    const { id, owner, repo } = this.repository;
    const parameters = route.includes(BY_NAME) ? { owner, repo } : { repository_id: id };
    try {
      return (await this.send(route, parameters, identitySchema)).data.id;
    } catch (error) {
      if (error instanceof GhesNotFoundError) return null;
      throw error;
    }
  }
}
