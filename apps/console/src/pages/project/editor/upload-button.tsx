import { useRef } from 'react';
import { useAction } from '../../../api/use-action.js';
import { FormProblem } from '../../../components/form-problem.js';
import type { DraftContent } from './draft.rules.js';

interface UploadButtonProps {
  readonly action: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly { readonly name: string; readonly content: DraftContent }[]) => unknown;
}

/** Uploads files without changing them. */
export function UploadButton({ action, multiple = false, onFiles }: UploadButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const taking = useAction(async (list: FileList | null) => {
    const files = await Promise.all(
      [...(list ?? [])].map(async (file) => ({ name: file.name, content: await read(file) })),
    );
    if (input.current) input.current.value = '';
    if (files.length > 0) await onFiles(files);
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        aria-label={action}
        onChange={(event) => taking.run(event.target.files)}
      />
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {action}
      </button>
      <FormProblem error={taking.error} violations={[]} />
    </>
  );
}

/** `data:…;base64,` and then the bytes. */
function read(file: File): Promise<DraftContent> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} cannot be read.`));
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      const comma = url.indexOf(',');
      resolve({ kind: 'bytes', base64: comma < 0 ? '' : url.slice(comma + 1), bytes: file.size });
    };
    reader.readAsDataURL(file);
  });
}
