import { readFileSync } from 'node:fs';

/** Resident memory of a process in megabytes; 0 if the system has no /proc or the process has exited. */
export function residentMegabytes(pid: number | undefined): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Clock ticks per second of /proc: a constant of Linux on all architectures that Node.js supports. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time of a process in milliseconds, all threads; null if the system has no /proc or the process has exited.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processorMilliseconds(pid: number | undefined): number | null {
  try {
    const line = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
    // The name of the program may contain spaces; fields are counted from the parenthesis that ends it.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
