import { pageAddress } from '../source/paths.rules.js';
import { comparePaths } from '../source/snapshot.js';
import { isRecord, listOf, recordOf, textOf } from '../syntax/values.rules.js';

/** The folder of translations. Each of its folders is a language. */
export const TRANSLATIONS = '@l10n';
export const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
/** Versions of a folder, and languages. Further ones are not listed. */
const MAX_VARIANTS = 50;
const MAX_LABEL = 100;

/** A version or a language that a page is available in. */
export interface Variant {
  readonly label: string;
  /** The same page, or else the start of the version or language. */
  readonly address: string;
  readonly isCurrent: boolean;
  /** True if `address` is the same page. */
  readonly isSamePage: boolean;
  /** Code of a language. */
  readonly language?: string;
}

export interface PageVariants {
  readonly versions: readonly Variant[];
  readonly languages: readonly Variant[];
  /** Undefined if the site has one language. */
  readonly language: string | undefined;
  /** The same page of the default version. */
  readonly canonical: string;
  /** Addresses that the search leaves out: of other versions, and of other languages. */
  readonly hidden: readonly string[];
}

/** The values of `versions.yaml` by the path of its folder. */
export type VersionSettings = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

interface NamedVariant {
  readonly name: string;
  readonly label: string;
}

interface Versions {
  readonly list: readonly NamedVariant[];
  readonly default: string | undefined;
}

/** A folder of a page, taken apart: `@l10n/es/docs/@v1/start`. */
interface Place {
  /** Empty for the default language. */
  readonly language: string;
  /** The folder of the versions with its language; undefined if the page has no version. */
  readonly base: string | undefined;
  readonly version: string;
  /** The path below the version or language. */
  readonly rest: string;
}

const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * The versions and languages of a site, by folder: `docs/@v1/start.md`, and `@l10n/es/start.md` for `start.md`.
 *
 * @see https://redocly.com/docs/realm/content/versions
 * @see https://redocly.com/docs/realm/config/l10n
 */
export class SiteVariants {
  private readonly folders: ReadonlySet<string>;
  private readonly versions = new Map<string, Versions>();
  private readonly languages: readonly NamedVariant[];
  private readonly defaultLanguage: string;

  /** @param language of pages outside of `@l10n`, unless `l10n` of `redocly.yaml` names another one */
  constructor(folders: Iterable<string>, settings: VersionSettings, l10n: unknown, language: string) {
    this.folders = new Set(folders);
    const names = new Map<string, Set<string>>();
    const translations = new Set<string>();
    for (const folder of this.folders) {
      const { base, version, language: translation } = placeOf(folder);
      if (base !== undefined) names.set(base, (names.get(base) ?? new Set()).add(version));
      if (translation !== '') translations.add(translation);
    }
    for (const [base, versions] of names) {
      const [own, shared] = [settings.get(base), settings.get(withoutLanguage(base))];
      this.versions.set(base, versionsOf(versions, own ?? shared ?? {}));
    }
    const written = textOf(recordOf(l10n)['defaultLocale']) ?? '';
    this.defaultLanguage = LANGUAGE.test(written) ? written : language;
    this.languages = languagesOf(translations, l10n, this.defaultLanguage);
  }

  /** The languages of `@l10n` that have pages. */
  get translations(): readonly string[] {
    return this.languages.slice(1).map(({ name }) => name);
  }

  /** Returns undefined for a page without versions in a site of one language. */
  of(folder: string): PageVariants | undefined {
    if (this.versions.size === 0 && this.languages.length === 0) return undefined;
    const place = placeOf(folder);
    const versions = this.versionsOf(place);
    const languages = this.languagesOf(folder, place);
    if (versions.length === 0 && languages.length === 0) return undefined;
    const { base = '', language } = place;
    const original = this.versions.get(base)?.default;
    const canonical = original === undefined ? undefined : versions.find(({ name }) => name === original);
    const otherVersions = versions.filter(({ isCurrent }) => !isCurrent).map(({ name }) => join(base, `@${name}`));
    const others = this.translations.filter((name) => name !== language).map((name) => join(TRANSLATIONS, name));
    return {
      versions,
      languages,
      language: languages.length === 0 ? undefined : language === '' ? this.defaultLanguage : language,
      canonical: canonical?.isSamePage === true ? canonical.address : pageAddress(folder),
      hidden: [...otherVersions, ...others].map(pageAddress),
    };
  }

