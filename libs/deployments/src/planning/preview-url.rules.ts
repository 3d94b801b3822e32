/** The host label of a deployment or a project: its id, written as DNS allows. */
export function previewHostLabel(id: string): string {
  return id.replace('_', '-');
}

/** The id behind a host label, or null where it is not one of ours. */
export function idOfHostLabel(label: string): string | null {
  const match = /^(dep|prj)-([0-7][0-9a-hjkmnp-tv-z]{25})$/.exec(label.toLowerCase());
  return match ? `${match[1] ?? ''}_${match[2] ?? ''}` : null;
}

/**
 * The address of a deployment (`dep_…`) or of a project's production (`prj_…`).
 *
 * @param template e.g. `https://{host}.previews.example.com/`: every preview has an origin of its own, and none is the
 *   console's
 */
export function previewUrl(template: string, id: string): string {
  return template.replace('{host}', previewHostLabel(id));
}
