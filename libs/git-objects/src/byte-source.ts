/** Reads a stream of chunks in pieces of other lengths. Does not copy pieces that are within one chunk. */
export class ByteSource {
  private readonly chunks: AsyncIterator<Buffer> | Iterator<Buffer>;
  private chunk: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer> | Iterable<Buffer>) {
    this.chunks = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  }

  /** Returns the next `length` bytes, or fewer if the stream ends earlier. */
  async take(length: number): Promise<Buffer> {
    let taken = await this.some(length);
    const pieces = [taken];
    for (let missing = length - taken.length; missing > 0; missing -= taken.length) {
      taken = await this.some(missing);
      if (taken.length === 0) break;
      pieces.push(taken);
    }
    return pieces.length === 1 ? (pieces[0] ?? taken) : Buffer.concat(pieces);
  }

  /** Returns the next bytes, between one and `maxLength`; none at the end of the stream. */
  async some(maxLength: number): Promise<Buffer> {
    while (this.chunk.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return this.chunk;
      this.chunk = next.value;
    }
    const piece = this.chunk.subarray(0, maxLength);
    this.chunk = this.chunk.subarray(piece.length);
    return piece;
  }

  /** Ends the stream early, so that its source is released. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
