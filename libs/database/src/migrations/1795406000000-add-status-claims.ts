import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a run claim the statuses that it sends, instead of keeping a transaction open while it waits for the server. */
export class AddStatusClaims1795406000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE commit_status ADD claim text, ADD claimed_until timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE commit_status DROP claim, DROP claimed_until');
  }
}
