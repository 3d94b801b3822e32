import { listOf, recordOf, textOf } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { resolveRef } from './references.rules.js';

export interface Operation {
  readonly method: string;
  /** The path template, or the name of a webhook. */
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly parameters: readonly unknown[];
  readonly requestBody: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface OperationGroup {
  readonly name: string;
  readonly description?: string;
  readonly operations: readonly Operation[];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Operations by their first tag, tags in the order of the `tags` list, then as they come; webhooks last. */
export function groupOperations(description: Description): OperationGroup[] {
  const groups = new Map<string, Operation[]>();
  const descriptions = new Map<string, string>();
  for (const tag of listOf(description['tags']).map(recordOf)) {
    const name = textOf(tag['name']);
    if (name === undefined) continue;
    groups.set(name, []);
    const text = textOf(tag['description']);
    if (text !== undefined) descriptions.set(name, text);
  }
  collect(description, 'paths', 'Operations', groups);
  collect(description, 'webhooks', 'Webhooks', groups);
  return [...groups]
    .filter(([, operations]) => operations.length > 0)
    .map(([name, operations]) => {
      const text = descriptions.get(name);
      return { name, operations, ...(text !== undefined && { description: text }) };
    });
}

function collect(description: Description, from: string, untagged: string, groups: Map<string, Operation[]>): void {
  for (const [path, item] of Object.entries(recordOf(description[from]))) {
    const pathItem = recordOf(resolveRef(description, item).value);
    for (const method of methods.filter((name) => name in pathItem)) {
      const operation = recordOf(pathItem[method]);
      const tag = textOf(listOf(operation['tags'])[0]) ?? untagged;
      const group = groups.get(tag) ?? [];
      group.push(readOperation(method, path, operation, listOf(pathItem['parameters'])));
      groups.set(tag, group);
    }
  }
}

function readOperation(
  method: string,
  path: string,
  operation: Record<string, unknown>,
  shared: readonly unknown[],
): Operation {
  const description = textOf(operation['description']);
  return {
    method: method.toUpperCase(),
    path,
    title: textOf(operation['summary']) ?? textOf(operation['operationId']) ?? `${method.toUpperCase()} ${path}`,
    ...(description !== undefined && { description }),
    deprecated: operation['deprecated'] === true,
    parameters: [...shared, ...listOf(operation['parameters'])],
    requestBody: operation['requestBody'],
    responses: recordOf(operation['responses']),
  };
}
