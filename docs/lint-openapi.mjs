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
