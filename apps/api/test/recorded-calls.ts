import type { z } from 'zod';
import type { OperationHandler } from '../src/operations.js';
import { messageOf } from './example-requests.js';
import type { ExampleRequest } from './example-requests.js';

/** A call of the application layer: `Service.method` and its arguments as texts. */
export type RecordedCall = readonly [method: string, args: unknown];

const CALLER = { subject: 'local|ada', organizationId: 'org_acme' };

/** Kinds of parameters of Nest: https://github.com/nestjs/nest/blob/master/packages/common/enums/route-paramtypes.enum.ts */
const BODY = '3';
const QUERY = '4';
const PARAM = '5';
/** The payload of a gRPC call has the number of a body. */
const PAYLOAD = BODY;

interface Argument {
  readonly index: number;
  readonly data?: string;
  readonly schema?: z.ZodType;
}

/** Calls a handler with an example request, and records how it calls the application layer. */
export async function recordedCalls(handler: OperationHandler, request: ExampleRequest): Promise<RecordedCall[]> {
  const calls: RecordedCall[] = [];
  const services = (Reflect.getMetadata('design:paramtypes', handler.controller) ?? []) as { readonly name: string }[];
  const Controller = handler.controller as unknown as new (...args: unknown[]) => Record<string, Handler>;
  const controller = new Controller(...services.map(({ name }) => recorder(name, calls)));
  await controller[handler.handler]?.(...argumentsOf(handler, request));
  return calls;
}

type Handler = (...args: unknown[]) => unknown;

function recorder(service: string, calls: RecordedCall[]): object {
  const method =
    (name: string) =>
    (...args: unknown[]) => {
      // Its last argument runs the operation.
      if (service === 'IdempotencyService') return (args[3] as () => unknown)();
      const plain = args.map((arg) => (typeof arg === 'function' ? 'function' : arg));
      calls.push([`${service}.${name}`, asTexts(plain)]);
      return Promise.resolve({});
    };
  return new Proxy({}, { get: (_target, name) => method(String(name)) });
}

/** A number in a path is a text, and in a message a number. */
function asTexts(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' ? String(one) : one)));
}

function argumentsOf(handler: OperationHandler, request: ExampleRequest): unknown[] {
  const metadata = Reflect.getMetadata('__routeArguments__', handler.controller, handler.handler) as
    Record<string, Argument> | undefined;
  const args: unknown[] = [];
  for (const [key, argument] of Object.entries(metadata ?? {}))
    args[argument.index] = valueOf(handler, key, argument, request);
  return args;
}

function valueOf(
  handler: OperationHandler,
  key: string,
  { data, schema, ...argument }: Argument,
  request: ExampleRequest,
): unknown {
  const [kind] = key.split(':');
  if (key.includes('__customRouteArgs__')) return isCaller(argument) ? CALLER : null;
  if (handler.protocol === 'grpc') return kind === PAYLOAD ? messageOf(request) : { get: () => [] };
  if (kind === BODY) return schema?.parse(request.body);
  if (kind === QUERY) return schema?.parse(request.query);
  return kind === PARAM ? request.params[data ?? ''] : undefined;
}

/** The caller is the first parameter of a handler. */
function isCaller({ index }: Pick<Argument, 'index'>): boolean {
  return index === 0;
}
