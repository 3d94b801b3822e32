import { CodedError } from '@reunite/contracts/errors';

/** An entry of the allowed address ranges is not in CIDR notation. */
export class InvalidCidrError extends CodedError {
  readonly code = 'invalid-cidr';

  constructor(entry: string) {
    super(`"${entry}" is not an address range. Write it like 10.1.2.0/24, fd12::/48 or a single address.`);
  }
}
