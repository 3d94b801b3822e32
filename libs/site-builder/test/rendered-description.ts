import { defaultBuildLimits } from '../src/build-limits.js';
import { openapiPage } from '../src/openapi/openapi.page.js';
import type { PageBody, RenderContext } from '../src/page/page.js';
import type { SourceFile } from '../src/site-builder.js';

type Rewriter = RenderContext['rewriter'];

const source = (path: string, text = ''): SourceFile => ({
  path,
  mode: '100644',
  id: `id of ${path}`,
  read: () => Promise.resolve(Buffer.from(text)),
});

/** A reference to a schema of the description. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** An operation whose response has this schema. */
export const responding = (schema: unknown) => ({
  responses: {
    200: { description: 'OK', content: { 'application/json': { schema } } },
  },
});

/** Renders `api/openapi.json` beside other files. */
export function renderDescription(description: object, files: Record<string, string> = {}, rewriter?: Rewriter) {
  return renderText(JSON.stringify({ openapi: '3.1.0', ...description }), files, rewriter);
}

/** Renders the text of `api/openapi.json` beside other files. */
export async function renderText(
  text: string,
  files: Record<string, string> = {},
  rewriter: Rewriter = () => (reference) => reference,
) {
  const page = openapiPage(source('api/openapi.json'), text);
  const context: RenderContext = {
    rewriter,
    partials: new Map(),
    ignored: new Set<string>(),
    sources: new Map(Object.entries(files).map(([path, content]) => [path, source(path, content)])),
    limits: defaultBuildLimits,
  };
  const body = (await page?.render(context)) as PageBody;
  const bundle = body.attachment?.body ?? '';
  return {
    page,
    body,
    bundle,
    bundled: JSON.parse(bundle) as Record<string, never>,
    markup: body.html.markup,
    messages: body.warnings.map(({ message }) => message),
  };
}
