import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which findings of a preview current production does not have, and whether only those fail its checks. */
const statements = [
  `ALTER TABLE deployment_finding ADD COLUMN is_new boolean`,
  `ALTER TABLE deployment_check ADD COLUMN new_errors integer, ADD COLUMN new_warnings integer`,
  `ALTER TABLE project ADD COLUMN preview_checks text NOT NULL DEFAULT 'all'`,
];

export class AddNewFindings1795517000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE project DROP COLUMN preview_checks');
    await queryRunner.query('ALTER TABLE deployment_check DROP COLUMN new_errors, DROP COLUMN new_warnings');
    await queryRunner.query('ALTER TABLE deployment_finding DROP COLUMN is_new');
  }
}
