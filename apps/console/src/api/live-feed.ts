import type { LiveEvent } from '@reunite/contracts';
import type { LiveSignal } from './live.rules.js';

type Listener = (signal: LiveSignal) => void;

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** The API accepts up to a day. */
const MAX_READ_MS = 86_400_000;

/**
 * The one stream of live events. The browser reconnects a stream that breaks, but gives up on one that is rejected
 * (the API restarts behind a proxy that answers 502), so that case is retried here.
 */
export class LiveFeed {
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private delay = FIRST_RETRY_MS;
  private interrupted = false;
  private isOpen = false;

  /** Time until which events were received; the page began to read at 0. */
  private receivedUntil = 0;

  /** @param createSource called with the milliseconds of which the events are missing */
  constructor(private readonly createSource: (readMs: number) => EventSource) {}

  /** Opens the stream, in place of one that is open. */
  open(): void {
    this.close();
    const source = this.createSource(Math.min(Math.ceil(performance.now() - this.receivedUntil), MAX_READ_MS));
    this.source = source;
    source.onopen = () => {
      this.delay = FIRST_RETRY_MS;
      this.isOpen = true;
      this.setInterrupted(false);
    };
    source.addEventListener('gap', () => this.emit('resync'));
    source.onmessage = (message: MessageEvent<string>) => this.emit(JSON.parse(message.data) as LiveEvent);
    source.onerror = () => {
      if (this.isOpen) this.receivedUntil = performance.now();
      this.isOpen = false;
      this.setInterrupted(true);
      if (source.readyState !== 2 /* CLOSED */) return;
      this.timer = setTimeout(() => this.open(), this.delay);
      this.delay = Math.min(this.delay * 2, LAST_RETRY_MS);
    };
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.isOpen) this.receivedUntil = performance.now();
    this.isOpen = false;
    this.source?.close();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** True while the stream is interrupted. Together with `watch`, for React's useSyncExternalStore. */
  readonly isInterrupted = (): boolean => this.interrupted;
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  private setInterrupted(interrupted: boolean): void {
    if (this.interrupted === interrupted) return;
    this.interrupted = interrupted;
    for (const watcher of this.watchers) watcher();
  }

  private emit(signal: LiveSignal): void {
    for (const listener of this.listeners) listener(signal);
  }
}
