import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Described {
  readonly paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
}
interface Answer {
  readonly $ref?: string;
  readonly content?: Record<string, { examples?: Record<string, { $ref?: string; value?: unknown }> }>;
}

/**
 * Returns the example responses of routes in one of GitHub's API descriptions.
 *
 * @param release e.g. `ghes-3.19`; `ghec` for GitHub Enterprise Cloud
 */
export function describedAnswers(release: string): (route: string) => { status: number; body: unknown } {
  const file = createRequire(import.meta.url).resolve(`@octokit/openapi/generated/${release}.json`);
  const description = JSON.parse(readFileSync(file, 'utf8')) as Described;
  const follow = <T extends { $ref?: string }>(node: T | undefined): T | undefined => {
    if (node?.$ref === undefined) return node;
    const steps = node.$ref.slice(2).split('/');
    return steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], description) as T;
  };
  return (text) => {
    const [method = '', path = ''] = text.split(' ');
    const operation = description.paths[path]?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`${text} is not described in ${release}`);
    const [status = ''] = Object.keys(operation.responses).filter((code) => code < '400' && code !== '304');
    const examples = follow(operation.responses[status])?.content?.['application/json']?.examples ?? {};
    return { status: Number(status), body: follow(Object.values(examples)[0])?.value };
  };
}
