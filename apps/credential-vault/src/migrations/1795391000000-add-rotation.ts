import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddRotation1795391000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE connection
      ADD COLUMN webhook_secret_rotated_at timestamptz,
      ADD COLUMN token_epoch integer NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection DROP COLUMN webhook_secret_rotated_at, DROP COLUMN token_epoch');
  }
}
