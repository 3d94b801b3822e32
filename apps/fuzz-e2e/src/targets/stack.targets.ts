import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { jsonText, mutatedJson } from '../mutations.js';
import type { Answer, RunningStack } from '../running-stack.js';
import { withoutHang } from '../target.js';
import type { FuzzTarget } from '../target.js';

interface Example {
  readonly name: string;
  readonly examples: readonly object[];
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
}

/** Answers that a caller can cause. 502 to 504: the server of the connection does not answer. */
function assertNoCrash(what: string, { status, text }: Answer): void {
  if (status >= 500 && ![502, 503, 504].includes(status))
    throw new Error(`${what} answered ${status}: ${text.slice(0, 300)}`);
  if (text.includes('    at ')) throw new Error(`${what} answered with a stack trace: ${text.slice(0, 300)}`);
}

function examples(): { event: string; payload: object }[] {
  const require = createRequire(import.meta.url);
  const sets = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
  return sets.flatMap((set) => {
    const file = require.resolve(`@octokit/webhooks-examples/${set}/index.json`);
    const events = JSON.parse(readFileSync(file, 'utf8')) as Example[];
    return events.flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ event: name, payload })));
  });
}

/** Published payloads of every release, with fields replaced and removed, correctly signed. */
export function webhookTarget(stack: RunningStack): FuzzTarget {
  const published = fc.constantFrom(...examples());
  return {
    name: 'webhooks',
    property: () =>
      fc.asyncProperty(
        published.chain(({ event, payload }) =>
          mutatedJson(fc.constant(payload)).map((body) => ({ event, body: jsonText(body) })),
        ),
        ({ event, body }) =>
          withoutHang(async () => {
            const answer = await stack.deliver(event, body);
            assertNoCrash(`A delivery of ${event}`, answer);
          }),
      ),
  };
}

async function operationsOf(stack: RunningStack): Promise<Operation[]> {
  const { text } = await stack.request('GET', '/openapi.json', null);
  const { paths } = JSON.parse(text) as { readonly paths: Record<string, Record<string, { requestBody?: unknown }>> };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/') && !path.endsWith('/events'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
      })),
    );
}

const BODY = {
  name: 'Docs',
  serverUrl: 'http://localhost:1',
  owner: 'acme',
  appId: 1,
  repositoryId: 'rep_1',
  productionBranch: 'main',
  branchPreviews: { mode: 'some', patterns: ['a*'] },
  changes: [{ action: 'write', path: 'a.md', text: 'x' }],
  message: 'Change',
  title: 'Title',
};

/** Every operation of the API with odd ids, parameters and bodies, signed in as an owner. */
export async function apiTarget(stack: RunningStack): Promise<FuzzTarget> {
  const operations = (await operationsOf(stack)).filter(
    // The connection must stay for the cases that follow.
    ({ method, path }) => !(method === 'DELETE' && path === '/v1/connections/{id}'),
  );
  const id = fc.oneof(
    fc.constant(stack.connectionId),
    fc.string({ maxLength: 30, unit: 'binary' }),
    fc.constant('%00'),
  );
  const query = fc.dictionary(fc.constantFrom('limit', 'after', 'search', 'branch', 'path', 'state'), fc.string());
  const request = fc.record({
    operation: fc.constantFrom(...operations),
    ids: fc.array(id, { minLength: 4, maxLength: 4 }),
    query,
    body: mutatedJson(fc.constant(BODY)),
    raw: fc.option(fc.string({ maxLength: 50, unit: 'binary' }), { freq: 5 }),
  });
  return {
    name: 'api',
    property: () =>
      fc.asyncProperty(request, ({ operation, ids, query: parameters, body, raw }) =>
        withoutHang(async () => {
          let next = 0;
          const path = operation.path.replace(/\{\w+\}/g, () => encodeURIComponent(ids[next++ % ids.length] ?? ''));
          const search = new URLSearchParams(parameters).toString();
          const text = operation.hasBody ? (raw ?? jsonText(body)) : null;
          const answer = await stack.request(operation.method, `${path}?${search}`, text);
          assertNoCrash(`${operation.method} ${operation.path}`, answer);
        }),
      ),
  };
}
