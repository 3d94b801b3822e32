import { createConfig, lintFromString } from '@redocly/openapi-core';

/**
 * Lints an OpenAPI document with the strict rules of Redocly CLI.
 *
 * @returns a line for each problem
 */
export async function lintedProblems(document) {
  const config = await createConfig({ extends: ['recommended-strict'], rules: RULES });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${location[0]?.pointer}: ${message} (${ruleId})`);
}

const RULES = {
  'operation-description': 'error',
  'operation-operationId': 'error',
  'operation-singular-tag': 'error',
  'tag-description': 'error',
  'info-contact': 'off',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-schema-examples': 'error',
  'no-invalid-parameter-examples': 'error',
};

/**
 * Finds fields and parameters of a document without a description or an example. Flags and enums need no example.
 *
 * @returns a line for each
 */
export function missingTexts({ paths, components }) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ at: `${method.toUpperCase()} ${path}`, operation })),
  );
  const parameters = operations.flatMap(({ at, operation }) =>
    (operation.parameters ?? []).flatMap((one) => missingOf(`${at}: ${one.name}`, { ...one.schema, ...one })),
  );
  const bodies = operations.flatMap(({ at, operation }) =>
    [operation.requestBody, ...Object.values(operation.responses)]
      .filter((body) => body?.content?.['application/json'] !== undefined)
      .filter((body) => body.content['application/json'].example === undefined)
      .map(() => `${at}: a body has no example`),
  );
  const schemas = Object.entries(components.schemas).flatMap(([name, schema]) => [
    ...(schema.description === undefined ? [`${name}: no description`] : []),
    ...missingInside(name, schema),
  ]);
  return [...parameters, ...bodies, ...schemas];
}

function missingInside(at, schema) {
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => missingOf(`${at}.${name}`, field)),
    ...variants.flatMap((variant) => missingInside(at, variant)),
    ...(schema.items === undefined ? [] : missingInside(`${at}[]`, schema.items)),
  ];
}

function missingOf(at, field) {
  const problems = missingInside(at, field);
  if (field.$ref === undefined && field.description === undefined) problems.push(`${at}: no description`);
  if (!hasExample(field)) problems.push(`${at}: no example`);
  return problems;
}

function hasExample(field) {
  if (field.$ref !== undefined || field.properties !== undefined || field.type === 'boolean') return true;
  const keys = ['example', 'examples', 'default', 'const', 'enum'];
  if (keys.some((key) => field[key] !== undefined)) return true;
  if (field.items !== undefined) return hasExample(field.items);
  return [...(field.anyOf ?? []), ...(field.oneOf ?? [])].some(
    (variant) => variant.type !== 'null' && hasExample(variant),
  );
}
