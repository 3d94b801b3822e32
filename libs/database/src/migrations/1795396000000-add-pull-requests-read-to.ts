import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the reconciler has read a repository's pull requests: the server's time of the last change that it listed. */
export class AddPullRequestsReadTo1795396000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE repository ADD COLUMN pull_requests_read_to timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE repository DROP COLUMN pull_requests_read_to');
  }
}
