import { createHash, randomUUID } from 'node:crypto';
import { liveEventSchema } from '@reunite/contracts';
import type { LiveEvent } from '@reunite/contracts';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const CHANNEL = 'live_event';
const SESSION_CHANNEL = 'session_end';
const RECONNECT_MS = 1_000;

/** Releases before this one send no `transaction`. */
const notificationSchema = z.object({
  organizationId: z.string(),
  transaction: z.string().default(() => randomUUID()),
  event: liveEventSchema,
});

export interface OrganizationEvent {
  /** The same in all replicas, which receive events in the same order: that of the commits. */
  readonly id: string;
  readonly organizationId: string;
  readonly event: LiveEvent;
}

/**
 * Publishes a live event of an organization. PostgreSQL delivers it when the transaction commits, and drops it on a
 * rollback.
 */
export async function publishLiveEvent(db: EntityManager, organizationId: string, event: LiveEvent): Promise<void> {
  await publishLiveEvents(db, [{ organizationId, event }]);
}

/** Publishes several events with one statement, as {@link publishLiveEvent} does. */
export async function publishLiveEvents(
  db: EntityManager,
  events: readonly Omit<OrganizationEvent, 'id'>[],
): Promise<void> {
  // PostgreSQL sends equal notifications of one transaction once, so they get no id of their own.
  await db.query(
    `SELECT pg_notify($1, (event::jsonb || jsonb_build_object('transaction', pg_current_xact_id()::text))::text)
     FROM unnest($2::text[]) AS event`,
    [CHANNEL, events.map((event) => JSON.stringify(event))],
  );
}

const endedSessionSchema = z.object({ organizationId: z.string(), sessionId: z.string() });
/** A session that ended on any replica. */
export type EndedSession = z.output<typeof endedSessionSchema>;

/** Notifies all replicas of the end of a session, so that they end its event streams. */
export async function publishSessionEnd(db: Pick<EntityManager, 'query'>, session: EndedSession): Promise<void> {
  const { organizationId, sessionId } = session;
  await db.query('SELECT pg_notify($1, $2)', [SESSION_CHANNEL, JSON.stringify({ organizationId, sessionId })]);
}

export interface LiveEventHandlers {
  onEvent(event: OrganizationEvent): void;
  onSessionEnd(session: EndedSession): void;
  /** The connection was lost for a while: events may be missing, so subscribers must read everything again. */
  onGap(): void;
  onError(error: unknown): void;
}

/** Receives the live events of all organizations; the caller filters them. Reconnects after a lost connection. */
export class LiveEventListener {
  private client: pg.Client | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly handlers: LiveEventHandlers,
  ) {}

  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true });
    this.client = client;
    client.on('error', (error) => this.handlers.onError(error));
    client.on('end', () => this.reconnect());
    client.on('notification', ({ channel, payload }) => this.receive(channel, payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}; LISTEN ${SESSION_CHANNEL}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private receive(channel: string, payload: string): void {
    try {
      const message: unknown = JSON.parse(payload);
      if (channel === SESSION_CHANNEL) this.handlers.onSessionEnd(endedSessionSchema.parse(message));
      else this.handlers.onEvent(toEvent(notificationSchema.parse(message)));
    } catch (error) {
      this.handlers.onError(error);
    }
  }

  private reconnect(): void {
    if (this.closed) return;
    setTimeout(() => {
      if (this.closed) return;
      this.start().then(
        () => this.handlers.onGap(),
        // A failed connect emits `end`, which calls reconnect() again.
        (error: unknown) => this.handlers.onError(error),
      );
    }, RECONNECT_MS).unref();
  }
}

function toEvent({ organizationId, transaction, event }: z.output<typeof notificationSchema>): OrganizationEvent {
  const digest = createHash('sha256')
    .update(JSON.stringify([organizationId, event]))
    .digest('base64url');
  return { id: `${transaction}-${digest.slice(0, 16)}`, organizationId, event };
}
