import type { VaultMethod } from '@reunite/contracts';
import { DURATION_BUCKETS } from '@reunite/telemetry';
import { Histogram } from 'prom-client';
import { VaultError } from './vault.error.js';

const duration = new Histogram({
  name: 'vault_client_call_duration_seconds',
  help: 'Duration of calls of the vault by this process, by method and code: ok, or the code of the error',
  labelNames: ['method', 'code'],
  buckets: DURATION_BUCKETS,
});

/** Measures one call of the vault. */
export async function measureCall<Result>(method: VaultMethod, call: () => Promise<Result>): Promise<Result> {
  const end = duration.startTimer({ method });
  try {
    const result = await call();
    end({ code: 'ok' });
    return result;
  } catch (error) {
    end({ code: error instanceof VaultError ? error.code : 'internal' });
    throw error;
  }
}
