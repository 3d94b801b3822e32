import { Field } from '../../components/field.js';
import { sentence } from '../../format/text.js';
import { deliveryTones } from '../../format/tone.js';

export interface DeliveryFilter {
  readonly state: string;
  readonly event: string;
  readonly repository: string;
  /** Hours before now; empty for all. */
  readonly period: string;
  readonly search: string;
}

export const NO_FILTER: DeliveryFilter = { state: '', event: '', repository: '', period: '', search: '' };

interface DeliveryFiltersProps {
  readonly filter: DeliveryFilter;
  readonly onChange: (change: Partial<DeliveryFilter>) => void;
}

const states = Object.keys(deliveryTones);
const periods = { '1': 'Last hour', '24': 'Last day', '168': 'Last week' };
const texts = [
  { name: 'event', label: 'Event', placeholder: 'push' },
  { name: 'repository', label: 'Repository', placeholder: 'owner/name' },
  { name: 'search', label: 'Delivery id', placeholder: '' },
] as const;

/** The filters of the list. A text applies when its field is left or Enter is pressed. */
export function DeliveryFilters({ filter, onChange }: DeliveryFiltersProps) {
  return (
    <search className="toolbar">
      <Field label="State">
        {(control) => (
          <select {...control} value={filter.state} onChange={(event) => onChange({ state: event.target.value })}>
            <option value="">Any</option>
            {states.map((state) => (
              <option key={state} value={state}>
                {sentence(state)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Period">
        {(control) => (
          <select {...control} value={filter.period} onChange={(event) => onChange({ period: event.target.value })}>
            <option value="">All</option>
            {Object.entries(periods).map(([hours, text]) => (
              <option key={hours} value={hours}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {texts.map(({ name, label, placeholder }) => (
        <Field key={name} label={label}>
          {(control) => (
            <input
              {...control}
              defaultValue={filter[name]}
              placeholder={placeholder}
              onBlur={(event) => onChange({ [name]: event.target.value.trim() })}
              onKeyDown={(event) => event.key === 'Enter' && onChange({ [name]: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      ))}
    </search>
  );
}
