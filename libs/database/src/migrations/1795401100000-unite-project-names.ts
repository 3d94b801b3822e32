import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A name that the longest suffix still fits behind: the API takes 80 characters. */
const KEPT = 70;

interface Named {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

/**
 * Names of projects that differ only by case are one: they are in the contexts of statuses, where a server sees no
 * difference. Of those that are there the oldest keeps its name and each other one gets a number. Two with one name, as
 * left alone, would go on to overwrite each other's statuses; the number is seen, and a person may choose better.
 */
export class UniteProjectNames1795401100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // What is created meanwhile would be one more.
    await queryRunner.query('LOCK TABLE project IN SHARE ROW EXCLUSIVE MODE');
    const doubles = (await queryRunner.query(
      `SELECT id, organization_id AS "organizationId", name FROM project later WHERE EXISTS (
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
  private async number(queryRunner: QueryRunner, { id, organizationId, name }: Named): Promise<void> {
    for (let number = 2; ; number += 1) {
      const [, renamed] = (await queryRunner.query(
        `UPDATE project SET name = $3, settings_generation = settings_generation + 1 WHERE id = $1 AND NOT EXISTS (
           SELECT 1 FROM project other WHERE other.organization_id = $2 AND lower(other.name) = lower($3)
         )`,
        [id, organizationId, `${name.slice(0, KEPT)} (${number})`],
      )) as [unknown[], number];
      if (renamed === 1) return;
    }
  }
}
