import type { ConsentChoices, ConsentSurface, NewConsent, Site } from '@vedette/contract';
import { createBanner } from './banner.ts';
import { createCarrier } from './carrier.ts';
import { type Choice, readChoice, writeChoice } from './choice.ts';
import { REOPEN, watchClicks } from './clicks.ts';
import { beaconText, createEvent, firstBatch, type NewEvent, type PageEvent } from './events.ts';
import { attempt, on } from './guard.ts';
import { createOutbox } from './outbox.ts';
import { currentPath, watchPages } from './pages.ts';
import { randomId } from './random-id.ts';
import { loadScript, readScriptTag, styleLink } from './script-tag.ts';
import type { Settings } from './settings.ts';
import { createTags } from './tags.ts';
import { watchVitals } from './vitals.ts';

/** Hash of banner.css, put in by the build. */
declare const STYLES_INTEGRITY: string;

/** Events wait so long for company; and up to so much longer while the question is open, so that a grant covers them. */
const GATHER_MS = 2000;
const MOST_ASKED_MS = 15_000;
/** So long after the page has changed it is looked at. */
const FOLLOW_MS = 200;
const ASK_AGAIN_MS = 30_000;
const MOST_ERRORS = 20;
const ASK_AGAIN_DAYS = 180;
/** Where a choice is until the hub has it. */
const UNTOLD = 'vedette_consent_untold';

/** What pages call, as `window.vedette`. */
export interface Api {
  /** Opens the question again. */
  openConsent(): void;
  /** The choice that holds; null: none was made. */
  choices(): ConsentChoices | null;
  /** Records a choice that the site asked for itself. */
  choose(choices: Partial<ConsentChoices>): void;
  /** A widget was used. */
  widget(name: string): void;
  /** Anything else that happened, with a number if there is one. */
  event(name: string, value?: number): void;
}

interface Signals {
  globalPrivacyControl?: boolean;
}

/** What evidence says of the question. */
function wordsOf(site: Site | undefined): Partial<NewConsent> {
  return site ? { text_version: site.text_version, language: site.language, asked: site.purposes } : {};
}

