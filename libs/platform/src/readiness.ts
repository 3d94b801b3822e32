import pTimeout from 'p-timeout';
import type { Logger } from './logger.js';

/** A dependency of a service. The check throws if it does not work. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<unknown>;
  /** True if the service works without it, apart from some functions: `/readyz` names it and answers 200. */
  readonly optional?: boolean;
}

/** Body of `/readyz`. */
export interface ReadinessReport {
  readonly status: 'ok' | 'unavailable' | 'stopping';
  /** Dependencies that the service cannot work without and that do not work now. */
  readonly down: readonly string[];
  /** Other dependencies that do not work now. */
  readonly degraded: readonly string[];
}

const CHECK_TIMEOUT_MS = 2_000;

let stopping = false;

/** From now on `/readyz` answers 503, so that load balancers send no further requests to this process. */
export function announceStop(): void {
  stopping = true;
}

/** Runs the checks of a service. A dependency that stops to work, or works again, is logged once. */
export class Readiness {
  private readonly failed = new Set<string>();

  constructor(
    private readonly checks: readonly ReadinessCheck[],
    private readonly logger: Logger | null = null,
  ) {}

  async report(): Promise<ReadinessReport> {
    if (stopping) return { status: 'stopping', down: [], degraded: [] };
    const results = await Promise.all(this.checks.map(async (one) => ({ ...one, works: await this.works(one) })));
    const failed = results.filter(({ works }) => !works);
    const down = failed.filter(({ optional }) => optional !== true).map(({ name }) => name);
    const degraded = failed.filter(({ optional }) => optional === true).map(({ name }) => name);
    return { status: down.length === 0 ? 'ok' : 'unavailable', down, degraded };
  }

  private async works({ name, check, optional = false }: ReadinessCheck): Promise<boolean> {
    try {
      await pTimeout(check(), { milliseconds: CHECK_TIMEOUT_MS });
      if (this.failed.delete(name)) this.logger?.info({ dependency: name }, 'dependency works again');
      return true;
    } catch (error) {
      if (!this.failed.has(name))
        this.logger?.warn({ err: error, dependency: name, optional }, 'dependency does not work');
      this.failed.add(name);
      return false;
    }
  }
}
