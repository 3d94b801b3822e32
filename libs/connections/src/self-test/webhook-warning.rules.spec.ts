import { describe, expect, it } from '@jest/globals';
import type { Probe, ProbeName, ProbeState } from '@reunite/contracts';
import { webhookWarning } from './webhook-warning.rules.js';

const probe = (name: ProbeName, state: ProbeState): Probe => ({ name, state, evidence: `${name}.`, remedy: 'Do it.' });
const app = probe('app', 'ok');

describe('the warning about a webhook', () => {
  it.each<[string, Probe[], string | null]>([
    ['deliveries arrive', [app, probe('webhook-deliveries', 'ok'), probe('webhook-ping', 'ok')], null],
    ['the server does not send', [app, probe('webhook-ping', 'warning')], 'webhook-ping. Do it.'],
    ['the log is empty', [app, probe('webhook-deliveries', 'warning')], 'webhook-deliveries. Do it.'],
    ['deliveries are rejected', [app, probe('webhook-deliveries', 'failed')], 'webhook-deliveries. Do it.'],
    ['deliveries are no JSON', [app, probe('webhook-content-type', 'failed')], 'webhook-content-type. Do it.'],
    ['only our certificate is not verified', [app, probe('webhook-content-type', 'warning')], null],
    ['the app cannot be read', [probe('app', 'failed'), probe('webhook-ping', 'failed')], null],
    ['there was no self-test', [], null],
  ])('when %s', (_when, probes, warning) => {
    expect(webhookWarning(probes)).toBe(warning);
  });
});
