/** An entry of the allowed address ranges is not in CIDR notation. */
export class InvalidCidrError extends Error {
  readonly code = 'invalid-cidr';
  readonly retryable = false;

  constructor(entry: string) {
    super(`"${entry}" is not an address range. Write it like 10.1.2.0/24, fd12::/48 or a single address.`);
    this.name = 'InvalidCidrError';
  }
}
