import { missingPermissions } from '@reunite/contracts';
import type {
  Certificate,
  InstallationRequest,
  Probe,
  ProbeName,
  ProbeState,
  VaultApp,
  VaultInstallation,
  VaultWebhook,
} from '@reunite/contracts';
import { neededEvents, neededPermissions } from '../app-manifest.rules.js';
import { reachesRepositories } from '../installation-mirror.js';
import { waitingForApproval } from '../installation-requests.rules.js';

/** Days before its expiry from which a certificate is reported. */
const EXPIRY_WARNING_DAYS = 30;
/** App JWTs are back-dated by a minute, with times corrected by the clock of the server. */
const CLOCK_WARNING_SECONDS = 60;
/** A delivery is processed within seconds. */
const LAG_WARNING_SECONDS = 60;

const MAX_EVIDENCE = 1_000;

/** @param evidence may contain text of the server: it is cut, and characters that PostgreSQL rejects are replaced */
export function probe(name: ProbeName, state: ProbeState, evidence: string, remedy: string | null = null): Probe {
  return { name, state, evidence: evidence.slice(0, MAX_EVIDENCE).replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}'), remedy };
}

type CertificateProbeName = Extract<ProbeName, 'certificate' | 'client-certificate' | 'ca-bundle'>;

const CERTIFICATE_REMEDIES: Readonly<Record<CertificateProbeName, string>> = {
  certificate: 'Renew the certificate of the server. If it is pinned here, pin the new one.',
  'client-certificate': 'Enter a new client certificate with its key in the profile of the connection.',
  'ca-bundle': 'Replace the certificate authority in the profile of the connection.',
};

/** Reports the certificate that expires first. */
export function certificateProbe(name: CertificateProbeName, certificates: readonly Certificate[]): Probe {
  const [first] = [...certificates].sort((left, right) => left.daysLeft - right.daysLeft);
  if (!first) return probe(name, 'skipped', 'Not used by this connection.');
  const { subject, issuer, validTo, daysLeft } = first;
  const evidence = `${subject || 'The certificate'}, issued by ${issuer || 'an unnamed authority'}, expires on ${validTo.slice(0, 10)} (${daysLeft} days left).`;
  const remedy = CERTIFICATE_REMEDIES[name];
  // A bundle may have authorities that did not issue the certificate of the server.
  if (daysLeft < 0) return probe(name, name === 'ca-bundle' ? 'warning' : 'failed', evidence, remedy);
  return daysLeft <= EXPIRY_WARNING_DAYS ? probe(name, 'warning', evidence, remedy) : probe(name, 'ok', evidence);
}

/** @param skewSeconds seconds by which the server's clock is ahead; negative if it is behind */
export function clockProbe(skewSeconds: number): Probe {
  const seconds = Math.abs(Math.round(skewSeconds));
  const evidence = `The clock of the server is ${seconds} s ${skewSeconds < 0 ? 'behind' : 'ahead'}.`;
  if (seconds <= CLOCK_WARNING_SECONDS) return probe('clock', 'ok', evidence);
  return probe('clock', 'warning', evidence, 'Synchronize the clock of the server by NTP.');
}

export function permissionsProbe(app: Pick<VaultApp, 'permissions'>): Probe {
  const missing = missingPermissions(app.permissions, neededPermissions).map(({ name, level }) => `${name}: ${level}`);
  if (missing.length === 0) return probe('permissions', 'ok', 'The app has every permission that is used.');
  const evidence = `The app lacks ${missing.join(', ')}.`;
  return probe(
    'permissions',
    'warning',
    evidence,
    'Grant them on the settings page of the app, and accept the change on each installation.',
  );
}

export function eventsProbe({ events }: Pick<VaultApp, 'events'>): Probe {
  const missing = neededEvents.filter((event) => !events.includes(event));
  if (missing.length === 0) return probe('events', 'ok', 'The app is subscribed to every event that is used.');
  const evidence = `The app is not subscribed to ${missing.join(', ')}. Changes are found only by the regular comparison with the server.`;
  return probe('events', 'failed', evidence, 'Subscribe the app to these events on its settings page.');
}

