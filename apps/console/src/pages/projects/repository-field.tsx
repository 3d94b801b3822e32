import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import type { Repository } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Field } from '../../components/field.js';
import { SelectField } from './select-field.js';

/** Maximum number of listed repositories; search finds the others. */
const SHOWN = 50;
const TYPING_PAUSE_MS = 250;

interface RepositoryFieldProps {
  readonly connectionId: string;
  readonly owner: string;
  readonly value: Repository | null;
  readonly violation: string | undefined;
  readonly onChange: (repository: Repository) => void;
}

function useAfterPause(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useDeferredValue(settled);
}

/** Adds the chosen repository to the list if the search does not match it. */
function withChosen(listed: readonly Repository[], chosen: Repository | null): Repository[] {
  return chosen === null || listed.some((one) => one.id === chosen.id) ? [...listed] : [chosen, ...listed];
}

export function RepositoryField({ connectionId, owner, value, violation, onChange }: RepositoryFieldProps) {
  const [search, setSearch] = useState('');
  const query = useAfterPause(search);
  const ready = connectionId !== '' && owner !== '';
  const listed = useQuery(queries.repositories(connectionId, { owner, search: query, limit: SHOWN }));
  const repositories = withChosen(listed.data?.items ?? [], value);
  return (
    <>
      <Field label="Search repositories" hint={`Filters the list below${owner === '' ? '' : ` of ${owner}`}.`}>
        {(control) => (
          <input
            {...control}
            type="search"
            value={search}
            disabled={!ready}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
      </Field>
      <SelectField
        label="Repository"
        hint={listed.data?.endCursor ? 'Not all repositories are listed. Search to find others.' : undefined}
        violation={violation ?? listed.error?.message}
        value={value?.id ?? ''}
        placeholder={placeholderOf(ready, listed.data?.items.length, query)}
        options={repositories.map((one) => ({
          value: one.id,
          text: one.available ? one.name : `${one.name} (no access)`,
          disabled: !one.available,
        }))}
        onChange={(id) => {
          const chosen = repositories.find((one) => one.id === id);
          if (chosen) onChange(chosen);
        }}
      />
    </>
  );
}

function placeholderOf(ready: boolean, count: number | undefined, query: string): string {
  if (!ready) return 'Choose an organization first';
  if (count === undefined) return 'Loading…';
  if (count > 0) return 'Choose…';
  return query === '' ? 'The app has access to no repository' : `No repository matches “${query}”`;
}
