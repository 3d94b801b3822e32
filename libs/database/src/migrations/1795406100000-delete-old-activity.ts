import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deletes old rows of the activity log on behalf of a role that has no right on the table: it can delete what is older than
 * 30 days, and cannot read, change or delete what is recent.
 */
export class DeleteOldActivity1795406100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX activity_age ON activity (at)');
    await queryRunner.query(
      `CREATE FUNCTION delete_old_activity(days int, batch int) RETURNS int
       LANGUAGE sql SECURITY DEFINER SET search_path = bridge, pg_temp AS $$
         WITH deleted AS (
           DELETE FROM bridge.activity WHERE id IN (
             SELECT id FROM bridge.activity WHERE at < now() - make_interval(days => greatest(days, 30)) LIMIT batch
           ) RETURNING 1
         ) SELECT count(*)::int FROM deleted
       $$`,
    );
    await queryRunner.query('REVOKE ALL ON FUNCTION delete_old_activity FROM PUBLIC');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION delete_old_activity');
    await queryRunner.query('DROP INDEX activity_age');
  }
}