export function installationsProbe(
  all: readonly VaultInstallation[],
  requests: readonly InstallationRequest[] = [],
): Probe {
  const waiting = waitingForApproval(all, requests);
  if (waiting !== null) return probe('installations', 'warning', waiting.evidence, waiting.remedy);
  const installations = all.filter(reachesRepositories);
  if (installations.length === 0) {
    const [enterprise] = all;
    const evidence = enterprise
      ? `The app is installed on the enterprise ${enterprise.owner} only, which has no repositories.`
      : 'The app is not installed anywhere.';
    return probe('installations', 'warning', evidence, 'Install the app on an organization.');
  }
  const suspended = installations.filter((installation) => installation.suspended).map(({ owner }) => owner);
  if (suspended.length > 0) {
    const evidence = `The installation on ${suspended.join(', ')} is suspended.`;
    return probe('installations', 'failed', evidence, 'Let an owner on the server unsuspend it.');
  }
  const pending = installations
    .filter(({ permissions }) => missingPermissions(permissions, neededPermissions).length > 0)
    .map(({ owner }) => owner);
  if (pending.length > 0) {
    const evidence = `The installation on ${pending.join(', ')} has fewer permissions than are used.`;
    return probe(
      'installations',
      'warning',
      evidence,
      'Let an owner accept the permissions of the app on the installation.',
    );
  }
  return probe('installations', 'ok', `Installed on ${installations.map(({ owner }) => owner).join(', ')}.`);
}

/** Rules of rulesets that can reject a commit of the editor on any branch, by the type in the API. */
const REJECTING_RULES: Readonly<Record<string, string>> = {
  commit_author_email_pattern: 'a pattern for the authors of commits',
  commit_message_pattern: 'a pattern for commit messages',
  committer_email_pattern: 'a pattern for committers',
  file_extension_restriction: 'blocked file extensions',
  file_path_restriction: 'blocked paths',
  max_file_path_length: 'a limit of path lengths',
  max_file_size: 'a limit of file sizes',
  required_signatures: 'signed commits',
};

/** The rules of a branch that projects publish. */
export interface PublishedBranch {
  /** E.g. `acme/docs main`. */
  readonly name: string;
  /** Types of its rules, as the API names them. */
  readonly rules: readonly string[];
  /** Required contexts of the bridge that it does not report, which block every merge. */
  readonly unreported: readonly string[];
}

export function rulesetsProbe(branches: readonly PublishedBranch[]): Probe {
  if (branches.length === 0) return probe('rulesets', 'skipped', 'No project uses this connection.');
  const blocked = branches.filter(({ unreported }) => unreported.length > 0);
  if (blocked.length > 0) {
    const findings = blocked.map(({ name, unreported }) => `${name} requires ${unreported.join(', ')}`);
    const evidence = `No project reports these statuses, so that nothing can be merged: ${findings.join('; ')}.`;
    const remedy =
      'Remove them from the required status checks, or require those of the current projects from the app of this connection.';
    return probe('rulesets', 'failed', evidence, remedy);
  }
  const findings = branches.flatMap(({ name, rules }) => {
    const rejecting = rules.flatMap((type) => REJECTING_RULES[type] ?? []);
    return rejecting.length === 0 ? [] : [`${name} requires ${rejecting.join(', ')}`];
  });
  if (findings.length > 0) {
    const remedy =
      'Commits of the editor that violate these rules are rejected. Add the app to the bypass list of the ruleset if they should not apply.';
    return probe('rulesets', 'warning', `${findings.join('; ')}.`, remedy);
  }
  const reviewed = branches.filter(({ rules }) => rules.includes('pull_request')).map(({ name }) => name);
  if (reviewed.length === 0) return probe('rulesets', 'ok', 'No ruleset rejects commits of the editor.');
  return probe('rulesets', 'ok', `Changes of ${reviewed.join(', ')} need a pull request.`);
}

/** Repairing the webhook sets its URL, content type and secret. */
const REPAIR = 'Press "Repair webhook", which sets URL, content type and secret on the server.';

