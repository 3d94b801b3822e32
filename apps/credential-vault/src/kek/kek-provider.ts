/** Identifies the key-encryption key (KEK) that wrapped a data key. */
export interface KekReference {
  readonly kekId: string;
  readonly kekVersion: number;
}

export interface WrappedKey extends KekReference {
  readonly wrappedDek: Buffer;
}

/** Wraps data keys with the KEK, which never leaves the provider. */
export interface KekProvider {
  /** True if data keys that this KEK wrapped can be unwrapped. */
  knows(kek: KekReference): boolean;
  /** Reads the KEK that wraps new data keys. */
  current(): Promise<KekReference>;
  /** Wraps with the newest version. Unwrapping requires the same associated data. */
  wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey>;
  /** @returns the data key; the caller zeroes it */
  unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer>;
}

export const KEK_PROVIDER = Symbol('KEK provider');
