import { liveEventSchema } from '@reunite/contracts';
import type { LiveEvent } from '@reunite/contracts';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const CHANNEL = 'live_event';
const RECONNECT_MS = 1_000;

const notificationSchema = z.object({ organizationId: z.string(), event: liveEventSchema });
export type OrganizationEvent = z.output<typeof notificationSchema>;

/**
 * Publishes a live event of an organization. PostgreSQL delivers it when the transaction commits, and drops it on a
 * rollback.
 */
export async function publishLiveEvent(db: EntityManager, organizationId: string, event: LiveEvent): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ organizationId, event })]);
}

export interface LiveEventHandlers {
  onEvent(event: OrganizationEvent): void;
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
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private receive(payload: string): void {
    try {
      this.handlers.onEvent(notificationSchema.parse(JSON.parse(payload)));
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
