/** The limits of one build. All sizes are in bytes. */
export interface BuildLimits {
  /** Entries of the snapshot of any kind. */
  readonly maxFiles: number;
  readonly maxPages: number;
  /** One Markdown page. */
  readonly maxPageBytes: number;
  /** One OpenAPI description. */
  readonly maxDescriptionBytes: number;
  /** All pages and descriptions together: they stay in memory during the build. */
  readonly maxSourceBytes: number;
  /** One image or other file that is copied. A larger one is skipped with a warning. */
  readonly maxAssetBytes: number;
  /** All files of the site. */
  readonly maxOutputBytes: number;
}

const MEGABYTE = 1024 * 1024;

export const defaultBuildLimits: BuildLimits = {
  maxFiles: 200_000,
  maxPages: 10_000,
  maxPageBytes: 2 * MEGABYTE,
  maxDescriptionBytes: 5 * MEGABYTE,
  maxSourceBytes: 100 * MEGABYTE,
  maxAssetBytes: 25 * MEGABYTE,
  maxOutputBytes: 500 * MEGABYTE,
};

/** Formats a size for the build log: `1.5 MB`, `20 KB`, `7 bytes`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [amount, unit] = bytes < MEGABYTE ? [bytes / 1024, 'KB'] : [bytes / MEGABYTE, 'MB'];
  return `${Number(amount.toFixed(1))} ${unit}`;
}
