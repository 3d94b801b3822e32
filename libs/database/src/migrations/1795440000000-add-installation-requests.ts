import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Installations that members of an organization requested, and that an owner has not approved. */
export class AddInstallationRequests1795440000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE connection ADD COLUMN installation_requests jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection DROP COLUMN installation_requests');
  }
}
