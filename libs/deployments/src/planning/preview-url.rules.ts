/** The DNS label of a deployment or project: its id with a hyphen, because DNS has no underscore. */
export function previewHostLabel(id: string): string {
  return id.replace('_', '-');
}

/** Parses a DNS label. Returns null if it is not the label of a deployment or project. */
export function idOfHostLabel(label: string): string | null {
  const match = /^(dep|prj)-([0-7][0-9a-hjkmnp-tv-z]{25})$/.exec(label.toLowerCase());
  return match ? `${match[1] ?? ''}_${match[2] ?? ''}` : null;
}

/**
 * The URL of a deployment (`dep_…`) or of a project's production (`prj_…`).
 *
 * @param template such as `https://{host}.previews.example.com/`. Every preview has its own origin, so that its scripts
 *   reach neither the console nor another preview
 */
export function previewUrl(template: string, id: string): string {
  return template.replace('{host}', previewHostLabel(id));
}
