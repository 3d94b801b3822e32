import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A name that the longest suffix still fits behind: the API takes 80 characters. */
const KEPT = 70;

interface Named {
  readonly id: string;
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly name: string;
}

/**
 * Names of projects that differ only by case are one: they are in the contexts of statuses, where a server sees no
 * difference. Of those that are there the oldest keeps its name and each other one gets a number. Two with one name, as
 * left alone, would go on to overwrite each other's statuses; the number is seen, and a person may choose better. Two on
 * different repositories do not, but a name is one project's in the whole organization, also for whoever reads a list.
 */
export class UniteProjectNames1795401100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // What is created meanwhile would be one more.
    await queryRunner.query('LOCK TABLE project IN SHARE ROW EXCLUSIVE MODE');
    const doubles = (await queryRunner.query(
      `SELECT id, organization_id AS "organizationId", repository_id AS "repositoryId", name
       FROM project later WHERE EXISTS (
         SELECT 1 FROM project first WHERE first.organization_id = later.organization_id
           AND lower(first.name) = lower(later.name) AND first.id < later.id
       ) ORDER BY id`,
    )) as Named[];
    for (const double of doubles) await this.number(queryRunner, double);
    await queryRunner.query('CREATE UNIQUE INDEX project_name ON project (organization_id, lower(name))');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX project_name');
  }

  /** A number that is free. The new generation has the project say everything again, under its new name. */
  private async number(queryRunner: QueryRunner, double: Named): Promise<void> {
    const { id, organizationId, name } = double;
    for (let number = 2; ; number += 1) {
      const chosen = `${name.slice(0, KEPT)} (${number})`;
      const [, renamed] = (await queryRunner.query(
        `UPDATE project SET name = $3, settings_generation = settings_generation + 1 WHERE id = $1 AND NOT EXISTS (
           SELECT 1 FROM project other WHERE other.organization_id = $2 AND lower(other.name) = lower($3)
         )`,
        [id, organizationId, chosen],
      )) as [unknown[], number];
      if (renamed === 1) return this.endPending(queryRunner, double, chosen);
    }
  }

  /**
   * No status stays pending for ever under the old name, unless another project of the repository has it: that one speaks on
   * under it. A sweep finds what is to be sent.
   */
  private async endPending(queryRunner: QueryRunner, { repositoryId, name }: Named, chosen: string): Promise<void> {
    await queryRunner.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
       SELECT repository_id, commit, context, 'error', $3, target_url FROM (
         SELECT DISTINCT ON (commit, lower(context)) repository_id, commit, context, state, target_url FROM commit_status
         WHERE repository_id = $1 AND starts_with(lower(context), lower('Reunite (' || $2 || '): '))
         ORDER BY commit, lower(context), sequence DESC
       ) last WHERE state = 'pending' AND NOT EXISTS (
         SELECT 1 FROM project other WHERE other.repository_id = $1 AND lower(other.name) = lower($2)
       )`,
      [repositoryId, name, `The project is called "${chosen}" now`],
    );
  }
}