  private versionsOf({ base, version, rest }: Place): (Variant & { readonly name: string })[] {
    const list = base === undefined ? [] : (this.versions.get(base)?.list ?? []);
    if (list.length < 2) return [];
    return list.map(({ name, label }) => {
      const root = join(base ?? '', `@${name}`);
      return { name, label, isCurrent: name === version, ...this.target(join(root, rest), root) };
    });
  }

  private languagesOf(folder: string, { language }: Place): Variant[] {
    const path = withoutLanguage(folder);
    return this.languages.map(({ name, label }, index) => {
      const root = index === 0 ? '' : join(TRANSLATIONS, name);
      const isCurrent = index === 0 ? language === '' : language === name;
      return { label, isCurrent, language: name, ...this.target(join(root, path), root) };
    });
  }

  private target(folder: string, otherwise: string): Pick<Variant, 'address' | 'isSamePage'> {
    const isSamePage = this.folders.has(folder);
    return { address: pageAddress(isSamePage ? folder : otherwise), isSamePage };
  }
}

/** The language of a page below `@l10n`; empty for other pages. */
export function translationOf(folder: string): string {
  return !folder.startsWith(TRANSLATIONS) ? '' : placeOf(folder).language;
}

function placeOf(folder: string): Place {
  const segments = folder.split('/');
  const [first, second = ''] = segments;
  const language = first === TRANSLATIONS && LANGUAGE.test(second) ? second : '';
  const start = language === '' ? 0 : 2;
  const at = segments.findIndex((segment, index) => index >= start && /^@./.test(segment) && segment !== TRANSLATIONS);
  if (at === -1) return { language, base: undefined, version: '', rest: segments.slice(start).join('/') };
  const base = segments.slice(0, at).join('/');
  return { language, base, version: segments[at]?.slice(1) ?? '', rest: segments.slice(at + 1).join('/') };
}

function withoutLanguage(folder: string): string {
  return translationOf(folder) === '' ? folder : folder.split('/').slice(2).join('/');
}

function join(folder: string, name: string): string {
  return [folder, name].filter((part) => part !== '').join('/');
}

/** Without settings, all versions in order of their names; the highest one is the default. */
function versionsOf(existing: ReadonlySet<string>, settings: Readonly<Record<string, unknown>>): Versions {
  const written = listOf(settings['versions']).flatMap((entry): NamedVariant[] => {
    const name = isRecord(entry) ? textOf(entry['version']) : undefined;
    if (name === undefined || !existing.has(name)) return [];
    return [{ name, label: (textOf(recordOf(entry)['name']) ?? name).slice(0, MAX_LABEL) }];
  });
  const sorted = [...existing].sort((a, b) => compare(a, b) || comparePaths(a, b));
  const list = (written.length > 0 ? written : sorted.map((name) => ({ name, label: name }))).slice(0, MAX_VARIANTS);
  const wanted = textOf(settings['default']);
  return { list, default: list.find(({ name }) => name === wanted)?.name ?? list.at(-1)?.name };
}

/** The default language, and those with translated pages; none if there is only one. */
function languagesOf(existing: ReadonlySet<string>, l10n: unknown, defaultLanguage: string): NamedVariant[] {
  const entries = listOf(recordOf(l10n)['locales']).map((entry) => recordOf(entry));
  const labelOf = (code: string) => {
    const entry = entries.find((one) => textOf(one['code']) === code);
    return (textOf(entry?.['name']) ?? code).slice(0, MAX_LABEL);
  };
  const configured = entries.flatMap((entry) => textOf(entry['code']) ?? []);
  const order = [...new Set([...configured, ...[...existing].sort(comparePaths)])];
  const translated = order.filter((code) => existing.has(code) && code !== defaultLanguage).slice(0, MAX_VARIANTS);
  return translated.length === 0
    ? []
    : [defaultLanguage, ...translated].map((name) => ({ name, label: labelOf(name) }));
}
