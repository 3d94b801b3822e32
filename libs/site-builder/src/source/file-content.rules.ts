/** Byte order marks of UTF-16, which editors and shells of Windows write. */
const UTF16_MARKS = ['fffe', 'feff'];

/** Returns why the bytes cannot be read as text, or undefined if they can. */
export function encodingError(bytes: Buffer): string | undefined {
  return UTF16_MARKS.includes(bytes.toString('hex', 0, 2))
    ? 'The file is encoded in UTF-16 (the default of ">" in PowerShell); save it as UTF-8'
    : undefined;
}

/** True for a Git LFS pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
export function isLfsPointer(bytes: Buffer): boolean {
  return bytes.length < 1024 && bytes.toString('latin1', 0, 32).startsWith('version https://git-lfs');
}
