import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may commit to a project's production branch. Existing projects keep the editor for those who may publish. */
export class AddProductionCommits1795405000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE project ADD COLUMN production_commits text NOT NULL DEFAULT 'maintain'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE project DROP COLUMN production_commits');
  }
}
