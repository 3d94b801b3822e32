import type { Probe, ProbeName, ProbeState } from '@reunite/contracts';

/** States in which a probe means that deliveries do not arrive, by probe. */
const UNDELIVERED: readonly (readonly [ProbeName, readonly ProbeState[]])[] = [
  ['webhook-content-type', ['failed']],
  ['webhook-deliveries', ['failed', 'warning']],
  ['webhook-ping', ['failed', 'warning']],
];

/**
 * Returns what a self-test found about a webhook that does not deliver, e.g. because it is not active, and what to do. The
 * server's API does not return whether a webhook is active, so that only a redelivery shows it.
 *
 * @returns null if deliveries arrive, or if the app cannot be read
 */
export function webhookWarning(probes: readonly Probe[]): string | null {
  const byName = new Map(probes.map((probe) => [probe.name, probe]));
  if (byName.get('app')?.state !== 'ok') return null;
  for (const [name, states] of UNDELIVERED) {
    const probe = byName.get(name);
    if (!probe || !states.includes(probe.state)) continue;
    return [probe.evidence, probe.remedy ?? ''].join(' ').trim();
  }
  return null;
}
