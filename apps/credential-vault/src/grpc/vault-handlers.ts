import { Injectable } from '@nestjs/common';
import type { VaultMethod, VaultMethods } from '@reunite/contracts';
import type { CallRecord } from '../audit/call-record.js';
import { AppController } from './app.controller.js';
import { CredentialController } from './credential.controller.js';
import { UserController } from './user.controller.js';

export type Request<Method extends VaultMethod> = VaultMethods[Method]['request'];
export type Response<Method extends VaultMethod> = Promise<VaultMethods[Method]['response']>;

/** A method for each of vault.proto. Who may call it was decided before. */
export type Handlers<Method extends VaultMethod = VaultMethod> = {
  [Name in Method]: (request: Request<Name>, record: CallRecord) => Response<Name>;
};

/** Finds the controller of a method; one that no controller has does not compile. */
@Injectable()
export class VaultHandlers {
  readonly #of: { readonly [Name in VaultMethod]: Pick<Handlers, Name> };

  constructor(apps: AppController, credentials: CredentialController, users: UserController) {
    this.#of = {
      beginManifest: apps,
      completeManifest: apps,
      registerApp: apps,
      getApp: apps,
      listInstallations: apps,
      deleteConnection: apps,
      mintInstallationToken: credentials,
      forgetTokens: credentials,
      getWebhookSecrets: credentials,
      rotatePrivateKey: credentials,
      rotateClientSecret: credentials,
      rotateWebhookSecret: credentials,
      beginUserSignIn: users,
      completeUserSignIn: users,
      getUserAccount: users,
      mintUserToken: users,
      endUserSignIn: users,
    };
  }

  handle<Method extends VaultMethod>(method: Method, request: Request<Method>, record: CallRecord): Promise<object> {
    const controller = this.#of[method] as Handlers;
    return controller[method](request, record);
  }
}
