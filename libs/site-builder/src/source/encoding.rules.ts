/** The marks that editors and shells of Windows put before UTF-16, in either order of bytes. */
const utf16Marks = ['fffe', 'feff'];

/** Why the bytes cannot be read as text, or undefined if they can. */
export function encodingError(bytes: Buffer): string | undefined {
  return utf16Marks.includes(bytes.toString('hex', 0, 2))
    ? 'it is written in UTF-16, as PowerShell does by ">"; save it as UTF-8'
    : undefined;
}
