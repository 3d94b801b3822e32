import { randomUUID } from 'node:crypto';
import type { OrganizationEvent } from '@reunite/database';

/** Time that a request may take to arrive, so that the events of that time are not missed. */
const REQUEST_MS = 10_000;

interface ReceivedEvent extends OrganizationEvent {
  readonly receivedAt: number;
}

/**
 * The last events, for clients that reconnect to this replica or another one. All replicas receive the same events in
 * the same order, so an id that one replica sent has the same place in the others.
 */
export class RecentEvents {
  private events: ReceivedEvent[] = [];
  /** Id before the first event. Another replica does not have it, so that its clients read everything again. */
  private start = randomUUID();
  /** No event after this time is missing. */
  private completeSince = Date.now();

  /** @param maxEvents events of all organizations that are kept; they contain only ids */
  constructor(private readonly maxEvents: number) {}

  add(event: OrganizationEvent): void {
    this.events.push({ ...event, receivedAt: Date.now() });
    if (this.events.length < 2 * this.maxEvents) return;
    this.completeSince = this.events.at(-this.maxEvents - 1)?.receivedAt ?? Date.now();
    this.events = this.events.slice(-this.maxEvents);
    this.start = randomUUID();
  }

  /** Forgets the events: others may have been lost after them. */
  clear(): void {
    this.events = [];
    this.start = randomUUID();
    this.completeSince = Date.now();
  }

  lastId(): string {
    return this.events.at(-1)?.id ?? this.start;
  }

  /** Returns the events of an organization after the one with this id; null if that is not kept. */
  after(id: string, organizationId: string): OrganizationEvent[] | null {
    const index = id === this.start ? -1 : this.events.findLastIndex((event) => event.id === id);
    if (index === -1 && id !== this.start) return null;
    return this.events.slice(index + 1).filter((event) => event.organizationId === organizationId);
  }

  /** Returns the events of an organization of the last `ms`, and of some time before; null if not all are kept. */
  within(ms: number, organizationId: string): OrganizationEvent[] | null {
    const since = Date.now() - ms - REQUEST_MS;
    if (since < this.completeSince) return null;
    return this.events.filter((event) => event.receivedAt >= since && event.organizationId === organizationId);
  }
}
