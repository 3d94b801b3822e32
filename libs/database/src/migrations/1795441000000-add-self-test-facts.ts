import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a self-test found about the server: shown at a glance, and the time of further self-tests. */
export class AddSelfTestFacts1795441000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE connection_self_test
      ADD COLUMN server_version text, ADD COLUMN certificate_expires_at timestamptz`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE connection_self_test DROP COLUMN server_version, DROP COLUMN certificate_expires_at',
    );
  }
}