function start(settings: Settings): Api {
  const { domain, hub, language, nonce, hash } = settings;
  const gpc = (navigator as Navigator & Signals).globalPrivacyControl === true;
  const dnt = navigator.doNotTrack === '1';
  const outbox = createOutbox(createCarrier(hub));
  const banner = createBanner(() => styleLink(settings, STYLES_INTEGRITY));
  const applyTags = createTags((url) => loadScript(url, nonce));
  let events: PageEvent[] = [];
  let gathering = false;
  let errors = 0;
  let site: Site | undefined;
  let asked: Promise<Site> | undefined;
  /** When the hub last did not say what a link is to read. */
  let unanswered = 0;
  /** Whether the question is open because somebody asked for it. */
  let reopening = false;
  /** Stands in for the cookie where the browser takes none. */
  let memory: Choice | null = null;

  // Read each time: another tab may have changed it.
  const choice = () => attempt(() => readChoice(document.cookie)) ?? memory;
  const objection = () => gpc || (dnt && site?.honour_dnt === true);
  const refuses = () => !(choice()?.choices.analytical ?? !objection());

  /** What holds on this site, asked once; after a failure again. */
  function askSite(): Promise<Site> {
    asked ??= fetch(
      `${hub}/api/v1/site?domain=${encodeURIComponent(domain)}&language=${encodeURIComponent(language)}`,
      {
        credentials: 'omit',
      },
    ).then(async (answer) => {
      if (!answer.ok) throw answer;
      site = (await answer.json()) as Site;
      return site;
    });
    asked.catch(() => {
      asked = undefined;
    });
    return asked;
  }

  /** Puts what was gathered into letters. */
  function cut(leaving = false): void {
    gathering = false;
    while (events.length > 0) {
      const batch = firstBatch(events);
      events = events.slice(batch.length);
      const text = () => {
        const now = choice();
        return beaconText(batch, { domain, choices: now?.choices, visitor: now?.visitor, gpc, dnt });
      };
      outbox.post({ path: '/api/v1/interactions', text }, leaving);
    }
  }

  function track(event: Omit<NewEvent, 'refused' | 'path'> & { path?: string }): void {
    events.push(createEvent({ path: currentPath(hash), ...event, refused: refuses() }));
    if (gathering) return;
    gathering = true;
    gather();
  }

  function gather(): void {
    setTimeout(() => {
      const asking = banner.isOpen() && !choice() && Date.now() - (events[0]?.at ?? 0) < MOST_ASKED_MS;
      if (asking) gather();
      else attempt(cut);
    }, GATHER_MS);
  }

  function view(referrer = ''): void {
    const query = location.search.slice(1);
    track({ kind: 'page_view', query, referrer });
  }

  /** Tells the hub of a choice; what it has not answered is told again by the next page. */
  function tell(choice: Partial<NewConsent>): void {
    const text = JSON.stringify(choice);
    attempt(() => localStorage.setItem(UNTOLD, text));
    const done = () => attempt(() => localStorage.getItem(UNTOLD) === text && localStorage.removeItem(UNTOLD));
    const post = () =>
      outbox.post({ path: '/api/v1/consent', text: () => JSON.stringify({ ...wordsOf(site), ...choice }), done });
    if (choice.text_version) post();
    else askSite().then(post, () => undefined);
  }

  /** Keeps a choice, tells the hub, and does what follows from it. */
  function decide(wanted: Partial<ConsentChoices>, surface: ConsentSurface): void {
    const before = choice();
    // What the site does not ask for cannot be granted.
    const grants = (purpose: keyof ConsentChoices) =>
      wanted[purpose] === true && site?.purposes.includes(purpose) !== false;
    const choices = { analytical: grants('analytical'), marketing: grants('marketing') };
    const after: Choice = {
      proof: before?.proof ?? randomId(),
      choices,
      visitor: choices.analytical ? (before?.visitor ?? randomId()) : undefined,
    };
    memory = null;
    attempt(() => {
      document.cookie = writeChoice(after, site?.ask_again_days ?? ASK_AGAIN_DAYS, location.protocol === 'https:');
    });
    if (choice()?.proof !== after.proof) memory = after;
    cut();
    tell({ domain, proof_id: after.proof, visitor_id: after.visitor, choices, surface, gpc, ...wordsOf(site) });
    if (site) applyTags(site.tags, choices);
    dispatchEvent(new CustomEvent('vedette:consent', { detail: { ...choices } }));
  }

  function openBanner(reopened: boolean): void {
    reopening = reopened;
    askSite()
      .then((known) => {
        banner.open({
          site: known,
          chosen: choice()?.choices,
          objection: objection(),
          reopened,
          answer: (choices) => decide(choices, reopened ? 'settings' : 'banner'),
        });
        track({ kind: 'banner' });
      })
      .catch(() => undefined);
  }

  /** Words the links that open the question again; pages leave that to the language of the site. */
  function word(): void {
    const links = document.querySelectorAll(`[${REOPEN}]:empty`);
    // A page that goes on changing must not go on asking a hub that is away.
    if (links.length === 0 || Date.now() - unanswered < ASK_AGAIN_MS) return;
    askSite()
      .then(({ text }) => {
        for (const link of links) link.textContent = text.reopen;
      })
      .catch(() => {
        unanswered = Date.now();
      });
  }

  /** Asks who has not chosen, and loads the tags of who has. */
  function consult(): void {
    const known = choice();
    word();
    if (known?.choices.analytical === false) return;
    askSite()
      .then(({ banner: asks, tags }) => {
        if (known) applyTags(tags, known.choices);
        else if (asks) openBanner(false);
      })
      .catch(() => undefined);
  }

  /** Follows the page, which may have replaced all of its body, and other tabs, in which the question was answered. */
  function follow(): void {
    if (!reopening && choice()) banner.close();
    banner.keep();
    word();
  }

  function followPage(): void {
    let due = false;
    const soon = () => {
      if (due) return;
      due = true;
      setTimeout(() => {
        due = false;
        attempt(follow);
      }, FOLLOW_MS);
    };
    new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
    on(window, 'pageshow', soon);
    on(document, 'visibilitychange', soon);
  }

  function watch(): void {
    const { path, referrer } = { path: currentPath(hash), referrer: document.referrer };
    const vitals = attempt(() => watchVitals((name, value) => track({ kind: 'vital', name, value, path })));
    const foreign = attempt(() => new URL(referrer).host !== location.host);
    view(foreign ? referrer : '');
    watchPages(hash, view);
    watchClicks({
      widget: (name) => track({ kind: 'click', name }),
      outbound: (name) => track({ kind: 'outbound', name }),
      consent: () => openBanner(true),
    });
    const failed = () => errors++ < MOST_ERRORS && track({ kind: 'error' });
    // What a page could not load is an error event too, but none of a script.
    on(window, 'error', (event) => event instanceof ErrorEvent && failed());
    on(window, 'unhandledrejection', failed);
    const leave = () => {
      attempt(() => vitals?.finish());
      cut(true);
      outbox.leave();
    };
    on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? leave() : outbox.retry()));
    on(window, 'pagehide', leave);
    on(window, 'online', () => outbox.retry());
    on(window, 'pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) vitals?.restore(event.timeStamp);
    });
    attempt(() => {
      const text = localStorage.getItem(UNTOLD);
      if (text) tell(JSON.parse(text));
    });
    attempt(consult);
    attempt(followPage);
  }

  // A page that is rendered ahead is not yet viewed.
  if ((document as Document & { prerendering?: boolean }).prerendering) on(document, 'prerenderingchange', watch);
  else watch();

  return {
    openConsent: () => attempt(() => openBanner(true)),
    choices: () => choice()?.choices ?? null,
    choose(choices) {
      const decided = () => attempt(() => decide(choices, 'api'));
      // Without a text that was shown there is no evidence of a grant; a refusal always holds.
      attempt(() => askSite().then(decided, () => choices.analytical || choices.marketing || decided()));
    },
    widget: (name) => attempt(() => track({ kind: 'click', name })),
    event: (name, value) => attempt(() => track({ kind: 'custom', name, value })),
  };
}

attempt(() => {
  const page = window as unknown as { vedette?: Partial<Api> };
  // Loaded twice, it runs once. An element with this id has no such function.
  if (typeof page.vedette?.openConsent === 'function') return;
  const settings = readScriptTag();
  if (settings) page.vedette = start(settings);
});
