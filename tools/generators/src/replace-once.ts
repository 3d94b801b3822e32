import type { Tree } from '@nx/devkit';

/**
 * Replaces the first match of `pattern` in a file of the workspace.
 *
 * @throws Error if the file does not match, because its layout has changed
 */
export function replaceOnce(tree: Tree, file: string, pattern: RegExp, replacement: (match: string) => string): void {
  const source = tree.read(file, 'utf8') ?? '';
  if (!pattern.test(source)) throw new Error(`${file} does not match ${String(pattern)}. Change the file by hand.`);
  tree.write(file, source.replace(pattern, replacement));
}
