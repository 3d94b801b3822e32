import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { isRecord, textOf } from '../syntax/values.rules.js';
import { parseJson, parseYaml } from '../syntax/yaml.rules.js';
import { extensionOf } from '../source/paths.rules.js';

export type Description = Readonly<Record<string, unknown>>;

/** True for files that may contain an OpenAPI description. */
export function isDataFile(path: string): boolean {
  return ['yaml', 'yml', 'json'].includes(extensionOf(path));
}

/** True if the name marks the file as an OpenAPI description: `openapi.yaml`, `swagger.json`, `pets.openapi.yml`. */
export function isNamedDescription(path: string): boolean {
  return /(?:^|[/.])(?:openapi|swagger)\.(?:ya?ml|json)$/i.test(path);
}

/** Versions of OpenAPI. `openapi:` with another value is a setting of some other program. */
const VERSION = '[23](?:\\.\\d+)*(?:-[\\w.]+)?';
const IS_VERSION = new RegExp(`^${VERSION}$`);

/** `openapi: 3.1.0` at the start of a line, or as the first key of an object. */
const VERSION_ENTRY = `["']?(?:openapi|swagger)["']?[ \\t]*:[ \\t]*["']?${VERSION}["']?[ \\t]*(?:[\\r\\n,}#]|$)`;
const VERSION_ON_LINE = new RegExp(`^${VERSION_ENTRY}`, 'm');
const VERSION_IN_OBJECT = new RegExp(`^\\{\\s*${VERSION_ENTRY}`);
const HAS_KEY = /(?:^|["'])(?:openapi|swagger)["']?\s*:/m;

/**
 * Reads an OpenAPI or Swagger description.
 *
 * @returns undefined for other data
 * @throws SourceSyntaxError if its name or a top-level key marks it as a description and it cannot be parsed
 */
export function readDescription(path: string, source: string): Description | undefined {
  const text = source.replace(/^\uFEFF/, '');
  const claimed = isNamedDescription(path) || VERSION_ON_LINE.test(text) || VERSION_IN_OBJECT.test(text.trimStart());
  if (!claimed && !HAS_KEY.test(text)) return undefined;
  try {
    const root = extensionOf(path) === 'json' ? parseJson(text) : parseYaml(text);
    if (isRecord(root) && IS_VERSION.test(textOf(root['openapi'] ?? root['swagger']) ?? '')) return root;
  } catch (error) {
    if (claimed) throw error;
    return undefined;
  }
  if (!isNamedDescription(path)) return undefined;
  throw new SourceSyntaxError('the file has no top-level `openapi` or `swagger` version', 1);
}
