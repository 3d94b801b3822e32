import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';

/** The current provider, which wraps, and previous ones, which only unwrap. Allows a deployment to change providers. */
export class KekProviders implements KekProvider {
  constructor(
    private readonly newest: KekProvider,
    private readonly previous: readonly KekProvider[],
  ) {}

  knows(kek: KekReference): boolean {
    return [this.newest, ...this.previous].some((provider) => provider.knows(kek));
  }

  current(): Promise<KekReference> {
    return this.newest.current();
  }

  wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    return this.newest.wrap(dek, associatedData);
  }

  unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const provider = this.previous.find((candidate) => candidate.knows(wrapped)) ?? this.newest;
    return provider.unwrap(wrapped, associatedData);
  }
}
