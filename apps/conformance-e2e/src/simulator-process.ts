import { startSimulator } from '@reunite/testing';
import type { RunningSimulator } from '@reunite/testing';
import { z } from 'zod';

const reportSchema = z.object({
  enabled: z.literal(true),
  description: z.string(),
  requests: z.number(),
  responses: z.number(),
  webhooks: z.number(),
  graphql: z.number(),
  operations: z.record(z.string(), z.record(z.string(), z.number())),
  events: z.record(z.string(), z.number()),
  violations: z.array(
    z.object({
      kind: z.string(),
      operation: z.string(),
      status: z.number().optional(),
      example: z.string().optional(),
      messages: z.array(z.string()),
    }),
  ),
});

/** Numbers of messages that the simulator checked against GitHub's API descriptions, and their violations. */
export type SimulatorReport = z.output<typeof reportSchema>;

/** A simulator that checks every message against GitHub's descriptions. */
export class SimulatorProcess {
  private constructor(private readonly simulator: RunningSimulator) {}

  static async start(version: string): Promise<SimulatorProcess> {
    return new SimulatorProcess(await startSimulator({ version, check: true }));
  }

  get url(): string {
    return this.simulator.url;
  }

  /** Calls the control API of the simulator, which a real server does not have. */
  async control<T>(method: 'GET' | 'POST' | 'PUT', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    return schema.parse(await this.simulator.control(method, path, body));
  }

  /** Calls the control API and ignores the response. */
  async send(path: string, body: object, method: 'POST' | 'PUT' = 'POST'): Promise<void> {
    await this.simulator.control(method, path, body);
  }

  report(): Promise<SimulatorReport> {
    return this.control('GET', '/conformance', reportSchema);
  }

  stop(): Promise<void> {
    return this.simulator.stop();
  }
}
