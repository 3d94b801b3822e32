/** Which key-encryption key (KEK) wrapped a data key. */
export interface KekReference {
  readonly kekId: string;
  readonly kekVersion: number;
}

export interface WrappedKey extends KekReference {
  readonly wrappedDek: Buffer;
}

/** Holds the KEK and wraps data keys with it; the KEK itself never leaves the provider. */
export interface KekProvider {
  /** Whether data keys wrapped by this KEK can be unwrapped. */
  knows(kek: KekReference): boolean;
  /** The KEK that wraps from now on; asks anew, so that a new version is seen. */
  current(): Promise<KekReference>;
  /** Wraps with the newest version. The associated data must be given again to unwrap. */
  wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey>;
  /** The data key, for the caller to zero after use. */
  unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer>;
}

export const KEK_PROVIDER = Symbol('KEK provider');
