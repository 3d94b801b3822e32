import { isRecord, listOf, recordOf, textOf } from '../syntax/values.rules.js';
import type { Description } from './detect.rules.js';
import { escapePointer, resolveRef } from './references.rules.js';

export interface Operation {
  readonly method: string;
  /** The path template, or the name of a webhook. */
  readonly path: string;
  readonly title: string;
  /** The fragment that Redoc uses for it, without the tag in front. */
  readonly anchor: string;
}

export interface OperationGroup {
  readonly name: string;
  readonly operations: readonly Operation[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Groups operations by their first tag, in the order of the `tags` list; other tags and webhooks follow. */
export function groupOperations(description: Description): OperationGroup[] {
  const groups = new Map<string, Operation[]>();
  for (const tag of listOf(description['tags']).map(recordOf)) {
    const name = textOf(tag['name']);
    if (name !== undefined) groups.set(name, []);
  }
  collect(description, 'paths', 'Operations', groups);
  collect(description, 'webhooks', 'Webhooks', groups);
  return [...groups]
    .filter(([, operations]) => operations.length > 0)
    .map(([name, operations]) => ({ name, operations }));
}

function collect(description: Description, from: string, untagged: string, groups: Map<string, Operation[]>): void {
  for (const [path, item] of Object.entries(recordOf(description[from]))) {
    const pathItem = recordOf(resolveRef(description, item));
    const additional = recordOf(pathItem['additionalOperations']);
    const operations = {
      ...additional,
      ...Object.fromEntries(METHODS.map((name) => [name, pathItem[name]])),
    };
    for (const [method, value] of Object.entries(operations)) {
      if (!isRecord(value)) continue;
      const operation = value;
      const tag = textOf(listOf(operation['tags'])[0]);
      const group = groups.get(tag ?? untagged) ?? [];
      const id = textOf(operation['operationId']);
      const title = textOf(operation['summary']) ?? id ?? `${method.toUpperCase()} ${path}`;
      const anchor = id === undefined ? `paths/${escapePointer(path)}/${method}` : `operation/${id}`;
      group.push({ method: method.toUpperCase(), path, title, anchor });
      groups.set(tag ?? untagged, group);
    }
  }
}
