import { Icon } from './icon.js';

const steps = [
  { title: 'Details', text: 'Enter a name and the address of the server.' },
  { title: 'Create the app on your server', text: 'The server asks you to create the GitHub App.' },
  { title: 'Install', text: 'Choose the repositories that the app can access.' },
  { title: 'Connect a repository', text: 'Its content is synced and deployed.' },
];

/** The steps to connect a server, with the current one. */
export function ConnectSteps({ current }: { readonly current: 1 | 2 | 3 | 4 }) {
  return (
    <ol className="steps" aria-label="Steps to connect a server">
      {steps.map((step, index) => {
        const done = index + 1 < current;
        return (
          <li
            key={step.title}
            className={done ? 'step step-done' : 'step'}
            aria-current={index + 1 === current ? 'step' : undefined}
          >
            <span className="step-mark">{done ? <Icon name="check" /> : index + 1}</span>
            <span className="step-text">
              <strong>{step.title}</strong>
              <span>{step.text}</span>
              {done && <span className="visually-hidden">(done)</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
