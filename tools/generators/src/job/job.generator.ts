import { formatFiles, generateFiles, logger, names } from '@nx/devkit';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { join } from 'node:path';

export interface JobOptions {
  readonly name: string;
  readonly queue: string;
  /** The folder of the worker that the handler belongs to. */
  readonly subject: string;
  readonly description: string;
  /** The id in the payload. */
  readonly key?: string;
}

const DECLARATIONS = 'libs/contracts/src/jobs/jobs.ts';
const WORKER = 'apps/sync-worker/src';
const templates = join(import.meta.dirname, '../../templates/job');

/**
 * Declares a job and writes its handler. Registering the handler is left to the caller, who decides what it needs;
 * until then the worker does not compile.
 */
export async function jobGenerator(tree: Tree, options: JobOptions): Promise<GeneratorCallback> {
  const { name, queue, subject, key = 'repositoryId' } = options;
  const { propertyName: property, className } = names(name);
  const description = options.description.trim().replace(/\.?$/, '.');
  declare(tree, property, declarationOf({ name, queue, key, property, description }));
  generateFiles(tree, templates, join(WORKER, subject), { name, className, property, key, description });
  await formatFiles(tree);
  return () =>
    logger.info(`Register it in the *-handlers.ts of ${WORKER}/${subject}:  ${property}: new ${className}Handler(…),`);
}

function declare(tree: Tree, property: string, declaration: string): void {
  const source = tree.read(DECLARATIONS, 'utf8') ?? '';
  const end = source.lastIndexOf('} as const;');
  if (end < 0) throw new Error(`${DECLARATIONS} has no object "jobs" that ends with "} as const;".`);
  if (new RegExp(`^  ${property}: defineJob`, 'm').test(source)) {
    throw new Error(`A job ${property} is declared in ${DECLARATIONS} already.`);
  }
  tree.write(DECLARATIONS, source.slice(0, end) + declaration + source.slice(end));
}

interface Declaration {
  readonly name: string;
  readonly queue: string;
  readonly key: string;
  readonly property: string;
  readonly description: string;
}

function declarationOf({ name, queue, key, property, description }: Declaration): string {
  return `  /** ${description} */
  ${property}: defineJob({
    name: '${name}',
    queue: '${queue}',
    payload: z.object({ ...v1, ${key}: z.string() }),
    result: nothing,
    retry: patient,
    key: ({ ${key} }) => ${key},
  }),
`;
}
