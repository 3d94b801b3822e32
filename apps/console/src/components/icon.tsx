const drawings = {
  external: 'M9 3h4v4M13 3 7.5 8.5M12 9.5V13H3V4h3.5',
  folder:
    'M2 4.5A1.5 1.5 0 0 1 3.5 3h3l1.5 2h4.5A1.5 1.5 0 0 1 14 6.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5z',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  symlink: 'M4 2h5l3 3v9H4zM6.5 11c0-2.5 1-3.5 3.5-3.5M8.5 6 10 7.5 8.5 9',
  submodule: 'M2.5 4.5 8 2l5.5 2.5v7L8 14l-5.5-2.5zM2.5 4.5 8 7l5.5-2.5M8 7v7',
  check: 'm3.5 8.5 3 3 6-7',
  cross: 'm4 4 8 8M12 4l-8 8',
  copy: 'M6 5.5h7v8H6zM10 5.5v-3H3v8h3',
  arrow: 'M6 3.5 10.5 8 6 12.5',
} as const;

export type IconName = keyof typeof drawings;

/** A decorative icon: the text next to it has the same meaning. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}
