import type { MigrationInterface, QueryRunner } from 'typeorm';

/** First expiry of the certificates in a connection's profile: decides when further self-tests run. */
export class AddProfileExpiry1795515000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection_self_test ADD COLUMN profile_expires_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection_self_test DROP COLUMN profile_expires_at');
  }
}
