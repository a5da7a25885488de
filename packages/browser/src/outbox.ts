/** Something to tell the hub. Its text is made anew for each attempt. */
export interface Letter {
  path: string;
  text(): string;
  /** Told when the hub has answered, whatever it was, and the letter is not sent again. */
  done?(): void;
}

/** How letters travel. */
export interface Carrier {
  /** Resolves to the HTTP status; rejects where there was no answer. */
  ask(letter: Letter): Promise<number>;
  /** Hands over what must survive the page. false: it was not taken. */
  leave(letter: Letter): boolean;
  /** Calls back after some ms. */
  later(run: () => void, ms: number): void;
}

const MOST_LETTERS = 40;
const LEAST_WAIT_MS = 1000;
const MOST_WAIT_MS = 300_000;

export interface Outbox {
  /** `leaving`: `leave` follows at once and takes it. */
  post(letter: Letter, leaving?: boolean): void;
  /** Tries again at once: the network is back, say. */
  retry(): void;
  /** Hands over all that waits, because the page may be gone in a moment. */
  leave(): void;
  /** Letters that wait or are under way. */
  waiting(): number;
}

/**
 * Sends letters one after the other and keeps those that the hub did not take, in memory only, to send them again: after
 * one second, two, four, up to five minutes. What the hub refuses for good is dropped, and beyond 40 letters the oldest.
 */
export function createOutbox({ ask, leave, later }: Carrier): Outbox {
  let letters: Letter[] = [];
  let underWay: Letter | undefined;
  let wait = 0;
  /** Counts what was planned, so that an old plan does nothing. */
  let plan = 0;

  function go(): void {
    const letter = letters[0];
    if (underWay || !letter) return;
    underWay = letter;
    const end = (status: number) => {
      underWay = undefined;
      if (status < 500 && status !== 408 && status !== 429 && status !== 0) {
        letters = letters.filter((other) => other !== letter);
        letter.done?.();
        wait = 0;
        go();
      } else {
        wait = Math.min(wait * 2 || LEAST_WAIT_MS, MOST_WAIT_MS);
        const mine = ++plan;
        later(() => mine === plan && go(), wait * (1 + Math.random() / 4));
      }
    };
    ask(letter).then(end, () => end(0));
  }

  return {
    post(letter, leaving = false) {
      letters.push(letter);
      if (letters.length > MOST_LETTERS) letters.shift();
      if (wait === 0 && !leaving) go();
    },
    retry() {
      plan++;
      go();
    },
    leave() {
      // Nobody says whether these arrive. While the hub does not answer they are kept too, in case the page stays; what
      // is sent twice has the same ids.
      letters = letters.filter((letter) => letter === underWay || !leave(letter) || wait > 0);
      // Those that were not taken.
      if (wait === 0) go();
    },
    waiting: () => letters.length,
  };
}
