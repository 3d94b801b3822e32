import { CodedError } from '@reunite/contracts';

/** The database lacks a migration of this program. */
export class SchemaOutdatedError extends CodedError {
  readonly code = 'schema-outdated';
}
