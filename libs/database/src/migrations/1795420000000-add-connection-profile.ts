import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddConnectionProfile1795420000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The part that is no secret. The vault has the whole profile, sealed, and its version is the vault's.
    await queryRunner.query(`ALTER TABLE connection ADD COLUMN profile jsonb,
      ADD COLUMN profile_version integer NOT NULL DEFAULT 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection DROP COLUMN profile, DROP COLUMN profile_version');
  }
}
