import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The comment that a project keeps on each pull request. No reference to `pull_request`: its rows are locked before
 * projects, and these rows are written after the project is locked. Existing projects write no comments.
 */
const statements = [
  `ALTER TABLE project ADD COLUMN pull_request_comments boolean NOT NULL DEFAULT false`,
  `CREATE TABLE pull_request_comment (
    project_id text NOT NULL REFERENCES project ON DELETE CASCADE,
    number integer NOT NULL,
    revision bigint NOT NULL DEFAULT 1,
    settled_revision bigint NOT NULL DEFAULT 0,
    comment_id bigint,
    body_hash text,
    create_started_at timestamptz,
    problem text,
    reopenable boolean NOT NULL DEFAULT false,
    claim text,
    claimed_until timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, number)
  )`,
  `CREATE INDEX pull_request_comment_unsettled ON pull_request_comment (changed_at) WHERE settled_revision < revision`,
];

export class CreatePullRequestComment1795451000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE pull_request_comment');
    await queryRunner.query('ALTER TABLE project DROP COLUMN pull_request_comments');
  }
}
