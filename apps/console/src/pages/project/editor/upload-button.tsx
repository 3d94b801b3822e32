import { useRef } from 'react';
import type { ReactNode } from 'react';
import { sendFile } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { useAction } from '../../../api/use-action.js';
import { FormProblem } from '../../../components/form-problem.js';
import type { DraftContent } from './draft.rules.js';

/** Files up to this size, in bytes, are part of the draft and of the commit request. Larger ones are uploaded at once. */
const MAX_INLINE_BYTES = 262_144;

interface UploadProps {
  readonly projectId: string;
  /** Name of the file input. */
  readonly action: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly { readonly name: string; readonly content: DraftContent }[]) => unknown;
}

interface Upload {
  /** Opens the file dialog of the browser. */
  readonly choose: () => void;
  readonly pending: boolean;
  /** The hidden file input and the error of the upload, to be rendered beside the control that calls `choose`. */
  readonly input: ReactNode;
}

/** Adds files to the draft without changing them. */
export function useUpload({ projectId, action, multiple = false, onFiles }: UploadProps): Upload {
  const input = useRef<HTMLInputElement>(null);
  const taking = useAction(async (list: FileList | null) => {
    const files: { name: string; content: DraftContent }[] = [];
    // One after the other: the API accepts two uploads of a caller at a time.
    for (const file of [...(list ?? [])]) files.push({ name: file.name, content: await contentOf(projectId, file) });
    if (input.current) input.current.value = '';
    if (files.length > 0) await onFiles(files);
  });
  return {
    choose: () => input.current?.click(),
    pending: taking.pending,
    input: (
      <>
        <input
          ref={input}
          type="file"
          hidden
          multiple={multiple}
          aria-label={action}
          onChange={(event) => taking.run(event.target.files)}
        />
        <FormProblem error={taking.error} violations={[]} />
      </>
    ),
  };
}

/** The button that adds files to the draft. */
export function UploadButton(props: UploadProps) {
  const { choose, pending, input } = useUpload(props);
  return (
    <>
      <button type="button" className="button" disabled={pending} onClick={choose}>
        {pending ? 'Uploading…' : props.action}
      </button>
      {input}
    </>
  );
}

async function contentOf(projectId: string, file: File): Promise<DraftContent> {
  if (file.size <= MAX_INLINE_BYTES) return read(file);
  const { id, size } = await sendFile(paths.createUpload(projectId), file);
  return { kind: 'upload', id, bytes: size };
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
