import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Recovery of deliveries that a server could not deliver. `server_id`s are ids of the server's log, which exceed bigint.
 * The cursor points into a reading of the log that is not finished.
 */
export class CreateDeliveryRecovery1795430000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE delivery_recovery (
        connection_id text PRIMARY KEY REFERENCES connection ON DELETE CASCADE,
        due_at timestamptz NOT NULL DEFAULT now(),
        checked_at timestamptz,
        read_to numeric(30) NOT NULL DEFAULT 0,
        cursor text,
        cursor_from numeric(30),
        skipped_reason text,
        missed bigint NOT NULL DEFAULT 0,
        recovered bigint NOT NULL DEFAULT 0,
        lost bigint NOT NULL DEFAULT 0
      )`,
    );
    await queryRunner.query('CREATE INDEX delivery_recovery_due ON delivery_recovery (due_at)');
    await queryRunner.query(
      `CREATE TABLE missed_delivery (
        connection_id text NOT NULL REFERENCES delivery_recovery ON DELETE CASCADE,
        key uuid NOT NULL,
        server_id numeric(30) NOT NULL,
        guid text NOT NULL,
        event text NOT NULL,
        delivered_at timestamptz NOT NULL,
        attempts smallint NOT NULL DEFAULT 0,
        requested_at timestamptz,
        lost_at timestamptz,
        lost_reason text,
        PRIMARY KEY (connection_id, key)
      )`,
    );
    await queryRunner.query(
      'CREATE INDEX missed_delivery_open ON missed_delivery (connection_id, server_id) WHERE lost_at IS NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE missed_delivery, delivery_recovery');
  }
}
