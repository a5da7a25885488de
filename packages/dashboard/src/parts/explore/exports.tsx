import { useView } from '../../state/view-context.ts';
import { Icon } from '../icon.tsx';

const FORMATS = ['csv', 'ndjson'] as const;

interface Props {
  nameOf: (format: string) => string;
  addressOf: (format: (typeof FORMATS)[number]) => string;
}

/** Links to the same as a file; nothing for whom may take none away. */
export function Exports({ nameOf, addressOf }: Props) {
  const { may } = useView();
  return (
    <div className="export-links">
      {may('export') &&
        FORMATS.map((format) => {
          const name = format.toUpperCase();
          return (
            <a key={format} className="button small" href={addressOf(format)} download title={nameOf(name)}>
              <Icon name="download" />
              <span className="visually-hidden">{nameOf(name)}</span>
              <span aria-hidden="true">{name}</span>
            </a>
          );
        })}
    </div>
  );
}
