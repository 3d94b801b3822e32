import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Empty for the credentials of the app. It is associated data of a person's credentials.
  `ALTER TABLE credential ADD COLUMN subject text NOT NULL DEFAULT ''`,
  `ALTER TABLE credential DROP CONSTRAINT credential_pkey, ADD PRIMARY KEY (connection_id, kind, subject, version)`,
  `ALTER TABLE credential DROP CONSTRAINT credential_kind_check, ADD CONSTRAINT credential_kind_check CHECK (CASE
    WHEN kind IN ('client-secret', 'private-key', 'webhook-secret') THEN subject = ''
    WHEN kind IN ('pkce-verifier', 'user-access-token', 'user-refresh-token') THEN subject <> ''
    ELSE false END)`,
  `CREATE INDEX credential_verifier_age ON credential (created_at) WHERE kind = 'pkce-verifier'`,
  `CREATE TABLE sign_in_flow (
    state_hash bytea PRIMARY KEY,
    organization_id text NOT NULL,
    subject text NOT NULL,
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    verifier_version integer NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
  )`,
  `CREATE INDEX sign_in_flow_expiry ON sign_in_flow (expires_at)`,
  `CREATE TABLE user_account (
    connection_id text NOT NULL REFERENCES connection ON DELETE CASCADE,
    subject text NOT NULL CHECK (subject <> ''),
    github_id bigint,
    login text,
    fault text CHECK (fault IN ('expired', 'revoked', 'suspended')),
    renewed_at timestamptz NOT NULL,
    expires_at timestamptz,
    verified_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection_id, subject)
  )`,
  // Up to which version a KEK was destroyed: what a slow replica still wraps by it is refused instead of lost.
  `CREATE TABLE destroyed_kek (
    kek_id text PRIMARY KEY,
    version integer NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE FUNCTION refuse_destroyed_kek() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM vault.destroyed_kek WHERE kek_id = NEW.kek_id AND version >= NEW.kek_version) THEN
        RAISE EXCEPTION 'KEK % version % was destroyed', NEW.kek_id, NEW.kek_version;
      END IF;
      RETURN NEW;
    END $$`,
  `CREATE TRIGGER credential_kek_alive BEFORE INSERT OR UPDATE OF kek_id, kek_version ON credential FOR EACH ROW
    EXECUTE FUNCTION refuse_destroyed_kek()`,
];

export class AddUserSignIn1795396000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER credential_kek_alive ON credential');
    await queryRunner.query('DROP FUNCTION refuse_destroyed_kek');
    for (const table of ['destroyed_kek', 'user_account', 'sign_in_flow']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
    await queryRunner.query(`DELETE FROM credential WHERE subject <> ''`);
    await queryRunner.query(
      `ALTER TABLE credential DROP CONSTRAINT credential_kind_check, DROP CONSTRAINT credential_pkey`,
    );
    await queryRunner.query(`ALTER TABLE credential DROP COLUMN subject, ADD PRIMARY KEY (connection_id, kind, version),
      ADD CONSTRAINT credential_kind_check CHECK (kind IN ('client-secret', 'private-key', 'webhook-secret'))`);
  }
}
