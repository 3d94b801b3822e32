import { formatFiles, generateFiles, installPackagesTask, names } from '@nx/devkit';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { join } from 'node:path';

export interface LibraryOptions {
  readonly name: string;
  readonly type?: 'rules' | 'infra' | 'data' | 'domain';
  readonly scope?: string;
}

// Beside `src` and `dist` alike: templates are no sources.
const templates = join(import.meta.dirname, '../../templates/library');

/** Makes a library that builds, is tested, and is held to its tags from its first line. */
export async function libraryGenerator(tree: Tree, options: LibraryOptions): Promise<GeneratorCallback> {
  const { name, type = 'rules', scope = 'shared' } = options;
  const root = `libs/${name}`;
  if (tree.exists(root)) throw new Error(`${root} is there already.`);
  generateFiles(tree, templates, root, { name, type, scope, functionName: names(name).propertyName });
  await formatFiles(tree);
  // npm links the new package, so that others can import it.
  return () => installPackagesTask(tree, true);
}
