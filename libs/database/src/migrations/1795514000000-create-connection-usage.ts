import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConnectionUsage1795514000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE connection_usage (
      connection_id text PRIMARY KEY REFERENCES connection ON DELETE CASCADE,
      last_success_at timestamptz,
      rate_limit integer,
      rate_remaining integer,
      rate_resets_at timestamptz,
      rate_read_at timestamptz
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE connection_usage');
  }
}
