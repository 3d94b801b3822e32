/** What one build may use up. All sizes are bytes. */
export interface BuildLimits {
  /** Entries of the snapshot, whatever they are. */
  readonly maxFiles: number;
  readonly maxPages: number;
  /** One Markdown page. */
  readonly maxPageBytes: number;
  /** One OpenAPI description. */
  readonly maxDescriptionBytes: number;
  /** All pages and descriptions together: they are held in memory during the build. */
  readonly maxSourceBytes: number;
  /** One image or other file that is copied. A bigger one is left out, the build goes on. */
  readonly maxAssetBytes: number;
  /** Everything that is written. */
  readonly maxOutputBytes: number;
}

const megabyte = 1024 * 1024;

export const defaultBuildLimits: BuildLimits = {
  maxFiles: 200_000,
  maxPages: 10_000,
  maxPageBytes: 2 * megabyte,
  maxDescriptionBytes: 5 * megabyte,
  maxSourceBytes: 100 * megabyte,
  maxAssetBytes: 25 * megabyte,
  maxOutputBytes: 500 * megabyte,
};

/** `1.5 MB`, `20 KB`, `7 bytes`: sizes as the build log says them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [amount, unit] = bytes < megabyte ? [bytes / 1024, 'KB'] : [bytes / megabyte, 'MB'];
  return `${Number(amount.toFixed(1))} ${unit}`;
}
