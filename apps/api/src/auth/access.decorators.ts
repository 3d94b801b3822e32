import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Role } from '@reunite/contracts';
import type { Caller } from './caller.js';

export const ACCESS = Symbol('access');
export type Access = Role | 'public';

/** The role that a call needs. Default: `read`. */
export const Requires = (role: Role) => SetMetadata(ACCESS, role);

/** The call needs no token. */
export const Public = () => SetMetadata(ACCESS, 'public');

const callers = new WeakMap<object, Caller>();

/** The object that identifies a call: the HTTP request, or the metadata of the gRPC call. */
function callOf(context: ExecutionContext): object {
  return context.getType() === 'rpc' ? context.switchToRpc().getContext<object>() : context.switchToHttp().getRequest();
}

export function rememberCaller(context: ExecutionContext, caller: Caller): void {
  callers.set(callOf(context), caller);
}

/** The verified caller of a call over HTTP or gRPC. @throws Error if its route is public */
export function callerOf(context: ExecutionContext): Caller {
  const caller = callers.get(callOf(context));
  if (!caller) throw new Error('A public route has no caller.');
  return caller;
}

/** Parameter decorator for {@link callerOf}. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context),
);
