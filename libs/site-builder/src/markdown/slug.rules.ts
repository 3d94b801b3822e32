/** Ids of headings as GitHub makes them, so that links written for GitHub work: `What's new?` → `whats-new`. */
export function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  return slug === '' ? 'section' : slug;
}

/** Gives every heading of one page an id of its own: the second `usage` is `usage-1`. */
export class UniqueIds {
  readonly #next = new Map<string, number>();

  take(wanted: string): string {
    let id = wanted;
    let count = this.#next.get(wanted) ?? 0;
    while (this.#next.has(id)) {
      count += 1;
      id = `${wanted}-${count}`;
    }
    this.#next.set(wanted, count);
    if (id !== wanted) this.#next.set(id, 0);
    return id;
  }
}
