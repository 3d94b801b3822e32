/** Lets a few run at a time; the others wait in line. */
export class Lanes {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A lane is handed over, or is free again.
      const next = this.#waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
