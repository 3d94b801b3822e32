import type { SentWebhook } from './exchange.js';
import type { Description, ParameterNode } from './description.js';

/** The name of a webhook in the description: `pull_request` + `opened` → `pull-request-opened`. */
export function webhookName(event: string, action: string | null): string {
  return [event, action]
    .filter((part) => part !== null)
    .join('-')
    .replaceAll('_', '-');
}

export function webhookFaults(description: Description, { event, action, headers, payload }: SentWebhook): string[] {
  const node = description.document.webhooks?.[webhookName(event, action)]?.post;
  if (!node) return ['is not a documented event'];
  const missing = (node.parameters ?? [])
    .map((item) => description.resolve<ParameterNode>(item))
    .filter(({ name, required }) => required === true && headers[name.toLowerCase()] === undefined)
    // A hook without a secret sends no signature.
    .filter(({ name }) => !name.toLowerCase().startsWith('x-hub-signature'))
    .map(({ name }) => `header ${name} is missing`);
  const schema = node.requestBody?.content['application/json']?.schema;
  return [...missing, ...(schema ? description.faults(schema, JSON.parse(payload)) : [])];
}
