import { CodedError } from '@reunite/contracts';

/** The environment does not describe a working service; every fault is listed. */
export class ConfigError extends CodedError {
  readonly code = 'bad-configuration';
  readonly retryable = false;

  constructor(readonly faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
