import { Checkbox } from './checkbox.tsx';

interface Props {
  label: string;
  help?: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** On or off, in force at once. */
export function Switch({ on, ...rest }: Props) {
  return <Checkbox {...rest} checked={on} role="switch" />;
}
