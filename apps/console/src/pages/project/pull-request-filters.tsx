import { Field } from '../../components/field.js';
import { TextFilter } from '../../components/text-filter.js';
import { sentence } from '../../format/text.js';

export interface PullRequestFilter {
  readonly state: string;
  readonly draft: string;
  readonly checks: string;
  readonly creator: string;
  readonly search: string;
}

const states = ['open', 'merged', 'closed', 'any'];
const choices = {
  draft: { label: 'Drafts', options: { '': 'With drafts', true: 'Only drafts', false: 'Without drafts' } },
  checks: {
    label: 'Checks',
    options: { '': 'Any', success: 'Passed', pending: 'Running', failure: 'Failed', none: 'None' },
  },
} as const;

interface PullRequestFiltersProps {
  readonly filter: PullRequestFilter;
  readonly onChange: (change: Partial<PullRequestFilter>) => void;
}

/** The filters of the list, stored in the address. */
export function PullRequestFilters({ filter, onChange }: PullRequestFiltersProps) {
  return (
    <search>
      <form
        className="toolbar"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <Field label="State">
          {(control) => (
            <select {...control} value={filter.state} onChange={(event) => onChange({ state: event.target.value })}>
              {states.map((one) => (
                <option key={one} value={one}>
                  {sentence(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {(['checks', 'draft'] as const).map((name) => (
          <Field key={name} label={choices[name].label}>
            {(control) => (
              <select {...control} value={filter[name]} onChange={(event) => onChange({ [name]: event.target.value })}>
                {Object.entries(choices[name].options).map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
        <TextFilter label="Creator" value={filter.creator} onSettle={(creator) => onChange({ creator })} />
        <TextFilter label="Search" value={filter.search} onSettle={(search) => onChange({ search })} />
      </form>
    </search>
  );
}
