import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The server's id of the app's owner, which a renamed owner keeps. */
export class AddConnectionOwnerId1795442000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection ADD COLUMN owner_id bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE connection DROP COLUMN owner_id');
  }
}
