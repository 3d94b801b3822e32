import { Controller, Get, Header, Inject, Module, ServiceUnavailableException } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { register } from 'prom-client';
import type { Logger } from './logger.js';
import { Readiness } from './readiness.js';
import type { ReadinessCheck, ReadinessReport } from './readiness.js';

const READINESS = Symbol('readiness');

@Controller()
class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  /** The process is alive. */
  @Get('healthz')
  live() {
    return { status: 'ok' };
  }

  /** The process and its dependencies work; 503 names those that do not, or that the process is stopping. */
  @Get('readyz')
  async ready(): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status !== 'ok') throw new ServiceUnavailableException(report);
    return report;
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

export interface HealthOptions {
  /**
   * Also serves Prometheus's `/metrics`: for a port that is never published. Public services use `startMetricsServer`.
   * Default: false.
   */
  readonly withMetrics?: boolean;
  /** Receives a line when a dependency stops to work or works again. */
  readonly logger?: Logger;
}

/** `/healthz` and `/readyz`, alike in every service. */
@Module({})
export class HealthModule {
  static register(
    checks: readonly ReadinessCheck[],
    { withMetrics = false, logger }: HealthOptions = {},
  ): DynamicModule {
    return {
      module: HealthModule,
      controllers: withMetrics ? [HealthController, MetricsController] : [HealthController],
      providers: [{ provide: READINESS, useValue: new Readiness(checks, logger) }],
    };
  }
}
