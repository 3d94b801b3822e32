import type { MigrationInterface, QueryRunner } from 'typeorm';

const states = ['queued', 'in_progress', 'success', 'failed', 'timed_out', 'skipped', 'removed'];

const statements = [
  // Why a deployment was made, by whom where a person asked for it, and from which one.
  `ALTER TABLE deployment
    ADD COLUMN trigger text NOT NULL DEFAULT 'push'
      CHECK (trigger IN ('push', 'pull_request', 'settings', 'redeploy', 'promote')),
    ADD COLUMN triggered_by_subject text,
    ADD COLUMN triggered_by_name text,
    ADD COLUMN source_id text,
    ADD COLUMN closed boolean NOT NULL DEFAULT false`,
  `ALTER TABLE deployment DROP CONSTRAINT deployment_state_check`,
  `ALTER TABLE deployment ADD CONSTRAINT deployment_state_check CHECK (state IN ('${states.join(`', '`)}'))`,
  // Until now these did not count when a ref was planned.
  `UPDATE deployment SET closed = true WHERE state IN ('skipped', 'removed')`,
  // A project shows one production, whichever branch it is from; a preview is its branch's.
  `UPDATE deployment older SET current = false WHERE current AND environment = 'production' AND EXISTS (
    SELECT 1 FROM deployment newer WHERE newer.project_id = older.project_id AND newer.environment = 'production'
      AND newer.current AND newer.id > older.id)`,
  `DROP INDEX deployment_current`,
  `CREATE UNIQUE INDEX deployment_current_production ON deployment (project_id)
    WHERE current AND environment = 'production'`,
  `CREATE UNIQUE INDEX deployment_current_preview ON deployment (project_id, ref_name)
    WHERE current AND environment = 'preview'`,
  // Settings that were changed are planned by a job; a sweep finds the projects whose job was lost.
  `ALTER TABLE project
    ADD COLUMN settings_generation integer NOT NULL DEFAULT 1,
    ADD COLUMN planned_generation integer NOT NULL DEFAULT 0,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()`,
  `CREATE INDEX project_unplanned ON project (updated_at) WHERE planned_generation < settings_generation`,
  // The last word of a key, and how often something was said.
  `CREATE INDEX commit_status_key ON commit_status (repository_id, commit, context, sequence DESC)`,
  // What the server would not take for a reason that may pass.
  `ALTER TABLE commit_status ADD COLUMN refused boolean NOT NULL DEFAULT false`,
  `CREATE INDEX commit_status_refused ON commit_status (repository_id) WHERE refused`,
  `CREATE INDEX delivery_settled ON delivery (received_at) WHERE processed_at IS NOT NULL OR failed_at IS NOT NULL`,
];

const reverse = [
  `DROP INDEX delivery_settled`,
  `ALTER TABLE commit_status DROP COLUMN refused`,
  `DROP INDEX commit_status_key`,
  `ALTER TABLE project DROP COLUMN settings_generation, DROP COLUMN planned_generation, DROP COLUMN updated_at`,
  `DROP INDEX deployment_current_production, deployment_current_preview`,
  `CREATE UNIQUE INDEX deployment_current ON deployment (project_id, environment, ref_name) WHERE current`,
  `UPDATE deployment SET state = 'failed' WHERE state = 'timed_out'`,
  `ALTER TABLE deployment DROP CONSTRAINT deployment_state_check`,
  `ALTER TABLE deployment ADD CONSTRAINT deployment_state_check
    CHECK (state IN ('queued', 'in_progress', 'success', 'failed', 'skipped', 'removed'))`,
  `ALTER TABLE deployment DROP COLUMN trigger, DROP COLUMN triggered_by_subject, DROP COLUMN triggered_by_name,
    DROP COLUMN source_id, DROP COLUMN closed`,
];

export class DeepenDeployments1795393000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of reverse) await queryRunner.query(statement);
  }
}
