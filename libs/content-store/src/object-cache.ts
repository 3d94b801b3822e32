import type { GitObject } from '@reunite/git-objects';

/** One object may take this part of the cache at most, so that a large one does not throw out all others. */
const LARGEST_PART = 16;

/** Objects used lately, bounded by the bytes of their bodies. */
export class ObjectCache {
  private readonly objects = new Map<string, GitObject>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get(key: string): GitObject | undefined {
    const object = this.objects.get(key);
    if (!object) return undefined;
    this.objects.delete(key);
    this.objects.set(key, object); // last in the map is the one used last
    return object;
  }

  put(key: string, object: GitObject): void {
    if (object.body.length > this.maxBytes / LARGEST_PART || this.objects.has(key)) return;
    this.objects.set(key, object);
    this.bytes += object.body.length;
    for (const [oldest, { body }] of this.objects) {
      if (this.bytes <= this.maxBytes) return;
      this.objects.delete(oldest);
      this.bytes -= body.length;
    }
  }
}
