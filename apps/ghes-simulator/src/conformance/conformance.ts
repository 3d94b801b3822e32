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
  readonly messages: string[];
}

/** Counts of all checks since the last reset, and the violations found. */
export interface ConformanceReport {
  readonly enabled: true;
  readonly description: string;
  readonly requests: number;
  readonly responses: number;
  readonly webhooks: number;
  readonly graphql: number;
  /** Counts by operation id and status. */
  readonly operations: Record<string, Record<string, number>>;
  /** Counts by event and action. */
  readonly events: Record<string, number>;
  readonly violations: Violation[];
}

/** Checks requests, answers and webhooks against GitHub's OpenAPI descriptions of the simulated version. */
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
    const add = (kind: 'request' | 'response', messages: string[]) => {
      if (messages.length > 0) this.violate({ kind, operation: name, status, example: `${method} ${path}`, messages });
    };
    if (!operation) {
      // A 404 is the right answer to an undocumented route.
      if (status !== 404) add('request', ['is not an operation of the description']);
      return;
    }
    this.count('requests');
    this.count('responses');
    const counts = (this.report.operations[name] ??= {});
    counts[status] = (counts[status] ?? 0) + 1;
    // A rejected request may be invalid on purpose, and the body of a redirected one is not read.
    if (status < 300) add('request', requestFaults(description, operation, exchange));
    add('response', responseFaults(description, operation, exchange));
  }

  checkWebhook(webhook: SentWebhook): void {
    this.hooks ??= Description.load('webhooks', this.release);
    const name = webhookName(webhook.event, webhook.action);
    this.count('webhooks');
    this.report.events[name] = (this.report.events[name] ?? 0) + 1;
    const messages = webhookFaults(this.hooks, webhook);
    if (messages.length > 0) this.violate({ kind: 'webhook', operation: name, messages });
  }

  /** Counts a query. `messages` are the errors of its execution, which validates it against GitHub's schema. */
  checkGraphql(operation: string, messages: string[]): void {
    this.count('graphql');
    if (messages.length > 0) this.violate({ kind: 'graphql', operation, messages });
  }

  private count(kind: 'requests' | 'responses' | 'webhooks' | 'graphql'): void {
    this.report = { ...this.report, [kind]: this.report[kind] + 1 };
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
