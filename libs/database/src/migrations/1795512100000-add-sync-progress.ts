import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Objects and bytes that a running sync of a ref has received; null while none runs, and during its first second. */
export class AddSyncProgress1795512100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE git_ref ADD COLUMN received_objects integer, ADD COLUMN received_bytes bigint',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE git_ref DROP COLUMN received_objects, DROP COLUMN received_bytes');
  }
}
