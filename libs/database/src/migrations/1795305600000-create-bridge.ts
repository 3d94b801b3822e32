import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  `CREATE TABLE connection (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    name text NOT NULL,
    origin text NOT NULL,
    owner text NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'connected', 'broken')),
    status_reason text,
    app_id bigint,
    app_slug text,
    app_html_url text,
    permissions jsonb NOT NULL DEFAULT '{}',
    events jsonb NOT NULL DEFAULT '[]',
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
  )`,
  `CREATE INDEX connection_app ON connection (app_id)`,
  `CREATE TABLE installation (
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    id bigint NOT NULL,
    owner text NOT NULL,
    repository_selection text NOT NULL,
    suspended boolean NOT NULL,
    permissions jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (connection_id, id)
  )`,
  // Every repository that an installation reaches or reached; projects hang on these rows.
  `CREATE TABLE repository (
    id text PRIMARY KEY,
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    installation_id bigint NOT NULL,
    github_id bigint NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    default_branch text NOT NULL,
    private boolean NOT NULL,
    available boolean NOT NULL DEFAULT true,
    reconciled_at timestamptz NOT NULL DEFAULT 'epoch',
    UNIQUE (connection_id, github_id)
  )`,
  // Wanted and synced state of a ref. The job carries this row's id, never a commit.
  `CREATE TABLE git_ref (
    id text PRIMARY KEY,
    repository_id text NOT NULL REFERENCES repository ON DELETE CASCADE,
    name text NOT NULL,
    wanted_commit text,
    wanted_deleted boolean NOT NULL DEFAULT false,
    generation bigint NOT NULL DEFAULT 1,
    synced_generation bigint NOT NULL DEFAULT 0,
    synced_commit text,
    synced_tree text,
    synced_at timestamptz,
    error text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (repository_id, name)
  )`,
  `CREATE INDEX git_ref_behind ON git_ref (updated_at) WHERE synced_generation < generation`,
  `CREATE TABLE pull_request (
    id text PRIMARY KEY,
    repository_id text NOT NULL REFERENCES repository ON DELETE CASCADE,
    number integer NOT NULL,
    title text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'merged')),
    draft boolean NOT NULL,
    author text NOT NULL,
    head_branch text NOT NULL,
    head_commit text NOT NULL,
    base_branch text NOT NULL,
    fork boolean NOT NULL,
    html_url text NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (repository_id, number)
  )`,
  `CREATE TABLE project (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    repository_id text NOT NULL REFERENCES repository ON DELETE CASCADE,
    name text NOT NULL,
    production_branch text NOT NULL,
    root_folder text NOT NULL DEFAULT '',
    branch_previews jsonb NOT NULL,
    pull_request_previews boolean NOT NULL,
    fork_previews boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name)
  )`,
  `CREATE INDEX project_repository ON project (repository_id)`,
  `CREATE TABLE deployment (
    id text PRIMARY KEY,
    project_id text NOT NULL REFERENCES project ON DELETE CASCADE,
    environment text NOT NULL CHECK (environment IN ('production', 'preview')),
    ref_name text NOT NULL,
    commit text NOT NULL,
    tree text NOT NULL,
    generation bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'in_progress', 'success', 'failed', 'skipped', 'removed')),
    reason text,
    pages integer,
    current boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
  )`,
  `CREATE INDEX deployment_newest ON deployment (project_id, environment, ref_name, id DESC)`,
  `CREATE UNIQUE INDEX deployment_current ON deployment (project_id, environment, ref_name) WHERE current`,
  `CREATE INDEX deployment_open ON deployment (created_at) WHERE state IN ('queued', 'in_progress')`,
  `CREATE TABLE deployment_log (
    deployment_id text NOT NULL REFERENCES deployment ON DELETE CASCADE,
    sequence integer NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    level text NOT NULL,
    message text NOT NULL,
    file text,
    line integer,
    PRIMARY KEY (deployment_id, sequence)
  )`,
  // Outbox of commit statuses: sent in the order of `sequence` per repository, commit and context.
  `CREATE TABLE commit_status (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id text NOT NULL REFERENCES repository ON DELETE CASCADE,
    commit text NOT NULL,
    context text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'success', 'failure', 'error')),
    description text NOT NULL,
    target_url text,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    outcome text
  )`,
  `CREATE INDEX commit_status_open ON commit_status (repository_id, commit, context, sequence) WHERE settled_at IS NULL`,
  // The inbox. Bodies are JSON that is never searched: stored outside the row and not compressed, which doubles the rate.
  `CREATE TABLE delivery (
    id text PRIMARY KEY,
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    guid text NOT NULL,
    event text NOT NULL,
    enterprise_host text,
    enterprise_version text,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    enqueued_at timestamptz,
    processed_at timestamptz,
    failed_at timestamptz,
    action text,
    outcome text,
    UNIQUE (connection_id, guid)
  )`,
  `ALTER TABLE delivery ALTER COLUMN body SET STORAGE EXTERNAL`,
  `CREATE INDEX delivery_newest ON delivery (connection_id, id DESC)`,
  `CREATE INDEX delivery_open ON delivery (received_at) WHERE processed_at IS NULL AND failed_at IS NULL`,
  `CREATE TABLE idempotency_key (
    organization_id text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, key)
  )`,
];

export class CreateBridge1795305600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of tables) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const names = ['idempotency_key', 'delivery', 'commit_status', 'deployment_log', 'deployment'];
    const older = ['project', 'pull_request', 'git_ref', 'repository', 'installation', 'connection'];
    for (const name of [...names, ...older]) await queryRunner.query(`DROP TABLE ${name}`);
  }
}
