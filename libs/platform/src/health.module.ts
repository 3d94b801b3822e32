import { Controller, Get, Header, Inject, Module, ServiceUnavailableException } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import pTimeout from 'p-timeout';
import { collectDefaultMetrics, register } from 'prom-client';

/** A dependency that the service needs to take traffic. The check throws if it does not work. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<unknown>;
}

const READINESS_CHECKS = Symbol('readiness checks');
const CHECK_TIMEOUT_MS = 2_000;

@Controller()
class HealthController {
  constructor(@Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[]) {}

  /** The process is alive. */
  @Get('healthz')
  live() {
    return { status: 'ok' };
  }

  /** The process and its dependencies work; 503 names those that do not. */
  @Get('readyz')
  async ready() {
    const results = await Promise.all(this.checks.map(async ({ name, check }) => ({ name, up: await isUp(check) })));
    const down = results.filter(({ up }) => !up).map(({ name }) => name);
    if (down.length > 0) throw new ServiceUnavailableException({ status: 'unavailable', down });
    return { status: 'ok' };
  }
}

@Controller()
class MetricsController {
  @Get('metrics')
  @Header('content-type', register.contentType)
  metrics() {
    return register.metrics();
  }
}

async function isUp(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await pTimeout(check(), { milliseconds: CHECK_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** `/healthz` and `/readyz`, alike in every service. */
@Module({})
export class HealthModule {
  /**
   * @param withMetrics also serves Prometheus's `/metrics`: for a port that is never published. Public services use
   *   {@link startMetricsServer}.
   */
  static register(checks: readonly ReadinessCheck[], { withMetrics = false } = {}): DynamicModule {
    if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
    return {
      module: HealthModule,
      controllers: withMetrics ? [HealthController, MetricsController] : [HealthController],
      providers: [{ provide: READINESS_CHECKS, useValue: checks }],
    };
  }
}
