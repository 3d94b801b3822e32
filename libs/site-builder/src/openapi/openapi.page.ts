import { createHash } from 'node:crypto';
import type { Heading } from '../markdown/headings.rules.js';
import { html } from '../page/html.template.js';
import type { Include, Page, PageBody, RenderContext } from '../page/page.js';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import type { SourceFile } from '../site-builder.js';
import { extensionOf, pageFolder, RESERVED_FOLDER } from '../source/paths.rules.js';
import { recordOf, textOf } from '../syntax/values.rules.js';
import { parseJson, parseYaml } from '../syntax/yaml.rules.js';
import { SourceSyntaxError } from '../syntax/source-syntax.error.js';
import { bundleDescription } from './bundle.rules.js';
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
    render: (context) => renderDescription(source.path, description, context),
  };
}

async function renderDescription(file: string, description: Description, context: RenderContext): Promise<PageBody> {
  const includes: Include[] = [];
  let bytes = 0;
  const read = async (path: string): Promise<unknown> => {
    const source = context.sources.get(path);
    includes.push({ file: path, id: source?.id });
    if (source === undefined || (source.size ?? 0) > context.limits.maxDescriptionBytes) return undefined;
    const body = await source.read();
    bytes += body.length;
    if (bytes > context.limits.maxDescriptionBytes)
      throw new PageTooComplexError('the files that the description refers to are too large together');
    return parse(path, body.toString('utf8'));
  };
  const { bundled, warnings } = await bundleDescription(description, file, read, context.rewriter);
  const name = createHash('sha256').update(file).digest('hex').slice(0, 20);
  const attachment = { path: `${RESERVED_FOLDER}/reference/${name}.json`, body: JSON.stringify(bundled) };
  const groups = groupOperations(bundled);
  return {
    html: listView(bundled, groups, attachment.path),
    headings: headingsOf(groups),
    anchors: undefined,
    warnings,
    includes,
    attachment,
  };
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
                html`<li><code>${method} ${template}</code> ${title !== `${method} ${template}` && title}</li> `,
            )}
          </ul> `,
    )}
  </div>`;
}

function headingsOf(groups: readonly OperationGroup[]): Heading[] {
  return groups.flatMap(({ operations }) =>
    operations.map(({ anchor, method, path, title }) => {
      const endpoint = `${method} ${path}`;
      return { id: anchor, level: 2, text: title === endpoint ? title : `${title} – ${endpoint}` };
    }),
  );
}
