const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Writes rows in PostgreSQL's binary COPY format, each as one CopyData message, into a buffer of a given size. */
export class CopyMessages {
  private readonly buffer: Buffer;
  private at = 0;
  private rowAt = 0;

  /** @param size an upper bound of everything that will be written, in bytes */
  constructor(size: number) {
    this.buffer = Buffer.allocUnsafeSlow(size);
  }

  /** Begins the data of a table. */
  start(): void {
    this.beginMessage();
    this.at += SIGNATURE.copy(this.buffer, this.at);
    this.endRow();
  }

  /** Ends the data of a table, and its COPY statement. */
  end(): void {
    this.beginRow(-1);
    this.endRow();
    this.at = this.buffer.writeUInt8(COPY_DONE, this.at);
    this.at = this.buffer.writeInt32BE(4, this.at);
  }

  beginRow(fields: number): void {
    this.beginMessage();
    this.at = this.buffer.writeInt16BE(fields, this.at);
  }

  endRow(): void {
    this.buffer.writeInt32BE(this.at - this.rowAt - 1, this.rowAt + 1);
  }

  text(value: string | null): void {
    const lengthAt = this.at;
    this.at += 4;
    const bytes = value === null ? -1 : this.buffer.write(value, this.at);
    this.buffer.writeInt32BE(bytes, lengthAt);
    this.at += Math.max(0, bytes);
  }

  binary(value: Buffer): void {
    this.at = this.buffer.writeInt32BE(value.length, this.at);
    this.at += value.copy(this.buffer, this.at);
  }

  boolean(value: boolean): void {
    this.at = this.buffer.writeInt32BE(1, this.at);
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.at);
  }

  int16(value: number): void {
    this.at = this.buffer.writeInt32BE(2, this.at);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(4, this.at);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private beginMessage(): void {
    this.rowAt = this.at;
    this.buffer[this.at] = COPY_DATA;
    this.at += 5;
  }
}
