import { slug } from 'github-slugger';

/** The id of a heading as on GitHub, so that links written for GitHub work: `What's new?` → `whats-new`. */
export function slugOf(text: string): string {
  const id = slug(text);
  return id === '' ? 'section' : id;
}

/** Makes ids unique on a page: the second `usage` becomes `usage-1`. */
export class UniqueIds {
  private readonly next = new Map<string, number>();

  take(slug: string): string {
    let id = slug;
    let count = this.next.get(slug) ?? 0;
    while (this.next.has(id)) {
      count += 1;
      id = `${slug}-${count}`;
    }
    this.next.set(slug, count);
    if (id !== slug) this.next.set(id, 0);
    return id;
  }
}
