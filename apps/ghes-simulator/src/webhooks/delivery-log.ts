import { createReadStream } from 'node:fs';
import { open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../clock.js';

/** An attempt to deliver a webhook, with its request and response. */
export interface DeliveryRecord {
  readonly id: number;
  readonly guid: string;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** Seconds. */
  readonly duration: number;
  readonly status: string;
  readonly statusCode: number;
  readonly event: string;
  readonly action: string | null;
  readonly appId: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly url: string;
  readonly request: { headers: Record<string, string>; payload: string };
  readonly response: { headers: Record<string, string>; payload: string } | null;
}

/** GHES keeps deliveries for about a week. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const KEPT_RECORDS = 5000;
const KEPT_BYTES = 256 * 1024 * 1024;

/** Deliveries in order, in memory and in a file of JSON lines. */
export class DeliveryLog {
  private lastId: number;
  private bytes: number;
  private appending: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly clock: Clock,
    private readonly file: FileHandle,
    private readonly records: DeliveryRecord[],
  ) {
    this.bytes = records.reduce((sum, record) => sum + record.request.payload.length, 0);
    this.lastId = records.at(-1)?.id ?? 0;
  }

  /** Reads the file of an earlier run. Ignores a line that a crash left incomplete. */
  static async open(folder: string, clock: Clock): Promise<DeliveryLog> {
    const path = join(folder, 'deliveries.jsonl');
    const records = (await readLines(path)).slice(-KEPT_RECORDS);
    await writeFile(`${path}.tmp`, records.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
    return new DeliveryLog(clock, await open(path, 'a', 0o600), records);
  }

  add(entry: Omit<DeliveryRecord, 'id'>): DeliveryRecord {
    this.lastId += 1;
    const record = { id: this.lastId, ...entry };
    this.records.push(record);
    this.bytes += record.request.payload.length;
    this.forgetOldest();
    this.appending = this.appending.then(() => this.file.appendFile(`${JSON.stringify(record)}\n`));
    return record;
  }

  private forgetOldest(): void {
    const oldest = this.clock.now().getTime() - KEPT_MS;
    for (let [first] = this.records; first; [first] = this.records) {
      const tooMany = this.records.length > KEPT_RECORDS || this.bytes > KEPT_BYTES;
      if (!tooMany && new Date(first.deliveredAt).getTime() > oldest) return;
      this.bytes -= first.request.payload.length;
      this.records.shift();
    }
  }

  /** Newest first. */
  all(): DeliveryRecord[] {
    return [...this.records].reverse();
  }

  ofApp(appId: number): DeliveryRecord[] {
    return this.all().filter((record) => record.appId === appId);
  }

  async close(): Promise<void> {
    await this.appending;
    await this.file.close();
  }
}

async function readLines(path: string): Promise<DeliveryRecord[]> {
  const records: DeliveryRecord[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      try {
        records.push(JSON.parse(line) as DeliveryRecord);
      } catch {
        continue;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return records;
}
