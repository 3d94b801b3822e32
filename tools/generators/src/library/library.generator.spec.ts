import { readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { describe, expect, it } from '@jest/globals';
import { libraryGenerator } from './library.generator.js';

describe('the library generator', () => {
  it('writes package, project, index and a test, with the tags that the linter reads', async () => {
    const tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
    tree.write('.prettierrc.json', '{ "singleQuote": true }');
    await libraryGenerator(tree, { name: 'link-graph', type: 'domain', scope: 'worker' });
    expect(readJson(tree, 'libs/link-graph/project.json')).toMatchObject({
      name: 'link-graph',
      sourceRoot: 'libs/link-graph/src',
      tags: ['type:domain', 'scope:worker'],
      targets: { build: {}, test: {}, lint: {} },
    });
    expect(readJson(tree, 'libs/link-graph/package.json')).toMatchObject({
      name: '@reunite/link-graph',
      type: 'module',
      exports: { '.': { '@reunite/source': './src/index.ts', default: './dist/index.js' } },
    });
    expect(tree.read('libs/link-graph/src/index.ts', 'utf8')).toBe("export { linkGraph } from './link-graph.js';\n");
    expect(tree.exists('libs/link-graph/src/link-graph.spec.ts')).toBe(true);
  });

  it('overwrites nothing', async () => {
    const tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
    tree.write('.prettierrc.json', '{ "singleQuote": true }');
    tree.write('libs/contracts/package.json', '{}');
    await expect(libraryGenerator(tree, { name: 'contracts' })).rejects.toThrow('libs/contracts is there already.');
  });
});
