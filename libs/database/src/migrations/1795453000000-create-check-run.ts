import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The check run that a project keeps on each commit, on servers that grant the app `checks: write`. */
const statements = [
  `CREATE TABLE check_run (
    project_id text NOT NULL REFERENCES project ON DELETE CASCADE,
    commit text NOT NULL,
    revision bigint NOT NULL DEFAULT 1,
    settled_revision bigint NOT NULL DEFAULT 0,
    content_hash text,
    problem text,
    reopenable boolean NOT NULL DEFAULT false,
    claim text,
    claimed_until timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, commit)
  )`,
  `CREATE INDEX check_run_unsettled ON check_run (changed_at) WHERE settled_revision < revision`,
  `CREATE INDEX check_run_changed ON check_run (changed_at)`,
];

export class CreateCheckRun1795453000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE check_run');
  }
}
