import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the content of a repository was last collected, and since when no project is connected to it. */
export class AddContentCollection1795512000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE repository
         ADD COLUMN content_collected_at timestamptz NOT NULL DEFAULT 'epoch',
         ADD COLUMN unconnected_since timestamptz`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE repository DROP COLUMN content_collected_at, DROP COLUMN unconnected_since');
  }
}
