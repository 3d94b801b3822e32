import { patchLines } from '../format/patch.js';

const signs = { added: '+', removed: '−', same: '', place: '', note: '' } as const;
const PREFIXES = { added: 'added: ', removed: 'removed: ', same: '', place: '', note: '' } as const;

/** A unified patch as a table, so that screen readers announce line numbers and whether a line was added or removed. */
export function Patch({ path, patch }: { readonly path: string; readonly patch: string }) {
  return (
    <div className="code" tabIndex={0} role="region" aria-label={`Patch of ${path}`}>
      <table className="patch">
        <caption className="visually-hidden">Patch of {path}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Line before</th>
            <th scope="col">Line after</th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>
          {patchLines(patch).map(({ kind, before, after, text }, index) => (
            <tr key={index} className={`patch-${kind}`}>
              <td className="patch-number">{before}</td>
              <td className="patch-number">{after}</td>
              <td className="patch-text">
                <span aria-hidden="true" className="patch-sign">
                  {signs[kind]}
                </span>
                {PREFIXES[kind] !== '' && <span className="visually-hidden">{PREFIXES[kind]}</span>}
                <code>{text}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
