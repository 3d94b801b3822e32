import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { jobGenerator } from './job.generator.js';

// The compiler reads the worker and all that it stands on, twice.
const COMPILE_MS = 120_000;
const workspaceRoot = join(import.meta.dirname, '../../../..');
const declarations = 'libs/contracts/src/jobs/jobs.ts';
const handler = 'apps/sync-worker/src/refs/prune-content.handler.ts';
const registration = 'apps/sync-worker/src/job-handlers.ts';
const options = {
  name: 'prune-content',
  queue: 'maintenance',
  subject: 'refs',
  description: 'Removes content that no branch refers to',
};

/** Compiles files of the tree. @returns the errors */
function compile(tree: Tree, files: readonly string[]): string[] {
  const configFile = ts.readConfigFile(join(workspaceRoot, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options: settings } = ts.parseJsonConfigFileContent(configFile.config, ts.sys, workspaceRoot);
  const host = ts.createCompilerHost(settings);
  const inTree = (path: string) => tree.read(path.replace(`${workspaceRoot}/`, ''), 'utf8');
  host.readFile = (path) => inTree(path) ?? ts.sys.readFile(path);
  host.fileExists = (path) => inTree(path) !== null || ts.sys.fileExists(path);
  const program = ts.createProgram(
    files.map((file) => join(workspaceRoot, file)),
    settings,
    host,
  );
  return files
    .flatMap((file) => [...program.getSemanticDiagnostics(program.getSourceFile(join(workspaceRoot, file)))])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the job generator', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
    tree.write('.prettierrc', readFileSync(join(workspaceRoot, '.prettierrc.json')));
    tree.write(declarations, readFileSync(join(workspaceRoot, declarations)));
  });

  it(
    'declares a job that does not compile in the worker until it is registered',
    async () => {
      await jobGenerator(tree, options);
      expect(compile(tree, [declarations, handler])).toEqual([]);
      expect(compile(tree, [registration])).toEqual([expect.stringContaining("Property 'pruneContent' is missing")]);
    },
    COMPILE_MS,
  );

  it(
    'declares a job that compiles in the worker when it is registered',
    async () => {
      await jobGenerator(tree, options);
      const source = readFileSync(join(workspaceRoot, registration), 'utf8');
      const registered = source
        .replace('refreshes.watch({', (call) => `${call}\n    pruneContent: new PruneContentHandler(),`)
        .replace(/^/, "import { PruneContentHandler } from './refs/prune-content.handler.js';\n");
      tree.write(registration, registered);
      expect(compile(tree, [declarations, handler, registration])).toEqual([]);
    },
    COMPILE_MS,
  );

  it('declares nothing twice', async () => {
    await expect(jobGenerator(tree, { ...options, name: 'sync-ref' })).rejects.toThrow(
      'A job syncRef is declared in libs/contracts/src/jobs/jobs.ts already.',
    );
  });

  it('adds its declaration and changes no other', async () => {
    const before = tree.read(declarations, 'utf8') ?? '';
    await jobGenerator(tree, options);
    const after = tree.read(declarations, 'utf8') ?? '';
    const added = after.slice(after.indexOf('  /** Removes content that no branch'), after.lastIndexOf('} as const;'));
    expect(added).toContain("name: 'prune-content'");
    expect(after.replace(added, '')).toBe(before);
  });
});
