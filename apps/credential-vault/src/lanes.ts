/** Lets a few run at a time; the others wait in line. */
export class Lanes {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A lane is handed over, or is free again.
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/** Lanes in all, of which one key may take a few: whoever is slow holds up others of the same key. */
export class SharedLanes {
  private readonly all: Lanes;
  private readonly ofKeys = new Map<string, { readonly lanes: Lanes; users: number }>();

  constructor(
    inAll: number,
    private readonly ofOneKey: number,
  ) {
    this.all = new Lanes(inAll);
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const own = this.ofKeys.get(key) ?? { lanes: new Lanes(this.ofOneKey), users: 0 };
    this.ofKeys.set(key, own);
    own.users += 1;
    try {
      return await own.lanes.run(() => this.all.run(work));
    } finally {
      own.users -= 1;
      if (own.users === 0) this.ofKeys.delete(key);
    }
  }
}
