import type { SyncOutcome } from '@reunite/repositories';
import { DURATION_BUCKETS } from '@reunite/telemetry';
import { Histogram } from 'prom-client';

const duration = new Histogram({
  name: 'content_sync_duration_seconds',
  help: 'Duration of syncs of a ref with its server, by outcome: synced, deleted, failed. Their bytes are in ghes_response_bytes_total{operation="git fetch"}',
  labelNames: ['outcome'],
  buckets: DURATION_BUCKETS,
});

/** Measures one sync of a ref. */
export async function measureSync(sync: () => Promise<SyncOutcome>): Promise<SyncOutcome> {
  const end = duration.startTimer();
  try {
    const outcome = await sync();
    end({ outcome: outcome.kind });
    return outcome;
  } catch (error) {
    end({ outcome: 'failed' });
    throw error;
  }
}
