import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transport of the last successful sync of a ref, and the reason if it is not git's own protocol. */
export class AddSyncTransport1795519000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE git_ref ADD COLUMN sync_transport text, ADD COLUMN sync_transport_reason text',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE git_ref DROP COLUMN sync_transport, DROP COLUMN sync_transport_reason');
  }
}
