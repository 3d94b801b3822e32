// The processes of bench `ingest`: servers and the load generator.
import { fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** @returns the port that the child reports, and its process id */
export function startChild(kind, settings, cleanups, profileFolder) {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const profile =
    profileFolder && ['ours', 'worker'].includes(kind) ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
  const args = [...profile, 'bench/ingest-servers.mjs', kind, JSON.stringify(settings)];
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(
    () => new Promise((resolve) => (child.once('exit', resolve), child.kill(profile.length ? 'SIGINT' : 'SIGKILL'))),
  );
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)));
    createInterface(child.stdout).on(
      'line',
      (line) => line.startsWith('{"ready"') && resolve({ port: JSON.parse(line).port, pid: child.pid }),
    );
  });
}

/** @returns its process id, and a function that runs a command and returns the result */
export function startLoader(cleanups) {
  const child = fork(fileURLToPath(new URL('ingest-load.mjs', import.meta.url)));
  cleanups.push(() => new Promise((resolve) => (child.once('exit', resolve), child.kill())));
  const run = (command) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send(command);
    });
  return { pid: child.pid, run };
}
