import { GhesError, GhesMalformedResponseError, GhesRedirectedError } from '@reunite/ghes-client';
import { GIT_TRANSPORT } from '@reunite/repositories';
import type { FetchTransport, ListedRefs, RemoteGit, WantedSnapshot } from '@reunite/repositories';
import { LRUCache } from 'lru-cache';

type Requests = Pick<RemoteGit, 'listRefs' | 'fetchSnapshot'>;

/** Repositories that this process remembers. */
const MAX_REPOSITORIES = 10_000;

/** Remembers for a time why repositories cannot be reached with Git over HTTP. */
export class BlockedGit {
  private readonly reasons: LRUCache<string, string>;

  /** @param retrySeconds time after which Git is tried again */
  constructor(retrySeconds: number) {
    this.reasons = new LRUCache({ max: MAX_REPOSITORIES, ttl: retrySeconds * 1000 });
  }

  of(repositoryId: string): BlockedRepository {
    return {
      reason: () => this.reasons.get(repositoryId) ?? null,
      record: (reason) => void this.reasons.set(repositoryId, reason),
      forget: () => void this.reasons.delete(repositoryId),
    };
  }
}

interface BlockedRepository {
  readonly reason: () => string | null;
  readonly record: (reason: string) => void;
  readonly forget: () => void;
}

/** A repository over Git, or over the REST API where the server or a proxy blocks Git over HTTP. */
export class GitOrRest implements RemoteGit {
  private current = GIT_TRANSPORT;

  constructor(
    private readonly git: Requests,
    private readonly rest: Requests,
    private readonly blocked: BlockedRepository,
  ) {}

  get transport(): FetchTransport {
    return this.current;
  }

  listRefs(prefix: string): Promise<ListedRefs> {
    return this.send((remote) => remote.listRefs(prefix));
  }

  fetchSnapshot<T>(wanted: WantedSnapshot, read: (pack: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    return this.send((remote) => remote.fetchSnapshot(wanted, read));
  }

  private async send<T>(request: (remote: Requests) => Promise<T>): Promise<T> {
    const blocked = this.blocked.reason();
    if (blocked !== null) return this.sendOverRest(request, blocked);
    try {
      const result = await request(this.git);
      this.current = GIT_TRANSPORT;
      return result;
    } catch (error) {
      const reason = blockedReason(error);
      if (reason === null) throw error;
      try {
        return await this.sendOverRest(request, reason);
      } catch (restError) {
        // The server is out of reach over REST too: nothing is known about Git.
        throw restError instanceof GhesError ? error : restError;
      }
    }
  }

  private async sendOverRest<T>(request: (remote: Requests) => Promise<T>, reason: string): Promise<T> {
    const result = await this.attemptRest(request);
    // Remembered only now: a server that rejects every request does not block Git in particular.
    if (this.blocked.reason() === null) this.blocked.record(reason);
    this.current = { transport: 'rest', reason };
    return result;
  }

  private async attemptRest<T>(request: (remote: Requests) => Promise<T>): Promise<T> {
    try {
      return await request(this.rest);
    } catch (error) {
      // REST cannot provide the content, for example because of its limits: the next sync tries Git first.
      if (!(error instanceof GhesError)) this.blocked.forget();
      throw error;
    }
  }
}

const REJECTED = [403, 404, 405];

/** Returns why Git over HTTP is blocked, if an error can mean that; otherwise null. */
function blockedReason(error: unknown): string | null {
  if (error instanceof GhesMalformedResponseError && error.reason === 'content-type') {
    return 'a proxy answers Git over HTTP with a web page';
  }
  if (error instanceof GhesRedirectedError && !error.sameOrigin) return 'a proxy redirects Git over HTTP';
  if (!(error instanceof GhesError) || error.status === undefined || !REJECTED.includes(error.status)) return null;
  return `the server rejects Git over HTTP (${error.status})`;
}
