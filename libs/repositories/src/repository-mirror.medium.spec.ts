import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { useBridgeDatabase } from '@reunite/testing/jest';
import type { EntityManager } from 'typeorm';
import { mirrorRepositories, updateRepository } from './repository-mirror.js';
import type { ServerRepository } from './repository-mirror.js';
import { RepositoryEntity } from './repository.entity.js';

const docs: ServerRepository = {
  id: 1,
  name: 'docs',
  owner: { login: 'acme' },
  default_branch: 'main',
  private: true,
  archived: false,
};

describe('the mirror of the repositories of a connection', () => {
  const dataSource = useBridgeDatabase([RepositoryEntity]);
  let db: EntityManager;
  let connectionId: string;

  const mirror = (...listed: ServerRepository[]) =>
    mirrorRepositories(db, connectionId, { byInstallation: new Map([[7, listed]]), causes: new Map() });
  const row = (githubId = 1) => db.findOneByOrFail(RepositoryEntity, { connectionId, githubId });

  beforeAll(() => {
    db = dataSource().manager;
  });
  beforeEach(async () => {
    connectionId = newId('connection');
    await db.query(
      `INSERT INTO connection (id, organization_id, name, origin, owner, status, created_by)
       VALUES ($1, 'org_1', $1, 'https://ghes.example.com', 'acme', 'connected', 'ada')`,
      [connectionId],
    );
  });

  it('stores more repositories than a statement can have parameters', async () => {
    const many = Array.from({ length: 7_400 }, (_, index) => ({ ...docs, id: index + 1, name: `docs-${index}` }));
    expect(await mirror(...many)).toHaveLength(7_400);
    expect(await mirror(...many)).toEqual([]);
    expect(await db.countBy(RepositoryEntity, { connectionId, available: true })).toBe(7_400);
  });

  it('stores a repository once if a listing repeats it', async () => {
    await mirror(docs, { ...docs, id: 2, name: 'guides' }, docs);
    expect(await db.countBy(RepositoryEntity, { connectionId })).toBe(2);
  });

  it('keeps the former name of a renamed repository, and its id', async () => {
    await mirror(docs);
    const before = await row();
    expect(await mirror({ ...docs, name: 'manual', owner: { login: 'globex' } })).toEqual([before.id]);
    expect(await row()).toMatchObject({ id: before.id, owner: 'globex', name: 'manual', formerName: 'acme/docs' });
    await mirror({ ...docs, name: 'manual', owner: { login: 'globex' } });
    expect(await row()).toMatchObject({ formerName: 'acme/docs' });
  });

  it('follows two repositories that exchange their names', async () => {
    await mirror(docs, { ...docs, id: 2, name: 'guides' });
    const [first, second] = [await row(1), await row(2)];
    await mirror({ ...docs, name: 'guides' }, { ...docs, id: 2, name: 'docs' });
    expect(await row(1)).toMatchObject({ id: first.id, name: 'guides' });
    expect(await row(2)).toMatchObject({ id: second.id, name: 'docs' });
  });

  it('stores why a repository is out of reach, and clears it when it is back', async () => {
    await mirror(docs, { ...docs, id: 2, name: 'guides' });
    const causes = new Map([[1, 'suspended'] as const]);
    await mirrorRepositories(db, connectionId, { byInstallation: new Map(), causes });
    expect(await row(1)).toMatchObject({ available: false, unavailableCause: 'suspended' });
    expect(await row(2)).toMatchObject({ available: false, unavailableCause: 'not-included' });
    expect(await mirror(docs)).toHaveLength(1);
    expect(await row(1)).toMatchObject({ available: true, unavailableCause: null });
  });

  it('updates a repository that was read by its id', async () => {
    await mirror(docs);
    const before = await row();
    expect(await updateRepository(db, before, docs)).toBe(false);
    const changed = { ...docs, default_branch: 'trunk', archived: true };
    expect(await updateRepository(db, before, changed)).toBe(true);
    expect(await row()).toMatchObject({ defaultBranch: 'trunk', formerDefaultBranch: 'main', archived: true });
  });

  it('keeps a repository unavailable that answers a request from before its suspension', async () => {
    await mirror(docs);
    const before = await row();
    await mirrorRepositories(db, connectionId, { byInstallation: new Map(), causes: new Map([[1, 'suspended']]) });
    expect(await updateRepository(db, before, { ...docs, name: 'renamed' })).toBe(true);
    expect(await row()).toMatchObject({ name: 'renamed', available: false, unavailableCause: 'suspended' });
  });
});
