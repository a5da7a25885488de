import { text } from '../../text.ts';

/** The first thing that the keyboard reaches: past the navigation. */
export function SkipLink() {
  return (
    <a className="skip" href="#main">
      {text.skipToMain}
    </a>
  );
}
