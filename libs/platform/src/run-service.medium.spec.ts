import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';

describe('runService', () => {
  it('attack: another process of the same user cannot open the debugger of a service', async () => {
    const compiled = new URL('../dist/run-service.js', import.meta.url).href;
    const code = `import { runService } from '${compiled}';
      await runService('test', () => ({ LOG_LEVEL: 'info', LISTEN_HOST: '127.0.0.1', SHUTDOWN_DELAY_SECONDS: 0, OTEL_TRACES_EXPORTER: 'none' }), async () => ({ port: 1, close: async () => undefined }));
      setInterval(() => undefined, 1_000);`;
    const service = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    service.stderr.on('data', (text: Buffer) => (output += text.toString()));
    const answered = new Promise<void>((resolve) => {
      const read = (text: Buffer) => {
        output += text.toString();
        if (output.includes('"ready":true') && !output.includes('SIGUSR1')) service.kill('SIGUSR1');
        if (/SIGUSR1|Debugger/.test(output)) resolve();
      };
      service.stdout.on('data', read);
      service.stderr.on('data', read);
    });
    await answered;
    service.kill('SIGTERM');
    await once(service, 'exit');
    expect(output).not.toContain('Debugger listening');
  });
});
