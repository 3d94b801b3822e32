import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Role } from '@reunite/contracts';
import type { Caller } from './caller.js';

export const ACCESS = Symbol('access');
export type Access = Role | 'public';

/** The role that a call needs; `read` unless told. */
export const Requires = (role: Role) => SetMetadata(ACCESS, role);

/** Anybody may call it, without a token. */
export const Public = () => SetMetadata(ACCESS, 'public');

const callers = new WeakMap<object, Caller>();

/** What stands for a call on either door: the HTTP request, or the metadata of the gRPC call. */
function callOf(context: ExecutionContext): object {
  return context.getType() === 'rpc' ? context.switchToRpc().getContext<object>() : context.switchToHttp().getRequest();
}

export function rememberCaller(context: ExecutionContext, caller: Caller): void {
  callers.set(callOf(context), caller);
}

/** The verified caller, on HTTP and gRPC alike. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(callOf(context));
  if (!caller) throw new Error('A public route asked who calls.');
  return caller;
});
