import { zoneName } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Version, the zone of times, and the credit that the data's licences ask for. */
export function Footer() {
  const { me } = useView();
  return (
    <footer className="footer">
      <span>{text.footer.version(me.version)}</span>
      <span>
        {text.footer.times(zoneName())} · {text.footer.exports}
      </span>
      <span>{text.footer.map}</span>
      {me.attributions.map(({ name, text: words, url }) => (
        <a key={name} href={/^https?:/.test(url) ? url : undefined} rel="noreferrer" target="_blank" title={name}>
          {words}
        </a>
      ))}
    </footer>
  );
}
