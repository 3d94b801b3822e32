import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids of what an operation works on. Each is a field of the log lines that the operation writes. */
export interface LogFields {
  /** Id of the HTTP request or name of the gRPC method. */
  readonly request?: string;
  readonly job?: string;
  readonly delivery?: string;
  readonly organization?: string;
  readonly connection?: string;
  readonly repository?: string;
  readonly ref?: string;
  readonly project?: string;
  readonly deployment?: string;
}

interface Scope {
  readonly fields: LogFields;
}

const scopes = new AsyncLocalStorage<{ -readonly [Name in keyof Scope]: Scope[Name] }>();

/** Runs an operation. Log lines that it writes have these fields besides those of the operations around it. */
export function withLogFields<Result>(fields: LogFields, run: () => Result): Result {
  return scopes.run({ fields: { ...scopes.getStore()?.fields, ...fields } }, run);
}

/** Adds fields to the operation that runs, once they are known. Has no effect outside of {@link withLogFields}. */
export function addLogFields(fields: LogFields): void {
  const scope = scopes.getStore();
  if (scope) scope.fields = { ...scope.fields, ...fields };
}

/** The fields of the operation that runs. */
export function logFields(): LogFields {
  return scopes.getStore()?.fields ?? {};
}
