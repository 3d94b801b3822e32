import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that are uploaded in pieces before the commit that refers to them. */
const statements = [
  `CREATE TABLE upload (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    project_id text NOT NULL REFERENCES project ON DELETE CASCADE,
    subject text NOT NULL,
    size bigint NOT NULL,
    blob_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
  )`,
  `CREATE INDEX upload_organization ON upload (organization_id)`,
  `CREATE INDEX upload_project ON upload (project_id)`,
  `CREATE INDEX upload_expiry ON upload (expires_at)`,
  `CREATE TABLE upload_piece (
    upload_id text NOT NULL REFERENCES upload ON DELETE CASCADE,
    sequence integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (upload_id, sequence)
  )`,
  `ALTER TABLE upload_piece ALTER COLUMN content SET STORAGE EXTERNAL`,
  `ALTER TABLE commit_request_file ADD COLUMN upload_id text`,
];

export class CreateUpload1795432000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE commit_request_file DROP COLUMN upload_id');
    await queryRunner.query('DROP TABLE upload_piece');
    await queryRunner.query('DROP TABLE upload');
  }
}
