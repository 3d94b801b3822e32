import type { LiveEvent } from '@reunite/contracts';
import { LiveEventListener } from '@reunite/database';
import type { Logger } from '../logger.js';

/** A caller's stream, as the hub sees it. */
export interface LiveStream {
  event(event: LiveEvent): void;
  /** Something was missed: read everything again. Ends the stream, and reconnecting starts afresh. */
  gap(): void;
  end(): void;
}

/** Hands the events of an organization to the streams of its people, and to nobody else (P8). */
export class LiveEventHub {
  private readonly streams = new Map<string, Set<LiveStream>>();
  private readonly listener: LiveEventListener;

  constructor(databaseUrl: string, logger: Logger) {
    this.listener = new LiveEventListener(databaseUrl, {
      onEvent: ({ organizationId, event }) =>
        this.streams.get(organizationId)?.forEach((stream) => stream.event(event)),
      onGap: () => this.all().forEach((stream) => stream.gap()),
      onError: (error) => logger.warn({ err: error }, 'live events'),
    });
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  /** @returns how to leave */
  join(organizationId: string, stream: LiveStream): () => void {
    const streams = this.streams.get(organizationId) ?? new Set();
    this.streams.set(organizationId, streams.add(stream));
    return () => {
      streams.delete(stream);
      if (streams.size === 0) this.streams.delete(organizationId);
    };
  }

  async close(): Promise<void> {
    this.all().forEach((stream) => stream.end());
    await this.listener.close();
  }

  private all(): LiveStream[] {
    return [...this.streams.values()].flatMap((streams) => [...streams]);
  }
}
