import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { eventGenerator } from './event/event.generator.js';
import { operationGenerator } from './operation/operation.generator.js';

const workspaceRoot = join(import.meta.dirname, '../../..');
const changed = [
  'libs/deliveries/src/payload-schemas.rules.ts',
  'libs/deliveries/src/parse-delivery.rules.ts',
  'libs/connections/src/app-manifest.rules.ts',
  'libs/ghes-client/src/operations/routes.ts',
  'libs/ghes-client/src/operations/index.ts',
  'libs/ghes-client/src/index.ts',
];

let tree: Tree;
const read = (file: string) => tree.read(file, 'utf8') ?? '';

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  tree.write('.prettierrc', readFileSync(join(workspaceRoot, '.prettierrc.json')));
  for (const file of changed) tree.write(file, readFileSync(join(workspaceRoot, file)));
});

describe('the event generator', () => {
  it('parses the event and subscribes to it', async () => {
    await eventGenerator(tree, { name: 'star' });
    expect(read('libs/deliveries/src/payload-schemas.rules.ts')).toContain('export const starSchema = z.object(');
    expect(read('libs/deliveries/src/parse-delivery.rules.ts')).toContain('  star: starSchema,\n');
    expect(read('libs/connections/src/app-manifest.rules.ts')).toMatch(/neededEvents = \[.*'push', 'star'\]/);
  });

  it('rejects an event that already has a handler', async () => {
    await expect(eventGenerator(tree, { name: 'push' })).rejects.toThrow('The event push is handled already');
  });
});

describe('the operation generator', () => {
  const route = 'GET /repos/{owner}/{repo}/labels/{label_name}';

  it('adds the function, its route and its export', async () => {
    await operationGenerator(tree, { name: 'get-label', route });
    expect(read('libs/ghes-client/src/operations/routes.ts')).toContain(`  getLabel: '${route}',\n`);
    expect(read('libs/ghes-client/src/operations/index.ts')).toContain("export { getLabel } from './get-label.js';");
    expect(read('libs/ghes-client/src/index.ts')).toContain("  getLabel,\n} from './operations/index.js';");
    expect(read('libs/ghes-client/src/operations/get-label.ts')).toContain('label_name: parameters.labelName,');
  });

  it('rejects an operation that exists', async () => {
    const existing = operationGenerator(tree, { name: 'get-repository', route: 'GET /repos/{owner}/{repo}' });
    await expect(existing).rejects.toThrow('The operation getRepository exists already.');
  });
});
