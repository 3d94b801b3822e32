import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of a connection are listed among far more records of tokens, which are counted by the existing index. */
export class AddAuditChangesIndex1795514000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX IF NOT EXISTS audit_record_changes ON audit_record (connection_id, seq)
       WHERE method NOT LIKE 'get%' AND method NOT LIKE 'list%' AND method NOT LIKE 'read%' AND method NOT LIKE 'mint%'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX audit_record_changes');
  }
}
