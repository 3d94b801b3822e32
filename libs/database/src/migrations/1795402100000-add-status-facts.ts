import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Commit statuses are computed from rows: why a build failed must outlive the removal of its deployment, and commits
  // whose preview is a production deployment must be recorded.
  `ALTER TABLE deployment
    ADD COLUMN failure text,
    ADD COLUMN previewed_commits text[] NOT NULL DEFAULT '{}'`,
  `UPDATE deployment SET failure = reason WHERE state IN ('failed', 'timed_out')`,
  // Statuses of a commit follow from every deployment that covers it.
  `CREATE INDEX deployment_commit ON deployment (project_id, commit)`,
  `CREATE INDEX deployment_later_commits ON deployment USING gin (later_commits)`,
  `CREATE INDEX deployment_previewed_commits ON deployment USING gin (previewed_commits)`,
];

/** Facts and indexes that the statuses of commits are computed from. */
export class AddStatusFacts1795402100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX deployment_commit, deployment_later_commits');
    await queryRunner.query('ALTER TABLE deployment DROP COLUMN failure, DROP COLUMN previewed_commits');
  }
}
