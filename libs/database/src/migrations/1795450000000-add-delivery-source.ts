import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that the worker sets when it processes a delivery: ingest does not parse payloads, so it writes none of them. */
export class AddDeliverySource1795450000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE webhook_delivery ADD COLUMN repository text, ADD COLUMN sender text,
         ADD COLUMN ignored boolean NOT NULL DEFAULT false`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE webhook_delivery DROP COLUMN repository, DROP COLUMN sender, DROP COLUMN ignored',
    );
  }
}
