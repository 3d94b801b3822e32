/** Characters that are separators or have a meaning on other systems, and control characters. */
const UNSAFE = /[\\:*?"<>|\p{Cc}\p{Cs}]/gu;
/** Windows drops a dot or space at the end of a name, and reserves names of devices. */
const TRAILING = /[. ]$/;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * Returns the name of a file in a ZIP archive, which leads to no other folder on any system (zip slip). Git accepts names
 * such as `..\evil.txt`, which are paths on Windows.
 *
 * @param used names that other files have, in lower case; the returned name is added
 */
export function archiveName(path: string, used: Set<string>): string {
  const safe = path.split('/').map(safeName).join('/');
  let name = safe;
  for (let number = 2; used.has(name.toLowerCase()); number++) name = `${safe}~${number}`;
  used.add(name.toLowerCase());
  return name;
}

function safeName(name: string): string {
  const plain = name.replace(UNSAFE, '_').replace(TRAILING, '_');
  return DEVICE.test(plain) ? `_${plain}` : plain;
}
