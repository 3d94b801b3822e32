import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The generation that the last sync of a ref asked the server for. */
export class AddAskedGeneration1795452000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE git_ref ADD COLUMN asked_generation bigint NOT NULL DEFAULT 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE git_ref DROP COLUMN asked_generation');
  }
}
