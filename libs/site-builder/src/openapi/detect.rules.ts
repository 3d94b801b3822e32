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

/**
 * `openapi: 3.1.0` at the start of a line, or as the first key of an object. `openapi:` without a value is a section of
 * Redocly's own configuration.
 */
const saysOnLine = /^["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*\S/m;
const saysInObject = /^\{\s*["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*\S/;
const mentionsDescription = /["'](?:openapi|swagger)["']\s*:/;

/**
 * Reads an OpenAPI or Swagger description.
 *
 * @returns undefined if the file is some other data
 * @throws SourceSyntaxError if it claims to be a description, by name or by a top-level key, and cannot be read as one
 */
export function readDescription(path: string, source: string): Description | undefined {
  const text = source.replace(/^\uFEFF/, '');
  const claimed = isNamedDescription(path) || saysOnLine.test(text) || saysInObject.test(text.trimStart());
  if (!claimed && !mentionsDescription.test(text)) return undefined;
  try {
    const root = extensionOf(path) === 'json' ? parseJson(text) : parseYaml(text);
    if (isRecord(root) && textOf(root['openapi'] ?? root['swagger']) !== undefined) return root;
  } catch (error) {
    if (claimed) throw error;
    return undefined;
  }
  if (!isNamedDescription(path)) return undefined;
  throw new SourceSyntaxError('it has no top-level `openapi` or `swagger` version', 1);
}
