export class SeedError extends Error {
  readonly code = 'seed-failed';
  readonly retryable = false;

  constructor(path: string, reason: string, cause?: unknown) {
    super(`The repository ${path} cannot be copied into the simulator: ${reason}.`, { cause });
  }
}
