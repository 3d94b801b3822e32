import type { ServerResponse } from 'node:http';
import type { OrganizationEvent } from '@reunite/database';
import type { LiveStream } from './live-event-hub.js';

const HEARTBEAT_MS = 20_000;
/** Limit of buffered bytes for a slow reader. Events contain only ids, so this is hundreds of events. */
const MAX_WAITING_BYTES = 65_536;
const RETRY_MS = 1_000;
/** Maximum delay of setTimeout. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** One `text/event-stream` response (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class EventStream implements LiveStream {
  private readonly heartbeat: NodeJS.Timeout;
  private readonly expiry: NodeJS.Timeout;

  /** @param until when the caller's token ends, and the stream with it */
  constructor(
    private readonly response: ServerResponse,
    until: Date,
  ) {
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.heartbeat = setInterval(() => this.write(': still here\n\n'), HEARTBEAT_MS);
    const left = Math.min(Math.max(until.getTime() - Date.now(), 0), MAX_TIMEOUT_MS);
    this.expiry = setTimeout(() => this.end(), left);
    response.once('close', () => this.stop());
  }

  event({ id, event }: OrganizationEvent): void {
    this.write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  position(id: string): void {
    this.write(`id: ${id}\n\n`);
  }

  gap(): void {
    this.write('event: gap\ndata: {}\n\n');
  }

  end(): void {
    this.stop();
    this.response.end();
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    // A client that does not read is disconnected.
    if (this.response.writableLength > MAX_WAITING_BYTES) this.response.destroy();
  }

  private stop(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.expiry);
  }
}
