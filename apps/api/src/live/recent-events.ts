import { randomUUID } from 'node:crypto';
import type { OrganizationEvent } from '@reunite/database';

/** Events of all organizations that are kept; they contain only ids. */
const MAX_EVENTS = 5_000;

/**
 * The last events, for clients that reconnect to this replica or another one. All replicas receive the same events in
 * the same order, so an id that one replica sent has the same place in the others.
 */
export class RecentEvents {
  private events: OrganizationEvent[] = [];
  /** Id before the first event. Another replica does not have it, so that its clients read everything again. */
  private start = randomUUID();

  add(event: OrganizationEvent): void {
    this.events.push(event);
    if (this.events.length < 2 * MAX_EVENTS) return;
    this.events = this.events.slice(-MAX_EVENTS);
    this.start = randomUUID();
  }

  /** Forgets the events: others may have been lost after them. */
  clear(): void {
    this.events = [];
    this.start = randomUUID();
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
}
