import { readFile } from 'node:fs/promises';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { bridgeProtoPath } from '@reunite/contracts';
import { ensureDevelopmentCa } from '@reunite/testing';
import fc from 'fast-check';
import { mutated } from '../mutations.js';
import type { RunningStack } from '../running-stack.js';
import { withoutHang } from '../target.js';
import type { FuzzTarget } from '../target.js';

type Method = MethodDefinition<object, object>;

/** Status codes that mean a fault of ours, not of the request. */
const CRASHES: readonly status[] = [status.UNKNOWN, status.INTERNAL, status.DATA_LOSS];

/** Every unary method of bridge.proto with odd messages and with bytes that are no message. */
export async function grpcTarget(stack: RunningStack): Promise<FuzzTarget & { readonly close: () => void }> {
  const methods = Object.values(loadSync(bridgeProtoPath, { defaults: true, arrays: true }))
    .flatMap((definition) => ('format' in definition ? [] : (Object.values(definition) as Method[])))
    .filter(({ path, responseStream }) => !responseStream && !/\/DeleteConnection$/.test(path));
  const { 'reunite-ui': identity } = await ensureDevelopmentCa(stack.stack.data.tls, ['reunite-ui']);
  const [ca, key, cert] = await Promise.all(
    [identity.caFile, identity.keyFile, identity.certFile].map((file) => readFile(file)),
  );
  const client = new Client(`localhost:${stack.stack.ports.apiGrpc}`, credentials.createSsl(ca ?? null, key, cert));
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${stack.token}`);

  const call = (method: Method, message: Buffer) =>
    new Promise<ServiceError | null>((resolve) => {
      const send = (bytes: Buffer) => bytes;
      const options = { deadline: Date.now() + 60_000 };
      client.makeUnaryRequest(method.path, send, method.responseDeserialize, message, metadata, options, (error) =>
        resolve(error),
      );
    });

  const text = fc.oneof(fc.string({ maxLength: 30, unit: 'binary' }), fc.constant(stack.connectionId));
  const fields = fc.record(
    {
      id: text,
      name: text,
      projectId: text,
      connectionId: text,
      branch: text,
      title: text,
      path: text,
      limit: fc.integer(),
      number: fc.integer(),
    },
    { requiredKeys: [] },
  );
  const request = fc.constantFrom(...methods).chain((method) => {
    const valid = fields.map((values) => method.requestSerialize(values));
    return fc.tuple(fc.constant(method), fc.oneof(valid, mutated(valid)));
  });
  return {
    name: 'grpc',
    close: () => client.close(),
    property: () =>
      fc.asyncProperty(request, ([method, message]) =>
        withoutHang(async () => {
          const error = await call(method, message);
          // grpc-js answers bytes that are no message with INTERNAL itself, before the service sees them.
          const isUnreadable = error?.details.includes('deserializ') === true;
          if (error && CRASHES.includes(error.code) && !isUnreadable)
            throw new Error(`${method.path} answered ${status[error.code]}: ${error.details}`);
        }),
      ),
  };
}