/** @param accepted URLs that reach webhook-ingest, or their paths if its public origin is not known */
export function webhookUrlProbe({ url }: VaultWebhook, accepted: readonly string[]): Probe {
  if (url === '') return probe('webhook-url', 'failed', 'The app has no webhook URL.', REPAIR);
  const isAccepted = accepted.some((target) => url === target || (target.startsWith('/') && pathOf(url) === target));
  if (isAccepted) return probe('webhook-url', 'ok', `Deliveries are sent to ${url}`);
  return probe('webhook-url', 'failed', `Deliveries are sent to ${url}, not to ${accepted[0] ?? 'here'}`, REPAIR);
}

export function webhookContentProbe({ contentType, verifiesCertificates }: VaultWebhook): Probe {
  if (contentType !== 'json') {
    return probe('webhook-content-type', 'failed', `Deliveries have the content type "${contentType}".`, REPAIR);
  }
  if (!verifiesCertificates) {
    return probe('webhook-content-type', 'warning', 'The server does not verify our certificate.', REPAIR);
  }
  return probe('webhook-content-type', 'ok', 'Deliveries are JSON, and the server verifies our certificate.');
}

/** Reports the deliveries of the server's log that failed after the last successful one. */
export function webhookDeliveriesProbe({ deliveries }: VaultWebhook): Probe {
  const [last] = deliveries;
  if (!last) {
    const evidence = 'The server has sent no delivery in the last days.';
    return probe(
      'webhook-deliveries',
      'warning',
      evidence,
      'Check on the settings page of the app that its webhook is active, and push to a repository.',
    );
  }
  const success = deliveries.findIndex(isSuccess);
  const failed = success < 0 ? deliveries.length : success;
  if (failed === 0) return probe('webhook-deliveries', 'ok', `The last delivery (${last.event}) was accepted.`);
  const subject = failed === 1 ? 'The last delivery' : `The last ${failed} deliveries`;
  const evidence = `${subject} failed: ${last.event} with "${last.status}" (${last.statusCode}) at ${last.deliveredAt}.`;
  return probe('webhook-deliveries', 'failed', evidence, remedyFor(last.statusCode));
}

/** @param ping the answer to a delivery that the server sent again; null if there is none to send */
export function webhookPingProbe(
  ping: { readonly event: string; readonly statusCode: number; readonly status: string } | null,
): Probe {
  if (!ping) return probe('webhook-ping', 'skipped', 'The server has no delivery that could be sent again.');
  if (ping.statusCode === 0) {
    const evidence = `The server did not send the delivery (${ping.event}) again in time.`;
    return probe(
      'webhook-ping',
      'warning',
      evidence,
      'Check on the settings page of the app that its webhook is active.',
    );
  }
  if (isSuccess(ping))
    return probe('webhook-ping', 'ok', `A delivery (${ping.event}) was sent, received and verified.`);
  const evidence = `A delivery (${ping.event}) ended with "${ping.status}" (${ping.statusCode}).`;
  return probe('webhook-ping', 'failed', evidence, remedyFor(ping.statusCode));
}

/** @param oldestSeconds age of the oldest delivery that is not processed; null if there is none */
export function deliveryLagProbe(oldestSeconds: number | null): Probe {
  if (oldestSeconds === null) return probe('delivery-lag', 'ok', 'Every received delivery is processed.');
  const evidence = `The oldest delivery waits for ${Math.round(oldestSeconds)} s.`;
  if (oldestSeconds <= LAG_WARNING_SECONDS) return probe('delivery-lag', 'ok', evidence);
  return probe('delivery-lag', 'warning', evidence, 'Let an operator check the workers and the queue.');
}

function isSuccess({ statusCode }: { readonly statusCode: number }): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

function remedyFor(statusCode: number): string {
  if (statusCode === 401) return `The secret on the server is not the one stored here. ${REPAIR}`;
  if (statusCode === 404) return `The URL does not lead to this connection. ${REPAIR}`;
  return 'Let the server reach the webhook URL: check name resolution, firewall and the certificate of this installation.';
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}
