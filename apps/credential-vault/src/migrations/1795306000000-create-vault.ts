import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Until the manifest is completed a connection has no app; organization and origin hold from the first moment.
  `CREATE TABLE connection (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    origin text NOT NULL,
    app_id bigint,
    client_id text,
    slug text,
    webhook_secret_pending boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    connected_at timestamptz
  )`,
  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% of %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME; END $$`,
  // The origin is what credentials are pinned to (P6), the organization whom they serve (P8).
  `CREATE TRIGGER connection_immutable BEFORE UPDATE ON connection FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.organization_id <> OLD.organization_id OR NEW.origin <> OLD.origin)
    EXECUTE FUNCTION refuse_change()`,
  `CREATE TABLE credential (
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('client-secret', 'private-key', 'webhook-secret')),
    version integer NOT NULL,
    kek_id text NOT NULL,
    kek_version integer NOT NULL,
    wrapped_dek bytea NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL,
    tag bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection_id, kind, version)
  )`,
  `CREATE INDEX credential_kek ON credential (kek_id, kek_version)`,
  `CREATE TABLE manifest_flow (
    state_hash bytea PRIMARY KEY,
    organization_id text NOT NULL,
    subject text NOT NULL,
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    origin text NOT NULL,
    owner text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
  )`,
  `CREATE INDEX manifest_flow_expiry ON manifest_flow (expires_at)`,
  `CREATE TABLE audit_record (
    organization_id text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz(3) NOT NULL,
    caller text NOT NULL,
    method text NOT NULL,
    connection_id text,
    scope jsonb NOT NULL,
    outcome text NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organization_id, seq)
  )`,
  `CREATE INDEX audit_record_connection ON audit_record (connection_id, at)`,
  `CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE ON audit_record FOR EACH ROW
    EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON audit_record FOR EACH STATEMENT
    EXECUTE FUNCTION refuse_change()`,
];

export class CreateVault1795306000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['audit_record', 'manifest_flow', 'credential', 'connection']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query('DROP FUNCTION refuse_change');
  }
}
