import { useEffect, useEffectEvent, useState } from 'react';
import type { Live } from '../../api/live.ts';
import { live as words } from '../../text.ts';
import { stateWord } from './live-state.tsx';

/** What a screen reader is told of what comes in, at most. */
const EVERY_SECONDS = 30;

/** Tells a screen reader when the state changes, and now and then how many came; never each request. */
export function LiveSayer({ state, paused, came }: { state: Live['state']; paused: boolean; came: number }) {
  const word = stateWord(state, paused);
  const [told, setTold] = useState({ word, came, text: '' });
  const tell = useEffectEvent(() => {
    const count = came - told.came;
    setTold({ word, came, text: count > 0 && !paused ? words.said.came(count, EVERY_SECONDS) : told.text });
  });
  useEffect(() => {
    const timer = setInterval(() => tell(), EVERY_SECONDS * 1000);
    return () => clearInterval(timer);
  }, []);
  if (told.word !== word) setTold({ word, came, text: word });
  return (
    <p className="visually-hidden" role="status">
      {told.text}
    </p>
  );
}
