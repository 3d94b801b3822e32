import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payloads of jobs that act on behalf of a user. Only the API may insert rows: a row is the proof that a user asked. */
export class CreateUserAction1795402000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE user_action (
        id text PRIMARY KEY,
        job text NOT NULL,
        payload jsonb NOT NULL,
        job_id text,
        created_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    await queryRunner.query('CREATE INDEX user_action_age ON user_action (created_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE user_action');
  }
}
