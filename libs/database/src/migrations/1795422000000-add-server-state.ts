import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the server last said of a repository and of a connection: names before, why out of reach, outcome of the refresh. */
export class AddServerState1795422000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE repository
      ADD COLUMN archived boolean NOT NULL DEFAULT false,
      ADD COLUMN unavailable_cause text,
      ADD COLUMN former_name text,
      ADD COLUMN renamed_at timestamptz,
      ADD COLUMN former_default_branch text,
      ADD COLUMN reconcile_error text`);
    await queryRunner.query(`ALTER TABLE connection
      ADD COLUMN refreshed_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN refresh_finished_at timestamptz,
      ADD COLUMN refresh_error text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE connection
      DROP COLUMN refreshed_at, DROP COLUMN refresh_finished_at, DROP COLUMN refresh_error`);
    await queryRunner.query(`ALTER TABLE repository
      DROP COLUMN archived, DROP COLUMN unavailable_cause, DROP COLUMN former_name, DROP COLUMN renamed_at,
      DROP COLUMN former_default_branch, DROP COLUMN reconcile_error`);
  }
}
