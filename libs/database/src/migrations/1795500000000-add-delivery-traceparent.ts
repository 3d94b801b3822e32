import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace of a delivery begins at webhook-ingest and continues in the worker. Null while nothing is traced. */
export class AddDeliveryTraceparent1795500000000 implements MigrationInterface {
  readonly name = 'AddDeliveryTraceparent1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhook_delivery ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhook_delivery DROP COLUMN traceparent');
  }
}
