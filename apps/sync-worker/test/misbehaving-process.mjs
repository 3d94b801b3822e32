import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** Replaces the process of a build in tests, and misbehaves as its task requests. */
const retained = [];

const does = {
  environment: () => done(JSON.stringify(process.env)),
  arguments: () => done(JSON.stringify([...process.execArgv, ...process.argv.slice(2)])),
  read: ({ path }) => done(codeOf(() => readFileSync(path))),
  write: ({ path }) => done(codeOf(() => writeFileSync(path, ''))),
  database: ({ path }) => done(codeOf(() => writeDatabase(path))),
  compile: ({ path }) => done(codeOf(() => writeCompiledCode(path))),
  thread: () => done(codeOf(() => new Worker('', { eval: true, execArgv: [] }))),
  signal: () => done(codeOf(() => process.kill(process.ppid, 'SIGUSR1'))),
  spawn: () => done(codeOf(() => spawnSync('/bin/true'))),
  process: () => done(process.pid),
  loop: () => {
    // Sent before the loop: messages are written at once.
    started();
    for (;;);
  },
  lint: () => undefined,
  load: () => {
    spend(1_400);
    started();
    spend(300);
    done(process.pid);
  },
  work: ({ milliseconds }) => {
    started();
    spend(milliseconds);
    done(process.pid);
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

/** Uses the processor. */
function spend(milliseconds) {
  const start = process.cpuUsage();
  for (let used = 0; used < milliseconds * 1_000;) {
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
}

function started() {
  process.send({ type: 'started' });
}

function done(result) {
  process.send({ type: 'done', result });
}

function writeDatabase(path) {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite');
  new DatabaseSync(path).exec('CREATE TABLE written (by text)');
}

/** Makes V8 write the code that it compiles to a file. */
function writeCompiledCode(path) {
  const flags = [`--redirect-code-traces-to=${path}`, '--redirect-code-traces', '--print-opt-code'];
  for (const flag of [...flags, '--allow-natives-syntax']) setFlagsFromString(flag);
  const call = 'add(1); add(2);';
  const code = `function add(a) { return a + 1; } %PrepareFunctionForOptimization(add); ${call}`;
  new Function(`${code} %OptimizeFunctionOnNextCall(add); ${call}`)();
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
