import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/shell.css';
import './styles/header.css';
import './styles/navigation.css';
import './styles/controls.css';
import './styles/filters.css';
import './styles/panels.css';
import './styles/figures.css';
import './styles/map.css';
import './styles/lists.css';
import './styles/dialogs.css';
import './styles/sources.css';
import './styles/first-steps.css';
import './styles/answers.css';
import './styles/forms.css';
import './styles/data-table.css';
import './styles/overlays.css';
import './styles/palette.css';
import './styles/forced-colors.css';

const pause = () => new Promise((resolve) => setTimeout(resolve));

// Step by step, so that a slow computer can answer in between: all at once, the modules keep it busy for a fifth of a
// second. The page preloads them all (vite.config.ts).
await import('./libraries.ts');
await pause();
// It makes formatters of Intl as it is loaded, the first of the page, which takes as long as all of the rest.
await import('uplot');
await pause();
await import('./main.tsx');
