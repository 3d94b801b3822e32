/** Returns the server's own text from an error of the GHES client, without method, address and status. */
export function serverMessage(error: Error): string {
  return error.message.replace(/^.*? was answered with [^:]+(: )?/, '').replace(/\.?$/, '.');
}
