/** The icons, as strokes on a 20 × 20 grid. */
const SHAPES = {
  plus: 'M10 4.5v11M4.5 10h11',
  cross: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  upload: 'M10 13V4M6 7.5 10 3.5l4 4M4 13v2.5h12V13',
  sun: 'M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1',
  moon: 'M16 11.8A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.8Z',
  system: 'M3.5 4.5h13v8.5h-13zM7 16.5h6M10 13v3.5',
  warning: 'M10 3.5 17.5 16h-15ZM10 8.2v3.6M10 13.9v.1',
  exclude: 'M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M5.6 5.6l8.8 8.8',
  table: 'M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.9h13M8.5 4.5v11',
  globe: 'M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M3.5 10h13M10 3.5c-4 4-4 9 0 13M10 3.5c4 4 4 9 0 13',
  bars: 'M4 16V9.5M8 16V5M12 16v-8M16 16v-4.5',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  check: 'M4.5 10.5 8.5 14.5 15.5 6',
  file: 'M5.5 3.5h6l3 3v10h-9zM11.5 3.5v3h3',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3.2v3M13 3.2v3',
  down: 'M6 8l4 4 4-4',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  download: 'M10 3.5v9M6 9l4 4 4-4M4 13.5v2.5h12v-2.5',
  up: 'M6 12l4-4 4 4',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  key: 'M12.5 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M9.6 10.3l-6.1 6.2M5.5 14.5l2 2',
  pause: 'M7.5 5.5v9M12.5 5.5v9',
  play: 'M7 5v10l8-5Z',
  eye: 'M2.5 10c3.5-6 11.5-6 15 0-3.5 6-11.5 6-15 0M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8',
  'eye-off': 'M2.5 10c3.5-6 11.5-6 15 0-3.5 6-11.5 6-15 0M4 16 16 4',
  more: 'M5 10h.1M10 10h.1M15 10h.1',
  user: 'M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6M4 16.5c1-6 11-6 12 0',
  search: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.7 12.7 16.5 16.5',
  filter: 'M3.5 5h13L11.5 11v5l-3-1.5V11Z',
  sort: 'M7 8l3-3 3 3M7 12l3 3 3-3',
  out: 'M8 4H4v12h4M8.5 10H16.5M13.5 7l3 3-3 3',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** The mark and the name. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="logo-ground" />
        <path d="M7 9.5 16 24l9-14.5" className="logo-mark" />
        <circle cx="16" cy="10.5" r="2.9" className="logo-point" />
      </svg>
      <span>Vedette</span>
    </span>
  );
}
