import type { Exchange } from './exchange.js';
import type { Description, ParameterNode } from './description.js';
import type { Operation } from './operations.js';

/** Violations of a request: undocumented, missing or invalid parameters, and an invalid body. */
export function requestFaults(description: Description, operation: Operation, exchange: Exchange): string[] {
  return [...parameterFaults(description, operation, exchange), ...bodyFaults(description, operation, exchange)];
}

function parameterFaults(description: Description, operation: Operation, { query }: Exchange): string[] {
  const parameters = (operation.node.parameters ?? []).map((node) => description.resolve<ParameterNode>(node));
  const documented = new Set(parameters.filter((item) => item.in === 'query').map((item) => item.name));
  const unknown = [...new Set(query.keys())].filter((name) => !documented.has(name));
  return [
    ...unknown.map((name) => `query parameter "${name}" is not documented`),
    ...parameters.flatMap((parameter) => {
      const value = valueOf(operation, query, parameter);
      if (value === undefined) return parameter.required === true ? [`parameter "${parameter.name}" is missing`] : [];
      return description.textFaults(parameter.schema, value).map((fault) => `parameter "${parameter.name}": ${fault}`);
    }),
  ];
}

function valueOf(operation: Operation, query: URLSearchParams, { name, in: place }: ParameterNode) {
  if (place === 'path') return operation.parameters[name];
  const values = place === 'query' ? query.getAll(name) : [];
  return values.length > 1 ? values : values[0];
}

function bodyFaults(description: Description, { node }: Operation, { body }: Exchange): string[] {
  const empty = body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0);
  if (!node.requestBody) return empty ? [] : ['no body is documented'];
  if (empty && node.requestBody.required !== true) return [];
  const schema = Object.entries(node.requestBody.content).find(([type]) => type.includes('json'))?.[1].schema;
  return schema ? description.faults(schema, body ?? {}).map((fault) => `body: ${fault}`) : [];
}
