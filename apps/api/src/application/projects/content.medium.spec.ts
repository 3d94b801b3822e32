import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodePack, hashObject, serializeTree } from '@reunite/git-objects';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('content', () => {
  const api = useApi();
  let path: string;

  beforeAll(async () => {
    const objects: { type: 'blob' | 'tree' | 'commit'; body: Buffer }[] = [];
    const put = (type: 'blob' | 'tree' | 'commit', body: Buffer) => {
      objects.push({ type, body });
      return hashObject(type, body);
    };
    const blob = (text: string | Buffer) => put('blob', Buffer.from(text));
    const docs = serializeTree([
      { mode: '100644', name: 'big.md', id: blob('x'.repeat(1_048_577)) },
      {
        mode: '040000',
        name: 'guides',
        id: put('tree', serializeTree([{ mode: '100644', name: 'a.md', id: blob('# A') }])),
      },
      { mode: '100644', name: 'index.md', id: blob('# Grüße\n') },
      { mode: '120000', name: 'link', id: blob('../../etc/passwd') },
      { mode: '100644', name: 'logo.png', id: blob(Buffer.from([0x89, 0x50, 0, 1])) },
      { mode: '100755', name: 'run.sh', id: blob('true\n') },
      { mode: '160000', name: 'sub', id: 'b'.repeat(40) },
    ]);
    const tree = put(
      'tree',
      serializeTree([
        { mode: '040000', name: 'docs', id: put('tree', docs) },
        { mode: '100644', name: 'private.txt', id: blob('not in the project') },
      ]),
    );
    const who = 'Ada <ada@example.com> 1700000000 +0000';
    const commit = put('commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nStart\n`));
    const acme = await seed(api.resources.dataSource, 'org_acme', tree);
    await api.resources.content.repository(acme.repositoryId).ingestPack([encodePack(objects).pack], { commit });
    path = `/v1/projects/${acme.projectId}/content`;
  });

  const at = (inside: string) => api.json('GET', `${path}?path=${encodeURIComponent(inside)}`);

  it('lists the root folder of the project, folders first', async () => {
    const content = await api.json('GET', path);
    expect(content).toMatchObject({ branch: 'main', path: '', kind: 'folder' });
    expect((content['entries'] as { name: string; kind: string }[]).map(({ name, kind }) => `${kind} ${name}`)).toEqual(
      [
        'folder guides',
        'file big.md',
        'file index.md',
        'symlink link',
        'file logo.png',
        'file run.sh',
        'submodule sub',
      ],
    );
  });

  it('returns the text of a file, and none for binary or long files', async () => {
    expect(await at('index.md')).toMatchObject({ kind: 'file', text: '# Grüße\n', bytes: 10 });
    expect(await at('/guides/a.md')).toMatchObject({ path: 'guides/a.md', text: '# A' });
    expect(await at('logo.png')).toMatchObject({ text: null, bytes: 4 });
    expect(await at('big.md')).toMatchObject({ text: null, bytes: 1_048_577 });
  });

  it('returns which files are executable', async () => {
    expect([(await at('run.sh'))['executable'], (await at('index.md'))['executable']]).toEqual([true, false]);
    expect(await at('link')).not.toHaveProperty('executable');
  });

  it('returns symbolic links and submodules with their kind', async () => {
    expect(await at('link')).toMatchObject({ kind: 'symlink', text: '../../etc/passwd' });
    expect(await at('sub')).toMatchObject({ kind: 'submodule' });
    expect(await at('link/x')).toMatchObject({ status: 404 });
  });

  it.each(['../private.txt', 'guides/../../private.txt', './index.md', 'guides//a.md'])(
    'rejects the path %s',
    async (inside) => {
      expect(await at(inside)).toMatchObject({ status: 400, violations: [{ path: 'path' }] });
    },
  );

  it('names the missing path', async () => {
    expect(await at('private.txt')).toMatchObject({ status: 404 });
    expect(await api.json('GET', `${path}?branch=nowhere`)).toMatchObject({ status: 404 });
    expect(await api.json('GET', `${path}?branch=%00`)).toMatchObject({ status: 400 });
  });
});
