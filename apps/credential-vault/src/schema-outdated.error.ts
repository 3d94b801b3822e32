import { CodedError } from '@reunite/contracts';

/** The database is older than this program. */
export class SchemaOutdatedError extends CodedError {
  readonly code = 'schema-outdated';
}
