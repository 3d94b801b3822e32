/** The details of a record after its subject: `name: value` for each. */
export function Details({ details }: { readonly details: Readonly<Record<string, string>> }) {
  return Object.entries(details).map(([name, value]) => (
    <span key={name} className="quiet">
      {' '}
      {name}: {value}
    </span>
  ));
}
