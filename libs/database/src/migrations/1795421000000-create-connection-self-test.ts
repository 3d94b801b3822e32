import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConnectionSelfTest1795421000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE connection_self_test (
      connection_id text PRIMARY KEY REFERENCES connection ON DELETE CASCADE,
      tested_at timestamptz NOT NULL,
      failing_since timestamptz,
      probes jsonb NOT NULL
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE connection_self_test');
  }
}
