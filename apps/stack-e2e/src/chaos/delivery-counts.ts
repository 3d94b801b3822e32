import type { LocalStack } from '@reunite/local-stack';
import { eventually } from '@reunite/testing';
import type { Client } from 'pg';
import { connectAsSuperuser } from '../secrets/places.js';

/** State of accepted deliveries in the database. */
export interface DeliveryResult {
  /** Accepted deliveries that are not in the inbox. */
  readonly lost: number;
  /** Accepted deliveries that were not applied when the time was up. */
  readonly unapplied: number;
  /** Deliveries that were applied more than once. */
  readonly appliedTwice: number;
  /** Ids with more than one row. */
  readonly duplicates: number;
}

const DRAIN_MS = 120_000;

/**
 * Counts how often a delivery is applied: the mark is in the transaction of the effects, so that each committed
 * transition is one application.
 */
const COUNTER = [
  'CREATE TABLE IF NOT EXISTS public.application (delivery_id text NOT NULL)',
  'GRANT INSERT ON public.application TO PUBLIC',
  `CREATE OR REPLACE FUNCTION public.count_application() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN INSERT INTO public.application VALUES (NEW.id); RETURN NULL; END $$`,
  `CREATE OR REPLACE TRIGGER count_application AFTER UPDATE OF processed_at ON bridge.webhook_delivery
   FOR EACH ROW WHEN (OLD.processed_at IS NULL AND NEW.processed_at IS NOT NULL)
   EXECUTE FUNCTION public.count_application()`,
];

/** Counts deliveries in the database of a stack, independently of its services. */
export class DeliveryCounts {
  constructor(private readonly stack: LocalStack) {}

  /** Call it before the first delivery. */
  async install(): Promise<void> {
    await this.query(async (client) => {
      for (const statement of COUNTER) await client.query(statement);
    });
  }

  /** Waits until all accepted deliveries are applied, then counts. */
  async read(accepted: ReadonlySet<string>): Promise<DeliveryResult> {
    const unapplied = await this.drain(accepted);
    return this.query(async (client) => {
      const single = async (sql: string, ...values: unknown[]) =>
        (await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${sql}) AS counted`, values))
          .rows[0]?.count ?? -1;
      return {
        unapplied,
        lost: await single(
          `SELECT guid FROM unnest($1::text[]) AS guid EXCEPT SELECT guid FROM bridge.webhook_delivery`,
          [...accepted],
        ),
        appliedTwice: await single('SELECT 1 FROM public.application GROUP BY delivery_id HAVING count(*) > 1'),
        duplicates: await single(
          'SELECT 1 FROM bridge.webhook_delivery GROUP BY connection_id, guid HAVING count(*) > 1',
        ),
      };
    });
  }

  private async drain(accepted: ReadonlySet<string>): Promise<number> {
    let unapplied = accepted.size;
    await eventually(
      async () => {
        unapplied = await this.query(async (client) => {
          const { rows } = await client.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM unnest($1::text[]) AS sent (guid)
              WHERE NOT EXISTS (SELECT 1 FROM bridge.webhook_delivery w
                                 WHERE w.guid = sent.guid AND w.processed_at IS NOT NULL)`,
            [[...accepted]],
          );
          return rows[0]?.count ?? accepted.size;
        }).catch(() => unapplied);
        return unapplied === 0;
      },
      { what: 'every accepted delivery is applied', everyMs: 500, withinMs: DRAIN_MS },
    ).catch(() => undefined);
    return unapplied;
  }

  private async query<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await connectAsSuperuser(this.stack.data, this.stack.ports.postgres);
    // PostgreSQL may be killed meanwhile.
    client.on('error', () => undefined);
    try {
      return await use(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
