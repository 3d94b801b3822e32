/** What the server said, without the address that it was said to. */
export function serverWords(error: Error): string {
  return error.message.replace(/^.*? was answered with [^:]+(: )?/, '').replace(/\.?$/, '.');
}
