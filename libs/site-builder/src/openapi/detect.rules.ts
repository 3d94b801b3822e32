import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { isRecord, textOf } from '../syntax/values.rules.js';
import { parseJson, parseYaml } from '../syntax/yaml.rules.js';
import { extensionOf } from '../source/paths.rules.js';

export type Description = Readonly<Record<string, unknown>>;

/** Whether the file can hold an OpenAPI description at all. */
export function isDataFile(path: string): boolean {
  return ['yaml', 'yml', 'json'].includes(extensionOf(path));
}

/** Whether the file says by its name that it is an OpenAPI description: `openapi.yaml`, `swagger.json`, `pets.openapi.yml`. */
export function isNamedDescription(path: string): boolean {
  return /(?:^|[/.])(?:openapi|swagger)\.(?:ya?ml|json)$/i.test(path);
}

/** The versions there are descriptions of; `openapi:` with anything else is a setting of some other program. */
const version = '[23](?:\\.\\d+)*(?:-[\\w.]+)?';
const isVersion = new RegExp(`^${version}$`);

/** `openapi: 3.1.0` at the start of a line, or as the first key of an object. */
const says = `["']?(?:openapi|swagger)["']?[ \\t]*:[ \\t]*["']?${version}["']?[ \\t]*(?:[\\r\\n,}#]|$)`;
const saysOnLine = new RegExp(`^${says}`, 'm');
const saysInObject = new RegExp(`^\\{\\s*${says}`);
const hasKey = /(?:^|["'])(?:openapi|swagger)["']?\s*:/m;

/**
 * Reads an OpenAPI or Swagger description.
 *
 * @returns undefined if the file is some other data
 * @throws SourceSyntaxError if it claims to be a description, by name or by a top-level key, and cannot be read as one
 */
export function readDescription(path: string, source: string): Description | undefined {
  const text = source.replace(/^\uFEFF/, '');
  const claimed = isNamedDescription(path) || saysOnLine.test(text) || saysInObject.test(text.trimStart());
  if (!claimed && !hasKey.test(text)) return undefined;
  try {
    const root = extensionOf(path) === 'json' ? parseJson(text) : parseYaml(text);
    if (isRecord(root) && isVersion.test(textOf(root['openapi'] ?? root['swagger']) ?? '')) return root;
  } catch (error) {
    if (claimed) throw error;
    return undefined;
  }
  if (!isNamedDescription(path)) return undefined;
  throw new SourceSyntaxError('it has no top-level `openapi` or `swagger` version', 1);
}
