import { formatFiles, generateFiles, logger, names } from '@nx/devkit';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { join } from 'node:path';
import { replaceOnce } from '../replace-once.js';

export interface OperationOptions {
  /** Name of the function, e.g. `get-check-run`. */
  readonly name: string;
  /** Method and path as in GitHub's description, e.g. `GET /repos/{owner}/{repo}/check-runs/{check_run_id}`. */
  readonly route: string;
}

const OPERATIONS = 'libs/ghes-client/src/operations';
const EXPORTS = 'libs/ghes-client/src/index.ts';
const templates = join(import.meta.dirname, '../../templates/operation');

/**
 * Adds an operation of the GHES client with its route. The caller describes its result and calls it in
 * `test/operation-calls.ts`; until then the tests of the client do not compile.
 *
 * @throws Error if the operation exists
 */
export async function operationGenerator(tree: Tree, { name, route }: OperationOptions): Promise<GeneratorCallback> {
  if (!/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/.test(route)) throw new Error(`"${route}" is not a method and a path.`);
  const { propertyName: property, className, fileName } = names(name);
  const file = `${OPERATIONS}/${fileName}.ts`;
  if (
    tree.exists(file) ||
    new RegExp(`^  ${property}: `, 'm').test(tree.read(`${OPERATIONS}/routes.ts`, 'utf8') ?? '')
  ) {
    throw new Error(`The operation ${property} exists already.`);
  }
  const parameters = [...route.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
  generateFiles(tree, templates, OPERATIONS, { property, className, fileName, parameters, camel });
  replaceOnce(tree, `${OPERATIONS}/routes.ts`, /\n\} as const;/, (match) => `\n  ${property}: '${route}',${match}`);
  const index = `${OPERATIONS}/index.ts`;
  tree.write(index, `${tree.read(index, 'utf8') ?? ''}export { ${property} } from './${fileName}.js';\n`);
  replaceOnce(tree, EXPORTS, /\n\} from '\.\/operations\/index\.js';/, (match) => `\n  ${property},${match}`);
  await formatFiles(tree);
  return () => logger.info(`Describe the result in ${file}, then follow docs/contributing/ghes-operation.md.`);
}

function camel(parameter: string): string {
  return names(parameter).propertyName;
}
