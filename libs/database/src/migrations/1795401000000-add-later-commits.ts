import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A push that changes nothing in the folder goes on with the deployment that is there: its commit waits for it, or shares it. */
export class AddLaterCommits1795401000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE deployment ADD COLUMN later_commits text[] NOT NULL DEFAULT '{}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE deployment DROP COLUMN later_commits');
  }
}
