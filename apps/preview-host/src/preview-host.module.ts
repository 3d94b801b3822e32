import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthModule } from '@reunite/platform';
import type { DataSource } from 'typeorm';

/** Serves health and metrics on hosts that are not previews. Previews are served by a hook that runs before Nest. */
@Module({})
export class PreviewHostModule {
  static register(dataSource: DataSource): DynamicModule {
    const checks = [{ name: 'database', check: () => dataSource.query('SELECT 1') }];
    return { module: PreviewHostModule, imports: [HealthModule.register(checks)] };
  }
}
