import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'client-secret', 'private-key', 'webhook-secret'`;
const USER_KINDS = `'pkce-verifier', 'user-access-token', 'user-refresh-token'`;

function kindCheck(kinds: string): string {
  return `ALTER TABLE credential DROP CONSTRAINT credential_kind_check, ADD CONSTRAINT credential_kind_check CHECK (CASE
    WHEN kind IN (${kinds}) THEN subject = '' WHEN kind IN (${USER_KINDS}) THEN subject <> '' ELSE false END)`;
}

export class AddConnectionProfile1795420000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection ADD COLUMN profile_version integer NOT NULL DEFAULT 0');
    await queryRunner.query(kindCheck(`${KINDS}, 'connection-profile'`));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM credential WHERE kind = 'connection-profile'`);
    await queryRunner.query(kindCheck(KINDS));
    await queryRunner.query('ALTER TABLE connection DROP COLUMN profile_version');
  }
}
