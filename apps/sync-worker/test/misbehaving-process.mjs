/** Stands in for the process of a build, and does what its task says, which no build should. */
const kept = [];

const does = {
  environment: () => done(JSON.stringify(process.env)),
  arguments: () => done(JSON.stringify([...process.execArgv, ...process.argv.slice(2)])),
  process: () => done(process.pid),
  loop: () => {
    for (;;);
  },
  memory: () => {
    for (;;) kept.push({ at: kept.length, text: `${kept.length}`.repeat(10) });
  },
  buffers: () => setInterval(() => kept.push(Buffer.alloc(64 * 1024 ** 2, 1)), 10),
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

process.on('message', ({ kind }) => does[kind]());
