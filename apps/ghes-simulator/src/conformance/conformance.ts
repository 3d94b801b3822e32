import { Description, describedRelease } from './description.js';
import type { Exchange, SentWebhook } from './exchange.js';
import { Operations } from './operations.js';
import { requestFaults } from './request-faults.js';
import { responseFaults } from './response-faults.js';
import { webhookFaults, webhookName } from './webhook-faults.js';

export interface Violation {
  readonly kind: 'request' | 'response' | 'webhook' | 'graphql';
  readonly operation: string;
  readonly status?: number;
  readonly example?: string;
  readonly faults: string[];
}

/** What was held against the published descriptions so far, and what did not hold. */
export interface ConformanceReport {
  readonly enabled: true;
  readonly description: string;
  requests: number;
  responses: number;
  webhooks: number;
  graphql: number;
  /** Operation id → status → how often. */
  readonly operations: Record<string, Record<string, number>>;
  /** Event (and action) → how often. */
  readonly events: Record<string, number>;
  readonly violations: Violation[];
}

/** Holds everything that the server says and is told against GitHub's own descriptions of its version. */
export class Conformance {
  private rest: { description: Description; operations: Operations } | undefined;
  private hooks: Description | undefined;
  private readonly release: string;
  private report: ConformanceReport;

  constructor(version: string) {
    this.release = describedRelease(version);
    this.report = emptyReport(this.release);
  }

  read(): ConformanceReport {
    return this.report;
  }

  reset(): void {
    this.report = emptyReport(this.release);
  }

  checkExchange(exchange: Exchange): void {
    this.rest ??= loadRest(this.release);
    const { description, operations } = this.rest;
    const operation = operations.find(exchange.method, exchange.path);
    const { method, path, status } = exchange;
    const name = operation?.node.operationId ?? `${method} ${path}`;
    const add = (kind: 'request' | 'response', faults: string[]) => {
      if (faults.length > 0) this.violate({ kind, operation: name, status, example: `${method} ${path}`, faults });
    };
    if (!operation) {
      // Nobody documents what is not there.
      if (status !== 404) add('request', ['is not an operation of the description']);
      return;
    }
    this.report.requests += 1;
    this.report.responses += 1;
    const counts = (this.report.operations[name] ??= {});
    counts[status] = (counts[status] ?? 0) + 1;
    // A request that was refused may be as wrong as its sender wanted.
    if (status < 400) add('request', requestFaults(description, operation, exchange));
    add('response', responseFaults(description, operation, exchange));
  }

  checkWebhook(webhook: SentWebhook): void {
    this.hooks ??= Description.load('webhooks', this.release);
    const name = webhookName(webhook.event, webhook.action);
    this.report.webhooks += 1;
    this.report.events[name] = (this.report.events[name] ?? 0) + 1;
    const faults = webhookFaults(this.hooks, webhook);
    if (faults.length > 0) this.violate({ kind: 'webhook', operation: name, faults });
  }

  /** The query was validated against GitHub's schema by executing it; only its faults are told here. */
  checkGraphql(operation: string, faults: string[]): void {
    this.report.graphql += 1;
    if (faults.length > 0) this.violate({ kind: 'graphql', operation, faults });
  }

  private violate(violation: Violation): void {
    this.report.violations.push(violation);
  }
}

function loadRest(release: string) {
  const description = Description.load('rest', release);
  return { description, operations: new Operations(description.document) };
}

function emptyReport(description: string): ConformanceReport {
  const counts = { requests: 0, responses: 0, webhooks: 0, graphql: 0 };
  return { enabled: true, description, ...counts, operations: {}, events: {}, violations: [] };
}
