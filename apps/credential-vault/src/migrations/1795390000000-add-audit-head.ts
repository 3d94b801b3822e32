import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Where each chain ends: without it nobody would miss the records at its end.
  `CREATE TABLE audit_head (
    organization_id text PRIMARY KEY,
    seq bigint NOT NULL,
    hash bytea NOT NULL
  )`,
  `INSERT INTO audit_head (organization_id, seq, hash)
    SELECT DISTINCT ON (organization_id) organization_id, seq, hash FROM audit_record
    ORDER BY organization_id, seq DESC`,
  // Kept by the database and not by the program, so that replicas of the version before keep it too.
  `CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO audit_head (organization_id, seq, hash)
        SELECT DISTINCT ON (organization_id) organization_id, seq, hash FROM appended
        ORDER BY organization_id, seq DESC
        ON CONFLICT (organization_id) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash;
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER audit_record_moves_head AFTER INSERT ON audit_record REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION move_audit_head()`,
  `CREATE TRIGGER audit_head_only_forward BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (NEW.seq <= OLD.seq OR NEW.organization_id <> OLD.organization_id) EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT
    EXECUTE FUNCTION refuse_change()`,
  `CREATE INDEX audit_record_caller ON audit_record (caller, at)`,
];

export class AddAuditHead1795390000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER audit_record_moves_head ON audit_record');
    await queryRunner.query('DROP FUNCTION move_audit_head');
    await queryRunner.query('DROP INDEX audit_record_caller');
    await queryRunner.query('DROP TABLE audit_head');
  }
}
