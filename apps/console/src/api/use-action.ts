import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { send } from './client.js';
import type { Address } from './paths.js';
import type { ApiPath, ApiRequest, ApiResponse } from '@reunite/api-client';
import { ProblemError } from './problem.error.js';

interface Action<Input, Result> {
  readonly run: (input: Input) => void;
  readonly pending: boolean;
  readonly error: Error | undefined;
  readonly result: Result | undefined;
}

/** A user action: runs at most once at a time and keeps its error for display. */
export function useAction<Input, Result>(
  act: (input: Input) => Promise<Result>,
  onDone?: (result: Result) => void,
): Action<Input, Result> {
  const mutation = useMutation({ mutationFn: act, onSuccess: (result) => onDone?.(result) });
  const run = (input: Input) => {
    if (!mutation.isPending) mutation.mutate(input);
  };
  return { run, pending: mutation.isPending, error: mutation.error ?? undefined, result: mutation.data };
}

/** `crypto.randomUUID` exists on secure origins only, and the console may run on a plain http origin. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Creates an object by POST with an Idempotency-Key. The same body keeps its key after a lost response, so that the
 * object is created once. After a rejection it gets a new key.
 */
export function useCreate<Path extends ApiPath>(
  address: Address<Path>,
  onDone: (result: ApiResponse<Path, 'post'>) => void,
): Action<ApiRequest<Path, 'post'>, ApiResponse<Path, 'post'>> {
  const attempt = useRef<{ body: string; key: string }>(null);
  return useAction((body: ApiRequest<Path, 'post'>) => {
    const text = JSON.stringify(body);
    if (attempt.current?.body !== text) attempt.current = { body: text, key: newKey() };
    return send('post', address, { body, idempotencyKey: attempt.current.key }).catch((error: unknown) => {
      if (error instanceof ProblemError && !error.retryable) attempt.current = null;
      throw error;
    });
  }, onDone);
}
