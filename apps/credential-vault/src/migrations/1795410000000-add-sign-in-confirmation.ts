import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Existing apps list only the callback URL that all connections share.
  `ALTER TABLE connection ADD COLUMN shared_callback boolean NOT NULL DEFAULT false`,
  `UPDATE connection SET shared_callback = true`,
  // Users who signed in before confirmations existed stay signed in as who they are.
  `ALTER TABLE user_account ADD COLUMN confirmed_github_id bigint`,
  `UPDATE user_account SET confirmed_github_id = github_id`,
];

export class AddSignInConfirmation1795410000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE user_account DROP COLUMN confirmed_github_id');
    await queryRunner.query('ALTER TABLE connection DROP COLUMN shared_callback');
  }
}
