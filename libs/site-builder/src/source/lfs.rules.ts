/** Whether the bytes are a pointer in place of a file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export function isLfsPointer(bytes: Buffer): boolean {
  return bytes.length < 1024 && bytes.toString('latin1', 0, 32).startsWith('version https://git-lfs');
}
