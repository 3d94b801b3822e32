import { Controller, Get, Header, Inject, Module, ServiceUnavailableException } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';

/** One thing that must work for the service to take traffic: its name, and a check that throws when it does not. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<unknown>;
}

const READINESS_CHECKS = Symbol('readiness checks');
const CHECK_TIMEOUT_MS = 2_000;

@Controller()
class HealthController {
  constructor(@Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[]) {}

  /** The process lives. */
  @Get('healthz')
  live() {
    return { status: 'ok' };
  }

  /** The process and what it needs can serve; 503 names what cannot. */
  @Get('readyz')
  async ready() {
    const results = await Promise.all(this.checks.map(async ({ name, check }) => ({ name, up: await within(check) })));
    const down = results.filter(({ up }) => !up).map(({ name }) => name);
    if (down.length > 0) throw new ServiceUnavailableException({ status: 'unavailable', down });
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', register.contentType)
  metrics() {
    return register.metrics();
  }
}

async function within(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  const done = check().then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

/** `/healthz`, `/readyz` and Prometheus's `/metrics`, the same in every service. */
@Module({})
export class HealthModule {
  static register(checks: readonly ReadinessCheck[]): DynamicModule {
    if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: READINESS_CHECKS, useValue: checks }],
    };
  }
}
