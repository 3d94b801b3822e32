import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The size of a deployment's site, for the quota of its organization. */
export class AddArtifactBytes1795406200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE deployment ADD artifact_bytes bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE deployment DROP artifact_bytes');
  }
}
