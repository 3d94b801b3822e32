import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a request was first about to be written: a run after it cannot say that nothing was. */
export class AddCommitRequestBegunAt1795397000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE commit_request ADD COLUMN begun_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE commit_request DROP COLUMN begun_at');
  }
}
