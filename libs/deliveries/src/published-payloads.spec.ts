import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDelivery } from './parse-delivery.rules.js';

type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Description {
  readonly webhooks: Readonly<
    Record<string, { post: { requestBody: { content: { 'application/json': { schema: Schema } } } } }>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Examples {
  readonly name: string;
  readonly examples: readonly JsonObject[];
}

const require = createRequire(import.meta.url);
const read = (name: string, file: string): unknown =>
  JSON.parse(readFileSync(join(dirname(require.resolve(`${name}/package.json`)), file), 'utf8'));
const description = read('@octokit/openapi-webhooks', 'generated/ghes-3.19.json') as Description;

const FOLDERS = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
const USED = ['push', 'create', 'delete', 'pull_request', 'installation', 'installation_repositories', 'repository'];
const published = FOLDERS.flatMap((folder) => read('@octokit/webhooks-examples', `${folder}/index.json`) as Examples[]);
const used = published.filter(({ name }) => USED.includes(name));

const parsed = (event: string, payload: Json) =>
  parseDelivery({ event, form: false, body: Buffer.from(JSON.stringify(payload)) });

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(description.components.schemas[name] ?? {});
}

/** A schema with the ones that it is composed of. */
function alternatives(schema: Schema): Schema[] {
  const own = resolved(schema);
  return [own, ...[...(own.oneOf ?? []), ...(own.anyOf ?? []), ...(own.allOf ?? [])].flatMap(alternatives)];
}

const isNullable = (schema: Schema) =>
  alternatives(schema).some(({ type, nullable }) => nullable === true || [type ?? []].flat().includes('null'));

/** Every payload that differs in one member: null or missing, as the description allows. */
function* variations(payload: JsonObject, schema: Schema): Generator<JsonObject> {
  for (const { properties = {}, required = [] } of alternatives(schema)) {
    for (const [key, member] of Object.entries(properties)) {
      const value = payload[key];
      if (value === undefined) continue;
      const { [key]: _removed, ...rest } = payload;
      if (!required.includes(key)) yield rest;
      if (isNullable(member)) yield { ...rest, [key]: null };
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const changed of variations(value, member)) yield { ...rest, [key]: changed };
      }
    }
  }
}

function schemaOf(event: string, { action }: JsonObject): Schema | undefined {
  const key = [event, ...(typeof action === 'string' ? [action] : [])].join('-').replaceAll('_', '-');
  return description.webhooks[key]?.post.requestBody.content['application/json'].schema;
}

describe('payloads that GitHub published', () => {
  it('are all parsed', () => {
    expect(published.length).toBeGreaterThan(200);
    for (const { name, examples } of published) {
      for (const payload of examples) expect(() => parsed(name, payload)).not.toThrow();
    }
  });

  it.each(USED)('have the needed fields of %s', (event) => {
    const payloads = used.filter(({ name }) => name === event).flatMap(({ examples }) => examples);
    expect(payloads.length).toBeGreaterThan(0);
    for (const payload of payloads) expect(parsed(event, payload)).toMatchObject({ event });
  });

  it.each(USED)(
    'have the needed fields of %s also without the fields that may be null or missing by the description',
    (event) => {
      const unreadable = new Set<string>();
      let count = 0;
      for (const { examples } of used.filter(({ name }) => name === event)) {
        for (const payload of examples) {
          const schema = schemaOf(event, payload);
          for (const changed of schema ? variations(payload, schema) : []) {
            const result = parsed(event, changed);
            if (result.event === 'unreadable') unreadable.add(result.reason);
            count += 1;
          }
        }
      }
      expect(count).toBeGreaterThan(0);
      expect([...unreadable]).toEqual([]);
    },
  );
});
