/**
 * Generates docs/configuration.md from the services' configuration schemas. Run it after a build:
 * `node docs/generate-configuration.mjs`. With `--check` it writes nothing and fails if the page is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

const page = new URL('configuration.md', import.meta.url);

/** Sections of the page: heading, module with the schema, name of its export, and an optional line before the table. */
const sources = [
  ['credential-vault', 'apps/credential-vault/dist/config.js', 'vaultConfigSchema'],
  ['webhook-ingest', 'apps/webhook-ingest/dist/config.js', 'ingestConfigSchema'],
  ['sync-worker', 'apps/sync-worker/dist/config.js', 'configSchema'],
  ['api', 'apps/api/dist/config.js', 'apiConfigSchema'],
  ['preview-host', 'apps/preview-host/dist/config.js', 'previewHostConfigSchema'],
  [
    'local-issuer',
    'apps/local-issuer/dist/config.js',
    'localIssuerConfigSchema',
    'Only for the local stack in containers.',
  ],
  [
    'ghes-simulator',
    'apps/ghes-simulator/dist/config.js',
    'configSchema',
    'For local stacks and tests. Most are flags of `npm run simulator -- …` too, such as `--port`, `--data` and `--seed`; a flag wins over the environment.',
  ],
  [
    'Local stack',
    'tools/local-stack/dist/settings.js',
    'settingsSchema',
    'What `npm start` takes. It sets the variables above by itself.',
  ],
];

const introduction = `# Configuration

Generated from the services' schemas by \`npm run docs:configuration\`: change the schema, not this page.

Services are configured by environment variables only. An invalid or missing one stops the start; the error lists all violations.
An empty variable counts as not set. Flags are \`true\` or \`false\`. There are no default secrets.

A secret can be in a file instead: \`DATABASE_URL_FILE\` names the file with the value of \`DATABASE_URL\`, without its last line
break. The same holds for every variable below that names its file, and for the variable of a KEK at \`env:NAME\`.
`;

function section([title, , , before], schema) {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(schema.shape).map(
    ([name, field]) =>
      `| \`${name}\`${field.meta()?.secret ? ` or \`${name}_FILE\`` : ''} | ${valueOf(properties[name])} | ${presetOf(field)} | ${textOf(field)} |`,
  );
  const head = ['| Variable | Value | Default | Meaning |', '| --- | --- | --- | --- |'];
  return [`## ${title}`, '', ...(before ? [before, ''] : []), ...head, ...rows, ''].join('\n');
}

function valueOf(property) {
  if (property.enum) return property.enum.map((value) => `\`${value}\``).join(', ');
  if (property.format === 'uri') return 'URL';
  return { integer: 'whole number', number: 'number' }[property.type] ?? 'text';
}

function presetOf(field) {
  const { type, defaultValue } = field.def;
  if (type === 'optional') return '';
  if (type !== 'default') return '**required**';
  const isEmpty = defaultValue === '' || (typeof defaultValue === 'object' && Object.keys(defaultValue).length === 0);
  return isEmpty ? 'empty' : `\`${String(defaultValue)}\``;
}

function textOf({ description = '' }) {
  return description.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\.$/, '');
}

async function generate() {
  const sections = [];
  for (const source of sources) {
    const [, module, name] = source;
    const { [name]: schema } = await import(new URL(`../${module}`, import.meta.url));
    if (!schema) throw new Error(`${module} exports no ${name}.`);
    sections.push(section(source, schema));
  }
  const text = [introduction, ...sections].join('\n');
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

const text = await generate();
if (!process.argv.includes('--check')) await writeFile(page, text);
else if (text !== (await readFile(page, 'utf8').catch(() => ''))) {
  console.error('docs/configuration.md is out of date. Run: npm run docs:configuration');
  process.exit(1);
}
