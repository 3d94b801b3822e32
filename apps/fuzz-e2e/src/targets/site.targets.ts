import { lintSite } from '@reunite/site-checks';
import { BuildFailedError, buildSite, defaultBuildLimits } from '@reunite/site-builder';
import type { SourceFile } from '@reunite/site-builder';
import fc from 'fast-check';
import { jsonText, mutatedJson } from '../mutations.js';
import { acceptsOrRejects } from '../target.js';
import type { FuzzTarget } from '../target.js';

const FRAGMENTS = [
  ...['# Title', '## Ünïcode ✓', '---', '---\ntitle: A\n---', '> [!NOTE]', '- [ ] task', '1. one', '[a]: /b "c"'],
  ...['[link](page.md#x)', '![image](a.png)', '[^1]', '[^1]: note', '`code`', '```js\nlet a;\n```', '~~~', '***'],
  ...['| a | b |\n|---|---|\n| 1 | 2 |', '<div onclick="x()">', '<script>alert(1)</script>', '<!-- comment', '</div>'],
  ...[
    '{% if $a %}',
    '{% /if %}',
    '{% admonition %}',
    '{% partial file="p.md" /%}',
    '{{ $x }}',
    '\\',
    '&#x0;',
    '\u0000',
  ],
  ...[
    '**',
    '__',
    '~~',
    '[[[[[[',
    '((((((',
    '<<<<<<',
    '>>>>>>',
    '* * *',
    '\t\t\t',
    'https://example.com/?a=(b',
    '@user',
  ],
];

const markdown = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 20, unit: 'binary' })), { maxLength: 40 })
  .chain((parts) => fc.constantFrom('\n', '\n\n', ' ', '').map((separator) => parts.join(separator)));

const OPENAPI = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1', description: 'Text with [link](a.md)' },
  servers: [{ url: 'https://{region}.example.com', variables: { region: { default: 'eu', enum: ['eu', 'us'] } } }],
  tags: [{ name: 'pets', description: '# Pets' }],
  paths: {
    '/pets/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^[a-z]+$' } }],
      get: {
        operationId: 'getPet',
        tags: ['pets'],
        responses: {
          200: { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', example: 'Rex' }, parent: { $ref: '#/components/schemas/Pet' } },
        discriminator: { propertyName: 'kind', mapping: { dog: '#/components/schemas/Pet' } },
      },
    },
  },
};

function file(path: string, text: string): SourceFile {
  return { path, mode: '100644', read: () => Promise.resolve(Buffer.from(text)) };
}

const quiet = () => undefined;

async function build(files: SourceFile[]): Promise<void> {
  const input = { title: 'Fuzz', files, limits: defaultBuildLimits, log: quiet, signal: new AbortController().signal };
  await buildSite(input, ({ path, body }) => {
    if (path.split('/').includes('..')) throw new Error(`The builder wrote to ${path}.`);
    // Markdown must never bring a script of its own to a page.
    if (path.endsWith('.html') && /<script>alert/i.test(body.toString())) throw new Error(`${path} contains a script.`);
    return Promise.resolve();
  });
}

function siteTarget(name: string, files: fc.Arbitrary<SourceFile[]>): FuzzTarget {
  const isRejection = (error: unknown) => error instanceof BuildFailedError;
  return {
    name,
    property: () =>
      fc.asyncProperty(files, async (some) => {
        await acceptsOrRejects(() => build(some), isRejection);
        await acceptsOrRejects(() => lintSite({ files: some, limits: defaultBuildLimits }), isRejection);
      }),
  };
}

export const siteTargets: readonly FuzzTarget[] = [
  siteTarget(
    'markdown',
    markdown.map((text) => [file('index.md', text), file('p.md', '# Partial')]),
  ),
  siteTarget(
    'openapi',
    mutatedJson(fc.constant(OPENAPI)).map((document) => [file('openapi.json', jsonText(document))]),
  ),
  siteTarget(
    'openapi-yaml',
    fc.string({ maxLength: 60, unit: 'binary' }).map((text) => [file('openapi.yaml', `openapi: 3.1.0\n${text}`)]),
  ),
];
