import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Replaces the process of a build in tests, and misbehaves as its task requests. */
const retained = [];

const does = {
  environment: () => done(JSON.stringify(process.env)),
  arguments: () => done(JSON.stringify([...process.execArgv, ...process.argv.slice(2)])),
  read: ({ path }) => done(codeOf(() => readFileSync(path))),
  write: ({ path }) => done(codeOf(() => writeFileSync(path, ''))),
  thread: () => done(codeOf(() => new Worker('', { eval: true, execArgv: [] }))),
  signal: () => done(codeOf(() => process.kill(process.ppid, 'SIGUSR1'))),
  spawn: () => done(codeOf(() => spawnSync('/bin/true'))),
  process: () => done(process.pid),
  loop: () => {
    for (;;);
  },
  memory: () => {
    for (;;) retained.push({ at: retained.length, text: `${retained.length}`.repeat(10) });
  },
  buffers: () => setInterval(() => retained.push(Buffer.alloc(64 * 1024 ** 2, 1)), 10),
  die: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(3),
  fail: () =>
    process.send({
      type: 'failed',
      failure: { code: 'page-too-large', retryable: false, message: 'No.', problems: [] },
    }),
};

function done(result) {
  process.send({ type: 'done', result });
}

function codeOf(act) {
  try {
    act();
    return null;
  } catch (error) {
    return error.code;
  }
}

process.on('message', (task) => does[task.kind](task));
