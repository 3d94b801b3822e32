/** Converts a decrypted secret to text and zeroes the buffer. The text itself cannot be zeroed. */
export function takeText(plaintext: Buffer): string {
  const text = plaintext.toString('utf8');
  plaintext.fill(0);
  return text;
}
