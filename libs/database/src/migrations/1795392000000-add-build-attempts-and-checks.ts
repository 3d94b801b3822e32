import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `ALTER TABLE deployment ADD COLUMN attempts integer NOT NULL DEFAULT 0`,
  `CREATE TABLE deployment_check (
    deployment_id text NOT NULL REFERENCES deployment ON DELETE CASCADE,
    name text NOT NULL CHECK (name IN ('lint', 'links')),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'success', 'failure', 'error')),
    summary text NOT NULL,
    errors integer NOT NULL DEFAULT 0,
    warnings integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    -- The deployment's own, and later ones that changed nothing while the check was still pending: all wait for it.
    commits text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (deployment_id, name)
  )`,
  `CREATE INDEX deployment_check_open ON deployment_check (created_at) WHERE state = 'pending'`,
  `CREATE TABLE deployment_finding (
    deployment_id text NOT NULL,
    name text NOT NULL,
    sequence integer NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning')),
    rule text NOT NULL,
    message text NOT NULL,
    file text,
    line integer,
    column_number integer,
    PRIMARY KEY (deployment_id, name, sequence),
    FOREIGN KEY (deployment_id, name) REFERENCES deployment_check ON DELETE CASCADE
  )`,
];

export class AddBuildAttemptsAndChecks1795392000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE deployment_finding');
    await queryRunner.query('DROP TABLE deployment_check');
    await queryRunner.query('ALTER TABLE deployment DROP COLUMN attempts');
  }
}
