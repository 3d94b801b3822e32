import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What failed checks do to a build of the production branch. Existing projects continue to publish it. */
export class AddProductionChecks1795431000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE project ADD COLUMN production_checks text NOT NULL DEFAULT 'warn'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE project DROP COLUMN production_checks');
  }
}
