import { LiveEventListener } from '@reunite/database';
import type { OrganizationEvent } from '@reunite/database';
import type { Caller } from '../auth/caller.js';
import { RateLimitedError } from '../limits/rate-limited.error.js';
import type { Logger } from '../logger.js';
import { RecentEvents } from './recent-events.js';

/** A stream that the hub sends events to. */
export interface LiveStream {
  event(event: OrganizationEvent): void;
  /** Sets the id with which the client reconnects. */
  position(id: string): void;
  /** Reports lost events to the client, which then reads everything again. */
  gap(): void;
  end(): void;
}

export interface StreamLimits {
  readonly perCaller: number;
  readonly perOrganization: number;
  /** Events that are kept for clients that connect again. */
  readonly recentEvents: number;
}

/** The last event that a client received, or the time since it began to read objects. */
export type StreamStart = { readonly lastEventId: string } | { readonly readMs: number };

type StreamOwner = Pick<Caller, 'organizationId' | 'subject' | 'sessionId'>;
type Session = Pick<Caller, 'organizationId' | 'sessionId'>;

interface JoinedStream extends StreamOwner {
  readonly stream: LiveStream;
}

/** Delay before a client opens a stream again. */
const RETRY_AFTER_SECONDS = 30;

/** Sends the events of an organization to the streams of its members only (P8). */
export class LiveEventHub {
  private readonly streams = new Map<string, Set<JoinedStream>>();
  private readonly recent: RecentEvents;
  private readonly listener: LiveEventListener;

  constructor(
    databaseUrl: string,
    logger: Logger,
    private readonly limits: StreamLimits,
  ) {
    this.recent = new RecentEvents(limits.recentEvents);
    this.listener = new LiveEventListener(databaseUrl, {
      onEvent: (event) => {
        this.recent.add(event);
        this.streams.get(event.organizationId)?.forEach(({ stream }) => stream.event(event));
      },
      onSessionEnd: (session) => this.endSession(session),
      onGap: () => {
        this.recent.clear();
        for (const stream of this.all()) {
          stream.position(this.recent.lastId());
          stream.gap();
        }
      },
      onError: (error) => logger.warn({ err: error }, 'live events interrupted; listening again'),
    });
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  /** @throws RateLimitedError if the caller or its organization has reached its number of streams */
  assertRoom({ organizationId, subject }: StreamOwner): void {
    const streams = [...(this.streams.get(organizationId) ?? [])];
    const own = streams.filter((joined) => joined.subject === subject).length;
    if (own >= this.limits.perCaller || streams.length >= this.limits.perOrganization) {
      throw new RateLimitedError('Too many event streams are open.', RETRY_AFTER_SECONDS);
    }
  }

  /**
   * Adds a stream, and sends it what happened since the last event that its client received, or since it began to read.
   *
   * @param since null if the client sent neither
   * @returns a function that removes the stream
   */
  join({ organizationId, subject, sessionId }: StreamOwner, stream: LiveStream, since: StreamStart | null): () => void {
    const missed = since === null ? null : this.eventsSince(since, organizationId);
    for (const event of missed ?? []) stream.event(event);
    // After the events: the connection may break between two of them.
    stream.position(this.recent.lastId());
    if (missed === null) stream.gap();
    const joined = { stream, organizationId, subject, sessionId };
    const streams = this.streams.get(organizationId) ?? new Set();
    this.streams.set(organizationId, streams.add(joined));
    return () => {
      streams.delete(joined);
      if (streams.size === 0) this.streams.delete(organizationId);
    };
  }

  private eventsSince(since: StreamStart, organizationId: string): OrganizationEvent[] | null {
    return 'lastEventId' in since
      ? this.recent.after(since.lastEventId, organizationId)
      : this.recent.within(since.readMs, organizationId);
  }

  /** Ends the streams of a session that ended, on this replica or another one. */
  endSession({ organizationId, sessionId }: Session): void {
    this.streams.get(organizationId)?.forEach((joined) => {
      if (joined.sessionId === sessionId) joined.stream.end();
    });
  }

  async close(): Promise<void> {
    this.all().forEach((stream) => stream.end());
    await this.listener.close();
  }

  private all(): LiveStream[] {
    return [...this.streams.values()].flatMap((streams) => [...streams].map(({ stream }) => stream));
  }
}
