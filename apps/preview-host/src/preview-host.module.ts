import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthModule } from '@reunite/platform';
import type { ReadinessCheck } from '@reunite/platform';

/** Serves health and metrics on hosts that are not previews. Previews are served by a hook that runs before Nest. */
@Module({})
export class PreviewHostModule {
  static register(checks: readonly ReadinessCheck[]): DynamicModule {
    return { module: PreviewHostModule, imports: [HealthModule.register(checks)] };
  }
}
