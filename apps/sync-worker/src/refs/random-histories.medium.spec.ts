import { describe, expect, it } from '@jest/globals';
import { eventually, ZERO_COMMIT } from '@reunite/testing';
import type { RefUpdate } from '@reunite/testing';
import fc from 'fast-check';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

/** Raise it by hand for a long run. */
const HISTORIES = Number(process.env.HISTORIES ?? 1);
const PROJECTS = 3;

const branch = fc.constantFrom('main', 'topic', 'docs');
const path = fc.constantFrom('index.md', 'docs/a.md', 'docs/b.md', 'docs', 'Index.md', 'img/c.svg');
const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), branch, path, text: fc.string() }) },
  fc.record({ kind: fc.constant('remove' as const), branch, path }),
  fc.record({ kind: fc.constant('force' as const), branch, to: fc.nat() }),
  fc.record({ kind: fc.constant('replace' as const), branch, path, text: fc.string() }),
  fc.record({ kind: fc.constant('delete' as const), branch: fc.constantFrom('topic', 'docs') }),
);
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

describe('random histories', () => {
  const worker = useWorker();
  const commits: string[] = [];

  /** Moves a branch on the server. @returns null if nothing moved */
  function push(next: Move): RefUpdate | null {
    const { git } = worker().ghes;
    const before = git.head(next.branch);
    const ref = `refs/heads/${next.branch}`;
    const older = (index: number) => commits[index % commits.length]!;
    const set = (after: string): RefUpdate => {
      git.set(ref, after);
      return { ref, before, after };
    };
    if (next.kind === 'push') return git.push(next.branch, { [next.path]: next.text });
    if (next.kind === 'remove') return git.push(next.branch, { [next.path]: null });
    if (next.kind === 'force') return older(next.to) === before ? null : set(older(next.to));
    if (next.kind === 'delete') return before === ZERO_COMMIT ? null : git.delete(next.branch);
    // A commit without a parent.
    return set(git.unrelatedCommit({ [next.path]: next.text }));
  }

  /** The branches of a project with their trees. */
  async function trees({ repositoryId }: Project): Promise<string[]> {
    const rows = await worker().resources.dataSource.query<{ line: string }[]>(
      `SELECT name || ' ' || synced_tree AS line FROM git_ref
       WHERE repository_id = $1 AND synced_commit IS NOT NULL ORDER BY name`,
      [repositoryId],
    );
    return rows.map(({ line }) => line);
  }
  const expectedTrees = () =>
    worker().ghes.git.git('for-each-ref', '--format=%(refname) %(tree)', '--sort=refname', 'refs/heads').split('\n');

  it('P3: end with the trees that git has, whichever deliveries are lost, doubled and shuffled', async () => {
    await worker().start();
    const moves = fc.array(fc.tuple(move, fc.boolean()), { minLength: 6, maxLength: 12 });
    const late = fc.array(fc.array(fc.nat(), { maxLength: 12 }), { minLength: PROJECTS, maxLength: PROJECTS });
    await fc.assert(
      fc.asyncProperty(moves, late, async (history, deliveries) => {
        const projects = await Promise.all(deliveries.map(() => worker().connect()));
        const updates: RefUpdate[] = [worker().ghes.git.push('main', { 'index.md': '# Welcome' })];
        commits.push(updates[0]!.after);
        const ids: [Project, string][] = [];
        const deliver = async (project: Project, update: RefUpdate) => {
          ids.push([project, await project.deliverPush(update)]);
        };
        for (const [next, isDelivered] of history) {
          const update = push(next);
          if (!update) continue;
          updates.push(update);
          if (update.after !== ZERO_COMMIT) commits.push(update.after);
          if (isDelivered) await deliver(projects[updates.length % PROJECTS]!, update);
        }
        for (const [index, project] of projects.entries()) {
          for (const at of deliveries[index]!) await deliver(project, updates[at % updates.length]!);
        }
        for (const [project, id] of ids) await eventually(async () => (await project.outcome(id)) !== null);
        await Promise.all(projects.map((project) => project.reconcile()));
        for (const project of projects) {
          await eventually(async () => (await trees(project)).join() === expectedTrees().join(), {
            state: () => trees(project),
            withinMs: 30_000,
          });
          const objects = worker().resources.content.repository(project.repositoryId);
          for (const line of await trees(project)) {
            for await (const { mode, id } of objects.walk(line.split(' ')[1]!)) {
              if (mode !== '040000') expect((await objects.read(id)).type).toBe('blob');
            }
          }
        }
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    );
  }, 3_600_000);
});
