import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'client-secret', 'private-key', 'webhook-secret', 'connection-profile'`;
const USER_KINDS = `'pkce-verifier', 'user-access-token', 'user-refresh-token'`;

function kindCheck(kinds: string): string {
  return `ALTER TABLE credential DROP CONSTRAINT credential_kind_check, ADD CONSTRAINT credential_kind_check CHECK (CASE
    WHEN kind IN (${kinds}) THEN subject = '' WHEN kind IN (${USER_KINDS}) THEN subject <> '' ELSE false END)`;
}

/** References to private keys that a key service keeps. */
export class AddSigningKey1795430000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(kindCheck(`${KINDS}, 'signing-key'`));
    await queryRunner.query(
      `CREATE INDEX credential_private_key ON credential (connection_id) WHERE kind = 'private-key'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX credential_private_key');
    await queryRunner.query(`DELETE FROM credential WHERE kind = 'signing-key'`);
    await queryRunner.query(kindCheck(KINDS));
  }
}
