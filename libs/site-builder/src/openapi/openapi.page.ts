import { createHash } from 'node:crypto';
import type { Heading } from '../markdown/headings.rules.js';
import { linesOf } from '../links/reference-lines.rules.js';
import { html } from '../page/html.template.js';
import type { Include, Page, PageBody, RenderContext } from '../page/page.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import type { WarningDetails } from '../problem.js';
import type { SourceFile } from '../site-builder.js';
import { encodingError, isLfsPointer } from '../source/file-content.rules.js';
import { extensionOf, pageFolder, RESERVED_FOLDER } from '../source/paths.rules.js';
import { recordOf, textOf } from '../syntax/values.rules.js';
import { parseJson, parseYaml } from '../syntax/yaml.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { bundleDescription } from './bundle.rules.js';
import { dataReferencesIn } from './data-references.rules.js';
import { readDescription, type Description } from './detect.rules.js';
import { groupOperations, type OperationGroup } from './operations.rules.js';

/**
 * The page of an OpenAPI description. Redoc renders it in the browser; the page itself lists the operations.
 *
 * @returns undefined if the file is not an OpenAPI description
 * @throws SourceSyntaxError if it is marked as one and cannot be parsed
 */
export function openapiPage(source: SourceFile, text: string): Page | undefined {
  const description = readDescription(source.path, text);
  if (!description) return undefined;
  return {
    file: source.path,
    folder: pageFolder(source.path),
    title: textOf(recordOf(description['info'])['title']) ?? 'API reference',
    description: undefined,
    kind: 'reference',
    source,
    render: (context) => renderDescription(source.path, text, description, context),
  };
}

async function renderDescription(
  file: string,
  source: string,
  description: Description,
  context: RenderContext,
): Promise<PageBody> {
  const includes: Include[] = [];
  const texts = new Map([[file, source]]);
  let bytes = 0;
  const text = async (path: string): Promise<string | undefined> => {
    const included = context.sources.get(path);
    includes.push({ file: path, id: included?.id });
    if (included === undefined || (included.size ?? 0) > context.limits.maxDescriptionBytes) return undefined;
    const body = await included.read();
    bytes += body.length;
    if (bytes > context.limits.maxDescriptionBytes)
      throw new PageTooComplexError('the files that the description refers to are too large together');
    if (isLfsPointer(body) || encodingError(body) !== undefined) return undefined;
    const content = body.toString('utf8');
    texts.set(path, content);
    return content;
  };
  const data = async (path: string): Promise<unknown> => {
    const content = await text(path);
    return content === undefined ? undefined : parse(path, content);
  };
  const { bundled, warnings } = await bundleDescription(description, file, { data, text }, context.rewriter);
  const name = createHash('sha256').update(file).digest('hex').slice(0, 20);
  const attachment = {
    path: `${RESERVED_FOLDER}/reference/${name}.json`,
    body: JSON.stringify(forRenderer(bundled)),
  };
  const groups = groupOperations(bundled);
  return {
    html: listView(bundled, groups, attachment.path),
    headings: headingsOf(groups),
    anchors: undefined,
    warnings: [...warnings, ...hiddenOperations(bundled, file)].map((warning) => withLine(warning, texts)),
    includes,
    attachment,
  };
}

/** Adds the line of the reference that a warning is about. */
function withLine(warning: WarningDetails, texts: ReadonlyMap<string, string>): WarningDetails {
  const { target, file = '' } = warning;
  const [line] = target === undefined ? [] : linesOf(target, texts.get(file) ?? '');
  return line === undefined ? warning : { ...warning, line };
}

/** Adds a title, without which Redoc fails, and a version that it knows: it shows 3.2 like 3.1. */
function forRenderer(bundled: Description): Description {
  const { openapi } = bundled;
  const info = { title: 'API reference', version: '', ...recordOf(bundled['info']) };
  const isNewer = typeof openapi === 'string' && /^3\.[2-9]/.test(openapi);
  const references = dataReferencesIn(bundled);
  return {
    ...bundled,
    info,
    ...(isNewer && { openapi: '3.1.1' }),
    ...(references.length > 0 && { 'x-data-references': references }),
  };
}

/** Operations that Redoc does not show: OpenAPI 3.2 added methods. */
function hiddenOperations(description: Description, file: string): WarningDetails[] {
  const names = Object.entries(recordOf(description['paths'])).flatMap(([path, item]) => {
    const { query, additionalOperations } = recordOf(item);
    const methods = [...(query === undefined ? [] : ['query']), ...Object.keys(recordOf(additionalOperations))];
    return methods.map((method) => `${method.toUpperCase()} ${path}`);
  });
  const [first] = names;
  if (first === undefined) return [];
  const others = names.length > 1 ? ` (and ${names.length - 1} more)` : '';
  const message = `the operation ${JSON.stringify(first.slice(0, 120))}${others} is listed, but its details are not shown`;
  return [{ code: 'openapi-not-shown', message, file }];
}

function parse(path: string, text: string): unknown {
  try {
    return extensionOf(path) === 'json' ? parseJson(text) : parseYaml(text);
  } catch (error) {
    if (error instanceof SourceSyntaxError) return undefined;
    throw error;
  }
}

/** The list for search engines, for browsers without scripts, and until Redoc has loaded. */
function listView(description: Description, groups: readonly OperationGroup[], path: string): PageBody['html'] {
  const info = recordOf(description['info']);
  const version = textOf(info['version']);
  return html`<div id="_reference" data-description="/${path}">
    <h1>${textOf(info['title']) ?? 'API reference'}${version !== undefined && html` <small>${version}</small>`}</h1>
    ${groups.map(
      ({ name, operations }) =>
        html`<h2>${name}</h2>
          <ul>
            ${operations.map(
              ({ method, path: template, title }) =>
                html`<li>
                  <code>${method} ${template}</code>
                  ${title !== `${method} ${template}` && title}
                </li> `,
            )}
          </ul> `,
    )}
  </div>`;
}

function headingsOf(groups: readonly OperationGroup[]): Heading[] {
  return groups.flatMap(({ operations }) =>
    operations.map(({ anchor, method, path, title }) => {
      const endpoint = `${method} ${path}`;
      return {
        id: anchor,
        level: 2,
        text: title === endpoint ? title : `${title} – ${endpoint}`,
      };
    }),
  );
}
