/** A server-sent event. */
export interface ServerEvent {
  event: string;
  data: string;
}

/** Reads server-sent events as their text comes in (WHATWG HTML, 9.2.6). */
export interface EventReader {
  /** Takes the next piece of text, cut wherever it was; answers with the events that are complete by it. */
  read(piece: string): ServerEvent[];
  /** What to name to the server to go on from here; '' for nothing yet. */
  readonly lastId: string;
  /** After how long the server wants whoever was cut off back; null: it does not say. */
  readonly retryMs: number | null;
}

export function createEventReader(): EventReader {
  let rest = '';
  let [event, id, lastId] = ['', '', ''];
  let data: string[] = [];
  let retryMs: number | null = null;

  /** The event that an empty line completes; null for one without data, which only says from where to go on. */
  function complete(): ServerEvent | null {
    lastId = id;
    const told = data.length === 0 ? null : { event: event || 'message', data: data.join('\n') };
    event = '';
    data = [];
    return told;
  }

  function take(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
  }

  return {
    read(piece) {
      const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      const events: ServerEvent[] = [];
      for (const line of lines) {
        if (line !== '') take(line);
        else {
          const told = complete();
          if (told !== null) events.push(told);
        }
      }
      return events;
    },
    get lastId() {
      return lastId;
    },
    get retryMs() {
      return retryMs;
    },
  };
}
