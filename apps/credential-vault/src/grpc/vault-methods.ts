import type { VaultMethod, VaultMethods } from '@reunite/contracts';
import type { CallRecord } from '../audit/call-record.js';

export type MethodRequest<Method extends VaultMethod> = VaultMethods[Method]['request'];
export type MethodResponse<Method extends VaultMethod> = VaultMethods[Method]['response'];

/** One function per method of vault.proto. The server authorizes the caller before it calls one. */
export type VaultMethodHandlers<Method extends VaultMethod = VaultMethod> = {
  [Name in Method]: (request: MethodRequest<Name>, record: CallRecord) => Promise<MethodResponse<Name>>;
};
