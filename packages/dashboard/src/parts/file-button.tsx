import { type ReactNode, useRef } from 'react';

interface Props {
  className: string;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}

/** A button that asks for files. */
export function FileButton({ className, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again.
          event.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
