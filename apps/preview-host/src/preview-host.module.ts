import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthModule } from '@reunite/platform';
import type { DataSource } from 'typeorm';

/** Health and metrics, at addresses that are no preview's. Previews are answered before Nest sees them. */
@Module({})
export class PreviewHostModule {
  static register(dataSource: DataSource): DynamicModule {
    const checks = [{ name: 'database', check: () => dataSource.query('SELECT 1') }];
    return { module: PreviewHostModule, imports: [HealthModule.register(checks)] };
  }
}
