import { z } from 'zod';

/** A fault that the next deliveries meet. */
export const deliveryFaultSchema = z.object({
  /**
   * `drop`: not sent, logged as failed. `lose`: not sent and not logged. `swallow`: not sent, logged as delivered.
   * `duplicate`: sent twice with one GUID. `reorder`: sent after the next one, or after `delayMs` (5 s) when there is none.
   */
  kind: z.enum(['drop', 'lose', 'swallow', 'duplicate', 'delay', 'reorder']),
  count: z.int().min(1).default(1),
  /** Only deliveries of this event. */
  event: z.string().optional(),
  delayMs: z.int().min(0).max(600_000).default(0),
});

export type DeliveryFault = z.infer<typeof deliveryFaultSchema>;

export class DeliveryFaults {
  private faults: DeliveryFault[] = [];

  add(fault: DeliveryFault): void {
    this.faults.push({ ...fault });
  }

  list(): readonly DeliveryFault[] {
    return this.faults;
  }

  clear(): void {
    this.faults = [];
  }

  /** Takes the fault for the next delivery of an event, if any. */
  take(event: string): DeliveryFault | undefined {
    const fault = this.faults.find((item) => item.event === undefined || item.event === event);
    if (!fault) return undefined;
    fault.count -= 1;
    if (fault.count === 0) this.faults = this.faults.filter((item) => item !== fault);
    return fault;
  }
}
