/** Bytes that may be in use at the same time, for one owner within a larger whole: a connection within its process. */
export class ByteBudget {
  private used = 0;

  /** @param parent also has to have the bytes free */
  constructor(
    private readonly maxBytes: number,
    private readonly parent?: ByteBudget,
  ) {}

  /** Takes `bytes` if both this budget and its parent have them free, otherwise nothing. */
  tryTake(bytes: number): boolean {
    if (this.used + bytes > this.maxBytes) return false;
    if (this.parent && !this.parent.tryTake(bytes)) return false;
    this.used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.used -= bytes;
    this.parent?.release(bytes);
  }
}

const MIB = 1024 * 1024;

/** API responses that are being read by the whole process. */
export const PROCESS_BYTES = new ByteBudget(256 * MIB);

/** Git responses that are being read by the whole process. */
export const PROCESS_PACK_BYTES = new ByteBudget(2048 * MIB);
