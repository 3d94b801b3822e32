import { Icon } from './icon.js';

const steps = [
  { title: 'Details', text: 'Name the provider and say where the server is.' },
  { title: 'Confirm on your server', text: 'The server’s own page asks you to create the app.' },
  { title: 'Install', text: 'Choose the repositories that the app may reach.' },
  { title: 'Connect a repository', text: 'Its content appears and is deployed.' },
];

/** The way from a server to content, with the step that the person is at. */
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
