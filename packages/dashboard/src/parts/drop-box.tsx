import { FileButton } from './file-button.tsx';
import { Icon } from './icon.tsx';

interface Props {
  title: string;
  help: string;
  choose: string;
  onFiles: (files: readonly File[]) => void;
}

/** Where log files can be dropped, or chosen. */
export function DropBox({ title, help, choose, onFiles }: Props) {
  return (
    <div className="welcome-drop">
      <Icon name="upload" />
      <strong>{title}</strong>
      <span className="muted">{help}</span>
      <FileButton className="button primary" onFiles={onFiles}>
        {choose}
      </FileButton>
    </div>
  );
}
