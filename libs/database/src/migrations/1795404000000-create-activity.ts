import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What callers changed, and sessions that ended before their token expires. */
export class CreateActivity1795404000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE activity (
        id text PRIMARY KEY,
        organization_id text NOT NULL,
        subject text NOT NULL,
        name text NOT NULL,
        session_id text NOT NULL,
        action text NOT NULL,
        target text,
        details jsonb NOT NULL DEFAULT '{}',
        protocol text NOT NULL,
        address text,
        outcome text NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    await queryRunner.query('CREATE INDEX activity_organization ON activity (organization_id, id)');
    await queryRunner.query('CREATE TABLE ended_session (id text PRIMARY KEY, expires_at timestamptz NOT NULL)');
    await queryRunner.query('CREATE INDEX ended_session_expiry ON ended_session (expires_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE ended_session');
    await queryRunner.query('DROP TABLE activity');
  }
}
