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
      faults: z.array(z.string()),
    }),
  ),
});

/** What the simulator held against GitHub's descriptions, and what did not hold. */
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

  /** What no user of a real server could do. */
  async control<T>(method: 'GET' | 'POST' | 'PUT', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    return schema.parse(await this.simulator.control(method, path, body));
  }

  async tell(path: string, body: object, method: 'POST' | 'PUT' = 'POST'): Promise<void> {
    await this.simulator.control(method, path, body);
  }

  report(): Promise<SimulatorReport> {
    return this.control('GET', '/conformance', reportSchema);
  }

  stop(): Promise<void> {
    return this.simulator.stop();
  }
}
