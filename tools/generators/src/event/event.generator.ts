import { formatFiles, logger, names } from '@nx/devkit';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { replaceOnce } from '../replace-once.js';

export interface EventOptions {
  /** GitHub's name of the event, e.g. `check_run`. */
  readonly name: string;
}

const SCHEMAS = 'libs/deliveries/src/payload-schemas.rules.ts';
const PARSER = 'libs/deliveries/src/parse-delivery.rules.ts';
const MANIFEST = 'libs/connections/src/app-manifest.rules.ts';

/**
 * Subscribes the app to an event of repositories and parses its payload. Handling it is left to the caller; until then
 * the worker does not compile.
 *
 * @throws Error if the event is handled already
 */
export async function eventGenerator(tree: Tree, { name }: EventOptions): Promise<GeneratorCallback> {
  if (!/^[a-z]+(_[a-z]+)*$/.test(name)) throw new Error(`"${name}" is not an event, e.g. check_run.`);
  if (new RegExp(`^  ${name}: `, 'm').test(tree.read(PARSER, 'utf8') ?? '')) {
    throw new Error(`The event ${name} is handled already, see ${PARSER}.`);
  }
  const { propertyName: property } = names(name);
  tree.write(SCHEMAS, (tree.read(SCHEMAS, 'utf8') ?? '') + schemaOf(property));
  replaceOnce(tree, PARSER, /\n {2}ping: anythingSchema,\n/, (match) => `\n  ${name}: ${property}Schema,${match}`);
  replaceOnce(tree, PARSER, /anythingSchema,/, (match) => `${match} ${property}Schema,`);
  replaceOnce(tree, MANIFEST, /neededEvents = \[[^\]]*\]/, (list) => withEvent(list, name));
  await formatFiles(tree);
  return () =>
    logger.info(`Add the fields that are used to ${SCHEMAS}, then follow docs/contributing/webhook-event.md.`);
}

function schemaOf(property: string): string {
  return `
export const ${property}Schema = z.object(shared);
`;
}

function withEvent(list: string, name: string): string {
  const events = [...list.matchAll(/'([^']+)'/g)].map(([, event = '']) => event);
  const sorted = [...new Set([...events, name])].sort();
  return `neededEvents = [${sorted.map((event) => `'${event}'`).join(', ')}]`;
}
