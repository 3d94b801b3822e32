import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people want committed. Files are too much for a job: they wait here, and go as soon as they are committed. */
const tables = [
  `CREATE TABLE commit_request (
    id text PRIMARY KEY,
    repository_id text NOT NULL REFERENCES repository ON DELETE CASCADE,
    branch text NOT NULL,
    new_branch boolean NOT NULL,
    expected_head text NOT NULL,
    message text NOT NULL,
    result jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX commit_request_age ON commit_request (created_at)`,
  `CREATE TABLE commit_request_file (
    request_id text NOT NULL REFERENCES commit_request ON DELETE CASCADE,
    sequence integer NOT NULL,
    action text NOT NULL CHECK (action IN ('write', 'delete', 'rename', 'chmod')),
    path text NOT NULL,
    from_path text,
    content bytea,
    executable boolean,
    PRIMARY KEY (request_id, sequence)
  )`,
  `ALTER TABLE commit_request_file ALTER COLUMN content SET STORAGE EXTERNAL`,
];

export class CreateCommitRequest1795395000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of tables) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE commit_request_file');
    await queryRunner.query('DROP TABLE commit_request');
  }
}
