import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postgresMajor } from '@reunite/testing';
import { openDataFolder, recordSchemaVersion, requireCompatibleData } from './data-folder.js';
import type { DataFolder } from './data-folder.js';

describe('the data of another version', () => {
  let root: string;
  let data: DataFolder;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'local-data-'));
    data = await openDataFolder(root);
    await mkdir(join(data.postgres, 'data'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const writePostgresVersion = (version: string) =>
    writeFile(join(data.postgres, 'data', 'PG_VERSION'), `${version}\n`);

  it('is accepted if it is empty, of this version, or of an older version of the project', async () => {
    await requireCompatibleData(data);
    await writePostgresVersion(await postgresMajor());
    await recordSchemaVersion(data);
    await requireCompatibleData(data);
    await writeFile(join(root, 'schema-version'), '1700000000000\n');
    await requireCompatibleData(data);
  });

  it('is rejected in one line if it is of another PostgreSQL', async () => {
    await writePostgresVersion('16');
    await expect(requireCompatibleData(data)).rejects.toThrow(
      /^\S+ has data of PostgreSQL 16, and this version runs \d+\. Start the version that wrote it, or use another folder: .+$/,
    );
  });

  it('is rejected in one line if it is of a newer version of the project', async () => {
    await recordSchemaVersion(data);
    const newer = Number(await readFile(join(root, 'schema-version'), 'utf8')) + 1;
    await writeFile(join(root, 'schema-version'), String(newer));
    await expect(requireCompatibleData(data)).rejects.toThrow(/^\S+ has data of a newer version of this project .+$/);
  });
});
