import { InvalidInputError } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import { newServerFields } from './profile-fields.js';

/** Maps error codes of the vault to the input field to correct. */
type FieldByCode = Readonly<Partial<Record<ErrorCode, string>>>;

export const existingAppFields: FieldByCode = {
  ...newServerFields,
  'app-permission-missing': 'appId',
  'app-unknown-app': 'appId',
  'app-wrong-app': 'appId',
  'app-wrong-client-id': 'clientId',
  'client-secret-rejected': 'clientSecret',
  'app-wrong-key': 'privateKey',
  'invalid-private-key': 'privateKey',
};

export const privateKeyFields: FieldByCode = {
  'app-wrong-app': 'privateKey',
  'app-wrong-key': 'privateKey',
  'invalid-private-key': 'privateKey',
};

export const clientSecretFields: FieldByCode = { 'client-secret-rejected': 'clientSecret' };

/**
 * Converts an error of the vault to a violation of the field that caused it.
 *
 * @throws InvalidInputError, or the error as it is
 */
export async function atItsField<Result>(call: Promise<Result>, fields: FieldByCode): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    const path = error instanceof VaultError ? fields[error.code] : undefined;
    if (path === undefined) throw error;
    const { message } = error as VaultError;
    throw new InvalidInputError(message, [{ path, message }]);
  }
}
